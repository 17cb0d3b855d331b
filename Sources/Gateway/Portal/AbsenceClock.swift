import Foundation
import Logging
import School
import Store

/// Makes the absence board when its time has come, and has the school phone where nobody says why a child is missed.
package struct AbsenceClock: Sendable {
  static let interval: Duration = .seconds(10)
  /// How long it waits at the start for the inbox to be read, in seconds.
  static let patience = 120

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    // What came while no gateway was there belongs on the board that was missed.
    for _ in 0..<Self.patience where !gateway.vitals.isInboxRead && !Task.isCancelled { await pause(.seconds(1)) }
    await gateway.repeatedly(.absence, every: Self.interval, complaint: "absence not looked after") {
      () async throws(StoreError) in
      try await doDue()
    }
  }

  package func doDue() async throws(StoreError) {
    let tasks: [(String, Make)] = [("absence-board", absenceBoard), ("absence-phone", phoneParents)]
    try await gateway.forEach(tasks, "absence not looked after") { label, make throws(StoreError) in
      try await decide(label, make)
    }
  }

  private typealias Make = (AbsenceState, Directory, SchoolPolicy, Date) -> Decision?

  private func decide(_ label: String, _ make: Make) async throws(StoreError) {
    let now = gateway.now()
    guard try await decision(make, now) != nil else { return }
    let (done, _) = try await gateway.commit { () async throws(StoreError) in
      // Reported or answered meanwhile: decided on what it is now.
      Outcome(inbound: nil, label: label, decision: try await decision(make, now) ?? Decision(), at: now)
    }
    gateway.log.info("\(label)", metadata: ["notices": "\(done.deliveries.count)"])
  }

  private func decision(_ make: Make, _ now: Date) async throws(StoreError) -> Decision? {
    let state = try await AbsenceSituation(store: gateway.store, settings: gateway.settings, now: now).current()
    let directory = try await gateway.store.directory()
    return make(state, directory, gateway.settings.policy(directory), now)
  }
}
