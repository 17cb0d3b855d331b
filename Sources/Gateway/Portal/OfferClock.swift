import Foundation
import Logging
import School
import Store

/// Closes help requests and polls at their time, and reminds those who have not answered. What was done stands in the
/// store with the mails of it, so that each is done once, whatever died when.
package struct OfferClock: Sendable {
  static let interval: Duration = .seconds(15)

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.offers, every: Self.interval, complaint: "help requests and polls not looked after") {
      () async throws(StoreError) in
      try await doDue()
    }
  }

  package func doDue() async throws(StoreError) {
    let open = try await gateway.store.openOffers()
    guard !open.isEmpty else { return }
    let directory = try await gateway.store.directory()
    let policy = gateway.settings.policy(directory)
    try await gateway.forEach(open, "help request or poll not looked after") { offer throws(StoreError) in
      guard let task = policy.taskDue(offer, now: gateway.now()) else { return }
      let (done, _) = try await gateway.commit { () async throws(StoreError) in
        // Answered, closed or taken back meanwhile: decided on what it is now.
        let state = try await gateway.store.offer(offer.id)
        let decision = state.map {
          task == .close ? closing($0, directory: directory) : reminding($0, directory: directory)
        }
        return Outcome(inbound: nil, label: "offer-\(task)", decision: decision ?? Decision(), at: gateway.now())
      }
      gateway.log.info(
        "offer \(task)", metadata: ["thread": "\(offer.id)", "notices": "\(done.deliveries.count)"])
    }
  }
}
