import Foundation
import Logging
import School
import Store

/// Invites to conferences, reminds, grants wishes and tells teachers of changes, each at its time. What was done stands
/// in the store with the mails of it, so that each is done once, whatever died when.
package struct ConferenceClock: Sendable {
  static let interval: Duration = .seconds(10)
  /// Of one plan in one round; there are as many steps, and as many desks.
  static let mostTasks = ConferencePlan.mostDesks + ConferenceStep.allCases.count

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.conferences, every: Self.interval, complaint: "conferences not looked after") {
      () async throws(StoreError) in
      try await doDue()
    }
  }

  package func doDue() async throws(StoreError) {
    let states = try await gateway.store.conferences(endingAfter: gateway.now())
    guard !states.isEmpty else { return }
    let policy = gateway.settings.policy(try await gateway.store.directory())
    let due = states.filter { policy.taskDue($0, now: gateway.now()) != nil }
    try await gateway.forEach(due, "conferences not looked after") { state throws(StoreError) in
      let id = state.conference.id
      for _ in 0..<Self.mostTasks {
        guard let task = try await doNext(id) else { break }
        gateway.log.info("conferences: \(task)", metadata: ["conference": "\(id)"])
      }
    }
  }

  /// Nil where nothing is due.
  private func doNext(_ id: ConferenceID) async throws(StoreError) -> ConferenceTask? {
    let directory = try await gateway.store.directory()
    let policy = gateway.settings.policy(directory)
    var task: ConferenceTask?
    _ = try await gateway.commit { () async throws(StoreError) in
      // Answered or called off meanwhile: decided on what it is now.
      let now = gateway.now()
      let state = try await gateway.store.conference(id)
      task = state.flatMap { policy.taskDue($0, now: now) }
      var decision = Decision()
      if let state, let task { decision = await decide(task, state, directory, now) }
      return Outcome(inbound: nil, label: "conferences", decision: decision, at: now)
    }
    return task
  }

  /// Placing some hundreds of conversations takes the processor for a while: not on the threads that all tasks share.
  private func decide(
    _ task: ConferenceTask, _ state: ConferenceState, _ directory: Directory, _ now: Date
  ) async -> Decision {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(returning: conferenceDecision(task, state, directory: directory, now: now))
      }
    }
  }
}
