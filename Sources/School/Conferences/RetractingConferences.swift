import Foundation

/// What `herstel` of a parent takes back.
package enum ConferenceRetraction: String, Sendable, Hashable, Codable, CaseIterable {
  /// What was last promised, moved or given back.
  case slot
  /// What they wished.
  case wish
  /// Their place on the waiting list.
  case wait

  /// The word behind `herstel`; nil for another.
  init?(word: String) {
    switch word {
    case "tijd", "tiid", "time": self = .slot
    case "wens", "wensen", "winsk", "winsken", "wish", "wishes": self = .wish
    case let word where Glossary.waitWords.contains(word): self = .wait
    default: return nil
    }
  }

  /// `herstel wachtlijst`, in the language of its reader.
  package func offered(in language: Language) -> String {
    let word =
      switch (self, language) {
      case (.slot, .dutch): "tijd"
      case (.slot, .frisian): "tiid"
      case (.slot, .english): "time"
      case (.wish, .dutch): "wensen"
      case (.wish, .frisian): "winsken"
      case (.wish, .english): "wishes"
      case (.wait, .dutch): "wachtlijst"
      case (.wait, .frisian): "wachtlist"
      case (.wait, .english): "waiting list"
      }
    return "\(CommandWord.retract.offered(in: language)) \(word)"
  }

  /// What the mail told that is answered; nil for one that told of none of it.
  init?(mailOf stage: ConferenceFacts.Stage?) {
    switch stage {
    case .booked, .moved, .cancelled: self = .slot
    case .wished: self = .wish
    case .waiting: self = .wait
    default: return nil
    }
  }
}

extension Question {
  /// `herstel`: what is named behind it, else what the answered mail told, else the one thing that there is to take
  /// back; where there is more, what is meant is asked. A refusal goes first, whenever it was: taking that back costs
  /// nobody a slot.
  func retract(
    _ named: ConferenceRetraction?, _ own: [Talk], _ state: ConferenceState, answering mail: ConferenceFacts?
  ) -> Decision {
    let byMail = named == nil ? ConferenceRetraction(mailOf: mail?.stage) : nil
    let declined = own.filter(\.isDeclined).map { ConferenceChange.wish($0.id, slots: []) }
    if named == nil, byMail == nil, !declined.isEmpty {
      return answered(.state, declined, state, some: Set(own.map(\.id)))
    }
    let there = ConferenceRetraction.allCases.filter { !talks(for: $0, own).isEmpty }
    guard let what = named ?? byMail.flatMap({ there.contains($0) ? $0 : nil }) ?? there.first else {
      return cancel(own.map(\.id), state)
    }
    guard named != nil || byMail == what || there.count == 1 else {
      var notice = conferenceReceipt(.whichBack, state)
      notice.facts.conference?.retractions = there
      return Decision(notices: [notice])
    }
    // The mail is about some of them.
    let told = byMail == nil ? [] : own.filter { talk in mail?.lines.contains { $0.talk == talk.id } ?? false }
    let meant = talks(for: what, told)
    return retract(what, meant.isEmpty ? talks(for: what, own) : meant, own, state)
  }

  private func talks(for what: ConferenceRetraction, _ own: [Talk]) -> [Talk] {
    switch what {
    case .slot:
      let last = own.compactMap(\.changedAt).max()
      return own.filter { $0.changedAt != nil && $0.changedAt == last }
    case .wish: return own.filter { $0.slot == nil && !$0.wishes.isEmpty }
    // Where all slots were gone they were put on it for any.
    case .wait:
      return own.filter { $0.waits != nil && ($0.waits != [] || $0.reason?.kind != .full) }
    }
  }

  private func retract(
    _ what: ConferenceRetraction, _ meant: [Talk], _ own: [Talk], _ state: ConferenceState
  ) -> Decision {
    let some = Set((meant.isEmpty ? own : meant).map(\.id))
    switch what {
    case .slot: return retractSlots(meant, state)
    case .wish: return answered(.cleared, meant.map { .wish($0.id, slots: []) }, state, some: some)
    case .wait:
      let waiting = meant.isEmpty ? own.filter { $0.waits != nil } : meant
      return answered(.state, waiting.map { .wait($0.id, slots: nil) }, state, some: some)
    }
  }

  /// The slot before is theirs again where it is free still.
  private func retractSlots(_ changed: [Talk], _ state: ConferenceState) -> Decision {
    var changes: [ConferenceChange] = []
    for talk in changed {
      guard let before = talk.before else {
        // As if they had said nothing.
        changes += [.release(talk.id, ConferenceReason(.cancelled)), .wish(talk.id, slots: [])]
        continue
      }
      guard state.free(at: talk.desk, now: now).contains(before), !state.clashes(talk, at: before) else {
        return Decision(notices: [conferenceReceipt(.taken, state, some: [talk.id], asked: [talk.id: before])])
      }
      changes.append(.promise(talk.id, slot: before, ConferenceReason(.picked)))
    }
    return answered(nil, changes, state, some: Set(changed.map(\.id)))
  }
}
