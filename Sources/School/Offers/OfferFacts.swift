import Foundation

/// What a mail on a help request or poll tells, as it was when the mail was decided on.
package struct OfferFacts: Sendable, Hashable, Codable {
  package enum Stage: String, Sendable, Hashable, Codable, CaseIterable {
    /// To the organiser: how their mail was understood.
    case opened
    /// To the audience.
    case item
    case reminder
    /// To who answered: what they have now.
    case answered
    case withdrawn
    /// They gave nothing back, and will help with nothing.
    case declined
    /// They moved up from the waiting list.
    case placed
    /// The answer could be more than one thing.
    case unclear
    /// How it stands, for who asked.
    case state
    case closed
  }

  package struct Person: Sendable, Hashable, Codable {
    package var account: AccountID
    /// 0 for a place or a vote, else the place on the waiting list.
    package var rank: Int
    package var note: String?

    package init(account: AccountID, rank: Int, note: String? = nil) {
      self.account = account
      self.rank = rank
      self.note = note
    }
  }

  package struct Line: Sendable, Hashable, Codable {
    package var text: String
    package var places: Int?
    /// How many hold a place or voted so; nil where the mail does not say.
    package var count: Int?
    /// How many wait for a place.
    package var waiting: Int?
    /// Who stands there, for the organiser alone.
    package var people: [Person]?
    /// The reader's own rank there.
    package var mine: Int?

    package init(
      text: String, places: Int? = nil, count: Int? = nil, waiting: Int? = nil, people: [Person]? = nil,
      mine: Int? = nil
    ) {
      self.text = text
      self.places = places
      self.count = count
      self.waiting = waiting
      self.people = people
      self.mine = mine
    }
  }

  package var stage: Stage
  package var kind: OfferTerms.Kind
  package var organiser: AccountID
  package var question: String?
  package var isSecret: Bool
  package var closesAt: Date?
  package var lines: [Line]
  /// What the reader wrote below their answer goes to the organiser, or to nobody where the poll is secret.
  package var hasNote: Bool

  package init(
    stage: Stage, terms: OfferTerms, organiser: AccountID, lines: [Line]? = nil, hasNote: Bool = false
  ) {
    self.stage = stage
    kind = terms.kind
    self.organiser = organiser
    question = terms.question
    isSecret = terms.isSecret
    closesAt = terms.closesAt
    self.lines = lines ?? terms.lines.map { Line(text: $0.text, places: $0.places) }
    self.hasNote = hasNote
  }
}

extension OfferState {
  /// For a parent: their own standing, and of help how many places are taken. Nothing of a poll's votes before its end.
  func facts(_ stage: OfferFacts.Stage, for reader: AccountID, hasNote: Bool = false) -> OfferFacts {
    let lines = terms.lines.indices.map { place in
      var line = counted(place, shows: terms.kind == .help || stage == .closed)
      line.mine = rank(of: reader, on: place + 1)
      return line
    }
    return OfferFacts(stage: stage, terms: terms, organiser: offer.organiser, lines: lines, hasNote: hasNote)
  }

  /// For the organiser: with everybody's name, but of a secret poll the counts alone, and those at its end.
  func table(_ stage: OfferFacts.Stage) -> OfferFacts {
    let lines = terms.lines.indices.map { place in
      var line = counted(place, shows: !terms.isSecret || stage == .closed)
      if !terms.isSecret {
        line.people = answers(on: place + 1).enumerated().map { order, answer in
          OfferFacts.Person(
            account: answer.account, rank: max(0, order + 1 - places(place + 1)), note: answer.note)
        }
      }
      return line
    }
    return OfferFacts(stage: stage, terms: terms, organiser: offer.organiser, lines: lines)
  }

  private func counted(_ place: Int, shows: Bool) -> OfferFacts.Line {
    let line = terms.lines[place]
    guard shows else { return OfferFacts.Line(text: line.text, places: line.places) }
    let (all, waiting) = (answers(on: place + 1).count, waiting(on: place + 1).count)
    return OfferFacts.Line(text: line.text, places: line.places, count: all - waiting, waiting: waiting)
  }
}
