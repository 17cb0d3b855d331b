import Foundation
import Mail
import Testing

@testable import Deliverability

struct ReturnedCase: Sendable, CustomTestStringConvertible {
  let name: String
  let mail: String
  let recipients: [String]
  let reason: String
  let outcome: DeliveryVerdict.Outcome
  var status: String?

  var testDescription: String { name }
}

/// Bounces in the forms that servers write for people; each written for these tests.
@Suite("Bounces that are no delivery status")
struct TextBounceTests {
  static let header = """
    Return-Path: <>
    From: Mail Delivery System <MAILER-DAEMON@mx.provider.test>
    To: ouders+b.k3y@school.test
    """

  static let original = """
    Return-path: <ouders+b.k3y@school.test>
    Received: from school.test by mx.provider.test
    From: Juf Anna <ouders@school.test>
    To: weg@ouders.test
    Message-ID: <m1@school.test>
    Subject: Gym

    Morgen gym.
    """

  static let cases: [ReturnedCase] = [
    ReturnedCase(
      name: "Exim",
      mail: """
        \(header)
        X-Failed-Recipients: weg@ouders.test
        Subject: Mail delivery failed: returning message to sender

        This message was created automatically by mail delivery software.

        A message that you sent could not be delivered to one or more of its
        recipients. This is a permanent error. The following address(es) failed:

          weg@ouders.test
            host mx.ouders.test [192.0.2.1]
            SMTP error from remote mail server after RCPT TO:<weg@ouders.test>:
            550 5.1.1 <weg@ouders.test>: user unknown

        ------ This is a copy of the message, including all the headers. ------

        \(original)
        """, recipients: ["weg@ouders.test"], reason: "unknown-user", outcome: .hard, status: "5.1.1"),
    ReturnedCase(
      name: "qmail",
      mail: """
        \(header)
        Subject: failure notice

        Hi. This is the qmail-send program at provider.test.
        I'm afraid I wasn't able to deliver your message to the following addresses.

        <vol@ouders.test>:
        192.0.2.1 does not like recipient.
        Remote host said: 552 5.2.2 Mailbox is over quota
        Giving up on 192.0.2.1.

        --- Below this line is a copy of the message.

        \(original)
        """, recipients: ["vol@ouders.test"], reason: "mailbox-full", outcome: .soft, status: "5.2.2"),
    ReturnedCase(
      name: "Exchange, in Dutch",
      mail: """
        \(header)
        Subject: Niet bezorgd: Gym

        Uw bericht kan niet worden bezorgd bij de volgende geadresseerden:

        weg@ouders.test
        Het e-mailadres dat u hebt ingevoerd, bestaat niet. Controleer het adres.

        Diagnostische gegevens voor beheerders:
        Bronserver: EX01.school.test
        postmaster@school.test
        """, recipients: ["weg@ouders.test"], reason: "unknown-user", outcome: .hard),
    ReturnedCase(
      name: "Exchange, in Dutch, with the server's words for administrators alone",
      mail: """
        \(header)
        Subject: Niet bezorgd: Gym

        De bezorging aan de volgende geadresseerden is mislukt:

        vol@ouders.test

        Diagnostische gegevens voor beheerders:
        vol@ouders.test
        De server antwoordde: '554 5.2.2 mailbox full'

        Oorspronkelijke berichtkoppen:
        From: ouders@school.test
        """, recipients: ["vol@ouders.test"], reason: "mailbox-full", outcome: .soft, status: "5.2.2"),
    ReturnedCase(
      name: "a transcript, where the answer stands above the address",
      mail: """
        \(header)
        Subject: Returned mail

        ----- Transcript of session follows -----
        While talking to mx.ouders.test:
        >>> MAIL From:<ouders@school.test>
        <<< 501 no access from mail server [192.0.2.9], which is on a list.
        554 <els@ouders.test>... Remote protocol error
        554 <weg@elders.test>... 550 Host unknown
        """, recipients: ["els@ouders.test", "weg@elders.test"], reason: "blocked-reputation", outcome: .block),
    ReturnedCase(
      name: "a delivery status that lost its place in the mail",
      mail: """
        \(header)
        Subject: Returned mail: see transcript

        <els@ouders.test> (unrecoverable error)

        Reporting-MTA: dns; mx.ouders.test

        Final-Recipient: rfc822; els@ouders.test
        Action: failed
        Status: 5.2.2
        Diagnostic-Code: smtp; 552 5.2.2 the mailbox
         is over quota
        """, recipients: ["els@ouders.test"], reason: "mailbox-full", outcome: .soft, status: "5.2.2"),
    ReturnedCase(
      name: "a directory that names others",
      mail: """
        \(header)
        Subject: Failed mail

        The address weg@ouders.test is unknown here. Perhaps you look for one of these people:

        W. Eg      020-5551234      w.eg@ouders.test

        Original message as received is as follows:
        ===========================================
        >Return-Path: <ouders@school.test>
        >Received: from school.test by ouders.test for <weg@ouders.test>; Mon, 4 May 2026
        """, recipients: ["weg@ouders.test"], reason: "unknown-user", outcome: .hard),
    ReturnedCase(
      name: "a list that takes mail of its members only",
      mail: """
        Return-Path: <buurt-admin@lijst.test>
        From: buurt-admin@lijst.test
        To: ouders@school.test
        X-MLServer: fml
        List-Subscribe: <mailto:buurt-ctl@lijst.test?body=subscribe>
        Subject: You are not a member (buurt)

        You are not a member of this mailing list <buurt@lijst.test>.

        Send your subscription to

          buurt-ctl@lijst.test
        """, recipients: ["buurt@lijst.test"], reason: "blocked-reputation", outcome: .block),
    ReturnedCase(
      name: "a gateway that puts its words behind the subject",
      mail: """
        From: poort@bedrijf.test
        To: ouders@school.test
        Subject: RE: Gym : non remis (delivery failed)

        ***********************************
        Your message could not be delivered to
        weg@bedrijf.test
        ***********************************
        """, recipients: ["weg@bedrijf.test"], reason: "unknown", outcome: .soft),
    ReturnedCase(
      name: "a provider that refuses the server",
      mail: """
        \(header)
        Subject: Undelivered Mail Returned to Sender

        <els@hotmail.test>: host hotmail-com.olc.protection.outlook.com[192.0.2.1] said:
            550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please
            contact your Internet service provider since part of their network is on
            our block list (S3150). (in reply to MAIL FROM command)
        """, recipients: ["els@hotmail.test"], reason: "blocked-reputation", outcome: .block, status: "5.7.1"),
    ReturnedCase(
      name: "a warning about a delay",
      mail: """
        \(header)
        Subject: Warning: message delayed 24 hours

        This message was created automatically by mail delivery software.
        A message that you sent has not yet been delivered to one or more of its
        recipients after more than 24 hours on the queue.

        The address to which the message has not yet been delivered is:

          els@ouders.test
            Delay reason: connection refused

        No action is required on your part. Delivery attempts will continue.
        """, recipients: ["els@ouders.test"], reason: "network-error", outcome: .soft),
    ReturnedCase(
      name: "two recipients, each with its own reason",
      mail: """
        \(header)
        Subject: Returned mail: see transcript for details

        <weg@ouders.test>: 550 5.1.1 No such user here
        <vol@ouders.test>: 452 4.2.2 Mailbox full
        """, recipients: ["weg@ouders.test", "vol@ouders.test"], reason: "unknown-user", outcome: .hard, status: "5.1.1"
    ),
    ReturnedCase(
      name: "no address but that of the returned mail",
      mail: """
        \(header)
        Subject: Mail delivery failed
        Content-Type: multipart/mixed; boundary=b

        --b

        Your message was refused: it is considered to be spam.
        --b
        Content-Type: message/rfc822

        \(original)
        --b--
        """, recipients: ["weg@ouders.test"], reason: "spam-content", outcome: .block),
    ReturnedCase(
      name: "an address that stands as the name of another",
      mail: """
        \(header)
        Subject: Mail failure - malformed recipient address

        A message that you sent contained one or more recipient addresses that were incorrectly constructed:

          oma@ouders.test <weg@ouders.test>: malformed address: may not follow oma@ouders.test

        ------ This is a copy of your message, including all the headers. ------

        \(original)
        """, recipients: ["weg@ouders.test"], reason: "malformed", outcome: .block),
    ReturnedCase(
      name: "a server that repeats the subject, which holds words of refusals",
      mail: """
        \(header)
        Subject: DELIVERY FAILURE: De BSO is vol, en we proberen het later: will try again

        Your message
          Subject: De BSO is vol, en we proberen het later: will try again
        was not delivered to:
          weg@ouders.test
        because:
          550 5.1.1 Invalid recipient
        """, recipients: ["weg@ouders.test"], reason: "unknown-user", outcome: .hard, status: "5.1.1"),
    ReturnedCase(
      name: "a server that repeats the subject in a sentence",
      mail: """
        \(header)
        Subject: Failed mail
        Content-Type: multipart/mixed; boundary=b

        --b

        Your mail "Overblijven: de klas is vol" to weg@ouders.test was refused, it is spam.
        --b
        Content-Type: message/rfc822

        \(original.replacing("Subject: Gym", with: "Subject: Overblijven: de klas is vol"))
        --b--
        """, recipients: ["weg@ouders.test"], reason: "spam-content", outcome: .block),
    ReturnedCase(
      name: "Exchange, in Dutch, still trying",
      mail: """
        \(header)
        Subject: Bezorging vertraagd: Gym

        Bezorging aan deze geadresseerden is vertraagd:

        els@ouders.test

        Er wordt nog geprobeerd dit bericht te bezorgen.
        """, recipients: ["els@ouders.test"], reason: "unknown", outcome: .soft),
    ReturnedCase(
      name: "a gateway that says whom to ask",
      mail: """
        \(header)
        Subject: Undeliverable mail

        The mail that you sent to weg@ouders.test could not be delivered: user unknown. For assistance
        please contact helpdienst@bedrijf.test. If jan.jansen@bedrijf.test fails, please try
        j.jansen@bedrijf.test instead.

        ------ This is a copy of the message, including all the headers. ------

        \(original)
        """, recipients: ["weg@ouders.test"], reason: "unknown-user", outcome: .hard),
  ]

  @Test("each tells who did not get the mail, and why", arguments: cases)
  func read(_ bounce: ReturnedCase) throws {
    guard case .deliveryStatus(let status) = MailSortTests.sort(bounce.mail) else {
      Issue.record("no bounce")
      return
    }
    #expect(status.recipients.compactMap { $0.finalRecipient?.description } == bounce.recipients)
    let first = try #require(status.recipients.first)
    let verdict = DeliveryVerdict.of(action: first.action, status: first.status, words: first.diagnostic)
    #expect(verdict.reason == bounce.reason)
    #expect(verdict.outcome == bounce.outcome)
    #expect(first.status == bounce.status)
  }

  @Test("the returned mail's own words are no reason, and its Message-ID is known")
  func original() {
    guard let bounce = Self.cases.first(where: { $0.name == "no address but that of the returned mail" }),
      case .deliveryStatus(let status) = MailSortTests.sort(bounce.mail)
    else {
      Issue.record("no bounce")
      return
    }
    #expect(status.originalMessageID == "m1@school.test")
    #expect(status.recipients.first?.diagnostic?.contains("Morgen gym") == false)
  }

  @Test("a bounce cut off anywhere is read without a crash", arguments: cases)
  func truncated(_ bounce: ReturnedCase) {
    for length in stride(from: 0, to: bounce.mail.count, by: 31) {
      _ = MailSortTests.sort(String(bounce.mail.prefix(length)))
    }
  }

  @Test("a person who writes about a bounce is a person")
  func person() {
    let mail = """
      Return-Path: <els@ouders.test>
      From: els@ouders.test
      Subject: Undelivered mail?

      Ik kreeg dit: weg@ouders.test: user unknown. Klopt dat?
      """
    #expect(MailSortTests.sort(mail) == .person)
  }

  @Test("who passes on a bounce is a person, whatever its subject says")
  func forwarded() {
    let mail = """
      From: els@ouders.test
      Subject: Fwd: Gym (delivery failed)

      ---------- Forwarded message ---------
      From: postmaster@provider.test
      Date: Mon, 4 May 2026 10:00:00 +0200
      Subject: Gym (delivery failed)
      To: els@ouders.test

      Your message could not be delivered to
      weg@bedrijf.test
      """
    #expect(MailSortTests.sort(mail) == .person)
  }

  @Test(
    "who passes on what a machine wrote, as a file, is a person",
    arguments: ["message/delivery-status", "message/disposition-notification", "message/feedback-report"])
  func attached(_ type: String) {
    let mail = """
      From: els@ouders.test
      Subject: Wat is dit?
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary=a

      --a
      Content-Type: text/plain

      Dit kreeg ik terug.
      --a
      Content-Type: message/rfc822

      From: mailer-daemon@provider.test
      Subject: Undelivered
      Content-Type: multipart/report; boundary=b

      --b
      Content-Type: \(type)

      Feedback-Type: abuse
      Reporting-MTA: dns; provider.test

      Final-Recipient: rfc822; weg@bedrijf.test
      Action: failed
      Status: 5.1.1
      --b--
      --a--
      """
    #expect(MailSortTests.sort(mail) == .person)
  }

  @Test("a complaint names who complained, or else to whom the mail went")
  func complaint() throws {
    let report = """
      From: feedback@provider.test
      Content-Type: multipart/report; report-type=feedback-report; boundary=b

      --b

      This is a complaint.
      --b
      Content-Type: message/feedback-report

      Feedback-Type: abuse
      Version: 1
      Original-Rcpt-To: <els@ouders.test>
      --b
      Content-Type: message/rfc822

      \(Self.original)
      --b--
      """
    let read = { (text: String) in
      AbuseReport.read(MailMessage.parse(Data(text.replacing("\n", with: "\r\n").utf8)))
    }
    #expect(read(report)?.recipients.map(\.description) == ["els@ouders.test"])
    #expect(read(report)?.originalMessageID == "m1@school.test")
    let without = report.replacing("Original-Rcpt-To: <els@ouders.test>\n", with: "")
    #expect(read(without)?.recipients.map(\.description) == ["weg@ouders.test"])
  }
}
