import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

/// How many mails the floods have: `POSTPLEIN_FLOOD=10000` for the size that the gateway is made for.
private let flood = ProcessInfo.processInfo.environment["POSTPLEIN_FLOOD"].flatMap { Int($0) } ?? 600

@Suite("Load and abuse, on real servers", .serialized, .timeLimit(.minutes(10)))
struct AbuseTests {
  typealias R = RunningGateway

  static func limits(_ each: Int, _ strangers: Int) -> (inout SchoolSettings) -> Void {
    {
      $0.limits.mailsPerHour = each
      $0.limits.strangersPerHour = strangers
    }
  }

  /// Lays mails into the school's inbox, as a server does that has delivered them: faster than they can be sent.
  ///
  /// - Parameter size: to which a mail is made longer, without content: its file has the size, not the disk.
  static func lay(_ count: Int, in school: R, size: UInt64? = nil, _ mail: (Int) -> Data) throws {
    let inbox = try #require(school.servers.maildir(of: school.servers.world.gateway))
    let owner = try FileManager.default.attributesOfItem(atPath: inbox.appending(path: "new").path)
    let rights = [FileAttributeKey.ownerAccountID, .groupOwnerAccountID].map { ($0, owner[$0] ?? 0) }
    for number in 0..<count {
      let name = "1700000000.M\(number)P\(UUID().uuidString).flood"
      let file = inbox.appending(path: "tmp/\(name)")
      try mail(number).write(to: file)
      if let size {
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: size)
        try handle.close()
      }
      try FileManager.default.setAttributes(Dictionary(uniqueKeysWithValues: rights), ofItemAtPath: file.path)
      try FileManager.default.moveItem(at: file, to: inbox.appending(path: "new/\(name)"))
    }
  }

  static func proven(_ from: String) -> String {
    "Authentication-Results: mail.school.test; auth=pass smtp.auth=\(from)"
  }

  /// How long a parent waits for a teacher to have their mail while the flood is on.
  static func wait(in school: R, _ text: String = "Noor is ziek.") async throws -> Duration {
    let start = ContinuousClock.now
    try await school.write(R.fatima, to: "postvak.anna@\(R.domain)", "Ziek", text)
    _ = try await school.mails(to: R.anna, with: text, timeout: MailServers.patience)
    return ContinuousClock.now - start
  }

  private static func count(_ school: R, _ folder: String) throws -> Int {
    try school.servers.mailbox(of: school.servers.world.gateway, folder: folder).count
  }

  @Test(
    "Of thousands of mails of one parent a number is read; others do not wait; nothing is lost; support is told once")
  func oneSender() async throws {
    try await R.run(settings: Self.limits(40, 500)) { school in
      let to = "postvak.bas@\(R.domain)"
      try Self.lay(flood, in: school) {
        R.mail(R.els, to, "Nummer \($0)", "Bericht \($0).", ["X-Original-To: \(to)", Self.proven(R.els)], "flood\($0)")
      }
      let waited = try await Self.wait(in: school)
      print("flood of \(flood) mails: another parent's mail took \(waited)")
      #expect(waited < .seconds(15))
      try await school.until("all are moved away", timeout: .seconds(500)) {
        try Self.count(school, "Postplein/Bekijken") == flood - 40
      }
      #expect(try Self.count(school, "Postplein/Verwerkt") == 41)
      #expect(try await school.store.threads(kind: .mailbox, limit: 100).count == 41, "each that was read was posted")
      let told = try await school.mails(to: R.bas, with: "Te veel mail van \(R.els)")
      #expect(told.count == 1 && told[0].readableText.contains("meer dan 40 mails"))
      #expect(told[0].readableText.contains("Postplein/Bekijken"))
    }
  }

  @Test("A flood of forged bounces changes no standing, keeps nobody waiting, and is told once")
  func forgedBounces() async throws {
    try await R.run(settings: Self.limits(200, 30)) { school in
      try Self.lay(flood, in: school) { number in
        let report = """
          --b
          Content-Type: message/delivery-status

          Reporting-MTA: dns; x.test

          Final-Recipient: rfc822; \(number.isMultiple(of: 2) ? R.els : R.fatima)
          Action: failed
          Status: 5.1.1
          --b--
          """
        let to = "b.aeaaaaaaaaaaaaaaaaaaaaa@\(R.domain)"
        return R.mail(
          "mailer-daemon@x\(number).test", to, "Undelivered", report,
          [
            "X-Original-To: \(to)", "Return-Path: <>",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
          ], "bounce\(number)")
      }
      let waited = try await Self.wait(in: school)
      print("flood of \(flood) forged bounces: a parent's mail took \(waited)")
      #expect(waited < .seconds(15))
      try await school.until("all are moved away", timeout: .seconds(500)) {
        try Self.count(school, "Postplein/Bekijken") == flood - 30
      }
      #expect(try await school.store.standings().isEmpty)
      #expect(try await school.mails(to: R.bas, with: "Te veel teruggekomen mail").count == 1)
    }
  }

  @Test("A robot that answers each of our answers ends at its budget, and support is told once")
  func loop() async throws {
    try await R.run(settings: Self.limits(12, 500)) { school in
      let robot = Task {
        var seen: Set<String> = []
        while !Task.isCancelled {
          for raw in try school.servers.mailbox(of: R.els) {
            let mail = MailMessage.parse(raw)
            guard let id = mail.messageID, seen.insert(id).inserted else { continue }
            try await school.write(
              R.els, to: "postvak.niemand@\(R.domain)", "Re: \(mail.subject)", "Uw mail is aangekomen.")
          }
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      try await school.write(R.els, to: "postvak.niemand@\(R.domain)", "Hallo", "Wie is daar?")
      _ = try await school.mails(to: R.bas, with: "Te veel mail van \(R.els)", timeout: MailServers.patience)
      try await Task.sleep(for: .seconds(2))
      robot.cancel()
      #expect(try school.servers.mailbox(of: R.els).count == 12, "one refusal for each mail that was read")
      #expect(try await school.mails(to: R.bas, with: "Te veel mail van \(R.els)").count == 1)
      #expect(try await Self.wait(in: school) < .seconds(15))
    }
  }

  @Test("A mail with a gateway's own mark, or of more than a hundred hops, is noted and not answered")
  func goesRound() async throws {
    try await R.run { school in
      let hops = (0..<101).map { "Received: from a\($0).test by b.test; Wed, 18 Nov 2026 10:00:00 +0100" }
      let to = "postvak.niemand@\(R.domain)"
      try await school.writeFromOutside(R.els, to: to, "Rond", "Ik ga rond.", fields: ["X-Postplein: elders.test"])
      // The server itself would return the other.
      try Self.lay(1, in: school) { _ in
        R.mail(R.els, to, "Rond", "Ik ga rond.", ["X-Original-To: \(to)", Self.proven(R.els)] + hops, "rond")
      }
      try await school.until("both are noted") { try Self.count(school, "Postplein/Verwerkt") == 2 }
      _ = try await Self.wait(in: school)
      #expect(try school.servers.mailbox(of: R.els).isEmpty)
      let news = try await school.mail(to: R.anna, with: "Noor is ziek.")
      #expect(news.header["X-Postplein"] == R.domain)
    }
  }

  @Test("A thousand recipients in To: each destination once, eight at most, and nobody of them is added to anything")
  func thousandRecipients() async throws {
    try await R.run { school in
      let to = (0..<999).map { "ouder\($0)@elders.test" } + ["postvak.anna@\(R.domain)"]
      let lines = to.joined(separator: ",\r\n ")
      let mail = R.mail(R.fatima, lines, "Allen", "Aan iedereen.", [Self.proven(R.fatima)], "duizend")
      try Self.lay(1, in: school) { _ in mail }
      _ = try await school.mail(to: R.anna, with: "Aan iedereen.")
      let thread = try #require(try await school.store.threads(kind: .mailbox, limit: 2).first).thread
      #expect(thread.members.count == 2)
      let routes = (0..<1_000).map { "postvak.groep\($0)@\(R.domain)" }.joined(separator: ",\r\n ")
      try Self.lay(1, in: school) { _ in
        R.mail(R.fatima, routes, "Alle groepen", "Aan alle groepen.", [Self.proven(R.fatima)], "groepen")
      }
      try await school.until("it is handled") { try Self.count(school, "Postplein/Verwerkt") == 2 }
      try await Task.sleep(for: .seconds(1))
      #expect(try school.servers.mailbox(of: R.fatima).count <= Router.mostDestinations)
      #expect(try await Self.wait(in: school) < .seconds(15))
    }
  }

  @Test("A mail of 200 MB is never in memory, nor in anybody's way; support is told who sent it")
  func huge() async throws {
    try await R.run { school in
      // Forgets the peak that was (proc(5)).
      try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
      let before = try Self.peakMemory()
      try Self.lay(1, in: school, size: 200 << 20) { _ in
        R.mail(R.els, "postvak.anna@\(R.domain)", "Film", "Zie bijlage.", [], "film")
      }
      #expect(try await Self.wait(in: school) < .seconds(20))
      let told = try await school.mail(to: R.bas, with: "Een mail is te groot om te lezen")
      #expect(told.readableText.contains("200 MB van \(R.els)"))
      let grown = try Self.peakMemory() - before
      print("a mail of 200 MB: \(grown >> 20) MB of memory more at the peak")
      #expect(grown < 100 << 20)
    }
  }

  /// The most that this process ever had in memory, in octets (proc(5), VmHWM).
  private static func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (Int(line?.split(separator: " ").dropFirst().first ?? "") ?? 0) << 10
  }
}
