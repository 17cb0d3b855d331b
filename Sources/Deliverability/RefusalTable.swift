/// The rows of `RefusalCodes`, by provider.
enum RefusalTable {
  typealias Row = RefusalCodes.Row

  static let byProvider: [String: [Row]] = [
    "outlook-consumer": outlook + exchangeOnline, "m365-tenant": exchangeOnline + outlook,
    "gmail": gmail, "google-workspace": gmail, "yahoo": yahoo, "icloud": icloud, "mimecast": mimecast,
    "proofpoint": proofpoint, "barracuda": barracuda, "spamexperts": spamExperts, "cisco": cisco,
    "symantec": symantec,
  ]

  /// Source: Outlook.com Postmaster, "Troubleshooting" and "Policies, practices and guidelines" (2025).
  private static let outlook = [
    Row(reason: "authentication-failed", marks: ["5.7.515", "5.7.509", "sender id validation failure"]),
    // The limit follows from the reputation, which does not mend itself.
    Row(
      reason: "rate-limited", actor: .mailAdmin,
      marks: ["rp-001", "rp-002", "rp-003", "4.7.650", "4.7.651", "4.7.652", "s775", "s3115"]),
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
    // The school's own Microsoft 365 does not let mail be forwarded to the outside.
    Row(reason: "policy", marks: ["as(7550)", "as(7555)", "does not allow external forwarding", "5.7.60"]),
    Row(
      reason: "authentication-failed",
      marks: ["5.7.515", "5.7.509", "5.7.23", "5.7.26", "5.7.57", "4.7.23", "4.7.26", "5.7.139"]),
    Row(
      reason: "blocked-reputation",
      marks: [
        "as16012609", "as(508)", "5.7.511", "5.7.703", "5.7.708", "5.7.750", "5.7.501", "5.7.502", "5.7.503", "5.7.506",
        "5.7.508", "x.7.25", "5.1.8", "banned sending ip", "banned sender",
      ] + (606...649).map { "5.7.\($0)" }),
    Row(
      reason: "rate-limited", actor: .mailAdmin,
      marks: ["5.7.705", "5.7.232", "5.7.233", "5.1.90", "4.7.650", "4.7.651", "4.7.652"]),
    // The recipient's own mailbox takes no more this hour.
    Row(reason: "rate-limited", actor: .wait, marks: ["4.5.127", "5.2.121", "5.2.122"]),
    Row(reason: "system-error", actor: .wait, marks: ["4.7.500", "as843", "as844", "4.3.2"]),
    Row(reason: "malformed", marks: ["5.7.512", "5.6.11", "5.1.20"]),
    Row(reason: "spam-content", marks: ["5.7.520", "as(4810)"]),
    Row(reason: "relaying-denied", marks: ["5.7.64", "5.7.367", "5.7.68"]),
    Row(
      reason: "tls-failed",
      marks: ["x.7.321", "x.7.322", "x.7.323", "x.7.324", "x.7.325", "x.4.8", "starttls is required", "x.7.5"]),
    Row(
      reason: "unknown-user",
      marks: [
        "5.1.10", "5.1.351", "5.4.1 recipient address rejected: access denied", "5.4.1 access denied", "recipnotfound",
        "resolver.adr",
      ]),
    Row(reason: "unknown-domain", marks: ["5.4.310", "5.4.312", "5.4.300 nxdomain"]),
    Row(reason: "mailbox-full", marks: ["quotaexceeded", "mapiexceptionshutoffquotaexceeded"]),
    Row(reason: "message-too-big", marks: ["5.3.4", "5.2.3", "sendsizelimit", "recipsizelimit"]),
    // The receiving organisation has closed the address to strangers: nobody at the school can open it.
    Row(
      reason: "policy", actor: .recipientAdmin,
      marks: [
        "5.7.12", "5.7.124", "5.7.129", "5.7.130", "5.7.132", "5.7.133", "5.7.134", "5.7.135", "5.7.136", "5.7.504",
        "5.7.193", "5.7.505", "5.7.507", "5.7.510", "5.7.513", "resolver.rst.", "transport.rules",
      ]),
    Row(
      reason: "network-error",
      marks: ["5.4.14", "5.4.6", "4.4.312", "4.4.316", "5.4.316", "4.4.317", "5.4.317", "4.4.318", "4.4.4"]),
  ]

  /// Source: Google Workspace Help 3726730, "Gmail SMTP errors and codes" (2026).
  private static let gmail = [
    Row(
      reason: "authentication-failed",
      marks: [
        "x.7.24", "x.7.26", "x.7.27", "x.7.30", "x.7.31", "x.7.32", "x.7.40", "ipv6 sending guidelines", "5.7.14",
        "5.7.80", "5.7.90", "cannot authenticate",
      ]),
    Row(
      reason: "blocked-reputation",
      marks: [
        "x.7.23", "x.7.25", "have a ptr record", "very low reputation", "not authorized to send email directly",
      ]),
    Row(reason: "tls-failed", marks: ["x.7.29", "must issue a starttls", "tls required for rcpt domain"]),
    Row(
      reason: "rate-limited", actor: .wait,
      marks: [
        "4.7.28", "5.7.28", "receiving email too quickly", "receiving mail too quickly", "receiving email at a rate",
        "receiving mail at a rate", "unusual rate of", "relay limit exceeded", "sending limit exceeded",
        "sending quota exceeded", "too many login attempts", "too many recipients", "x.4.5 daily",
        "email has been rate limited",
      ]),
    Row(
      reason: "spam-content",
      marks: [
        "likely unsolicited", "unsolicitedmessageerror", "nature of the content", "likely suspicious",
        "due to spam classification",
      ]),
    Row(
      reason: "malformed",
      marks: [
        "not rfc 5322 compliant", "not rfc 2822 compliant", "missing a valid message-id", "valid message-id: header",
        "multiple addresses in", "malformed", "missing a valid address in", "encoded-word syntax", "disallowed header",
        "5.1.7",
      ]),
    // A rule that the receiving organisation made itself.
    Row(reason: "policy", actor: .recipientAdmin, marks: ["gcdp", "not in whitelist for rcpt domain"]),
    Row(
      reason: "policy", marks: ["potential security issue", "blockedmessage", "has a policy that"]),
    Row(reason: "relaying-denied", marks: ["email relay denied", "credentials for relay", "email sending denied"]),
    Row(reason: "message-too-big", marks: ["5.3.4"]),
    Row(reason: "mailbox-inactive", marks: ["disableduser", "that you tried to reach is inactive", "is disabled"]),
    Row(reason: "mailbox-full", marks: ["overquotatemp", "overquotaperm", "out of storage", "4.2.2", "5.2.2"]),
    Row(reason: "unknown-domain", marks: ["5.1.2", "find the recipient domain"]),
    Row(reason: "unknown-user", marks: ["5.1.1", "5.1.3", "nosuchuser"]),
    Row(reason: "network-error", marks: ["exceeded 50 hops"]),
    Row(
      reason: "system-error", actor: .wait,
      marks: ["4.3.0", "4.4.5", "4.4.2", "try again later, closing connection", "connection expired"]),
  ]

  /// Source: Yahoo Sender Hub, "SMTP error codes" (2026), and public refusals.
  private static let yahoo = [
    Row(reason: "blocked-reputation", marks: ["[ts03]", "permanently deferred", "will not succeed"]),
    Row(
      reason: "rate-limited",
      marks: [
        "[ts01]", "[ts02]", "[ts04]", "[tss01]", "[tss02]", "[tss03]", "[tss04]", "[tss05]", "[tss09]",
        "[tss11]", "temporarily deferred",
      ]),
    Row(reason: "spam-content", marks: ["[ph01]", "[ph02]", "[ph03]", "ph*"]),
    Row(reason: "blocked-reputation", marks: ["[bl21]", "[bl22]", "[bl23]", "[bl24]", "unresolvable rfc"]),
    Row(reason: "greylisted", marks: ["[gl01]", "[gl02]"]),
    Row(
      reason: "authentication-failed",
      marks: ["dmarc", "failed authentication", "unauthenticated", "authenticate with", "dkim", "postmaster-28"]),
    // Where it means authentication it says so; its page gives these words for content and form alone.
    Row(reason: "policy", marks: ["not accepted for policy reasons"]),
    Row(reason: "authentication-failed", marks: ["5.7.9"]),
    Row(reason: "mailbox-full", marks: ["over quota", "exceeded quota", "out of quota"]),
    Row(
      reason: "mailbox-inactive",
      marks: ["account is inactive", "delivery error: inactive", "disabled or discontinued", "mailbox is disabled"]),
    Row(
      reason: "unknown-user",
      marks: ["dd this user doesn't have", "delivery error: dd", "account is disabled (dd", "mailbox not found"]),
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
    // The recipient has blocked the sender personally.
    Row(reason: "policy", actor: .parent, marks: ["user entry", "user domain entry"]),
    Row(
      reason: "policy", actor: .recipientAdmin,
      marks: [
        "manually blocked senders", "manual envelope rejected", "envelope blocked", "administrative lock",
        "content rejected", "sender blocked", "denied by policy", "account inbounds disabled", "security policies",
      ]),
    Row(
      reason: "authentication-failed",
      marks: ["anti-spoofing", "dmarc", "spf", "rejected by header based", "dkim"]),
    Row(
      reason: "unknown-user",
      marks: ["invalid recipient", "recipient address rejected", "known address", "recipient not known"]),
    Row(reason: "greylisted", marks: ["greylist", "internal resources are temporarily unavailable"]),
    Row(reason: "relaying-denied", marks: ["open relay not allowed"]),
    Row(
      reason: "blocked-reputation",
      marks: [
        "rejected by csi", "csi.mimecast.org", "found on rbl", "reputation", "local ct ip", "poor reputation",
        "ip temporarily block",
      ]),
  ]

  /// Source: Proofpoint, "Blocked connections" and public refusals.
  private static let proofpoint = [
    Row(
      reason: "blocked-reputation",
      marks: ["ipcheck.proofpoint.com", "dnsbl", "dnsbl-lookup.cgi", "connection blocked", "blocked - see"]),
    Row(reason: "policy", actor: .recipientAdmin, marks: ["local policy violation"]),
  ]

  /// Source: Barracuda Central, and public refusals.
  private static let barracuda = [
    Row(
      reason: "blocked-reputation",
      marks: ["barracudanetworks.com/reputation", "barracudacentral", "barracuda reputation"]),
    Row(
      reason: "policy", actor: .recipientAdmin,
      marks: ["administrative prohibition", "recipient verification", ":blocked)"]),
  ]

  /// Source: N-able Mail Assure, "Rejection classifications", and public refusals.
  private static let spamExperts = [
    Row(reason: "spam-content", marks: ["high probability of spam", "a url in this email"]),
    Row(
      reason: "blocked-reputation",
      marks: ["spamrl.com", "in a black list", "sender has no a, aaaa, or mx", "no ptr", "unable to verify sender"]),
    Row(reason: "malformed", marks: ["headers fail syntax", "invalid header"]),
    Row(reason: "relaying-denied", marks: ["turn on smtp authentication"]),
    Row(reason: "policy", actor: .recipientAdmin, marks: ["sender is on the blocklist", "sender blocklist"]),
  ]

  /// Source: Broadcom, "Email Security.cloud: SMTP error codes", and public refusals.
  private static let symantec = [
    Row(reason: "spam-content", marks: ["message filtered"]),
    Row(reason: "blocked-reputation", marks: ["connection rejected by policy"]),
    Row(reason: "unknown-user", marks: ["invalid recipient"]),
  ]

  /// Source: Cisco Secure Email (IronPort), user guide: the default answers.
  private static let cisco = [
    Row(
      reason: "blocked-reputation",
      marks: ["poor reputation", "talosintelligence", "senderbase", "access to this mail system"]),
    Row(reason: "unknown-user", marks: ["#5.1.0 address rejected", "#5.1.1"]),
    Row(reason: "rate-limited", marks: ["recipients received this hour", "too many connections"]),
    Row(reason: "policy", actor: .recipientAdmin, marks: ["access to submit messages", "dhap_limit"]),
  ]
}
