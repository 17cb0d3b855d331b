import Foundation
import Testing

@testable import Mail

@Suite("Reading a message")
struct MailMessageTests {
  @Test("addresses are parsed before names are decoded")
  func addressesBeforeNames() {
    let raw = "From: =?utf-8?q?a=40evil.com=2C?= <x@y.nl>\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n\r\nhoi\r\n"
    let message = MailMessage.parse(Data(raw.utf8))
    #expect(message.from == [NamedAddress(name: "a@evil.com,", address: MailAddress("x@y.nl")!)])
    #expect(message.subject == "café")
    #expect(message.root.data == Data("hoi\r\n".utf8))
  }
}
