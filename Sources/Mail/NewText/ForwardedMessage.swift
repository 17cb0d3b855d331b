import Foundation

/// A message that somebody forwarded, within the text or as an attached message.
package struct ForwardedMessage: Sendable, Hashable {
  /// The writer of the original; nil where the forward tells no address.
  package let from: NamedAddress?
  /// The writer's name, also where no address is told.
  package let fromName: String?
  /// As the original had it; empty where it is not told.
  package let subject: String
  /// Nil where it is not told or cannot be read.
  package let date: Date?
  /// The original's text, lines by `\n`, without the header block; what it quoted itself is kept.
  package let text: String
  /// The forwarder's own words; empty where there are none.
  package let ownText: String
  /// The original's files, where it is attached as a message.
  package let attachments: [Attachment]
}
