import Foundation

/// What single providers mean by their codes and words, looked up before the general phrases (`FailurePhrases`): the
/// same code means something else at another. Data: a new code is a row. Marks are in lower case; of a row, one mark
/// that is found is enough, and the first row that fits counts.
enum RefusalCodes {
  struct Row: Sendable {
    let reason: String
    /// Where the reason's own actor is not the one who can act.
    var actor: DeliveryVerdict.Actor?
    let marks: [String]
  }

  /// - Parameter words: in lower case, with single spaces, the status code among them.
  static func row(provider: String?, words: String) -> Row? {
    guard let provider, let rows = compiled[provider] else { return nil }
    return words.withCString { text in rows.first { row in row.marks.contains { $0.isIn(text) } }?.row }
  }

  /// A mark that begins or ends with a letter or digit is a whole word there: `5.7.1` is not within `5.7.134`.
  private struct Mark: Sendable {
    let octets: [CChar]
    let beginsWord: Bool
    let endsWord: Bool

    init(_ text: String) {
      octets = Array(text.utf8CString)
      beginsWord = text.utf8.first.map(Self.isWord) ?? false
      endsWord = text.utf8.last.map(Self.isWord) ?? false
    }

    /// By `strstr`, which looks through a bounce in microseconds.
    func isIn(_ text: UnsafePointer<CChar>) -> Bool {
      octets.withUnsafeBufferPointer { mark in
        guard let start = mark.baseAddress else { return false }
        var rest = text
        while let found = strstr(rest, start) {
          let after = found.advanced(by: mark.count - 1).pointee
          let isFree = found == text || !beginsWord || !Self.isWord(UInt8(bitPattern: found.advanced(by: -1).pointee))
          if isFree, !endsWord || !Self.isWord(UInt8(bitPattern: after)) { return true }
          rest = UnsafePointer(found.advanced(by: 1))
        }
        return false
      }
    }

    /// Letters and digits; octets beyond ASCII are letters.
    private static func isWord(_ octet: UInt8) -> Bool {
      (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet) || octet >= 0x80
    }
  }

  /// Made once. A mark `x.7.28` stands for 4.7.28 and 5.7.28.
  private static let compiled = table.mapValues { rows in
    rows.map { row in
      (
        row: row,
        marks: row.marks.flatMap { mark in
          mark.hasPrefix("x.") ? ["4", "5"].map { Mark($0 + mark.dropFirst()) } : [Mark(mark)]
        }
      )
    }
  }

  private static let table: [String: [Row]] = [
    "outlook-consumer": outlook + exchangeOnline, "microsoft-365": exchangeOnline + outlook,
    "gmail": gmail, "google-workspace": gmail, "yahoo": yahoo, "icloud": icloud, "mimecast": mimecast,
    "proofpoint": proofpoint, "barracuda": barracuda,
  ]

  /// Source: Outlook.com Postmaster, "Troubleshooting" and "Policies, practices and guidelines" (2025).
  private static let outlook = [
    Row(reason: "authentication-failed", marks: ["5.7.515", "5.7.509", "sender id validation failure"]),
    Row(reason: "rate-limited", actor: .mailAdmin, marks: ["rp-001", "rp-002", "rp-003", "4.7.650", "s775"]),
    Row(reason: "system-error", actor: .wait, marks: ["as843", "as844", "4.7.500"]),
    Row(
      reason: "blocked-reputation",
      marks: [
        "sc-001", "sc-002", "sc-003", "sc-004", "dy-001", "dy-002", "ou-001", "ou-002", "s3140", "s3150", "as3140",
        "as3150", "block list (",
      ]),
    Row(
      reason: "unknown-user",
      marks: ["s2017062302", "5.5.0 requested action not taken: mailbox unavailable", "5.5.0 mailbox unavailable"]),
  ]

  /// Source: Microsoft Learn, "Email non-delivery reports in Exchange Online".
  private static let exchangeOnline = [
    Row(reason: "authentication-failed", marks: ["5.7.515", "5.7.509", "5.7.23", "5.7.26", "5.7.57", "4.7.23"]),
    Row(
      reason: "blocked-reputation",
      marks: [
        "5.7.511", "5.7.606", "5.7.607", "5.7.608", "5.7.609", "5.7.610", "5.7.649", "as16012609", "as(508)", "5.7.703",
        "5.7.708", "5.7.750", "5.7.501", "5.7.502", "5.7.503", "5.7.506", "5.7.507", "5.7.508", "5.1.8",
        "banned sending ip", "banned sender",
      ]),
    Row(reason: "rate-limited", actor: .wait, marks: ["5.7.705", "4.7.650", "4.7.651", "4.7.652", "4.5.127"]),
    Row(reason: "system-error", actor: .wait, marks: ["4.7.500", "as843", "as844", "4.3.2", "4.4.316"]),
    Row(reason: "spam-content", marks: ["5.7.520", "as(4810)", "5.7.512"]),
    Row(reason: "relaying-denied", marks: ["5.7.64", "5.7.367"]),
    Row(
      reason: "unknown-user",
      marks: [
        "5.1.10", "5.1.351", "5.4.1 recipient address rejected: access denied", "5.4.1 access denied", "recipnotfound",
        "resolver.adr",
      ]),
    Row(reason: "unknown-domain", marks: ["5.4.310", "5.4.312", "5.4.317", "5.4.300 nxdomain"]),
    Row(reason: "mailbox-full", marks: ["5.2.122", "quotaexceeded", "mapiexceptionshutoffquotaexceeded"]),
    Row(reason: "message-too-big", marks: ["5.3.4", "5.2.3", "sendsizelimit", "recipsizelimit"]),
    // The receiving organisation has closed the address to strangers: nobody at the school can open it.
    Row(
      reason: "policy", actor: .recipientAdmin,
      marks: [
        "5.7.124", "5.7.129", "5.7.132", "5.7.133", "5.7.134", "5.7.135", "5.7.136", "resolver.rst.", "transport.rules",
      ]),
    Row(reason: "network-error", marks: ["5.4.14", "5.4.6", "4.4.312", "4.4.4"]),
  ]

  /// Source: Google Workspace Help 3726730, "Gmail SMTP errors and codes" (2026).
  private static let gmail = [
    Row(
      reason: "authentication-failed",
      marks: ["x.7.24", "x.7.26", "x.7.27", "x.7.30", "x.7.32", "x.7.40", "ipv6 sending guidelines"]),
    Row(reason: "blocked-reputation", marks: ["x.7.23", "x.7.25", "have a ptr record", "very low reputation"]),
    Row(reason: "tls-failed", marks: ["x.7.29", "must issue a starttls", "tls required for rcpt domain"]),
    Row(
      reason: "rate-limited", actor: .wait,
      marks: [
        "4.7.28", "5.7.28", "receiving email too quickly", "receiving mail too quickly", "receiving email at a rate",
        "receiving mail at a rate", "unusual rate of",
        "relay limit exceeded", "sending limit exceeded", "sending quota exceeded", "too many login attempts",
      ]),
    Row(
      reason: "spam-content",
      marks: [
        "likely unsolicited", "unsolicitedmessageerror", "nature of the content", "likely suspicious",
        "due to spam classification",
      ]),
    Row(
      reason: "policy", marks: ["potential security issue", "blockedmessage", "disallowed header", "has a policy that"]),
    Row(reason: "policy", actor: .recipientAdmin, marks: ["gcdp"]),
    Row(
      reason: "malformed",
      marks: [
        "not rfc 5322 compliant", "not rfc 2822 compliant", "missing a valid message-id", "valid message-id: header",
        "multiple addresses in", "malformed", "missing a valid address in",
      ]),
    Row(reason: "mailbox-inactive", marks: ["disableduser", "that you tried to reach is inactive", "is disabled"]),
    Row(reason: "mailbox-full", marks: ["overquotatemp", "overquotaperm", "out of storage", "4.2.2", "5.2.2"]),
    Row(reason: "unknown-user", marks: ["5.1.1", "5.1.3", "nosuchuser"]),
    Row(reason: "network-error", marks: ["exceeded 50 hops"]),
  ]

  /// Source: Yahoo Sender Hub, "SMTP error codes" (2026), and public refusals.
  private static let yahoo = [
    Row(
      reason: "rate-limited",
      marks: ["[ts01]", "[ts02]", "[ts03]", "[tss04]", "[tss09]", "[tss01]", "[ts04]", "temporarily deferred"]),
    Row(reason: "spam-content", marks: ["[ph01]", "[ph02]", "[ph03]", "ph*"]),
    Row(reason: "blocked-reputation", marks: ["[bl21]", "[bl22]", "[bl23]", "[bl24]", "unresolvable rfc"]),
    Row(reason: "greylisted", marks: ["[gl01]", "[gl02]"]),
    Row(reason: "authentication-failed", marks: ["5.7.9", "dmarc", "failed authentication", "dkim"]),
    Row(reason: "unknown-user", marks: ["dd this user doesn't have", "delivery error: dd", "account is disabled (dd"]),
    Row(reason: "mailbox-inactive", marks: ["account is inactive", "delivery error: inactive"]),
    Row(reason: "system-error", actor: .wait, marks: ["resources temporarily", "server is busy"]),
  ]

  /// Source: Apple Support 102322, "Postmaster information for iCloud Mail" (2025), and public refusals.
  private static let icloud = [
    Row(reason: "blocked-reputation", marks: ["[hm07]", "[hm08]", "[im01]", "not accepting connections"]),
    Row(reason: "spam-content", marks: ["[cs01]", "[cs02]"]),
    // Hide My Email: the parent has switched the address off.
    Row(reason: "mailbox-inactive", actor: .parent, marks: ["[hme1]", "[hme3]", "relay not allowed"]),
  ]

  /// Source: Mimecast Community, "SMTP error codes".
  private static let mimecast = [
    Row(
      reason: "authentication-failed",
      marks: ["anti-spoofing", "dmarc", "spf", "rejected by header based", "dkim"]),
    Row(reason: "unknown-user", marks: ["invalid recipient", "recipient address rejected", "known address"]),
    Row(reason: "greylisted", marks: ["greylist", "internal resources are temporarily unavailable"]),
    Row(
      reason: "blocked-reputation",
      marks: [
        "rejected by csi", "found on rbl", "reputation", "local ct ip", "poor reputation", "ip temporarily block",
      ]),
    Row(
      reason: "policy", actor: .recipientAdmin,
      marks: ["envelope blocked", "administrative lock", "content rejected", "sender blocked", "denied by policy"]),
  ]

  /// Source: Proofpoint, "Blocked connections" and public refusals.
  private static let proofpoint = [
    Row(reason: "blocked-reputation", marks: ["ipcheck.proofpoint.com", "dnsbl", "connection blocked"])
  ]

  /// Source: Barracuda Central, and public refusals.
  private static let barracuda = [
    Row(reason: "blocked-reputation", marks: ["barracudanetworks.com/reputation", "barracudacentral"]),
    Row(reason: "policy", actor: .recipientAdmin, marks: ["administrative prohibition", "recipient verification"]),
  ]
}
