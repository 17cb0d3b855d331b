import Testing
import Transport

@testable import TransportIMAP

@Suite("Names of folders")
struct MailboxNameTests {
  @Test(
    "separator, prefix and INBOX",
    arguments: [
      ("inbox", "/", "", "INBOX"), ("Postplein/Handled", "/", "", "Postplein/Handled"),
      ("Postplein/Handled", ".", "", "Postplein.Handled"), ("INBOX/Handled", ".", "INBOX.", "INBOX.Handled"),
      ("Postplein/Handled", ".", "INBOX.", "INBOX.Postplein.Handled"), ("INBOX", ".", "INBOX.", "INBOX"),
      ("Ouders & school", "/", "", "Ouders &- school"),
    ])
  func wire(folder: String, delimiter: Character, prefix: String, wire: String) throws {
    #expect(try MailboxNaming(delimiter: delimiter, prefix: prefix).wireName(of: folder) == wire)
  }

  @Test("a server without hierarchy gets the name as it is")
  func flat() throws { #expect(try MailboxNaming().wireName(of: "a/b") == "a/b") }

  @Test(
    "what cannot be a name is refused",
    arguments: ["", "/a", "a//b", "a/", "a\r\nb", "a\0b", "\u{7F}", String(repeating: "a", count: 501)])
  func refused(folder: String) { #expect(throws: TransportError.self) { try MailboxNaming().wireName(of: folder) } }

  @Test(
    "modified UTF-7, with the examples of RFC 3501, section 5.1.3",
    arguments: [
      ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"), ("&", "&-"), ("", ""), ("é", "&AOk-"),
      ("Één", "&AMkA6Q-n"), ("😀", "&2D3eAA-"), ("a&b", "a&-b"), ("☺!", "&Jjo-!"),
    ])
  func utf7(text: String, encoded: String) { #expect(MailboxNaming.modifiedUTF7(text) == encoded) }
}
