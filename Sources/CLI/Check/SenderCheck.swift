import DNS
import Deliverability
import Foundation

/// What the DNS says of the school as a sender, against what Gmail, Yahoo and Microsoft demand of one today (Google
/// 81126, Yahoo Sender Hub, Microsoft's requirements for high-volume senders, 2025).
struct SenderCheck: Sendable {
  let resolver: Resolver
  /// Behind the @ of From.
  let fromDomain: String
  /// Behind the @ of the reverse path.
  let returnDomain: String
  /// Of DKIM; empty to try those that are usual.
  let selectors: [String]
  let smtpHost: String

  /// Names that providers give their keys: Microsoft 365, Google, and common software.
  static let usualSelectors = [
    "selector1", "selector2", "google", "default", "mail", "dkim", "s1", "s2", "k1", "x", "transip-a",
  ]
  /// Look-ups that SPF may cost (RFC 7208, section 4.6.4).
  static let spfLookups = 10

  func run() async -> [CheckLine] {
    do throws(DNSError) {
      let spf = try await spf()
      let dkim = try await dkim()
      let dmarc = try await dmarc()
      let ptr = try await ptr()
      let has = [spf, dkim, dmarc, ptr].map { $0.status != .failed }
      return [spf, alignment, dkim, dmarc, try await mx(), ptr] + (try await transport())
        + requirements(spf: has[0], dkim: has[1], dmarc: has[2], ptr: has[3])
    } catch {
      return [
        .failed(
          "dns", error.description, advice: "see that this machine may ask the DNS, or give --dns-server; try again",
          isTemporary: true)
      ]
    }
  }

  // MARK: Who may send

  private func spf() async throws(DNSError) -> CheckLine {
    let records = try await resolver.txt(returnDomain).filter { $0.lowercased().hasPrefix("v=spf1") }
    let example = "publish: \(returnDomain). TXT \"v=spf1 a:\(smtpHost) ~all\" (or your provider's include:)"
    guard let record = records.first else {
      return .failed("spf", "\(returnDomain) has no SPF record", advice: example)
    }
    guard records.count == 1 else {
      return .failed(
        "spf", "\(returnDomain) has \(records.count) SPF records: none counts", advice: "join them into one")
    }
    let words = record.lowercased().split(separator: " ")
    if words.contains("+all") || words.contains("all") {
      return .failed("spf", "\(record): anybody may send", advice: "end it with ~all or -all")
    }
    let lookups = try await lookups(of: record, left: Self.spfLookups + 1, depth: 0)
    if lookups > Self.spfLookups {
      return .failed(
        "spf", "\(record): costs more than \(Self.spfLookups) look-ups, so it counts as an error",
        advice: "leave out mechanisms that you do not need")
    }
    guard words.contains(where: { $0.hasSuffix("all") || $0.hasPrefix("redirect=") }) else {
      return .warning("spf", "\(record): says nothing of all others", advice: "end it with ~all or -all")
    }
    return .ok("spf", record)
  }

  private func lookups(of record: String, left: Int, depth: Int) async throws(DNSError) -> Int {
    var count = 0
    for word in record.lowercased().split(separator: " ").dropFirst() {
      let mechanism = word.drop { "+-~?".contains($0) }
      guard ["include:", "a", "mx", "ptr", "exists:", "redirect="].contains(where: { mechanism.hasPrefix($0) }),
        !mechanism.hasPrefix("all")
      else { continue }
      count += 1
      if count >= left || depth >= Self.spfLookups { return count }
      for prefix in ["include:", "redirect="] where mechanism.hasPrefix(prefix) {
        let name = String(mechanism.dropFirst(prefix.count))
        let next = try await resolver.txt(name).first { $0.lowercased().hasPrefix("v=spf1") }
        if let next { count += try await lookups(of: next, left: left - count, depth: depth + 1) }
      }
    }
    return count
  }

  private var alignment: CheckLine {
    Alignment.isAligned(returnDomain, with: fromDomain)
      ? .ok("alignment", "From (\(fromDomain)) and return path (\(returnDomain)) belong together")
      : .failed(
        "alignment", "From is at \(fromDomain), the return path at \(returnDomain): SPF proves nothing for DMARC",
        advice: "set address.domain to a name below \(fromDomain)")
  }

  // MARK: Who signed, and what others shall do

  private func dkim() async throws(DNSError) -> CheckLine {
    let names = selectors.isEmpty ? Self.usualSelectors : selectors
    for selector in names {
      let name = "\(selector)._domainkey.\(fromDomain)"
      guard let key = try await resolver.txt(name).first(where: { $0.contains("p=") }) else { continue }
      let value = key.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }.first { $0.hasPrefix("p=") }
      if let value, value.count > 20 { return .ok("dkim", "\(name) holds a key") }
      return .failed(
        "dkim", "\(name) is revoked: its key is empty", advice: "publish the key that your server signs with")
    }
    let tried = names.joined(separator: ", ")
    let advice =
      "let your mail server sign mail with d=\(fromDomain) and publish: SELECTOR._domainkey.\(fromDomain). TXT "
      + "\"v=DKIM1; k=rsa; p=…\"; name the selector in authentication.dkim-selectors"
    return .failed("dkim", "\(fromDomain) has no key under \(tried)", advice: advice)
  }

  private func dmarc() async throws(DNSError) -> CheckLine {
    var domain = fromDomain
    while domain.split(separator: ".").count >= 2 {
      let records = try await resolver.txt("_dmarc.\(domain)").filter { $0.lowercased().hasPrefix("v=dmarc1") }
      if let record = records.first {
        guard records.count == 1 else {
          return .failed("dmarc", "_dmarc.\(domain) has \(records.count) records: none counts", advice: "keep one")
        }
        let tags = record.lowercased().split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard tags.contains(where: { $0.hasPrefix("p=") }) else {
          return .failed("dmarc", "\(record): has no p=", advice: "publish: _dmarc.\(domain). TXT \"v=DMARC1; p=none\"")
        }
        if tags.contains(where: { $0.hasPrefix("rua=") }) { return .ok("dmarc", "\(record) (at _dmarc.\(domain))") }
        return .warning(
          "dmarc", "\(record): nobody gets the reports",
          advice: "add rua=mailto: with the address of this school's mailbox: postplein reads them")
      }
      domain = String(domain.drop { $0 != "." }.dropFirst())
    }
    let example = "publish: _dmarc.\(fromDomain). TXT \"v=DMARC1; p=none; rua=mailto:…\""
    return .failed("dmarc", "\(fromDomain) has no DMARC record", advice: example)
  }

  // MARK: Servers

  private func mx() async throws(DNSError) -> CheckLine {
    for domain in Set([fromDomain, returnDomain]).sorted() {
      let hosts = try await resolver.mx(domain)
      if hosts.isEmpty || hosts == [""] {
        return .failed(
          "mx", "\(domain) takes no mail: answers and bounces are lost", advice: "publish an MX record for \(domain)")
      }
    }
    return .ok("mx", try await resolver.mx(fromDomain).joined(separator: ", "))
  }

  private func ptr() async throws(DNSError) -> CheckLine {
    let addresses = try await resolver.addresses(smtpHost)
    guard !addresses.isEmpty else {
      return .failed("ptr", "\(smtpHost) has no address", advice: "see that smtp.host is right")
    }
    for address in addresses {
      let names = try await resolver.ptr(address)
      var isConfirmed = false
      for name in names.prefix(5) {
        if try await resolver.addresses(name).contains(address) { isConfirmed = true }
      }
      if !isConfirmed {
        return .failed(
          "ptr", "\(address) of \(smtpHost) has no name that points back to it",
          advice:
            "ask who gave you that address for a PTR record with the name of the mail server; where mail leaves by "
            + "another server than smtp.host, look at that one")
      }
    }
    return .ok("ptr", "\(addresses.map(\.description).joined(separator: ", ")): name and address agree")
  }

  /// What makes mail to the school safe on its way: nice to have.
  private func transport() async throws(DNSError) -> [CheckLine] {
    var lines: [CheckLine] = []
    let sts = try await resolver.txt("_mta-sts.\(fromDomain)").contains { $0.hasPrefix("v=STSv1") }
    lines.append(
      sts
        ? .ok("mta-sts", "announced")
        : .warning("mta-sts", "is not announced: mail to you may travel in the clear", advice: "see RFC 8461"))
    let report = try await resolver.txt("_smtp._tls.\(fromDomain)").contains { $0.hasPrefix("v=TLSRPTv1") }
    lines.append(
      report
        ? .ok("tls-rpt", "announced")
        : .warning(
          "tls-rpt", "nobody is asked for reports on TLS",
          advice: "publish: _smtp._tls.\(fromDomain). TXT \"v=TLSRPTv1; rua=mailto:…\""))
    var dane = false
    for host in try await resolver.mx(fromDomain).prefix(5) where !host.isEmpty {
      if try await resolver.hasTLSA("_25._tcp.\(host)") { dane = true }
    }
    lines.append(
      dane
        ? .ok("dane", "the mail server has a TLSA record")
        : .warning("dane", "the mail server has no TLSA record", advice: "ask your mail provider for DANE (RFC 7672)"))
    return lines
  }

  // MARK: What providers demand

  private func requirements(spf: Bool, dkim: Bool, dmarc: Bool, ptr: Bool) -> [CheckLine] {
    let few = (spf || dkim) && ptr
    let many = spf && dkim && dmarc && ptr
    let lacks = [("SPF", spf), ("DKIM", dkim), ("DMARC", dmarc), ("PTR", ptr)].filter { !$0.1 }.map(\.0)
    let missing = lacks.joined(separator: ", ")
    return [
      ("gmail", few, "SPF or DKIM, and PTR; above 5,000 mails a day SPF, DKIM and DMARC"),
      ("yahoo", few, "SPF or DKIM, and PTR; bulk senders SPF, DKIM and DMARC"),
      ("microsoft", spf || dkim, "above 5,000 mails a day to Outlook.com and Hotmail SPF, DKIM and DMARC (5.7.515)"),
    ].map { provider, least, demand in
      if many { return .ok(provider, "has what it demands: \(demand)") }
      if least { return .warning(provider, "demands \(demand); missing: \(missing)", advice: "mend the lines above") }
      return .failed(provider, "demands \(demand); missing: \(missing)", advice: "mend the lines above")
    }
  }
}

extension SenderCheck {
  init(_ configuration: SchoolConfiguration, server: String?) {
    self.init(
      resolver: Resolver(server: server), fromDomain: configuration.settings.scheme.mailbox.domain,
      returnDomain: configuration.settings.scheme.domain, selectors: configuration.dkimSelectors,
      smtpHost: configuration.smtp.host)
  }
}
