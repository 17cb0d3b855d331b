/// The rows of `FailurePhrases`, in the order in which they are looked for: the more a phrase tells, the earlier it
/// stands. Data: a new phrase is a row. All in lower case.
///
/// Sources: RFC 3463 and RFC 7372; the documentation and source of Postfix, Exim, sendmail, qmail, Exchange and
/// Courier; the postmaster pages of Outlook.com, Gmail, Yahoo, iCloud, KPN and Ziggo; public bounces.
enum PhraseTable {
  typealias Row = FailurePhrases.Row

  static let rows: [Row] = [
    // A server that could not ask, or not connect, has not judged the address.
    Row(
      reason: "network-error",
      phrases: [
        "host name lookup failure", "not found, try again", "hop count exceeded", "too many hops", "maximum hop count",
        "host is not responding", "host not reachable", "duplicated message-id",
      ]),
    Row(
      reason: "system-error",
      phrases: [
        "operating system error", "service not active", "command unknown", "unknown command", "unknown parameter",
        "unknown option", "unknown error", "unknown temporary", "unknown mail transport", "insufficient system storage",
      ]),
    // Whoever asks a blocklist in a way that it does not answer has to mend that (Spamhaus, "Return codes").
    Row(
      reason: "system-error", actor: .recipientAdmin,
      phrases: ["127.255.255.", "open resolver", "excessive number of queries", "spamhaus.org/returnc/"]),
    // A gateway that asks the server behind it, and could not yet (Postfix, ADDRESS_VERIFICATION_README).
    Row(reason: "greylisted", phrases: ["address verification in progress"]),
    // The quota of who sends, before that of who receives.
    Row(
      reason: "rate-limited", actor: .mailAdmin,
      phrases: [
        "submissionquotaexceeded", "daily user sending limit", "user sending limit", "sending limit exceeded",
        "max emails per", "max defers and failures", "submission quota", "a limit for sending mail",
      ]),
    // What the school's own server does not pass on, or not so (Microsoft Learn, "External email forwarding").
    Row(reason: "policy", phrases: ["external forwarding", "as(7550)", "as(7555)"]),
    // The recipient does not want it: the address works.
    Row(
      reason: "mailbox-inactive", actor: .parent,
      phrases: [
        "recipient preferences", "recipient's preferences", "blocked by the recipient", "blocked by recipient",
        "blocked by the user", "recipient has blocked",
      ]
    ),
    Row(reason: "spam-content", phrases: ["due to spam classification", "quarantine"]),
    Row(
      reason: "malformed",
      phrases: [
        "duplicate header", "headers too large", "malformed address", "8-bit data in message",
        "lines too long for transport", "headers fail syntax",
      ]),
    Row(
      reason: "authentication-failed",
      phrases: [
        "failed spf", "fails spf", "spf fail", "failed dmarc", "failed dkim", "dmarc fail", "dkim fail", "spf=fail",
        "dkim=fail", "dmarc=fail",
      ]),
    Row(
      reason: "blocked-reputation",
      phrases: [
        "sender address rejected", "sender rejected", "purported responsible address", "unroutable sender",
        "unrouteable sender", "sender denied",
        "sender verify failed", "sender verify callout", "from: domain is invalid", "no permission to post",
        "sender domain",
        "client host rejected", "may not have permission to post", "groups.google.com", "not a member of",
        "not allowed to post", "unknown sender", "unknown hosts", "unknown client", "for sender was not found",
      ]),
    Row(
      reason: "unknown-user",
      phrases: [
        "user unknown", "unknown user", "no such user", "not listed in", "no mailbox found", "mail-box not found",
        "mailbox not found", "user not found", "recipnotfound", "recipient not found", "is not an active address",
        "no such recipient", "no such mailbox", "user doesn't exist", "user does not exist", "mailbox does not exist",
        "account that you tried to reach does not exist", "address does not exist", "account does not exist",
        "account or domain may not exist", "mailbox name not allowed", "user invalid",
      ]),
    Row(
      reason: "network-error",
      phrases: [
        "lost connection with", "while performing the helo handshake", "no route to host", "network is unreachable",
        "unverified address: connect to", "unverified address: lost connection",
      ]),
    Row(reason: "mailbox-full", phrases: ["mailbox size limit"]),
    Row(
      reason: "message-too-big",
      phrases: [
        "message too large", "message too big", "message is too large", "message size exceeds", "exceeds size limit",
        "exceeded storage allocation for message", "maximum message size", "message file too big",
        "exceeds the maximum size",
        "message length exceeds", "line limit exceeded", "size limit exceeded",
        "larger than the current",
        "message larger than", "max message size exceeded", "te groot", "message exceeds fixed maximum",
        "exceeded maximum allowable message",
        "resolver.rst.sendsizelimit", "resolver.rst.recipsizelimit",
      ]),
    Row(
      reason: "mailbox-full",
      phrases: [
        "mailbox full", "mailbox is full", "mailbox quota", "over quota", "overquota", "quota exceeded",
        "exceeded quota",
        "exceeds quota", "exceeds the quota", "out of storage", "storage quota", "inbox is full", "inboxful",
        "insufficient disk space", "disk quota", "exdiskquota", "quotaexceeded", "mailbox size limit",
        "mailfolder is full",
        "account is full", "not enough storage", "mail quota", "postvak is vol", "mailbox is vol", "postvak vol",
        "over the allowed quota", "over its quota", "user has exceeded", "mailbox has exceeded", "too many mails",
        "exceeded the quota", "maildir over", "no space left", "mailbox exceeds", "has too much mail", "full mailbox",
        "overquotatemp", "storage limit", "message would exceed", "user is over", "mailbox would exceed",
        "allocated space", " is full", " is vol", " zit vol", "postfach voll", " ist voll", " est pleine",
        "boîte pleine", "メールボックスが一杯", "exceeded storage allocation", "postbus vol", "brievenbus vol",
        "over de limiet", "quotum overschreden", "pleine", "przepełniona", "przepelniona", "kutusu dolu",
      ]),
    // Exchange's own names, wherever it runs: a group that is closed to strangers, a rule of the organisation.
    Row(
      reason: "policy", actor: .recipientAdmin,
      phrases: [
        "resolver.rst.", "transport.rules", "by destination domain", "recipient domain policy",
        "administrator of the recipient",
      ]),
    Row(reason: "mailbox-inactive", phrases: ["exception:accountdisabled"]),
    Row(
      reason: "authentication-failed",
      phrases: [
        "5.7.515", "5.7.509", "5.7.26", "5.7.23", "dmarc", "unauthenticated email", "dkim ", "spf fail", "spf: fail",
        "spf check", "spf record", "bad spf", "sender policy framework", "not allowed to send mail from",
        "spf validation",
        "fails spf", "spf -all", "authentication checks", "domain owner policy", "sender id", "spf unauthorized",
        "smtp authentication in your mail client", "authentication required", "sender authentication",
        "does not designate", "openspf", "5.7.20", "5.7.21", "5.7.22", "5.7.24",
        "authentication information",
      ]),
    Row(
      reason: "relaying-denied",
      phrases: [
        "relay access denied", "relaying denied", "unable to relay", "not permitted to relay", "relaying not",
        "relay not permitted", "not a known relay", "relay denied", "relaying prohibited",
        "that domain isn't in my list",
        "email address is not verified", "we do not relay", "cannot relay", "no relaying", "relaying is not",
        "not relay", "relaying disallowed", "relay operation", "as a relay", "smtp auth is required",
      ]),
    Row(
      reason: "tls-failed",
      phrases: [
        "must issue a starttls", "starttls is required", "tls required", "tls negotiation", "tls handshake",
        "cannot start tls", "requires tls", "encryption required", "certificate verif", "tls is required",
        "starttls failed", "server certificate", "certificate has expired", "tlsa record", "tlsa-invalid",
        "dnssec-invalid", "starttls-not-supported", "certificate-expired", "certificate-host-mismatch", "failed dane",
        "mta-sts", "encryption is required", "encrypted connection required",
      ]),
    Row(
      reason: "virus",
      phrases: [
        "virus detected", "virus found", "5.7.1 virus", "contains a virus", "contained a virus", "virus was",
        "virus in ",
        "malware",
        "infected",
        "trojan", "virus:", "een virus",
      ]),
    // Whose address is named beside it has not done more than send too fast.
    Row(
      reason: "rate-limited",
      phrases: [
        "too many connections", "too many open connections", "too many concurrent", "too many messages", "rate limit",
      ]),
    Row(
      reason: "blocked-reputation",
      phrases: [
        "s3140", "s3150", "spamhaus", "spamcop", "sorbs", "barracudacentral", "blocked using", "block list",
        "blocklist",
        "blacklist", "black list", "rbl", "dnsbl", "dnsbls", "reputation", "5.7.606", "5.7.511", "banned send",
        "ptr record",
        "reverse dns", "no ptr", "rdns", "client host blocked", "refused to talk to me",
        "blocked for abuse", "your ip", "ip address is blocked", "listed at", "listed in", "is listed",
        "not accepting connections", "no access from mail server", "dynamic ip",
        "access denied...", "access denied by", "connection refused by policy", "connection refused by",
        "bad reputation", "poor reputation",
        "blocked by ldap", "your network is", "too many spam", "sender ip", "5.7.25", "5.7.27", "my name was rejected",
        "invalid helo", "bad helo", "helo command rejected", "hostname rejected", "host rejected",
        "not accepting mail from", "connection rejected",
        "temporarily deferred due to user complaints", "user complaints", "sc-001", "sc-002", "sc-003", "sc-004",
        "dy-001",
        "dy-002", "ou-001", "ou-002", "553 5.7.1 [bl", "[ts0", "tss0", "blocked - see", "you are blocked",
        "has been blocked by",
        "was blocked by", "your server", "sending ip", "bounced by", "invalid domain name", "unverified sender",
        "sender unverified", "badmailfrom",
        "ip address is not allowed", "not available no smtp service", "dns ptr resource record",
        "uceprotect", "ers-qil", "ers-dul", "ers-rbl",
        "csi.cloudmark.com", "no a, aaaa, or mx", "zwarte lijst", "uw ip-adres",
      ]),
    Row(
      reason: "rate-limited",
      phrases: [
        "ratelimit", "open connections", "too many recipients", "too fast",
        "sending too", "throttl", "frequency limited", "connection limit", "has sent to too many", "daily relay quota",
        "exceeded the rate", "unusual rate", "rp-001", "rp-002", "rp-003", "4.7.28", "4.7.650",
        "too much mail", "sending quota", "hourly", "too many emails", "daily sending quota",
        "maximum number of recipients", "limit exceeded on", "message rate",
      ]),
    Row(
      reason: "greylisted",
      phrases: [
        "greylist", "graylist", "grey-list", "gray list", "grey list", "postgrey", "please retry in", "retry after",
      ]),
    Row(
      reason: "unknown-domain",
      phrases: [
        "host unknown", "unknown host", "domain not found", "domain does not exist", "no such domain", "name server: ",
        "host not found", "couldn't find any host", "unrouteable mail domain", "unrouteable address",
        "unroutable address",
        "name or service not known", "nxdomain", "no mx record", "null mx", "does not accept mail", "nullmx",
        "couldn't find a mail exchanger", "illegal host/domain", "invalid domain", "no mail exchanger",
        "bad destination system",
        "domain name not found", "no route to domain", "domain has no mx",
        "all relevant mx records point to non-existent",
        "unknown domain", "domain is not found", "unknown mail domain", "dns error", "recipient domain not found",
        "recipient domain does not exist",
        "nonexistent domain",
        "no such host", "can't resolve", "indicated no smtp service", "host or domain name not found",
        "destination domain not found", "destination domain does not exist",
        "type=mx",
      ]),
    Row(
      reason: "mailbox-moved",
      phrases: [
        "no longer on server", "has moved", "moved to", "new address", "user not local; please try", "not our customer",
        "no longer at", "nieuw e-mailadres", "has changed their", "changed address", "please update",
      ]),
    Row(
      reason: "mailbox-inactive",
      phrases: [
        "account is disabled", "account disabled", "mailbox disabled", "is disabled", "mailbox is inactive",
        "is inactive",
        "account inactive", "suspended", "temporary locked", "temporarily locked", "account has been disabled",
        "disabled recipient", "disabled user", "inactive user", "inactive mailbox", "deactivated", "frozen",
        "mailbox is blocked",
        "account that you tried to reach is", "mailbox unavailable or access denied", "account closed",
        "has been discontinued",
        "mailbox not active", "no longer active", "not active", "user is inactive", "expired mailbox",
        "account expired",
        "has been terminated", "temporarily disabled", "mailbox locked", "account is locked", "is frozen",
        "currently suspended", "is opgeheven", "is geblokkeerd", "account geblokkeerd", "gedeactiveerd", "inactivity",
      ]),
    Row(
      reason: "unknown-user",
      phrases: [
        "no such address",
        "no such person", "no such account", "no such email", "no longer accepts mail", "geen geldig e-mailadres",
        "adres ongeldig", "geen postvak met", "nicht vorhanden", "inexistant", "nie istnieje", "bulunamad", "no existe",
        "sconosciuto",
        "does not exist", "doesn't exist", "not exist", "unknown recipient", "recipient unknown",
        "invalid recipient", "unknown address", "address unknown", "address rejected", "recipient rejected",
        "invalid mailbox", "mailbox unavailable", "not a valid", "unknown or illegal", "unknown local",
        "no mailbox here",
        "wasn't found at", "was not found", "couldn't be found", "could not be found",
        "no longer available",
        "bad address", "account not found", "email address could not be found", "unknown email", "user doesn't",
        "unknown account",
        "undeliverable address", "invalid user", "not our user", "isn't in our", "address not found",
        "address does not",
        "this user doesn't have", "no account by that name", "not known", "unknown in", "no matches",
        "not in directory",
        "user is unknown", "not found in the", "user not known", "bestaat niet", "niet bekend", "onbekend",
        "ongeldig e-mailadres", "ongeldig emailadres", "ongeldige ontvanger", "unbekannt", "existiert nicht",
        "konnte nicht gefunden", "ungültige adresse", "ungültiger empfänger", "n'existe pas", "introuvable",
        "n'a pas été trouvé",
        "is not a known user", "nonexistent", "non-existent", "no valid", "unable to find", "no user", "unknown name",
        "invalid address", "not a local", "resolver.adr", "no mail box",
        "5.1.1", "5.1.10", "5.1.0 address", "no record of", "unavailable mailbox", "rejected: user",
        "e-mail address was not",
        "recipients are invalid", "no recipient", "unknown", "not recognized", "don't recognize", "can't find",
        "cannot find",
        "not a registered", "unregistered", "inexistent", "inconnu", "niet gevonden", "no known", "5.4.1 access denied",
        "recipient was not", "address error", "addressee", "mailbox does", "user_unknown", "not accepted for delivery",
      ]),
    Row(
      reason: "spam-content",
      phrases: [
        "spam", "unsolicited", "phishing", "bulk email", "junk", "ube", "content rejected", "message content",
        "as(4810)",
        "5.7.520",
        "considered to be", "mail rejete", "uribl", "scored",
        "objectionable",
      ]),
    Row(reason: "mailbox-inactive", actor: .parent, phrases: ["message filtered"]),
    Row(
      reason: "malformed",
      phrases: [
        "improper use of 8-bit", "not rfc", "rfc 5322", "rfc5322", "rfc 2822", "malformed",
        "syntax error",
        "addresses in from:", "missing header", "invalid header", "bare lf", "bare linefeed",
        "not compliant",
        "8-bit", "eightbit", "multiple from", "5.6.0", "5.6.9", "8bit",
      ]),
    Row(
      reason: "policy",
      phrases: [
        "policy", "prohibited", "content presents", "attachment", "not allowed", "not permitted",
        "administrative prohibition",
        "delivery not authorized", "not authorized", "refused by", "access denied",
        "you may not have permission",
        "sender address", "permission",
        "restricted",
        "moderat",
      ]),
    Row(
      reason: "delivery-expired",
      phrases: [
        "expired", "retry timeout exceeded", "not delivered within", "unable to deliver this message after",
        "retry time not reached", "delivery time", "could not be delivered for",
        "unable to deliver in", "timed out", "timeout", "time out", "been in the queue too long", "too long in queue",
        "has been in the queue", "for the last", "days old", " attempts:",
      ]),
    Row(
      reason: "network-error",
      phrases: [
        "connection refused", "while performing the", "connection reset",
        "lost connection",
        "routing loop", "mail loop", "mail loops", "loops back", "hop count", "connection dropped",
        "network error", "unable to connect", "could not connect", "couldn't connect", "failed to connect",
        "no answer from host",
        "establish an smtp connection", "bad connection", "host is down", "unreachable", "connect to", "dns failure",
      ]),
    Row(
      reason: "system-error",
      phrases: [
        "system error", "service unavailable", "service currently unavailable", "service not available", "too busy",
        "temporary failure", "local error",
        "configuration error", "i/o error", "cannot open", "can't create", "command failed", "can't exec",
        "out of memory",
        "ldap", "internal error", "pipe", "procmail", "operating system", "temporarily unavailable", "server busy",
        "try later",
        "try again later", "probeer het later", "transaction failed", "failed to read", "child process", "exec",
        "processing error",
        "technical",
      ]),
  ]

  /// What tells less than most codes.
  static let bareWords: [Row] = [
    Row(reason: "spam-content", phrases: ["message rejected", "mail rejected"]),
    Row(
      reason: "policy",
      phrases: ["5.7.1", "refuse", "denied", "rejected", "blocked", "geweigerd", "geblokkeerd"]),
    Row(reason: "mailbox-full", phrases: ["quota", "quotum"]),
  ]
}
