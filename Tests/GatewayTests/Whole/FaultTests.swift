import Foundation
import Mail
import School
import Store
import TestServers
import Testing
import Transport
import TransportIMAP
import TransportSMTP

@testable import Gateway

@Suite("Servers and mail that misbehave", .serialized, .timeLimit(.minutes(6)))
struct FaultTests {
  typealias R = RunningGateway

  static func status(_ address: String, in school: R) async throws -> MessageReport.Line? {
    let account = try await school.store.directory().account(address: address)?.id
    return try await school.store.report(limit: 1).first?.lines.first {
      if case .account(let id) = $0.delivery.recipient { id == account } else { false }
    }
  }

  @Test("A bounce that comes back, a refusal and a deferral end on the delivery of that message and person")
  func bounce() async throws {
    var options = R.options()
    options.refused = [R.fatima: "550 5.7.1 not wanted here"]
    options.deferred = [R.els: "452 4.2.2 mailbox full"]
    try await R.run(options) { school in
      try await school.write(R.anna, to: "nieuws.groep5@\(R.domain)", "Gym", "Neem gymkleren mee.")
      try await school.until("the bounce is on the record") {
        try await Self.status(R.gone, in: school)?.delivery.status == .bounced
      }
      let bounced = try #require(try await Self.status(R.gone, in: school))
      #expect(bounced.events.first?.words.enhancedStatusCode == "5.1.1")
      try await school.until("the refusal is on the record") {
        try await Self.status(R.fatima, in: school)?.delivery.status == .refused
      }
      let refused = try #require(try await Self.status(R.fatima, in: school))
      #expect(refused.events.first?.words.text.contains("not wanted here") == true)
      try await school.until("the deferral is on the record") {
        try await Self.status(R.els, in: school)?.events.first?.outcome == "deferred"
      }
      let deferred = try #require(try await Self.status(R.els, in: school)).delivery
      #expect(deferred.status == .waiting && deferred.dueAt > Date(timeIntervalSinceNow: 200))
      #expect(try await school.store.threads(limit: 9).count == 1, "no bounce became a thread")
    }
  }

  @Test("An address whose mail comes back twice is broken: support is told once, with advice, and mail is withheld")
  func brokenAddress() async throws {
    try await R.run { school in
      let gone = try #require(try await school.store.directory().account(address: R.gone)?.id)
      for (subject, standing) in [("Gym", AddressStanding.State.doubtful), ("Bieb", .broken)] {
        try await school.write(R.anna, to: "nieuws.groep5@\(R.domain)", subject, "Neem iets mee.")
        try await school.until("the bounce counts") { try await school.store.standing(of: gone).state == standing }
      }
      try await StandingWatch(gateway: school.gateway).tell()
      let mail = try await school.mail(to: R.bas, with: "zegt dat het adres \(R.gone) niet bestaat")
      #expect(mail.subject == "Mail aan Weg komt niet aan" && mail.plainText?.contains("De school.") == true)
      try await school.write(R.anna, to: "nieuws.groep5@\(R.domain)", "Zwemmen", "Neem iets mee.")
      try await school.until("the third is withheld") {
        try await Self.status(R.gone, in: school)?.delivery.status == .withheld
      }
      #expect(try await school.store.untoldBroken().isEmpty)
    }
  }

  @Test("A mail to test is answered with what was seen; one from the spam folder, as an attachment, with its header")
  func loopTest() async throws {
    try await R.run { school in
      try await school.write(R.els, to: "test@\(R.domain)", "Proef", "Komt dit aan?")
      let seen = try await school.mail(to: R.els, with: "Dit zagen wij aan uw mail")
      #expect(seen.plainText?.contains("Van versturen tot lezen") == true)
      let forward = """
        --b
        Content-Type: text/plain

        Waarom is dit spam?
        --b
        Content-Type: message/rfc822

        X-Forefront-Antispam-Report: SCL:-1;SFV:SFE;CAT:NONE
        From: School <ouders@school.test>
        Subject: Gym

        Neem gymkleren mee.
        --b--
        """
      try await school.write(
        R.fatima, to: "test@\(R.domain)", "Fwd: Gym", forward, fields: ["Content-Type: multipart/mixed; boundary=b"])
      _ = try await school.mail(to: R.fatima, with: "it works (SFV:SFE)")
      try await school.writeFromOutside("vreemd@x.test", to: "test@\(R.domain)", "Proef", "Hoi")
      try await school.until("a stranger is answered too") {
        try await school.store.events(of: DeliveryID(3)).first != nil
      }
    }
  }

  @Test("A forged bounce changes no one's standing")
  func forgedBounce() async throws {
    try await R.run { school in
      try await school.write(R.anna, to: "nieuws.groep5@\(R.domain)", "Gym", "Neem gymkleren mee.")
      try await school.until("the mail is accepted") {
        try await Self.status(R.els, in: school)?.delivery.status == .accepted
      }
      let report = """
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; x.test

        Final-Recipient: rfc822; els@ouders.test
        Action: failed
        Status: 5.1.1
        --b--
        """
      for to in ["b.aeaaaaaaaaaaaaaaaaaaaaa@\(R.domain)", "nieuws@\(R.domain)"] {
        try await school.writeFromOutside(
          "mailer-daemon@x.test", to: to, "Undelivered", report,
          fields: ["Content-Type: multipart/report; report-type=delivery-status; boundary=b"])
      }
      try await school.until("both are moved away") {
        try school.servers.mailbox(of: school.servers.world.gateway, folder: "Postplein/Verwerkt").count >= 4
      }
      #expect(try await Self.status(R.els, in: school)?.delivery.status == .accepted)
      #expect(try await school.store.standings().allSatisfy { $0.standing.failure?.words.contains("x.test") != true })
    }
  }

  @Test("IMAP and SMTP servers that die lose nothing, and double nothing that was acknowledged")
  func serversDie() async throws {
    try await R.run { school in
      try await school.write(R.anna, to: "postvak.bas@\(R.domain)", "Een", "Eerste bericht")
      _ = try await school.mail(to: R.bas, with: "Eerste bericht")
      try await school.servers.perform(.kill, .imap)
      try await school.servers.perform(.start, .imap)
      try await school.write(R.els, to: "postvak.anna@\(R.domain)", "Twee", "Tweede bericht")
      _ = try await school.mail(to: R.anna, with: "Tweede bericht")
      try await school.servers.perform(.kill, .smtp)
      let raw = R.mail(
        R.els, "postvak.anna@\(R.domain)", "Drie", "Derde bericht",
        [
          "X-Original-To: postvak.anna@\(R.domain)",
          "Authentication-Results: mail.school.test; auth=pass smtp.auth=\(R.els)",
        ], "drie")
      _ = try await school.store.record(raw, from: nil, at: Date(timeIntervalSinceNow: -10))
      try await school.until("the third is posted while no mail can leave") {
        try await school.store.threads(kind: .mailbox, limit: 9).count == 3
      }
      try await school.servers.perform(.start, .smtp)
      _ = try await school.mail(to: R.anna, with: "Derde bericht")
      // A server that dies before it said that it took a mail gets it again, under the same Message-ID.
      let ids = try school.servers.mailbox(of: R.anna).compactMap { MailMessage.parse($0).messageID }
      #expect(Set(ids).count == 2 && ids.count <= 3)
    }
  }

  @Test("A gateway that is stopped and started goes on where it was, and reads no mail twice")
  func restart() async throws {
    try await MailServers.run(R.options()) { servers in
      let school = try await R(servers, undo: 0)
      try await school.serving {
        try await school.write(R.els, to: "postvak.anna@\(R.domain)", "Een", "Eerste bericht")
        _ = try await school.mail(to: R.anna, with: "Eerste bericht")
      }
      try await school.write(R.els, to: "postvak.anna@\(R.domain)", "Twee", "Tweede bericht")
      try await school.serving {
        _ = try await school.mail(to: R.anna, with: "Tweede bericht")
        try await school.until("both lie in the handled folder") {
          try servers.mailbox(of: servers.world.gateway, folder: "Postplein/Verwerkt").count == 2
        }
      }
      #expect(try await school.store.threads(limit: 9).count == 2)
      #expect(try servers.mailbox(of: servers.world.gateway).isEmpty)
      #expect(try servers.mailbox(of: R.anna).count == 2)
    }
  }

  @Test(
    "A wrong certificate is refused on both ways: nothing is read and nothing is sent",
    arguments: [
      MailServers.Certificate.untrusted, .wrongName,
    ])
  func wrongCertificate(certificate: MailServers.Certificate) async throws {
    var options = R.options()
    options.certificate = certificate
    try await MailServers.run(options) { servers in
      let password = try #require(servers.options.passwords[servers.world.gateway])
      let account = { (port: Int) in
        ServerAccount(
          host: "localhost", port: port, security: .implicitTLS, userName: servers.world.gateway, password: password,
          trustedCertificatesFile: servers.world.ca)
      }
      await #expect {
        try await EtpanConnector(account: account(servers.world.imaps)).connect(folder: "INBOX")
      } throws: {
        ($0 as? TransportError)?.kind == .certificate
      }
      let submitter = CurlSubmitter(account: account(servers.world.submissions))
      await #expect { try await submitter.verifyLogin() } throws: { ($0 as? TransportError)?.kind == .certificate }
      await submitter.shutdown()
    }
  }

  @Test("Mail that comes while other mail is being handled does not wait for the next that comes")
  func burst() async throws {
    try await R.run { school in
      try await withThrowingTaskGroup { group in
        for sender in 0..<4 {
          group.addTask {
            for number in 0..<12 {
              try await school.write(R.els, to: "postvak.anna@\(R.domain)", "\(sender)-\(number)", "Bericht.")
            }
          }
        }
        try await group.waitForAll()
      }
      try await school.until("all are handled, well before the mailbox is looked at without being told") {
        try school.servers.mailbox(of: school.servers.world.gateway, folder: "Postplein/Verwerkt").count == 48
      }
      #expect(try await school.store.threads(kind: .mailbox, limit: 100).count == 48)
    }
  }

  @Test("A mail too large to read goes to the folder for the eye, with its reason on the record")
  func tooLarge() async throws {
    try await R.run(maximum: 20_000) { school in
      try await school.write(R.els, to: "postvak.anna@\(R.domain)", "Groot", String(repeating: "film ", count: 10_000))
      try await school.write(R.els, to: "postvak.anna@\(R.domain)", "Klein", "Een gewone mail.")
      _ = try await school.mail(to: R.anna, with: "Een gewone mail.")
      try await school.until("the large one lies in the other folder") {
        try school.servers.mailbox(of: school.servers.world.gateway, folder: "Postplein/Bekijken").count == 1
      }
      let reasons = try await school.store.setAsideInbound(limit: 5).compactMap(\.reason)
      #expect(reasons.count == 1 && reasons[0].contains("too large"))
    }
  }

  @Test("A mail that ends the reading three times is set aside with its reason, and moved for the eye")
  func setAside() async throws {
    try await MailServers.run(R.options()) { servers in
      let school = try await R(servers, undo: 0)
      let raw = R.mail(R.els, "postvak.anna@\(R.domain)", "Een", "Eerste", [], "een")
      let record = try await school.store.record(raw, from: nil, at: Date(timeIntervalSinceNow: -10))
      for _ in 1...3 { _ = try await school.store.noteAttempt(record.id) }
      #expect(await MailReader(gateway: school.gateway).handle(record) == .setAside)
      #expect(try await school.store.inbound(record.id)?.reason?.contains("3 times") == true)
    }
  }
}
