import Foundation

/// One thing that happened between the school and one person's address.
package struct TimelineEvent: Sendable, Hashable {
  package enum Happening: Sendable, Hashable {
    /// A mail was made for them.
    case queued
    /// It was not sent, for the address is broken.
    case withheld
    /// What a server said, or what came back: `accepted`, `deferred`, `refused`, `bounced`, `delayed`, `auto-reply`, …
    case server(word: String, said: String, reason: String?, actor: String?)
    /// Support was told of the address, and what to do.
    case advised
    /// They wrote.
    case answered
    /// They showed that mail reaches them.
    case activated

    /// One word for it.
    package var word: String {
      switch self {
      case .queued: "queued"
      case .withheld: "withheld"
      case .server(let word, _, _, _): word
      case .advised: "advised"
      case .answered: "answered"
      case .activated: "activated"
      }
    }
  }

  package var at: Date
  package var happening: Happening
  /// The mail that it is about.
  package var delivery: DeliveryID?
  package var kind: NoticeKind?
  package var subject: String?

  package init(
    at: Date, happening: Happening, delivery: DeliveryID? = nil, kind: NoticeKind? = nil, subject: String? = nil
  ) {
    self.at = at
    self.happening = happening
    self.delivery = delivery
    self.kind = kind
    self.subject = subject
  }
}
