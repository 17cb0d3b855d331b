import DNS
import Deliverability

/// Looks up what the DNS says of the school as a sender; what that is worth, `SenderRecords` judges.
struct SenderCheck: Sendable {
  let resolver: Resolver
  /// Behind the @ of From.
  let fromDomain: String
  /// Behind the @ of the reverse path.
  let returnDomain: String
  /// Of DKIM; empty to try those that are usual.
  let selectors: [String]
  let smtpHost: String
  /// It is on this machine: what the world sees is another address.
  var isRelayed = false

  /// Names that providers give their keys: Microsoft 365, Google, and common software.
  static let usualSelectors = [
    "selector1", "selector2", "google", "default", "mail", "dkim", "s1", "s2", "k1", "x", "transip-a",
  ]
  /// Names and servers that are asked of one answer.
  static let mostNames = 5

  /// How long the DNS may take over one school.
  static let patience: Duration = .seconds(15)

  /// A question that the DNS does not answer is told of; the others are judged all the same.
  func run() async -> [CheckLine] {
    var records = SenderRecords(fromDomain: fromDomain, returnDomain: returnDomain, smtpHost: smtpHost)
    var failures: [CheckLine] = []
    var late: [String] = []
    func ask(
      _ subject: String, isOptional: Bool = false, _ question: (inout SenderRecords) async throws(DNSError) -> Void
    ) async {
      do throws(DNSError) { try await question(&records) } catch {
        records.unknown.insert(subject)
        guard !error.isLate else { return late.append(subject) }
        failures.append(
          isOptional
            ? .warning(subject, "is not known: \(error.description)", advice: Self.advice)
            : .failed("dns", "\(subject): \(error.description)", advice: Self.advice, isTemporary: true))
      }
    }
    await ask("spf") { (records) async throws(DNSError) in
      records.spf = try await resolver.txt(returnDomain).filter(SPFTerm.isRecord)
    }
    if let spf = records.spf.first {
      await ask("spf-includes", isOptional: true) { (records) async throws(DNSError) in
        records.spfLookups = try await lookups(of: spf, left: SPFTerm.most + 1, depth: 0)
      }
    }
    records.selectors = selectors.isEmpty ? Self.usualSelectors : selectors
    let selectors = records.selectors
    await ask("dkim") { (records) async throws(DNSError) in records.dkimKey = try await dkimKey(selectors) }
    await ask("dmarc") { (records) async throws(DNSError) in records.dmarc = try await dmarc() }
    await ask("mx") { (records) async throws(DNSError) in
      for domain in Set([fromDomain, returnDomain]) { records.exchangers[domain] = try await resolver.mx(domain) }
    }
    if isRelayed {
      records.unknown.insert("ptr")
      failures.append(
        .warning(
          "ptr", "mail leaves by a server on this machine, \(smtpHost): its name is not looked at",
          advice: "see that the public address of that server has a name, and that the name has that address"))
    } else {
      await ask("ptr", isOptional: true) { (records) async throws(DNSError) in records.hosts = try await hosts() }
    }
    await ask("mta-sts", isOptional: true) { (records) async throws(DNSError) in
      let found = try await resolver.txt("_mta-sts.\(fromDomain)")
      records.announcesMTASTS = found.contains { $0.hasPrefix("v=STSv1") }
    }
    await ask("tls-rpt", isOptional: true) { (records) async throws(DNSError) in
      let found = try await resolver.txt("_smtp._tls.\(fromDomain)")
      records.asksTLSReports = found.contains { $0.hasPrefix("v=TLSRPTv1") }
    }
    if records.unknown.contains("mx") { records.unknown.insert("dane") }
    let exchangers = (records.exchangers[fromDomain] ?? []).prefix(Self.mostNames).filter { !$0.isEmpty }
    await ask("dane", isOptional: true) { (records) async throws(DNSError) in
      for host in exchangers where try await resolver.hasTLSA("_25._tcp.\(host)") { records.hasTLSA = true }
    }
    if !late.isEmpty { failures.append(.late(late)) }
    return failures + records.findings.map(CheckLine.init)
  }

  fileprivate static let advice = "see that this machine may ask the DNS, or give --dns-server; try again"

  private func lookups(of record: String, left: Int, depth: Int) async throws(DNSError) -> Int {
    var count = 0
    for term in SPFTerm.of(record) {
      count += 1
      if count >= left || depth >= SPFTerm.most { return count }
      guard let name = term.follows else { continue }
      if let next = try await resolver.txt(name).first(where: SPFTerm.isRecord) {
        count += try await lookups(of: next, left: left - count, depth: depth + 1)
      }
    }
    return count
  }

  private func dkimKey(_ selectors: [String]) async throws(DNSError) -> SenderRecords.Key? {
    for selector in selectors {
      let name = "\(selector)._domainkey.\(fromDomain)"
      if let key = try await resolver.txt(name).first(where: { $0.contains("p=") }) {
        return SenderRecords.Key(name: name, record: key)
      }
    }
    return nil
  }

  private func dmarc() async throws(DNSError) -> SenderRecords.Policy? {
    var domain = fromDomain
    while domain.split(separator: ".").count >= 2 {
      let records = try await resolver.txt("_dmarc.\(domain)").filter { $0.lowercased().hasPrefix("v=dmarc1") }
      if !records.isEmpty { return SenderRecords.Policy(domain: domain, records: records) }
      domain = String(domain.drop { $0 != "." }.dropFirst())
    }
    return nil
  }

  private func hosts() async throws(DNSError) -> [SenderRecords.Host] {
    var hosts: [SenderRecords.Host] = []
    for address in try await resolver.addresses(smtpHost) {
      var isConfirmed = false
      for name in try await resolver.ptr(address).prefix(Self.mostNames) {
        if try await resolver.addresses(name).contains(address) { isConfirmed = true }
      }
      hosts.append(SenderRecords.Host(address: address.description, isConfirmed: isConfirmed))
    }
    return hosts
  }
}

extension SenderCheck {
  init(_ configuration: SchoolConfiguration, server: String?) {
    self.init(
      resolver: Resolver(server: server, patience: Self.patience),
      fromDomain: configuration.settings.scheme.mailbox.domain,
      returnDomain: configuration.settings.scheme.domain, selectors: configuration.dkimSelectors,
      smtpHost: configuration.smtp.host, isRelayed: configuration.smtp.isOnLoopback)
  }
}

extension CheckLine {
  /// One line for all that was not answered: it is one trouble.
  fileprivate static func late(_ subjects: [String]) -> Self {
    let seconds = Int(SenderCheck.patience / .seconds(1))
    return .failed(
      "dns", "no answer within \(seconds) seconds: \(subjects.joined(separator: ", ")) not looked at",
      advice: SenderCheck.advice, isTemporary: true)
  }

  fileprivate init(_ finding: SenderFinding) {
    let status: Status =
      switch finding.status {
      case .ok: .ok
      case .warning: .warning
      case .failed: .failed
      }
    self.init(status: status, subject: finding.subject, message: finding.message, advice: finding.advice)
  }
}
