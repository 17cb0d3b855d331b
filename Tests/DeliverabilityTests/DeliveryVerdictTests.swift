import Testing

@testable import Deliverability

@Suite("What a status code says")
struct DeliveryVerdictTests {
  typealias Action = DeliveryStatusNotification.Action

  @Test(
    "The code tells whether the address can work, why not, and who must act",
    arguments: [
      (Action.failed, "5.1.1", "hard", "unknown-user", "school"), (.failed, "5.2.2", "soft", "mailbox-full", "parent"),
      (.failed, "5.7.1", "block", "policy", "mail-admin"),
      (.failed, "5.7.26", "block", "authentication-failed", "mail-admin"),
      (.failed, "4.4.7", "soft", "delivery-expired", "wait"), (.failed, "4.1.1", "soft", "unknown-user", "wait"),
      (.failed, "4.1.2", "soft", "network-error", "wait"), (.failed, "5.1.2", "hard", "unknown-domain", "school"),
      (.failed, "4.3.2", "soft", "system-error", "wait"), (.failed, "5.3.2", "soft", "system-error", "recipient-admin"),
      (.failed, "5.7.25", "block", "blocked-reputation", "mail-admin"),
      (.failed, "4.7.5", "block", "tls-failed", "mail-admin"),
      (.delayed, "4.4.1", "soft", "network-error", "wait"), (.delayed, "4.7.1", "block", "policy", "mail-admin"),
      (.delivered, "2.0.0", "delivered", "delivered", "wait"), (.relayed, "5.1.1", "delivered", "delivered", "wait"),
    ] as [(Action, String, String, String, String)])
  func codes(action: Action, status: String, outcome: String, reason: String, actor: String) {
    let verdict = DeliveryVerdict.of(action: action, status: status)
    #expect(verdict.outcome.rawValue == outcome)
    #expect(verdict.reason == reason)
    #expect(verdict.actor.rawValue == actor)
  }

  @Test("Without a code that is known the reason is unknown", arguments: [nil, "", "5", "5.", "5.99.99", "x.y.z"])
  func unknown(_ status: String?) {
    #expect(DeliveryVerdict.of(action: .failed, status: status).reason == "unknown")
    #expect(DeliveryVerdict.of(action: .delayed, status: status).outcome == .soft)
  }

  @Test(
    "Where nobody tells why, only a permanent code says that it is for ever",
    arguments: [
      (nil, "Did not reach the following recipient", "soft"), ("5.0.0", "it failed", "hard"),
      (nil, "The server said: 550 sorry", "hard"), (nil, "since 2550 days", "soft"), (nil, nil, "soft"),
    ] as [(String?, String?, String)])
  func forEver(status: String?, words: String?, outcome: String) {
    let verdict = DeliveryVerdict.of(action: .failed, status: status, words: words)
    #expect(verdict.reason == "unknown" && verdict.outcome.rawValue == outcome)
  }

  @Test(
    "What a provider means by its code goes before what the words mean elsewhere",
    arguments: [
      (
        "outlook-consumer", "550 5.7.515 Access denied, sending domain school.test does not meet",
        "authentication-failed"
      ),
      (
        "outlook-consumer", "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. (S3150)",
        "blocked-reputation"
      ),
      ("outlook-consumer", "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited", "rate-limited"),
      ("outlook-consumer", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)", "unknown-user"),
      ("m365-tenant", "550 5.4.1 Recipient address rejected: Access denied. [x.prod]", "unknown-user"),
      ("m365-tenant", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "blocked-reputation"),
      ("m365-tenant", "550 5.7.124 Sender not in the allowed-senders list", "policy"),
      (
        "gmail", "550-5.7.26 Your email has been blocked because the sender is unauthenticated", "authentication-failed"
      ),
      ("gmail", "421-4.7.30 rate limited because DKIM authentication didn't pass", "authentication-failed"),
      ("gmail", "421 4.7.23 The sending IP address doesn't have a PTR record", "blocked-reputation"),
      ("gmail", "452 4.2.2 The recipient's inbox is out of storage space", "mailbox-full"),
      ("gmail", "450 4.2.1 The user you are trying to contact is receiving email too quickly", "rate-limited"),
      ("gmail", "550 5.2.1 The email account that you tried to reach is inactive", "mailbox-inactive"),
      ("gmail", "550 5.7.1 This message is likely unsolicited email", "spam-content"),
      ("yahoo", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", "rate-limited"),
      ("yahoo", "553 5.7.2 [TSS09] All messages will be permanently deferred", "blocked-reputation"),
      ("yahoo", "554 5.7.9 Message not accepted for policy reasons", "policy"),
      ("yahoo", "550 5.7.9 Blocked: the sender is unauthenticated", "authentication-failed"),
      ("yahoo", "554 delivery error: dd This account has been disabled or discontinued", "mailbox-inactive"),
      ("m365-tenant", "550 5.7.520 Your organization does not allow external forwarding. AS(7555)", "policy"),
      ("m365-tenant", "550 5.7.649 Access denied, banned sending IP", "blocked-reputation"),
      ("m365-tenant", "450 4.7.323 tlsa-invalid: the domain failed DANE validation", "tls-failed"),
      ("gmail", "550-5.2.1 The account that you tried to reach is 550 5.2.1 disabled", "mailbox-inactive"),
      ("gmail", "421-4.7.31 has been rate limited because the domain has no DMARC record", "authentication-failed"),
      ("gmail", "553 5.1.2 We weren't able to find the recipient domain", "unknown-domain"),
      ("mimecast", "550 Rejected by header based manually Blocked Senders", "policy"),
      ("mimecast", "550 Rejected by header based Anti-Spoofing policy", "authentication-failed"),
      ("spamexperts", "550 The sending IP 192.0.2.1 is listed on https://spamrl.com", "blocked-reputation"),
      ("spamexperts", "550 High probability of spam", "spam-content"),
      ("cisco", "452 Too many recipients received this hour", "rate-limited"),
      ("barracuda", "550 permanent failure for one or more recipients (els@ouders.test:blocked)", "policy"),
      ("icloud", "554 5.7.1 [HM08] Message rejected due to local policy", "blocked-reputation"),
      ("mimecast", "550 Administrative prohibition - envelope blocked", "policy"),
    ])
  func providers(provider: String, words: String, reason: String) {
    let status = EnhancedStatusCode.first(in: words)
    #expect(DeliveryVerdict.of(action: .failed, status: status, words: words, provider: provider).reason == reason)
  }

  @Test(
    "The words tell the reason, in Dutch too",
    arguments: [
      ("550 provider.test does not exist", "unknown-domain", "hard", "school"),
      ("550 weg@provider.test does not exist", "unknown-user", "hard", "school"),
      ("542 weg@provider.test Rejected", "unknown-user", "hard", "school"),
      ("550 Refused: recipient preferences", "mailbox-inactive", "soft", "parent"),
      ("550 5.7.1 Sender blocked by recipient", "mailbox-inactive", "soft", "parent"),
      ("553 do not use me as a relay", "relaying-denied", "block", "mail-admin"),
      ("550 5.2.0 Sender rejected due to failed SPF", "authentication-failed", "block", "mail-admin"),
      ("421 4.3.2 Too many open connections", "rate-limited", "block", "wait"),
      ("552 Deze mailbox is vol", "mailbox-full", "soft", "parent"),
      ("550 Deze mailbox is opgeheven", "mailbox-inactive", "soft", "school"),
      ("554 Uw adres staat op een zwarte lijst", "blocked-reputation", "block", "mail-admin"),
      ("450 user unknown", "unknown-user", "hard", "school"),
      ("450 no such domain", "network-error", "soft", "wait"), ("450 not now", "unknown", "soft", "wait"),
      ("421 mx.provider.test too busy", "system-error", "soft", "wait"),
      ("550 spf=fail, message rejected", "authentication-failed", "block", "mail-admin"),
      ("550-5.2.1 There is no such 550 5.2.1 user here", "unknown-user", "hard", "school"),
      // What stands within a word, or within an address, tells nothing.
      ("550 5.1.1 <overblijf@sport.test>: Recipient address rejected: retired", "unknown-user", "hard", "school"),
      ("552 5.2.2 info@verblijfpark.test: quota exceeded", "mailbox-full", "soft", "parent"),
      ("550 5.1.1 <dkim@malware.test>: no such user", "unknown-user", "hard", "school"),
      ("550 5.7.1 Blocked by SpamAssassin", "spam-content", "block", "mail-admin"),
      ("450 4.1.1 <e@o.test>: unverified address: Address verification in progress", "greylisted", "soft", "wait"),
      ("450 4.1.1 <e@o.test>: unverified address: connect to o.test: refused", "network-error", "soft", "wait"),
      ("554-No SMTP service 554-IP address is not allowed", "blocked-reputation", "block", "mail-admin"),
      (
        "554 after initial connection: 554 IP=192.0.2.9 - A problem occurred", "blocked-reputation", "block",
        "mail-admin"
      ),
      ("421 after initial connection: 421 not now", "unknown", "soft", "wait"),
      ("550 5.7.1 RESOLVER.RST.AuthRequired; authentication required", "policy", "block", "recipient-admin"),
      ("550 5.7.1 TRANSPORT.RULES.RejectMessage; by a rule", "policy", "block", "recipient-admin"),
      ("554 STOREDRV.Deliver.Exception:AccountDisabledException", "mailbox-inactive", "soft", "school"),
      ("550 Mailbox van ontvanger zit vol", "mailbox-full", "soft", "parent"),
      ("550 Postfach voll", "mailbox-full", "soft", "parent"),
      ("550 adresse introuvable", "unknown-user", "hard", "school"),
      ("550 Ongeldig e-mailadres", "unknown-user", "hard", "school"),
      ("421 4.3.2 Service not active", "system-error", "soft", "wait"),
      // What is unknown need not be the recipient.
      ("500 5.5.1 Command unknown: BDAT", "system-error", "soft", "recipient-admin"),
      ("451 4.3.0 Unknown temporary error", "system-error", "soft", "wait"),
      ("554 5.7.1 Message from unknown sender refused", "blocked-reputation", "block", "mail-admin"),
      ("550 5.7.1 Message refused by recipient domain policy", "policy", "block", "recipient-admin"),
      ("541 5.4.1 Mail rejected by destination domain", "policy", "block", "recipient-admin"),
      ("554 5.7.1 Message has been moved to quarantine", "spam-content", "block", "mail-admin"),
      ("552 5.2.2 <e@o.test> Mailbox size limit exceeded", "mailbox-full", "soft", "parent"),
      ("554 5.7.1 Client host [192.0.2.9] blocked", "blocked-reputation", "block", "mail-admin"),
      ("554 5.7.1 blocked using zen.test; Error: open resolver", "system-error", "soft", "recipient-admin"),
      ("550 school.test has exceeded the max emails per hour", "rate-limited", "block", "mail-admin"),
      // Before a server's words stands what another, or its queue, puts there.
      ("delivery temporarily suspended: connect to mx.o.test: Connection refused", "network-error", "soft", "wait"),
      (
        "554 5.7.1 <e@o.test>: Recipient address rejected: Mail appeared to be SPAM", "spam-content", "block",
        "mail-admin"
      ),
      ("554 5.7.1 <e@o.test>: Recipient address rejected: Access denied", "unknown-user", "hard", "school"),
      ("550 5.1.1 <e@o.test>: Recipient address rejected: nobody", "unknown-user", "hard", "school"),
      // A code that says what was wrong tells more than bare words; any words tell more than a code that says little.
      ("550 5.2.1 This mailbox has been blocked", "mailbox-inactive", "soft", "school"),
      ("552 5.2.2 Delivery denied", "mailbox-full", "soft", "parent"),
      ("550 5.3.4 Message rejected", "message-too-big", "soft", "school"),
      ("550 5.7.999 It was not to be", "policy", "block", "mail-admin"),
      ("550 5.4.999 It was not to be", "network-error", "soft", "wait"),
      ("550 5.1.999 It was not to be", "unknown", "hard", "school"),
      ("552 Requested mail action aborted: exceeded storage allocation", "mailbox-full", "soft", "parent"),
      ("552 Het gaat niet", "mailbox-full", "soft", "parent"), ("551 Het gaat niet", "mailbox-moved", "hard", "school"),
      ("550 5.7.520 Your organization does not allow external forwarding", "policy", "block", "mail-admin"),
      ("421 4.7.0 Too many connections from your IP", "rate-limited", "block", "wait"),
      ("550 Uw IP-adres is geblokkeerd", "blocked-reputation", "block", "mail-admin"),
      ("550 5.7.323 tlsa-invalid: The domain failed DANE validation", "tls-failed", "block", "mail-admin"),
      ("550 Postbus vol", "mailbox-full", "soft", "parent"),
    ])
  func phrases(words: String, reason: String, outcome: String, actor: String) {
    let status = EnhancedStatusCode.first(in: words)
    let verdict = DeliveryVerdict.of(action: .failed, status: status, words: words)
    #expect(verdict.reason == reason && verdict.outcome.rawValue == outcome && verdict.actor.rawValue == actor)
  }

  @Test("A code within a longer one, or within an address, is not that code")
  func wholeCodes() {
    #expect(RefusalCodes.row(provider: "gmail", words: "550 5.7.261 x") == nil)
    #expect(RefusalCodes.row(provider: "gmail", words: "host 15.7.26.9 said no") == nil)
    #expect(RefusalCodes.row(provider: "kpn", words: "5.7.26") == nil)
  }

  @Test("Who closed an address to strangers can open it; what concerns the sender says nothing of the recipient")
  func actors() {
    let closed = DeliveryVerdict.of(
      action: .failed, status: "5.7.124", words: "5.7.124 not allowed", provider: "m365-tenant")
    #expect(closed.actor == .recipientAdmin && closed.outcome == .block)
    let sender = DeliveryVerdict.of(
      action: .failed, status: "5.1.8", words: "550 5.1.8 <ouders@school.test>: domain does not exist")
    #expect(sender.outcome == .block && sender.actor == .mailAdmin)
    let inReply = "host mx.test said: 550 no such domain (in reply to MAIL FROM command)"
    #expect(DeliveryVerdict.of(action: .failed, status: nil, words: inReply).outcome == .block)
    let denied = "550 5.7.1 Access denied (in reply to MAIL FROM command)"
    #expect(DeliveryVerdict.of(action: .failed, status: "5.7.1", words: denied).reason == "blocked-reputation")
  }

  @Test(
    "Answers about the school's own account are told from those about a mail",
    arguments: [
      (530, "5.7.0", "5.7.0 Authentication required", true), (535, nil, "Authentication failed", true),
      (550, "5.4.5", "5.4.5 Daily user sending limit exceeded", true),
      (554, "5.2.0", "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process", true),
      (550, "5.7.60", "5.7.60 SMTP; Client does not have permissions to send as this sender", true),
      (550, "5.1.1", "5.1.1 User unknown", false), (550, "5.7.1", "5.7.1 (S3140) block list", false),
      (552, "5.2.2", "5.2.2 Mailbox full: quotaExceeded", false), (550, "5.7.0", "5.7.0 spam detected", false),
    ] as [(Int, String?, String, Bool)])
  func submitter(code: Int, status: String?, words: String, wanted: Bool) {
    #expect(SubmitterRefusal.isOne(code: code, status: status, words: words) == wanted, "\(words)")
  }

  @Test("A sender's quota is not taken for a full mailbox")
  func submissionQuota() {
    let verdict = DeliveryVerdict.of(
      action: .failed, status: "5.2.0",
      words: "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message",
      provider: nil)
    #expect(verdict.reason == "rate-limited" && verdict.outcome == .block)
  }
}
