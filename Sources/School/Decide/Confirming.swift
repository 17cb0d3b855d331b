/// What the owner of an account says of a message that waits for them.
package enum HeldAnswer: Sendable, Hashable {
  case mine
  case notMine
  case other

  package init(_ text: String) {
    switch CommandWord(firstLineOf: text) {
    case .yes: self = .mine
    case .notMe: self = .notMine
    default: self = .other
    }
  }
}

/// What happens to a message that is not acted on yet: it waits, and the registered address is asked, once a day. What
/// waits longer is asked about when the first question is answered.
package func hold(_ inbound: InboundID, for account: AccountID, reason: HoldReason, body: MessageBody) -> Decision {
  Decision(
    changes: [.hold(inbound, account: account, reason: reason)],
    notices: [askAbout(inbound, of: account, reason: reason, excerpt: body.excerpt, onceADay: "confirmation")])
}

/// The question whether a waiting message was the account owner's.
package func askAbout(
  _ inbound: InboundID, of account: AccountID, reason: HoldReason, excerpt: String, onceADay: String?
) -> Notice {
  var facts = NoticeFacts(excerpt: excerpt)
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
