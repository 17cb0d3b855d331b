import Foundation

/// What is well or wrong with the school as a sender, and what to do, against what Gmail, Yahoo and Microsoft demand of
/// one today (Google 81126, Yahoo Sender Hub, Microsoft's requirements for high-volume senders, 2025).
package struct SenderFinding: Sendable, Hashable {
  package enum Status: Sendable, Hashable {
    case ok, warning, failed
  }

  package var status: Status
  /// `spf`, `dkim`, …
  package var subject: String
  package var message: String
  /// What to do; nil where it is well.
  package var advice: String?

  static func ok(_ subject: String, _ message: String) -> Self { Self(status: .ok, subject: subject, message: message) }

  static func warning(_ subject: String, _ message: String, advice: String) -> Self {
    Self(status: .warning, subject: subject, message: message, advice: advice)
  }

  static func failed(_ subject: String, _ message: String, advice: String) -> Self {
    Self(status: .failed, subject: subject, message: message, advice: advice)
  }
}

extension SenderRecords {
  package var findings: [SenderFinding] {
    let proofs = [spfFinding, dkimFinding, dmarcFinding, ptrFinding]
    let all = [proofs[0], alignmentFinding, proofs[1], proofs[2], mxFinding, proofs[3]] + transportFindings
    // Of what is not known nothing is said, and nobody's demands are met by it.
    let demands = demands(has: proofs.map { $0.status != .failed || unknown.contains($0.subject) })
    return all.filter { !unknown.contains($0.subject) }
      + demands.filter { unknown.isDisjoint(with: proofs.map(\.subject)) || $0.status != .ok }
  }

  // MARK: Who may send

  private var spfFinding: SenderFinding {
    guard let record = spf.first else {
      return .failed(
        "spf", "\(returnDomain) has no SPF record",
        advice: "publish: \(returnDomain). TXT \"v=spf1 a:\(smtpHost) ~all\" (or your provider's include:)")
    }
    guard spf.count == 1 else {
      return .failed("spf", "\(returnDomain) has \(spf.count) SPF records: none counts", advice: "join them into one")
    }
    let words = record.lowercased().split(separator: " ")
    if words.contains("+all") || words.contains("all") {
      return .failed("spf", "\(record): anybody may send", advice: "end it with ~all or -all")
    }
    if spfLookups > SPFTerm.most {
      return .failed(
        "spf", "\(record): costs more than \(SPFTerm.most) look-ups, so it counts as an error",
        advice: "leave out mechanisms that you do not need")
    }
    guard words.contains(where: { $0.hasSuffix("all") || $0.hasPrefix("redirect=") }) else {
      return .warning("spf", "\(record): says nothing of all others", advice: "end it with ~all or -all")
    }
    return .ok("spf", record)
  }

  private var alignmentFinding: SenderFinding {
    Alignment.isAligned(returnDomain, with: fromDomain)
      ? .ok("alignment", "From (\(fromDomain)) and return path (\(returnDomain)) belong together")
      : .failed(
        "alignment", "From is at \(fromDomain), the return path at \(returnDomain): SPF proves nothing for DMARC",
        advice: "set address.domain to a name below \(fromDomain)")
  }

  // MARK: Who signed, and what others shall do

  private var dkimFinding: SenderFinding {
    guard let key = dkimKey else {
      return .failed(
        "dkim", "\(fromDomain) has no key under \(selectors.joined(separator: ", "))",
        advice:
          "let your mail server sign mail with d=\(fromDomain) and publish: SELECTOR._domainkey.\(fromDomain). TXT "
          + "\"v=DKIM1; k=rsa; p=…\"; name the selector in authentication.dkim-selectors")
    }
    let values = key.record.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    if let value = values.first(where: { $0.hasPrefix("p=") }), value.count > 20 {
      return .ok("dkim", "\(key.name) holds a key")
    }
    return .failed(
      "dkim", "\(key.name) is revoked: its key is empty", advice: "publish the key that your server signs with")
  }

  private var dmarcFinding: SenderFinding {
    guard let dmarc, let record = dmarc.records.first else {
      return .failed(
        "dmarc", "\(fromDomain) has no DMARC record",
        advice: "publish: _dmarc.\(fromDomain). TXT \"v=DMARC1; p=none; rua=mailto:…\"")
    }
    let place = "_dmarc.\(dmarc.domain)"
    guard dmarc.records.count == 1 else {
      return .failed("dmarc", "\(place) has \(dmarc.records.count) records: none counts", advice: "keep one")
    }
    let tags = record.lowercased().split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    guard tags.contains(where: { $0.hasPrefix("p=") }) else {
      return .failed("dmarc", "\(record): has no p=", advice: "publish: \(place). TXT \"v=DMARC1; p=none\"")
    }
    if tags.contains(where: { $0.hasPrefix("rua=") }) { return .ok("dmarc", "\(record) (at \(place))") }
    return .warning(
      "dmarc", "\(record): nobody gets the reports",
      advice: "add rua=mailto: with the address of this school's mailbox: postplein reads them")
  }

  // MARK: Servers

  private var mxFinding: SenderFinding {
    for domain in Set([fromDomain, returnDomain]).sorted() where (exchangers[domain] ?? []).allSatisfy(\.isEmpty) {
      return .failed(
        "mx", "\(domain) takes no mail: answers and bounces are lost", advice: "publish an MX record for \(domain)")
    }
    return .ok("mx", (exchangers[fromDomain] ?? []).joined(separator: ", "))
  }

  private var ptrFinding: SenderFinding {
    guard !hosts.isEmpty else {
      return .failed("ptr", "\(smtpHost) has no address", advice: "see that smtp.host is right")
    }
    if let host = hosts.first(where: { !$0.isConfirmed }) {
      return .failed(
        "ptr", "\(host.address) of \(smtpHost) has no name that points back to it",
        advice: "ask who gave you that address for a PTR record with the name of the mail server; where mail leaves by "
          + "another server than smtp.host, look at that one")
    }
    return .ok("ptr", "\(hosts.map(\.address).joined(separator: ", ")): name and address agree")
  }

  /// What makes mail to the school safe on its way: nice to have.
  private var transportFindings: [SenderFinding] {
    [
      announcesMTASTS
        ? .ok("mta-sts", "announced")
        : .warning("mta-sts", "is not announced: mail to you may travel in the clear", advice: "see RFC 8461"),
      asksTLSReports
        ? .ok("tls-rpt", "announced")
        : .warning(
          "tls-rpt", "nobody is asked for reports on TLS",
          advice: "publish: _smtp._tls.\(fromDomain). TXT \"v=TLSRPTv1; rua=mailto:…\""),
      hasTLSA
        ? .ok("dane", "the mail server has a TLSA record")
        : .warning("dane", "the mail server has no TLSA record", advice: "ask your mail provider for DANE (RFC 7672)"),
    ]
  }

  // MARK: What providers demand

  /// - Parameter has: SPF, DKIM, DMARC and PTR.
  private func demands(has: [Bool]) -> [SenderFinding] {
    let missing = zip(["SPF", "DKIM", "DMARC", "PTR"], has).filter { !$0.1 }.map(\.0).joined(separator: ", ")
    let isProven = has[0] || has[1]
    return [
      ("gmail", isProven && has[3], "SPF or DKIM, and PTR; above 5,000 mails a day SPF, DKIM and DMARC"),
      ("yahoo", isProven && has[3], "SPF or DKIM, and PTR; bulk senders SPF, DKIM and DMARC"),
      ("microsoft", isProven, "above 5,000 mails a day to Outlook.com and Hotmail SPF, DKIM and DMARC (5.7.515)"),
    ].map { provider, least, demand in
      if missing.isEmpty { return .ok(provider, "has what it demands: \(demand)") }
      let message = "demands \(demand); missing: \(missing)"
      return least
        ? .warning(provider, message, advice: "mend the lines above")
        : .failed(provider, message, advice: "mend the lines above")
    }
  }
}
