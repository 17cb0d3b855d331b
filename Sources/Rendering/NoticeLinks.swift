import Foundation
import Mustache
import School

/// `mailto:` links (RFC 6068) by what they do; one tap and Send does it. Each is made when a template asks for it: a
/// mail shows few of them.
struct NoticeLinks: MustacheParent {
  let model: NoticeModel

  func child(named name: String) -> Any? {
    let addresses = model.context.addresses
    switch name {
    case "reply": return model.marks(name)
    case "privateReply": return addresses.privateReply.map { _ in model.marks(name) }
    default:
      // A route's name before a command's: `help` is where to write for it.
      if let target = RouteWord(rawValue: name).flatMap({ addresses.routes[$0] }) {
        var way = ["address": target.address.description, "url": target.link()]
        way["subjectBegins"] = target.subjectPrefix?.trimmingCharacters(in: .whitespaces)
        return way
      }
      return Self.answers[name].map { model.answerLink($0(model.context.language)) }
    }
  }

  /// What is answered, by the name of its link.
  private static let answers: [String: @Sendable (Language) -> String] = {
    let commands = CommandWord.allCases.map { word in (word.linkName, { @Sendable in word.offered(in: $0) }) }
    let events = EventWord.allCases.map { word in (word.rawValue, { @Sendable in word.offered(in: $0) }) }
    let settings = SettingsOffer.allCases.map { offer in (offer.rawValue, { @Sendable in offer.words(in: $0) }) }
    let moderation = ModerationWord.allCases.map { word in (word.rawValue, { @Sendable in word.offered(in: $0) }) }
    return Dictionary(events + commands + settings + moderation) { _, later in later }
  }()
}
