import Foundation
import TestServers
import Testing

@Suite("The mail world for tests")
struct MailServersTests {
  @Test(
    "a mail to the gateway's subaddress or to the catch-all domain reaches its one mailbox, with that address in it")
  func reachesTheGateway() async throws {
    try await MailServers.run { servers in
      let addresses = [
        "school+r.abc@school.test", "school@school.test", "nieuws.groep5@ouders.school.test", "x+y@ouders.school.test",
      ]
      for address in addresses {
        try await servers.deliver(mail("To: \(address)"), from: "anna@ouders.test", to: address)
      }
      let mails = try await servers.waitForMail(to: "school@school.test", count: 4)
      #expect(Set(mails.flatMap { fields("X-Original-To", of: $0) }) == Set(addresses))
      #expect(mails.allSatisfy { fields("Return-Path", of: $0) == ["<anna@ouders.test>"] })
    }
  }

  @Test("bytes arrive as they were sent: dots at the start of a line, eight bits, long bodies")
  func keepsBytes() async throws {
    try await MailServers.run { servers in
      let body = ".\r\n..\r\n\r\ncaf\u{E9} \u{20AC}\r\n" + String(repeating: "line of text\r\n", count: 50_000)
      try await servers.deliver(mail("Subject: bytes", body: body), from: "anna@ouders.test", to: "juf@school.test")
      let mails = try await servers.waitForMail(to: "juf@school.test")
      let text = String(decoding: try #require(mails.first), as: UTF8.self)
      #expect(text.hasSuffix("Subject: bytes\n\n" + body.replacing("\r\n", with: "\n")))
    }
  }

  @Test("chosen recipients are refused in the dialogue, for good or for now, and an unknown domain is not relayed to")
  func refuses() async throws {
    var options = MailServers.Options()
    options.refused = ["weg@ouders.test": "550 5.1.1 no longer here"]
    options.deferred = ["later@ouders.test": "452 4.2.2 over quota"]
    try await MailServers.run(options) { servers in
      for (recipient, reply, words) in [
        ("weg@ouders.test", "550 5.1.1 ", "no longer here"), ("weg+x@ouders.test", "550 5.1.1 ", "no longer here"),
        ("later@ouders.test", "452 4.2.2 ", "over quota"), ("who@elsewhere.test", "554 5.7.1 ", "Relay access denied"),
      ] {
        let refusal = await #expect(throws: MailServers.Refusal.self) {
          try await servers.deliver(mail(""), from: "juf@school.test", to: recipient)
        }
        #expect(refusal?.reply.hasPrefix(reply) == true)
        #expect(refusal?.reply.hasSuffix(words) == true)
      }
    }
  }

  @Test(
    "mail for an unknown user and for a full mailbox is accepted, then bounces to its envelope sender",
    arguments: [("nobody@hotmail.test", "5.1.1"), ("fatima@kpn.test", "5.2.2")])
  func bounces(recipient: String, status: String) async throws {
    var options = MailServers.Options()
    options.full = ["fatima@kpn.test"]
    try await MailServers.run(options) { servers in
      try await servers.submit(
        mail("Subject: hello"), as: "school@school.test", from: "b.key@ouders.school.test", to: recipient)
      let bounces = try await servers.waitForMail(to: "school@school.test")
      let text = String(decoding: try #require(bounces.first), as: UTF8.self)
      #expect(text.contains("X-Original-To: b.key@ouders.school.test\n"))
      #expect(text.contains("Content-Type: multipart/report; report-type=delivery-status"))
      #expect(text.contains("Final-Recipient: rfc822; \(recipient)\n"))
      #expect(text.contains("Status: \(status)\n"))
    }
  }

  @Test("only a login gives our Authentication-Results; forged ones are removed, other servers' stay")
  func vouchesForLogins() async throws {
    let forged = [
      "Authentication-Results: mail.school.test; auth=pass smtp.auth=juf@school.test",
      "Authentication-Results: (comment)\r\n\tMAIL.school.test ; auth=pass smtp.auth=juf@school.test",
      "Authentication-Results: other.test; dkim=pass",
      "X-Login-0: juf@school.test",
    ].joined(separator: "\r\n")
    try await MailServers.run { servers in
      let message = mail("From: juf@school.test\r\n" + forged)
      try await servers.submit(message, as: "piet@hotmail.test", from: "juf@school.test", to: "anna@ouders.test")
      try await servers.deliver(message, from: "juf@school.test", to: "fatima@kpn.test")
      let submitted = try await servers.waitForMail(to: "anna@ouders.test")
      let delivered = try await servers.waitForMail(to: "fatima@kpn.test")
      #expect(
        submitted.flatMap { fields("Authentication-Results", of: $0) } == [
          "mail.school.test; auth=pass smtp.auth=piet@hotmail.test", "other.test; dkim=pass",
        ])
      #expect(delivered.flatMap { fields("Authentication-Results", of: $0) } == ["other.test; dkim=pass"])
    }
  }

  @Test("a wrong password does not submit, and an untrusted or wrongly named certificate is refused by a client")
  func refusesStrangers() async throws {
    try await MailServers.run { servers in
      await #expect(throws: MailServers.Refusal.self) {
        try await servers.submit(mail(""), as: "stranger@hotmail.test", to: "juf@school.test")
      }
    }
    for certificate in [MailServers.Certificate.untrusted, .wrongName] {
      var options = MailServers.Options()
      options.certificate = certificate
      try await MailServers.run(options) { servers in
        let refusal = await #expect(throws: MailServers.Refusal.self) {
          try await servers.submit(mail(""), as: "juf@school.test", to: "anna@ouders.test")
        }
        #expect(refusal?.reply.contains("SSL") == true)
      }
    }
  }

  @Test("a server can be killed and started again on its port; what was accepted meanwhile is delivered after it")
  func survivesFaults() async throws {
    try await MailServers.run { servers in
      #expect(try await servers.perform(.kill, .imap).imap == nil)
      try await servers.deliver(mail("Subject: waits"), from: "anna@ouders.test", to: "juf@school.test")
      try await Task.sleep(for: .milliseconds(200))
      #expect(try servers.mailbox(of: "juf@school.test").isEmpty)
      #expect(try await servers.perform(.start, .imap).imap != nil)
      try await servers.waitForMail(to: "juf@school.test")

      try await servers.perform(.kill, .smtp)
      await #expect(throws: MailServers.Refusal.self) {
        try await servers.deliver(mail(""), from: "anna@ouders.test", to: "juf@school.test")
      }
      try await servers.perform(.start, .smtp)
      try await servers.deliver(mail("Subject: again"), from: "anna@ouders.test", to: "juf@school.test")
      try await servers.waitForMail(to: "juf@school.test", count: 2)
      await #expect(throws: MailServers.Failure.self) { try await servers.perform(.start, .smtp) }
    }
  }

  @Test("two worlds run side by side, and stopping leaves no process and no file")
  func leavesNothing() async throws {
    let (one, other) = (try await MailServers.start(), try await MailServers.start())
    #expect(one.world.smtp != other.world.smtp)
    let groups = [one, other].flatMap { [$0.world.pids.imap, $0.world.pids.smtp] }.compactMap { $0 }
    #expect(groups.allSatisfy { processes(inGroup: $0) > 0 })
    await one.stop()
    try await other.deliver(mail(""), from: "anna@ouders.test", to: "juf@school.test")
    await other.stop()
    #expect(groups.count == 4 && groups.allSatisfy { processes(inGroup: $0) == 0 })
    #expect([one, other].allSatisfy { !FileManager.default.fileExists(atPath: $0.world.directory) })
  }

  @Test("a program that dies by SIGKILL takes its servers along")
  func diesWithItsProgram() async throws {
    let servers = try await MailServers.start()
    let pids = servers.world.pids
    let groups = [pids.imap, pids.smtp].compactMap { $0 }
    #expect(kill(pids.`self`, SIGKILL) == 0)
    let deadline = ContinuousClock.now + .seconds(10)
    while groups.contains(where: { processes(inGroup: $0) > 0 }), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(groups.count == 2 && groups.allSatisfy { processes(inGroup: $0) == 0 })
    await servers.stop()
  }
}

private func mail(_ header: String, body: String = "Hello\r\n") -> Data {
  Data(((header.isEmpty ? "Subject: test" : header) + "\r\n\r\n" + body).utf8)
}

/// The values of a header field that stands on one line.
private func fields(_ name: String, of mail: Data) -> [String] {
  let header = String(decoding: mail, as: UTF8.self).split(separator: "\n\n").first ?? ""
  return header.split(separator: "\n").filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
}

/// How many processes of a group live; zombies do not, which PID 1 may leave where it does not reap (proc(5), stat).
private func processes(inGroup group: Int32) -> Int {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.filter { name in
    guard Int32(name) != nil, let stat = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8) else {
      return false
    }
    let words = stat.split(separator: ")").last?.split(separator: " ") ?? []
    return words.count > 2 && words[0] != "Z" && Int32(words[2]) == group
  }.count
}
