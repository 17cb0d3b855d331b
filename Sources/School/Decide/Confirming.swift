import Foundation

/// What the owner of an account says of a message that waits for them.
package enum HeldAnswer: Sendable, Hashable {
  case mine
  case notMine
  case other

  package init(_ text: String) {
    switch CommandWord(firstLineOf: text) {
    case .yes: self = .mine
    case .notMe: self = .notMine
    default:
      // A bare no discards nothing, and makes no keys worthless.
      let words = Glossary.words(Glossary.firstLine(of: text) ?? "")
      let isDenied = words.first.map(Glossary.plainNo.contains) == true
      self =
        isDenied && CommandWord.named(Array(words.dropFirst())) == .notMe
        ? .notMine : WrittenYesNo(text) == .yes ? .mine : .other
    }
  }
}

/// What happens to a message that is not acted on yet: it waits, and the registered address is asked, once a day. What
/// waits longer is asked about when the first question is answered. Who is proven to have written what must always be
/// confirmed is asked each time: nobody can bring that about in another's name.
package func hold(
  _ inbound: InboundID, for account: AccountID, reason: HoldReason, isProven: Bool = false, excerpt: String,
  summary: HeldSummary? = nil, now: Date
) -> Decision {
  let isLimited = !(reason == .mustConfirm && isProven)
  return Decision(
    changes: [.hold(inbound, account: account, reason: reason)],
    notices: [
      askAbout(
        inbound, of: account, reason: reason, since: now, excerpt: excerpt, summary: summary,
        onceADay: isLimited ? confirmationWord : nil)
    ])
}

/// What a held mail does besides what its words say: whoever answers `JA` must see what that sends.
package struct HeldSummary: Sendable, Hashable, Codable {
  /// The routes that it was written to, as they stand in addresses; empty for an answer.
  package var routes: [String]
  package var subject: String
  /// Names.
  package var files: [String]

  package init(routes: [String], subject: String, files: [String]) {
    self.routes = routes
    self.subject = subject
    self.files = files
  }
}

/// The word of the limit of one question a day; an answer ends the day.
package let confirmationWord = "confirmation"

extension AuthorityLevel {
  /// How long the answer to a question may take, in seconds, where what was asked must always be confirmed.
  package static let challengeLifetime: TimeInterval = 86_400
}

extension HoldReason {
  /// Until when the owner's word counts for what was held then; nil for ever.
  package func expiry(since: Date) -> Date? {
    self == .mustConfirm ? since.addingTimeInterval(AuthorityLevel.challengeLifetime) : nil
  }
}

/// The answer to a question that was asked too long ago.
package func challengeExpired(for account: AccountID) -> Decision {
  var facts = NoticeFacts(refusal: .challengeExpired)
  facts.isAnswer = true
  return Decision(notices: [Notice(.refusal, to: .account(account), facts: facts)])
}

/// The question whether a waiting message was the account owner's.
///
/// - Parameter since: when it came.
package func askAbout(
  _ inbound: InboundID, of account: AccountID, reason: HoldReason, since: Date, excerpt: String,
  summary: HeldSummary? = nil, onceADay: String?
) -> Notice {
  var facts = NoticeFacts(excerpt: excerpt, retractableUntil: reason.expiry(since: since))
  facts.held = summary
  // Who used another's key is somebody else; every other question is, most often, to who just wrote.
  facts.isAnswer = reason == .foreignKey ? nil : true
  return Notice(
    reason == .foreignKey ? .foreignKey : .confirmation, to: .account(account), replyTarget: .held(inbound),
    facts: facts, onceADay: onceADay)
}

extension Question {
  /// The answer to a confirmation request that is not `JA`: that one is the held command itself, decided anew.
  func answerConfirmation(_ inbound: InboundID) -> Decision {
    let answer = HeldAnswer(command.body.text)
    guard answer != .other else { return command.word == .help ? help() : support() }
    guard state.heldFor == actor else { return refuse(.nothingHeld) }
    guard answer == .notMine else { return Decision() }
    return Decision(changes: [.discardHeld(inbound), .rotateKeys(actor)], notices: [toActor(.keysRotated)])
  }
}
