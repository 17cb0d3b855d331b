/// Whether somebody has shown that mail reaches them.
package enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
  /// The activation mail went out.
  case asked
  /// Nobody answered it in time: it probably lies among spam. Support was told.
  case unanswered
  /// They answered JA, or wrote to the school.
  case active
}

extension SchoolPolicy {
  /// How long the answer to an activation mail may take before it counts as lost, in seconds.
  package static let activationPatience: Double = 3 * 86_400
}

/// The first mail to an account, or one more of it: they answer JA, which proves the address.
///
/// - Parameter lane: bulk where a whole school is asked, so that no answer to a parent waits behind it.
package func askForActivation(
  _ account: AccountID, lane: Lane = .normal, onceADay: String? = nil
) -> Decision {
  Decision(
    changes: [.setActivation(account, .asked)],
    notices: [Notice(.activation, to: .account(account), lane: lane, replyTarget: .activation, onceADay: onceADay)])
}

/// Tells support of all whose activation mail stayed without answer, in one mail; a reminder by mail would lie among
/// the same spam.
package func tellOfUnanswered(_ accounts: [AccountID], policy: SchoolPolicy) -> Decision {
  Decision(
    changes: accounts.map { .setActivation($0, .unanswered) },
    notices: policy.supportDesk.map {
      Notice(
        .activationUnanswered, to: .account($0), replyTarget: .support,
        facts: NoticeFacts(count: accounts.count, accounts: accounts))
    })
}

extension Question {
  /// Support asks for somebody's activation mail once more.
  func sendActivation(to address: String) -> Decision {
    guard let account = directory.account(address: address), !directory.carers(of: account.id).isEmpty else {
      return refuse(.unknownAddress, asked: address)
    }
    return askForActivation(account.id).adding(toActor(.activationSent, facts: NoticeFacts(asked: address)))
  }

  /// The answer to an activation mail: whatever begins with a yes shows that mail arrives, and what it says beyond that
  /// is for a person.
  func answerActivation() -> Decision {
    switch command.word {
    case .newActivation: return askForActivation(actor)
    case .help: return help()
    default:
      let text = command.body.text
      let first = Glossary.firstLine(of: text, most: 1_000).flatMap { Glossary.words($0).first }
      guard let first, Glossary.plainYes.contains(first) else { return support() }
      let active = Decision(changes: [.setActivation(actor, .active)], notices: [toActor(.activated)])
      let isMere = command.word == .yes || WrittenYesNo.words(beside: text) == nil
      return isMere ? active : active.and(support())
    }
  }
}
