import Foundation
import Logging
import School
import Store

/// Mails the overview of the coming week when its hour has come.
package struct CalendarClock: Sendable {
  static let interval: Duration = .seconds(60)

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.calendar, every: Self.interval, complaint: "overview of the week not made") {
      () async throws(StoreError) in
      try await makeDue()
    }
  }

  package func makeDue() async throws(StoreError) {
    let now = gateway.now()
    let last = try await gateway.store.lastDone(.weeklyCalendar, now: now)
    let directory = try await gateway.store.directory()
    let policy = gateway.settings.policy(directory)
    guard policy.isCalendarDue(last: last, now: now) else { return }
    let events = try await gateway.store.events(endingAfter: now, zone: policy.timeZone)
    let done = try await gateway.commit(
      Outcome(
        inbound: nil, label: "weekly-calendar",
        decision: weeklyCalendar(events, directory: directory, policy: policy, now: now), at: now))
    gateway.log.info("overview of the week", metadata: ["notices": "\(done.deliveries.count)"])
  }
}
