import Foundation
import Testing

@testable import School

/// One plan and its life, without store or clock: decisions are applied to the state by the state's own rules.
struct PlayedPlan {
  typealias S = SmallSchool
  var state: ConferenceState
  var now = S.now
  var directory = S.directory

  static let text = """
    di 8 december 15:30-16:00
    10 minuten
    Groep 5, lokaal 5
    Groep 7
    """

  init(_ closing: String = "wensen tot 1 december", directory: Directory = S.directory) throws {
    self.directory = directory
    let read = ConferencePlanReader.read(
      "\(Self.text)\n\(closing)", directory: directory, now: S.now, zone: S.policy.timeZone)
    let plan = try #require(read.plan, "\(read.problems)")
    let talks = directory.talks(for: plan).enumerated().map { place, new in
      Talk(
        id: TalkID(Int64(place + 1)), household: new.household, parties: new.parties, pupil: new.pupil, desk: new.desk)
    }
    state = ConferenceState(
      conference: Conference(id: ConferenceID(5), organiser: S.dirk, plan: plan, openedAt: S.now), talks: talks,
      revision: Revision(subject: "conference 5", number: 0))
  }

  @discardableResult
  mutating func apply(_ decision: Decision) -> Decision {
    let changes = decision.changes.compactMap { change -> ConferenceChange? in
      if case .conference(let change) = change { change } else { nil }
    }
    if !changes.isEmpty { #expect(decision.basis == state.revision) }
    state = state.applying(changes, at: now)
    return decision
  }

  @discardableResult
  mutating func clock(_ task: ConferenceTask) -> Decision {
    #expect(S.policy.taskDue(state, now: now) == task)
    return apply(conferenceDecision(task, state, directory: directory, now: now))
  }

  @discardableResult
  mutating func answer(
    _ account: AccountID, _ text: String, reply: EventReply? = nil, talk: TalkID? = nil,
    target: ConferenceTarget = .invited(ConferenceID(5)), why: Bool = false, to mail: ConferenceFacts? = nil
  ) -> Decision {
    var school = SchoolState(directory: directory, policy: S.policy)
    school.conference = ConferenceSituation(states: [state], talk: talk, reply: reply)
    school.conference?.answered = mail
    let act: Act = why ? .why(.conference(target)) : .answer(.conference(target))
    now += 60
    return apply(
      decide(Command(actor: account, act: act, subject: "Re", body: MessageBody(text: text)), school, now: now))
  }

  func talk(_ household: AccountID, _ pupil: String) throws -> Talk {
    try #require(state.talks.first { $0.household == household && $0.pupil == PupilID(pupil) })
  }

  /// All have been invited.
  mutating func invite() {
    now += 600
    clock(.inviteFirst)
    now += 86_400
    clock(.invite)
  }
}

extension Decision {
  func facts(to account: AccountID) -> [ConferenceFacts] {
    notices.filter { $0.recipient == .account(account) }.compactMap(\.facts.conference)
  }
}
