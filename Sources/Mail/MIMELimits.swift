/// What a message may cost to read. Past a limit reading goes on with what fits, and a `MailDefect` says what was cut:
/// mail is hostile, and the raw bytes are kept elsewhere, so nothing is lost for good.
package struct MIMELimits: Sendable, Hashable {
  /// Octets of the whole message that are read; the rest is not looked at.
  package var messageBytes = 64 << 20
  /// Octets of one header block; fields past it are dropped.
  package var headerBytes = 512 << 10
  /// Octets of the value of one header field; the rest of the value is dropped.
  package var fieldBytes = 64 << 10
  /// Fields of one header block.
  package var headerFields = 1_000
  /// Mailboxes read from one address field.
  package var addresses = 1_000
  /// Message ids read from one `References` field.
  package var references = 200
  /// How deep parts may lie within parts; attached messages count on.
  package var depth = 32
  /// Leaf and container parts of the whole message together.
  package var parts = 1_000
  /// Octets of all leaf parts together, after their transfer encoding is undone.
  package var decodedBytes = 64 << 20
  /// Octets of text that readers of text (`plainText`, `html`, new text, forwards) take from one part.
  package var textBytes = 2 << 20
  /// Lines of a text that rules look at; those after them are kept as they are.
  package var textLines = 2_000
  /// Octets of one line of text that rules look at; longer lines are never taken for a quote or a header.
  package var lineLength = 2_000

  package init() {}
  package static let standard = MIMELimits()
}
