import Foundation

/// A letter on A4 for a window envelope: the pupil's bag reaches parents whom no mail does.
package struct Letter: Sendable, Hashable {
  /// The sender's name, above the letter.
  package var sender: String
  /// Behind the window: `Aan de ouders van …`, a line each; at most five are printed.
  package var recipient: [String]
  package var date: String
  package var subject: String
  /// Paragraphs are parted by an empty line; a line break within one stays.
  package var body: String

  /// Characters of the body that are printed.
  package static let longestBody = 20_000

  package init(sender: String, recipient: [String], date: String, subject: String, body: String) {
    self.sender = sender
    self.recipient = recipient
    self.date = date
    self.subject = subject
    self.body = body
  }

  /// A PDF with the fonts of this machine embedded. Nil where Cairo cannot make one: no memory.
  package func pdf() -> Data? { PDF.make(title: subject, draw: draw) }

  private func draw(_ page: Page) {
    page.text(sender, x: Page.margin, y: Page.top, size: 11, isBold: true)
    // DIN 680 and NEN 3162 put the window within 20 to 110 mm from the left and 45 to 90 mm from the top.
    page.text(recipient.prefix(5).joined(separator: "\n"), x: Page.windowLeft, y: Page.windowTop)
    var y = page.text(date, x: Page.margin, y: Page.letterTop)
    y = page.text(subject, x: Page.margin, y: y + 14, isBold: true)
    page.flow(String(body.prefix(Self.longestBody)), y: y + 14)
  }
}

extension Page {
  fileprivate static let windowLeft = 25 * millimetre
  fileprivate static let windowTop = 52 * millimetre
  fileprivate static let letterTop = 98 * millimetre
}
