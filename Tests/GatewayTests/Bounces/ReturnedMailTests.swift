import Foundation
import Mail
import Testing

@testable import Gateway

@Suite("What comes back without a key")
struct ReturnedMailTests {
  @Test(
    "Only a server that knows of the address says that it failed",
    arguments: [
      ("mailer-daemon@bedrijf.test", true), ("Postmaster@mx.bedrijf.test", true),
      ("MAILER-DAEMON@googlemail.com", true), ("postmaster@outlook.com", true), ("postmaster@school.test", true),
      ("els@bedrijf.test", false), ("mailer-daemon@elders.test", false), ("postmaster.jan@gmail.com", false),
      ("mailer-daemon@nogbedrijf.test", false),
    ])
  func servers(from: String, counts: Bool) async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let message = MailMessage.parse(Data("From: \(from)\r\n\r\n".utf8))
    #expect(ReturnedMail(gateway: gateway).isServer(message, of: MailAddress("weg@bedrijf.test")) == counts)
  }
}
