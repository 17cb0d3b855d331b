import Foundation

/// What a schoolplein item holds that is answered by number: tasks with places, or a question with options.
package struct OfferTerms: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Help is asked: each task has so many places.
    case help
    /// A question with options: one vote an account.
    case poll
  }

  package struct Line: Sendable, Hashable, Codable {
    package var text: String
    /// Nil for the option of a poll.
    package var places: Int?

    package init(_ text: String, places: Int? = nil) {
      self.text = text
      self.places = places
    }
  }

  package var kind: Kind
  package var question: String?
  /// Numbered from 1 wherever people see them.
  package var lines: [Line]
  /// Nobody ever learns who voted what, and nobody what was voted before it is closed.
  package var isSecret: Bool
  /// Nil where it is open until its organiser closes it.
  package var closesAt: Date?

  package init(kind: Kind, question: String? = nil, lines: [Line], isSecret: Bool = false, closesAt: Date? = nil) {
    self.kind = kind
    self.question = question
    self.lines = lines
    self.isSecret = isSecret
    self.closesAt = closesAt
  }
}

extension OfferTerms {
  /// Tasks or options of one item.
  static let mostLines = 30
  /// Places of one task.
  static let mostPlaces = 999
  /// Of a task, an option or the question, in characters.
  static let longestLine = 200
  /// What somebody adds to a claim or an open vote, for its organiser alone, in characters.
  static let longestNote = 500
}

/// One help request or poll. Its identity is that of the schoolplein item it came with.
package struct Offer: Sendable, Hashable, Identifiable {
  package var id: ThreadID
  package var organiser: AccountID
  package var audience: Audience
  package var terms: OfferTerms
  package var openedAt: Date
  package var remindedAt: Date?
  package var closedAt: Date?

  package init(
    id: ThreadID, organiser: AccountID, audience: Audience, terms: OfferTerms, openedAt: Date,
    remindedAt: Date? = nil, closedAt: Date? = nil
  ) {
    self.id = id
    self.organiser = organiser
    self.audience = audience
    self.terms = terms
    self.openedAt = openedAt
    self.remindedAt = remindedAt
    self.closedAt = closedAt
  }

  /// What its decisions name as their basis.
  package static func subject(_ id: ThreadID) -> String { "offer \(id)" }

  /// The hour of its date may have passed before the clock has closed it.
  func isOpen(at now: Date) -> Bool { closedAt == nil && terms.closesAt.map { now < $0 } ?? true }
}

/// What one account answered: a place claimed, waited for, or a vote.
package struct OfferAnswer: Sendable, Hashable {
  package var account: AccountID
  /// From 1; 0 for a `nee`, with which their latest answer gave back what they had, or said that they have nothing.
  package var line: Int
  package var note: String?
  package var at: Date

  package init(account: AccountID, line: Int, note: String? = nil, at: Date) {
    self.account = account
    self.line = line
    self.note = note
    self.at = at
  }
}

/// An offer with all that was answered, as it was at one revision.
package struct OfferState: Sendable, Hashable {
  package var offer: Offer
  /// In order of arrival: of one line, as many as it has places hold one, and the rest wait in this order.
  package var answers: [OfferAnswer]
  package var revision: Revision
  /// Whether it was taken back, or waits for approval: nobody has it to answer.
  package var isHidden: Bool

  package init(offer: Offer, answers: [OfferAnswer], revision: Revision, isHidden: Bool = false) {
    self.offer = offer
    self.answers = answers
    self.revision = revision
    self.isHidden = isHidden
  }

  var terms: OfferTerms { offer.terms }

  func answers(on line: Int) -> [OfferAnswer] { answers.filter { $0.line == line } }

  /// The lines that an account stands on, in order.
  func lines(of account: AccountID) -> [Int] {
    answers.filter { $0.account == account && $0.line > 0 }.map(\.line).sorted()
  }

  func places(_ line: Int) -> Int { terms.lines[line - 1].places ?? .max }

  /// 0 for who holds a place or voted so, 1 for the first on the waiting list; nil for who stands elsewhere.
  func rank(of account: AccountID, on line: Int) -> Int? {
    answers(on: line).firstIndex { $0.account == account }.map { max(0, $0 + 1 - places(line)) }
  }

  /// Those who wait for a place on a line, the first of them first.
  func waiting(on line: Int) -> [AccountID] { answers(on: line).dropFirst(places(line)).map(\.account) }
}

/// What becomes different of an offer. Applied in the transaction of its decision.
package enum OfferChange: Sendable, Hashable {
  /// With the thread that the same decision opens.
  case open(OfferTerms)
  /// At the end of its line; who stands there already keeps their place.
  case answer(ThreadID, AccountID, line: Int, note: String?)
  case withdraw(ThreadID, AccountID, line: Int)
  case remind(ThreadID)
  case close(ThreadID)
}
