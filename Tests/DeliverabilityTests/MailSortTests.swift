import Foundation
import Mail
import Testing

@testable import Deliverability

@Suite("Who or what a mail comes from")
struct MailSortTests {
  static func sort(_ lines: String) -> MailSort {
    MailSort.of(MailMessage.parse(Data(lines.replacing("\n", with: "\r\n").utf8))) { mark in
      switch mark {
      case .messageID(let id): id == "ours@school.test"
      case .sender(let address): address.localPart == "school"
      }
    }
  }

  @Test(
    "What bears a gateway's mark goes round, and so does what made more than a hundred hops", arguments: [100, 101])
  func goesRound(hops: Int) {
    let trace = String(repeating: "Received: from a.test by b.test; Wed, 18 Nov 2026 10:00:00 +0100\n", count: hops)
    #expect(Self.sort("\(trace)From: els@ouders.test\nSubject: Gym\n\nHoi\n") == (hops > 100 ? .ownLoop : .person))
    #expect(Self.sort("From: els@ouders.test\nX-Postplein: elders.test\nSubject: Gym\n\nHoi\n") == .ownLoop)
  }

  static let report = """
    Return-Path: <>
    From: MAILER-DAEMON@mail.test
    Subject: Undelivered Mail Returned to Sender
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b

    It did not work.
    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mail.test
    Arrival-Date: Mon, 1 Jun 2026 10:00:00 +0200

    Final-Recipient: rfc822; weg@ouders.test
    Original-Recipient: rfc822;Weg@ouders.test
    Action: FAILED
    Status: 5.1.1 (no such user)
    Remote-MTA: dns; mx.ouders.test
    Diagnostic-Code: smtp; 550 5.1.1 <weg@ouders.test>
        User unknown

    Final-Recipient: rfc822; <vol@ouders.test>
    Action: delayed
    Status: 4.2.2
    --b
    Content-Type: text/rfc822-headers

    Message-ID: <abc@school.test>
    Subject: Gym

    --b--
    """

  @Test(
    "A delivery status has each recipient with action, status and the server's words, and the original's Message-ID")
  func deliveryStatus() throws {
    guard case .deliveryStatus(let status) = Self.sort(Self.report) else {
      Issue.record("not read")
      return
    }
    #expect(status.reportingMTA == "mail.test" && status.originalMessageID == "abc@school.test")
    #expect(status.recipients.map(\.action) == [.failed, .delayed])
    #expect(status.recipients[0].finalRecipient?.description == "weg@ouders.test")
    #expect(status.recipients[0].status == "5.1.1" && status.recipients[0].remoteMTA == "mx.ouders.test")
    #expect(status.recipients[0].diagnostic == "550 5.1.1 <weg@ouders.test> User unknown")
    #expect(
      status.recipients[1].finalRecipient?.description == "vol@ouders.test" && status.recipients[1].status == "4.2.2")
    #expect(MailSort.deliveryStatus(status).kind == "bounce")
  }

  @Test("An exit code tells nothing, and which command was refused stands in the text alone")
  func told() throws {
    let bare = Self.report.replacing(
      "Diagnostic-Code: smtp; 550 5.1.1 <weg@ouders.test>\n    User unknown", with: "Diagnostic-Code: x-unix; 73")
    guard case .deliveryStatus(let program) = Self.sort(bare) else {
      Issue.record("not read")
      return
    }
    #expect(program.recipients[0].diagnostic == "It did not work.")
    let second = "Final-Recipient: rfc822; <vol@ouders.test>\nAction: delayed\nStatus: 4.2.2\n"
    let single = Self.report.replacing(second, with: "").replacing(
      "It did not work.", with: "<weg@ouders.test>: 550 no (in reply to MAIL\n    FROM command)")
    guard case .deliveryStatus(let sender) = Self.sort(single) else {
      Issue.record("not read")
      return
    }
    #expect(sender.recipients.map(\.provider) == [nil])
    #expect(sender.recipients[0].diagnostic?.hasSuffix("(in reply to MAIL FROM command)") == true)
  }

  @Test("Where Exchange delivers by itself its own host is the one that refused; else nobody knows")
  func reporter() throws {
    let report = Self.report.replacing("Remote-MTA: dns; mx.ouders.test\n", with: "")
      .replacing("Reporting-MTA: dns; mail.test", with: "Reporting-MTA: dns; am0pr01.eurprd01.prod.outlook.com")
    for (words, provider) in [
      ("RESOLVER.ADR.RecipientNotFound; User", "m365-tenant"), ("5.7.705 tenant has exceeded User", "m365-tenant"),
      ("TRANSPORT.RULES; User", "m365-tenant"), ("Remote server returned an error -> User", nil),
    ] {
      guard case .deliveryStatus(let status) = Self.sort(report.replacing("User", with: words)) else {
        Issue.record("not read")
        continue
      }
      #expect(status.recipients[0].provider == provider, "\(words)")
    }
  }

  @Test("A name within the reporting machine gives way to the address that the text tells people")
  func within() {
    let report = Self.report.replacing("rfc822; weg@ouders.test", with: "rfc822; W123@mail.test")
    let named = report.replacing("It did not work.", with: "Original address: weg@ouders.test")
    for (mail, address) in [(report, "W123@mail.test"), (named, "Weg@ouders.test")] {
      guard case .deliveryStatus(let status) = Self.sort(mail) else {
        Issue.record("not read")
        continue
      }
      #expect(status.recipients[0].finalRecipient?.description == address)
    }
  }

  @Test("A report that was cut off anywhere is read as far as it goes, or is a bounce")
  func truncated() {
    for length in stride(from: 0, to: Self.report.count, by: 23) {
      let sort = Self.sort(String(Self.report.prefix(length)))
      if length > 120 { #expect(sort != .person, "cut at \(length)") }
    }
  }

  @Test(
    "What a server returns without saying who failed is a bounce of nobody",
    arguments: [
      "Return-Path: <>\nSubject: Onbestelbaar: Gym\nFrom: els@ouders.test", "Return-Path: <>\nFrom: postmaster@x.test",
      "Return-Path: <list@school.test>\nFrom: MAILER-DAEMON@x.test\nSubject: ?",
    ])
  func nameless(header: String) {
    let sort = Self.sort("\(header)\n\nHet ging niet.\n")
    #expect(sort.kind == "bounce")
    guard case .deliveryStatus(let status) = sort else { return }
    #expect(status.recipients.map(\.finalRecipient) == [nil])
  }

  @Test("Recipients without an empty line between them are told apart, and those without an action")
  func mangled() {
    let glued = Self.report.replacing("User unknown\n\nFinal", with: "User unknown\nFinal")
    guard case .deliveryStatus(let status) = Self.sort(glued) else {
      Issue.record("not read")
      return
    }
    #expect(status.recipients.count == 2)
    // Without its action, a status of 5 is a failure.
    guard case .deliveryStatus(let told) = Self.sort(Self.report.replacing("Action:", with: "Deed:")) else {
      Issue.record("not read")
      return
    }
    #expect(told.recipients.map(\.action) == [.failed])
  }

  @Test(
    "Machines are told by their signals",
    arguments: [
      ("Auto-Submitted: auto-replied", MailSort.autoReply), ("Auto-Submitted: auto-generated (x)", .autoReply),
      ("X-Autoreply: yes", .autoReply), ("Precedence: auto_reply", .autoReply),
      ("Subject: Automatisch antwoord: Gym", .autoReply), ("Subject: Out of Office: Gym", .autoReply),
      ("Return-Path: <>", .autoReply), ("X-Auto-Response-Suppress: All\nSubject: Afwezig: Re: Gym", .autoReply),
      ("Precedence: bulk", .bulk), ("List-Id: <x.y>", .bulk),
      ("Message-ID: <ours@school.test>", .ownLoop),
      ("From: School <school@school.test>", .ownLoop),
      ("Subject: Report Domain: school.test Submitter: x.test Report-ID: 1", .report(.dmarc)),
      ("Content-Type: application/gzip; name=\"x.test!school.test!1700000000!1700086400.xml.gz\"", .report(.dmarc)),
      ("Content-Type: application/tlsrpt+gzip", .report(.tls)),
      ("Content-Type: text/calendar; method=REPLY", .calendarReply),
      ("Subject: Auto reply: Gym", .autoReply), ("Subject: Gym (Automatic Response)", .autoReply),
      ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\nSubject: Gym", .autoReply),
      ("From: verify@spamarrest.com\nSubject: Re: Gym", .challenge),
      ("Auto-Submitted: auto-replied\nSubject: Bevestig uw bericht aan Els", .challenge),
      ("Content-Type: message/disposition-notification", .readReceipt),
      ("Content-Type: message/feedback-report", .complaint),
      ("Subject: Away from my mail\nPrecedence: bulk", .autoReply),
      ("Subject: Out of office Re: Gym\nPrecedence: bulk", .autoReply),
      ("Subject: Out of office Re: Gym\nPrecedence: bulk\nList-Id: <x.y>", .bulk),
      ("Subject: Afwezig\nX-Auto-Response-Suppress: OOF\nIn-Reply-To: <1@school.test>", .autoReply),
      ("Subject: [EXTERN] Automatisch antwoord: Gym", .autoReply), ("X-Precedence: auto_reply", .autoReply),
      ("X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: els@ouders.test", .autoReply),
    ])
  func machines(header: String, sort: MailSort) {
    let from = header.contains("From:") ? "" : "From: els@ouders.test\n"
    #expect(Self.sort("\(from)\(header)\n\nhoi\n") == sort)
  }

  @Test("What Outlook.com's users report as junk comes back as it was, with who reported it")
  func junk() throws {
    let mail = { (from: String) in
      MailMessage.parse(
        Data(
          """
          From: \(from)
          Subject: complaint about message from 192.0.2.1
          Content-Type: message/rfc822

          X-HmXmrOriginalRecipient: els@hotmail.com
          Message-ID: <1@school.test>
          From: school@school.test

          hoi

          """.replacing("\n", with: "\r\n").utf8))
    }
    #expect(MailSort.of(mail("els@ouders.test")) { _ in false } == .person)
    let report = mail("staff@hotmail.com")
    #expect(MailSort.of(report) { _ in false } == .complaint)
    let read = try #require(AbuseReport.read(report))
    #expect(read.recipients.map(\.description) == ["els@hotmail.com"] && read.originalMessageID == "1@school.test")
  }

  @Test(
    "What Exchange Online judged by itself is no provider's of the recipient; what another server said is",
    arguments: [
      (
        "550 5.1.90 Your message can't be sent because you've reached your daily limit", "", "m365-tenant",
        "rate-limited"
      ),
      ("550 5.1.1 The email account that you tried to reach does not exist", "mx.gmail.test", "gmail", "unknown-user"),
      ("550 5.0.350 Remote server returned an error -> 550 5.1.1 no such user", "", "gmail", "unknown-user"),
    ])
  func ownJudgement(words: String, asked: String, provider: String, reason: String) throws {
    let remote = asked.isEmpty ? "" : "Remote-MTA: dns; \(asked)\n"
    let sort = Self.sort(
      """
      From: postmaster@school.test
      Content-Type: message/delivery-status

      Reporting-MTA: dns; AM0PR05MB1234.eurprd05.prod.outlook.com

      Final-Recipient: rfc822; els@gmail.com
      Action: failed
      Status: 5.0.0
      \(remote)Diagnostic-Code: smtp; \(words)

      """)
    guard case .deliveryStatus(let status) = sort else { throw DeliveryMissing() }
    let recipient = try #require(status.recipients.first)
    #expect(recipient.provider == provider)
    let verdict = DeliveryVerdict.of(
      action: .failed, status: recipient.status, words: recipient.diagnostic, provider: recipient.provider)
    #expect(verdict.reason == reason)
  }

  private struct DeliveryMissing: Error {}

  @Test("A report on failed authentication is DMARC's, one on abuse is a complaint")
  func feedback() {
    let report = { (type: String) in
      Self.sort("From: x@y.test\nContent-Type: message/feedback-report\n\nFeedback-Type: \(type)\nVersion: 1\n")
    }
    #expect(report("auth-failure") == .report(.dmarc))
    #expect(report("abuse") == .complaint)
  }

  @Test(
    "The last day of an absence is read",
    arguments: [
      ("Ik ben afwezig tot en met 5 mei.", "2026-05-05"), ("Afwezig t/m maandag 4 mei 2026", "2026-05-04"),
      ("Ik ben er niet tot 12-5.", "2026-05-12"), ("Vanaf 20 april ben ik weg, op 6 mei ben ik terug op school", nil),
      ("Ik ben weer terug op 6 mei.", "2026-05-05"), ("Ik bin fuort oant en mei 9 maaie.", "2026-05-09"),
      ("I am away until May 5th, 2026.", "2026-05-05"), ("I will be back on Monday 4 May", "2026-05-03"),
      ("Ich bin bis zum 8. Mai nicht da.", "2026-05-08"), ("Ik ben afwezig tot maandag.", "2026-04-20"),
      ("Tot ziens! Ik ben met vakantie.", nil), ("Ik lees tot 8 uur mail.", nil), ("Tot 31 februari weg", nil),
      ("Absent jusqu'au 3 janvier.", "2027-01-03"), ("Absent jusqu’au 3 janvier.", "2027-01-03"),
      ("Afwezig tot en\r\nmet vr\u{A0}8 mei", "2026-05-08"), ("Away until Fri 8 May", "2026-05-08"),
      ("Afwezig t/m: 8 mei", "2026-05-08"), ("Weg t/m de 12e.", "2026-05-12"), ("Tot zo! Ik ben weg.", nil),
      ("Ik werk van dinsdag t/m vrijdag.", nil), ("Bereikbaar van 9.00 tot 11.05 uur.", nil),
      ("Weg t/m 8 mei. De balie is open van maandag tot en met donderdag.", "2026-05-08"),
      ("Weg van maandag tot en met vrijdag 8 mei", "2026-05-08"), ("Ik ben weg: 1 mei - 8 mei.", "2026-05-08"),
      ("On leave from 1 May to 8 May 2026", "2026-05-08"), ("I talk to May 8 times a day", nil),
      ("Vanaf maandag 4 mei ben ik weer bereikbaar.", "2026-05-03"), ("Maandag 4 mei ben ik er weer.", "2026-05-03"),
      ("Ik bin fan 4 maaie ôf wer oan it wurk.", "2026-05-03"), ("Ab dem 4. Mai bin ich wieder da.", "2026-05-03"),
      ("Ik ben er weer op 4 mei", "2026-05-03"), ("Op 4 mei is het feest. Ik ben gauw weer terug.", nil),
      ("I am away and will return Monday 4 May.", "2026-05-03"), ("Maandag ben ik weer terug.", nil),
    ] as [(String, String?)])
  func absence(text: String, day: String?) {
    let mail = MailMessage.parse(
      Data("From: a@b.nl\r\nDate: Fri, 17 Apr 2026 10:00:00 +0200\r\n\r\n\(text)\r\n".utf8))
    let found = Absence.lastDay(mail)?.formatted(.iso8601.year().month().day())
    #expect(found == day, "\(text)")
  }

  @Test("An automatic answer repeats the subject of what it answers")
  func absenceInSubject() {
    for (subject, day) in [("Automatisch antwoord: Inschrijven t/m 8 mei", nil), ("Afwezig t/m 8 mei", "2026-05-08")] {
      let raw = "From: a@b.nl\r\nDate: Fri, 17 Apr 2026 10:00:00 +0200\r\nSubject: \(subject)\r\n\r\nIk ben weg.\r\n"
      let found = Absence.lastDay(MailMessage.parse(Data(raw.utf8)))?.formatted(.iso8601.year().month().day())
      #expect(found == day)
    }
  }

  @Test(
    "People are people, also in a hurry",
    arguments: [
      "Subject: Afwezig morgen", "Subject: Afwezig: Noor", "Subject: Auto: lekke band", "Subject: Noor is afwezig",
      "Subject: automatisch", "Auto-Submitted: no",
      "X-Auto-Response-Suppress: All\nSubject: Gym", "Subject: Re: Undelivered mail?",
      "Subject: Out of office supplies",
      "Return-Path: <els@ouders.test>", "X-Loop: forwarder", "", "X-Autoreply: no",
      "Subject: Absentie Noor\nX-Auto-Response-Suppress: All\nReferences: <1@school.test>",
      "Subject: Afwezig: Noor\nX-Auto-Response-Suppress: All", "Subject: Afwezigheidsbericht: Noor",
      "Subject: Fwd: Gym\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
      """
      Subject: Gym
      X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent
      X-MS-Exchange-Inbox-Rules-Loop: oud@school.test
      """,
      "Return-Path: <postmaster@gemeente.test>\nSender: postmaster@gemeente.test",
    ])
  func people(header: String) {
    #expect(
      Self.sort("From: els@ouders.test\n\(header)\n\nhoi\n".replacing("\n\n\n", with: "\n\n")) == .person, "\(header)")
  }

  @Test(
    "Who writes that something was not delivered is a person",
    arguments: [
      (
        "Boekenpakket niet bezorgd",
        "Het boekenpakket is niet bezorgd. Klopt het adres?\n\nEls\n06-12345678\nels@ouders.test"
      ),
      (
        "Uw mail is niet afgeleverd",
        "Die kon niet worden afgeleverd, want de mailbox is vol. Neem dit adres:\n\njan@ouders.test"
      ),
      ("Undeliverable mail?", "Your mails could not be delivered last week, as my inbox was full."),
      ("Mail delivery failed", "My mail to you could not be delivered yesterday, so again: Noor is ill today."),
      ("Vertraagd", "De trein is vertraagd, en de brief kon niet worden bezorgd op 4-12-26."),
      ("Niet bezorgd: schoolfoto", "De schoolfoto is niet bezorgd. Wilt u nakijken?\n\n---\nEls"),
      (
        "Niet bezorgd: bestelling",
        "Die is niet bezorgd.\n\nBestelling: 510 Setje A\n-----Oorspronkelijk bericht-----\nVan: Foto"
      ),
      ("Mail delivery failed", "Hoi juf, mijn mail could not be delivered: 550 5.1.1 user unknown. Wat doe ik fout?"),
      (
        "FW: Mail delivery failed",
        "Krijg dit steeds\nterug\n\nA message could not be delivered:\n550 5.1.1 user unknown"
      ),
      (
        "Onbestelbaar: Ziekmelding",
        "Goedemorgen, Noor is ziek.\n\nDit kon niet worden bezorgd:\n550 5.1.1 user unknown"
      ),
      (
        "failure notice",
        "> It could not be delivered\n> 550 5.1.1 user unknown"
      ),
      (
        "Re: mail niet bezorgd",
        "Je mail kon niet worden bezorgd, dit is zijn adres:\njan@ouders.test\n\nBel 058 123 45 67"
      ),
    ])
  func undelivered(subject: String, text: String) {
    #expect(Self.sort("From: els@ouders.test\nSubject: \(subject)\n\n\(text)\n") == .person)
  }

  @Test(
    "What no person types tells a machine that writes in a person's name",
    arguments: [
      "It could not be delivered to\nweg@ouders.test: 550 5.1.1 user unknown",
      "It could not be delivered.\n\n550 No such user here", "Uw bericht kon niet worden bezorgd.\n(#5.1.1)",
      "--- Non-Delivery Report ---\nIt could not be delivered to weg@ouders.test",
      "Delivery has failed to these recipients or groups:\n\nweg@ouders.test\nThe mailbox is full.",
      "Your message\n\n  Subject: Gym\n\nwas not delivered to:\n\n  weg@ouders.test\n\nbecause:\n\n  No such user",
      "It could not be delivered to weg@ouders.test\n\nOriginal message follows\n\nReceived: from a.test\nMessage-ID: <x@y>",
    ])
  func undeliveredByMachine(text: String) {
    #expect(Self.sort("From: post@provider.test\nSubject: Undeliverable: Gym\n\n\(text)\n").kind == "bounce")
    #expect(Self.sort("From: els@ouders.test\nSubject: Gym\n\n\(text)\n") == .person)
  }

  @Test(
    "A mailbox that refuses by a disposition notification did not get the mail", arguments: ["deleted", "displayed"])
  func refusal(disposition: String) {
    let mail = """
      Return-Path: <>
      From: postmaster@provider.test
      Subject: Rejected: Gym
      Content-Type: multipart/report; report-type=disposition-notification; boundary=b

      --b

      Your message to <vol@ouders.test> was automatically rejected:
      Quota exceeded
      --b
      Content-Type: message/disposition-notification

      Final-Recipient: rfc822; vol@ouders.test
      Disposition: automatic-action/MDN-sent-automatically; \(disposition)

      --b--
      """
    guard disposition == "deleted" else {
      #expect(Self.sort(mail) == .readReceipt)
      return
    }
    guard case .deliveryStatus(let status) = Self.sort(mail) else {
      Issue.record("no bounce")
      return
    }
    #expect(status.recipients.map { $0.finalRecipient?.description } == ["vol@ouders.test"])
    #expect(status.recipients.map(\.action) == [.failed])
  }

  @Test(
    "A read receipt that lost its report is none of a person's words",
    arguments: [
      ("Gelezen: Gym", "Uw bericht\n\n   Aan:\n   Onderwerp: Gym\n   Verzonden: dinsdag\n\n is gelezen op dinsdag."),
      ("Not read: Gym", "Your message\n\n   To:\n   Subject: Gym\n\n was deleted without being read on Tuesday."),
    ])
  func receipts(subject: String, text: String) {
    #expect(Self.sort("From: els@ouders.test\nSubject: \(subject)\n\n\(text)\n") == .readReceipt)
    #expect(Self.sort("From: els@ouders.test\nSubject: \(subject)\n\nUw bericht is gelezen op school.\n") == .person)
    #expect(Self.sort("From: els@ouders.test\nSubject: Gym\n\n\(text)\n") == .person)
  }

  @Test("Domains of parents have their provider")
  func providers() {
    #expect(Provider.of(domain: "Hotmail.com") == "outlook-consumer" && Provider.of(domain: "ouders.test") == nil)
  }

  @Test(
    "The mail exchanger tells the provider, else the host that spoke, else the domain",
    arguments: [
      ("els@ouders.test", "550 no", "ouders-test.mail.protection.outlook.com", "m365-tenant"),
      ("els@ouders.test", "550 no", "mx2.antispamcloud.com", "spamexperts"),
      ("els@ziggo.nl", "host mx2.antispamcloud.com said: 550 no", nil, "spamexperts"),
      ("els@hotmail.com", "550 no [AM0PR01.eurprd01.prod.outlook.com]", nil, "outlook-consumer"),
      ("els@ouders.test", "by x.prod.outlook.com: mx.transip.email said 550 no", nil, "transip"),
      ("els@kpnmail.nl", "550 no [AM0PR01.eurprd01.prod.outlook.com]", nil, "kpn"),
      ("els@ouders.test", "550 no x1 - gsmtp", nil, "google-workspace"), ("els@gmail.com", "x1 - gsmtp", nil, "gmail"),
      (nil, "550 no x1 - gsmtp", nil, "gmail"), ("els@planet.nl", "550 no", nil, "kpn"),
      ("els@ouders.test", "550 no", "mx.ouders.test", nil), (nil, nil, nil, nil),
    ] as [(String?, String?, String?, String?)])
  func exchangers(recipient: String?, words: String?, remoteMTA: String?, provider: String?) {
    #expect(Provider.of(recipient: recipient.flatMap(MailAddress.init), words: words, remoteMTA: remoteMTA) == provider)
  }
}
