import Deliverability
import Mail
import School
import Store

extension StandingSign {
  /// The same of one delivery: what went to another address than the account's own tells nothing of that.
  static func of(_ result: DeliveryOutcome.Result, _ delivery: DeliveryRecord, _ address: MailAddress?) -> StandingSign?
  {
    delivery.facts.atAddress == nil ? of(result, address) : nil
  }

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
      // The message was refused, or the sending server: the address is innocent.
      case .block, .delivered: return nil
      case .soft where verdict.reason == "message-too-big": return nil
      case .hard: return verdict.reason == "unknown" ? .softFailure(failure) : .hardFailure(failure)
      case .soft: return .softFailure(failure)
      }
    }
  }
}

extension ServerWords {
  /// With the reply code, on one line.
  package var said: String { [code.map(String.init), text].compactMap(\.self).joined(separator: " ") }

  /// Whether they refuse whoever submits, whatever the mail: its login is not right, or its quota is used up.
  var refuseSubmitter: Bool { SubmitterRefusal.isOne(code: code, status: enhancedStatusCode, words: said) }

  /// Refusals in our own dialogue and returned mail, by one judgement.
  package func verdict(
    for recipient: MailAddress?, action: DeliveryStatusNotification.Action = .failed
  ) -> DeliveryVerdict {
    DeliveryVerdict.of(
      action: action, status: enhancedStatusCode, words: said,
      provider: Provider.of(recipient: recipient, words: text))
  }
}

extension Directory {
  /// Whether a mail was made for an address that its reader has no more. One that waited then went to the new one: what
  /// comes back of it is not told apart.
  func wentToFormerAddress(_ delivery: DeliveryRecord) -> Bool {
    guard case .account(let id) = delivery.recipient, delivery.facts.atAddress == nil,
      let last = accounts[id]?.lastToFormerAddress
    else { return false }
    return delivery.id <= last
  }

  /// Where a mail goes; nil where the recipient is gone.
  func address(of delivery: DeliveryRecord) -> MailAddress? {
    if let stated = delivery.facts.atAddress { return MailAddress(stated) }
    return switch delivery.recipient {
    case .account(let id): accounts[id].flatMap { MailAddress($0.mailAddress) }
    case .stranger(let address): MailAddress(address)
    }
  }
}
