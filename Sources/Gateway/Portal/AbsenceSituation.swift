import Foundation
import School
import Store

/// Fetches what a decision on absence looks at.
struct AbsenceSituation: Sendable {
  let store: Store
  let settings: SchoolSettings
  let now: Date

  /// Fills in what the command needs; leaves the state as it is for one that is not about absence.
  func fill(_ state: inout SchoolState, for command: Command) async throws(StoreError) {
    var answered: DeliveryRecord?
    switch command.act {
    case .absence: break
    case .answer(.absence(let id)):
      let delivery = try await store.delivery(id)
      if delivery?.recipient == .account(command.actor) { answered = delivery }
    default: guard AbsenceCommand.mayStand(in: command.body.text, subject: command.subject) else { return }
    }
    var absence = try await current()
    absence.answered = answered?.facts.absence
    state.absence = absence
  }

  func current() async throws(StoreError) -> AbsenceState {
    // The board's time first: when it is made in between, the revision tells.
    let boardAt = try await store.lastDone(.absenceBoard, now: now)
    return try await store.absence(
      from: CalendarDay(now, in: settings.timeZone), boardAt: boardAt, zone: settings.timeZone)
  }
}
