import Foundation
import Mail
import School
import Store

/// Fetches what a decision on conferences looks at: from the mail, and from the store.
struct ConferenceReading: Sendable {
  let gateway: SchoolGateway
  let message: MailMessage

  /// Nil for an act that is not about conferences.
  func situation(of act: Act, actor: AccountID) async throws(StoreError) -> ConferenceSituation? {
    let store = gateway.store
    switch act {
    case .conferences: return ConferenceSituation(states: try await store.conferences(endingAfter: gateway.now()))
    case .answer(.conference(let target)), .why(.conference(let target)):
      let parts = CalendarParts(message: message, zone: gateway.settings.timeZone)
      let answer = parts.answer
      let answered = answer.flatMap {
        SchoolGateway.talk(uid: $0.uid, keys: gateway.keys, scheme: gateway.settings.scheme)
      }
      let reply = answer.map { answer in
        EventReply(
          answer: answer.reply.answer, words: answer.reply.words.map(gateway.settings.scheme.withoutKeys),
          sequence: answer.reply.sequence)
      }
      switch target {
      case .invited(let id), .plan(let id):
        let state = try await store.conference(id)
        var situation = ConferenceSituation(states: state.map { [$0] } ?? [], talk: answered, reply: reply)
        situation.answered = try await told(actor, target)
        return situation
      case .talk(let talk):
        let state = try await store.conference(of: talk)
        return ConferenceSituation(states: state.map { [$0] } ?? [], talk: talk, reply: reply)
      }
    default: return nil
    }
  }

  /// What the mail told that this is an answer to; nil for one that was started anew, as by a tap.
  private func told(_ actor: AccountID, _ target: ConferenceTarget) async throws(StoreError) -> ConferenceFacts? {
    guard let id = message.inReplyTo.first.flatMap(gateway.keys.delivery(messageID:)),
      let delivery = try await gateway.store.delivery(id), delivery.recipient == .account(actor),
      delivery.replyTarget == .conference(target)
    else { return nil }
    return delivery.facts.conference
  }
}

extension SchoolGateway {
  /// The name by which calendars know a conference: the same in every mail about it, and nobody can guess it.
  func talkUID(_ talk: TalkID) -> String { "\(keys.talkKey(talk))@\(settings.scheme.domain)" }

  /// Nil for a name that is not ours or is forged.
  static func talk(uid: String, keys: KeyRing, scheme: AddressScheme) -> TalkID? {
    guard let at = uid.lastIndex(of: "@"), uid[uid.index(after: at)...].lowercased() == scheme.domain else {
      return nil
    }
    return keys.readTalkKey(String(uid[..<at]))
  }
}
