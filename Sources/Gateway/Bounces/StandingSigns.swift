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
      let provider = Provider.of(recipient: address, words: words.text)
      let verdict = DeliveryVerdict.of(
        action: .failed, status: words.enhancedStatusCode, words: words.text, provider: provider)
      let failure = AddressFailure(
        reason: verdict.reason, provider: provider, actor: verdict.actor.rawValue,
        words: [words.code.map(String.init), words.text].compactMap(\.self).joined(separator: " "))
      switch verdict.outcome {
      case .hard: return verdict.reason == "unknown" ? .softFailure(failure) : .hardFailure(failure)
      case .soft: return .softFailure(failure)
      // The message or the sending server was refused: the address is innocent.
      case .block, .delivered: return nil
      }
    }
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
