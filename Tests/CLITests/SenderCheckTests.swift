import DNS
import Foundation
import Testing

@testable import CLI

/// dnsmasq on a free loopback port, with records of its own and nothing else.
private final class DNSServer {
  let port: Int
  private let process = Process()

  /// - Parameter refuses: answers REFUSED to what it has no record of.
  init(_ records: [String], refuses: Bool = false) throws {
    port = Int.random(in: 20_000..<50_000)
    process.executableURL = URL(filePath: "/usr/sbin/dnsmasq")
    process.arguments =
      [
        "--keep-in-foreground", "--conf-file=/dev/null", "--port=\(port)", "--listen-address=127.0.0.1",
        "--bind-interfaces", "--no-resolv", "--no-hosts", "--log-facility=-", "--user=", "--group=", "--pid-file=",
      ] + (refuses ? [] : ["--local=/#/"]) + records
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    // A child of a test's thread inherits its blocked signals: only this one gets through.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  var address: String { "127.0.0.1@\(port)" }

  /// Until it answers.
  func wait(for name: String) async throws {
    for _ in 0..<100 {
      if let found = try? await Resolver(server: address).txt(name), !found.isEmpty { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("dnsmasq does not answer")
  }
}

@Suite("postplein check --dns", .serialized, .timeLimit(.minutes(6)))
struct SenderCheckTests {
  static let key = String(repeating: "A", count: 200)
  static let whole = [
    "--txt-record=school.example,v=spf1 mx include:_spf.provider.example -all",
    "--txt-record=_spf.provider.example,v=spf1 a ~all",
    "--txt-record=s7._domainkey.school.example,v=DKIM1; k=rsa; p=\(key)",
    "--txt-record=_dmarc.school.example,v=DMARC1; p=reject; rua=mailto:a@school.example",
    "--mx-host=school.example,mail.school.example,10", "--host-record=mail.school.example,10.0.0.7",
    "--txt-record=_mta-sts.school.example,v=STSv1; id=1",
    "--txt-record=_smtp._tls.school.example,v=TLSRPTv1; rua=mailto:a@b.example",
    "--dns-rr=_25._tcp.mail.school.example,52,03010100", "--txt-record=ready.example,ja",
  ]

  static func check(_ records: [String], selectors: [String] = ["s7"], returnDomain: String = "school.example")
    async throws
    -> [String: CheckLine]
  {
    let server = try DNSServer(records)
    try await server.wait(for: "ready.example")
    let check = SenderCheck(
      resolver: Resolver(server: server.address), fromDomain: "school.example", returnDomain: returnDomain,
      selectors: selectors, smtpHost: "mail.school.example")
    let lines = await check.run()
    return Dictionary(lines.map { ($0.subject, $0) }) { first, _ in first }
  }

  @Test("A sender with all records is well, and has what each provider demands")
  func whole() async throws {
    let lines = try await Self.check(Self.whole)
    for subject in [
      "spf", "alignment", "dkim", "dmarc", "mx", "ptr", "mta-sts", "tls-rpt", "dane", "gmail", "microsoft",
    ] {
      #expect(lines[subject]?.status == .ok, "\(subject): \(lines[subject]?.text ?? "no line")")
    }
  }

  @Test("A domain without records is told each record to publish")
  func bare() async throws {
    let lines = try await Self.check(["--txt-record=ready.example,ja"], selectors: [])
    #expect(lines["spf"]?.advice?.contains("school.example. TXT \"v=spf1") == true)
    #expect(lines["dkim"]?.advice?.contains("_domainkey.school.example. TXT") == true)
    #expect(lines["dmarc"]?.advice?.contains("_dmarc.school.example. TXT \"v=DMARC1") == true)
    for subject in ["mx", "ptr", "gmail", "yahoo", "microsoft"] {
      #expect(lines[subject]?.status == .failed, "\(subject)")
    }
    #expect(lines["mta-sts"]?.status == .warning)
  }

  @Test(
    "Records that do harm are told as such",
    arguments: [
      ("--txt-record=school.example,v=spf1 +all", "spf", "anybody"),
      ("--txt-record=school.example,v=spf1 include:loop.example ~all", "spf", "look-ups"),
      ("--txt-record=s7._domainkey.school.example,v=DKIM1; p=", "dkim", "revoked"),
      ("--txt-record=_dmarc.school.example,v=DMARC1; rua=mailto:a@b.example", "dmarc", "no p="),
    ])
  func harmful(record: String, subject: String, words: String) async throws {
    let lines = try await Self.check(
      [record, "--txt-record=ready.example,ja", "--txt-record=loop.example,v=spf1 include:loop.example ~all"])
    #expect(lines[subject]?.status == .failed && lines[subject]?.message.contains(words) == true, "\(lines)")
  }

  @Test("A return path of another organisation proves nothing; a server that does not tell may later")
  func elsewhere() async throws {
    let lines = try await Self.check(Self.whole, returnDomain: "bounces.elsewhere.example")
    #expect(lines["alignment"]?.status == .failed && lines["spf"]?.status == .failed)
    let server = try DNSServer(["--txt-record=ready.example,ja"], refuses: true)
    try await server.wait(for: "ready.example")
    let refused = SenderCheck(
      resolver: Resolver(server: server.address), fromDomain: "school.example", returnDomain: "school.example",
      selectors: [], smtpHost: "mail.school.example")
    let line = try #require(await refused.run().first)
    #expect(line.subject == "dns" && line.status == .failed && line.isTemporary)
  }

  @Test("A DNS server that is silent is waited for once, and told of on one line")
  func silent() async throws {
    let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(socket) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
      }
    }
    #expect(isBound)
    let began = ContinuousClock.now
    let check = SenderCheck(
      resolver: Resolver(server: "127.0.0.1@\(UInt16(bigEndian: place.sin_port))", patience: .seconds(1)),
      fromDomain: "school.example", returnDomain: "school.example", selectors: [], smtpHost: "mail.school.example")
    let lines = await check.run().filter { $0.subject == "dns" }
    #expect(lines.map(\.isTemporary) == [true], "\(lines)")
    #expect(lines.first?.message.contains("spf, dkim, dmarc, mx") == true, "\(lines)")
    #expect(ContinuousClock.now - began < .seconds(10))
  }

  @Test(
    "A DNS server that is none is refused",
    arguments: ["foo", "1.2.3.4@99999", "1.2.3.4@0", "1.2.3.4@", "1.2.3.4@dns", "", "ns.school.example"])
  func wrongServer(server: String) async throws {
    let result = try await Binary.run(["check", "--dns", "--dns-server", server, "/nonexistent"])
    #expect(result.code == 64 && result.complaint.contains("is no address of a server"), "\(result.complaint)")
    #expect(Resolver.accepts(server: "9.9.9.9") && Resolver.accepts(server: "::1@53"))
  }

  @Test("A relay on this machine is not asked for its name, and what is not known is not judged")
  func relay() async throws {
    let server = try DNSServer(Self.whole)
    try await server.wait(for: "ready.example")
    let check = SenderCheck(
      resolver: Resolver(server: server.address), fromDomain: "school.example", returnDomain: "school.example",
      selectors: [], smtpHost: "127.0.0.1", isRelayed: true)
    let lines = Dictionary(grouping: await check.run(), by: \.subject)
    #expect(lines["ptr"]?.map(\.status) == [.warning] && lines["spf"]?.map(\.status) == [.ok])
    #expect(lines["gmail"]?.first?.status != .ok)
  }
}
