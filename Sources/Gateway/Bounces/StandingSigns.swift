import Deliverability
import Mail
import School
import Store

extension StandingSign {
  /// What became of a mail, as a sign of whether its recipient's address works; nil where it tells nothing of that.
  static func of(_ result: DeliveryOutcome.Result, _ address: MailAddress?) -> StandingSign? {
    switch result {
    case .accepted: return .accepted
    case .deferred, .noted: return nil
    case .refused(let words), .bounced(let words):
      let verdict = words.verdict(for: address)
      let failure = AddressFailure(
        reason: verdict.reason, provider: Provider.of(recipient: address, words: words.text),
        actor: verdict.actor.rawValue, words: words.said)
      switch verdict.outcome {
      case .hard: return verdict.reason == "unknown" ? .softFailure(failure) : .hardFailure(failure)
      case .soft: return .softFailure(failure)
      // The message or the sending server was refused: the address is innocent.
      case .block, .delivered: return nil
      }
    }
  }
}

extension ServerWords {
  /// With the reply code, on one line.
  package var said: String { [code.map(String.init), text].compactMap(\.self).joined(separator: " ") }

  /// Refusals in our own dialogue and returned mail, by one judgement.
  package func verdict(
    for recipient: MailAddress?, action: DeliveryStatusNotification.Action = .failed
  ) -> DeliveryVerdict {
    DeliveryVerdict.of(
      action: action, status: enhancedStatusCode, words: text,
      provider: Provider.of(recipient: recipient, words: text))
  }
}

extension Directory {
  /// Nil where the recipient is gone.
  func address(of recipient: Notice.Recipient) -> MailAddress? {
    switch recipient {
    case .account(let id): accounts[id].flatMap { MailAddress($0.address) }
    case .stranger(let address): MailAddress(address)
    }
  }
}
