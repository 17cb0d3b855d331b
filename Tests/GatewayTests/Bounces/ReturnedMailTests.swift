import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("What comes back")
struct ReturnedMailTests {
  @Test("What was sent to an address that was corrected since tells nothing of the new one")
  func corrected() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = gateway.store
    let els = { (address: String) in
      RosterChange.putCarer(
        RosterCarer(id: CarerID("c1"), name: "Els", address: address, language: nil, authority: [:]))
    }
    try await store.apply([els("els@ouders.tset")], defaultLanguage: .dutch)
    let account = try #require(try await store.directory().accounts.keys.first)
    let send = {
      let notice = Notice(.help, to: .account(account))
      let sent = try await gateway.commit(
        Outcome(inbound: nil, label: "test", decision: Decision(notices: [notice]), at: .now)
      ).deliveries[0]
      try await store.record([
        DeliveryOutcome(delivery: sent, at: .now, result: .accepted(ServerWords(code: 250, text: "ok")))
      ])
      return sent
    }
    let comesBack = { (delivery: DeliveryID) in
      let key = gateway.settings.scheme.address(of: .bounce(key: gateway.keys.bounceKey(delivery)))
      let raw = """
        From: mailer-daemon@relay.test
        To: \(key)
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.test

        Final-Recipient: rfc822; els@ouders.tset
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 User unknown
        --b--
        """
      let record = try await store.record(Data(raw.utf8), from: nil, at: .now)
      #expect(await MailReader(gateway: gateway).handle(record) == .handled)
      #expect(try await store.delivery(delivery)?.status == .bounced)
    }
    let before = try await send()
    try await store.apply([els("els@ouders.test")], defaultLanguage: .dutch)
    try await comesBack(before)
    #expect(try await store.standing(of: account) == AddressStanding())
    try await comesBack(try await send())
    #expect(try await store.standing(of: account).score > 0, "what goes to the new one tells of it")
  }

  @Test(
    "Without a key, only a server that knows of the address says that it failed",
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
