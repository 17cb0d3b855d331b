import Foundation
import Testing

@testable import CLI

@Suite("postplein explain", .timeLimit(.minutes(6)))
struct ExplainTests {
  private func explain(_ mail: String, authservID: String? = nil) -> MailExplanation {
    MailExplanation(
      of: Data(mail.replacing("\n", with: "\r\n").utf8), file: "mail.eml", authservID: authservID)
  }

  static let reply = """
    From: Els de Vries <els@ouders.test>
    To: ouders@school.test
    Subject: Re: Gym
    Message-ID: <1@ouders.test>
    Authentication-Results: mail.school.test; dmarc=pass header.from=ouders.test
    Date: Mon, 02 Nov 2026 10:00:00 +0100

    Hoe laat?

    Op ma 2 nov 2026 om 09:00 schreef Juf Anna <ouders@school.test>:
    > Morgen gym.

    """

  @Test("A forward that is attached shows its text and its files")
  func attachedForward() {
    let found = explain(
      """
      From: Els de Vries <els@ouders.test>
      Subject: Fwd: kaart
      Content-Type: multipart/mixed; boundary=a

      --a
      Content-Type: text/plain

      Zie hieronder
      --a
      Content-Type: message/rfc822

      From: Gemeente <info@gemeente.test>
      Subject: kaart
      Content-Type: multipart/mixed; boundary=b

      --b
      Content-Type: text/plain

      Dag,
      zie de kaart.
      --b
      Content-Type: application/pdf; name=kaart.pdf
      Content-Disposition: attachment

      %PDF
      --b--
      --a--

      """)
    #expect(found.forwarded?.text == "Dag,\nzie de kaart.")
    #expect(found.forwarded?.attachments.map(\.name) == ["kaart.pdf"])
    #expect(found.readable(why: false).contains("forwarded attachment: kaart.pdf (application/pdf, 4 octets)"))
  }

  @Test("A person's mail shows what is new in it, what was left out, and by what the sender is proven")
  func person() {
    let found = explain(Self.reply, authservID: "mail.school.test")
    #expect(found.kind == "person")
    #expect(found.from?.address == "els@ouders.test")
    #expect(found.text == "Hoe laat?")
    #expect(found.cuts.contains { $0.text?.contains("Morgen gym.") == true })
    #expect(found.provenBy == "dmarc")
    #expect(explain(Self.reply, authservID: "elsewhere.test").provenBy == nil)
    #expect(explain(Self.reply).provenBy == nil)
    #expect(found.readable(why: false).contains("    | Hoe laat?"))
  }

  @Test("A forward shows the original and the forwarder's own words apart")
  func forward() {
    let found = explain(
      """
      From: Juf Anna <anna@school.test>
      Subject: Fwd: Jelle is ziek

      Graag verwerken.

      ---------- Forwarded message ---------
      Van: Els de Vries <els@ouders.test>
      Date: ma 2 nov 2026 om 08:00
      Subject: Jelle is ziek
      To: Juf Anna <anna@school.test>

      Jelle komt vandaag niet.

      """)
    #expect(found.text == "Graag verwerken.")
    #expect(found.forwarded?.from.address == "els@ouders.test")
    #expect(found.forwarded?.text == "Jelle komt vandaag niet.")
  }

  @Test("A delivery status shows each recipient, the server's words and who must act")
  func bounce() {
    let found = explain(
      """
      From: MAILER-DAEMON@mail.school.test
      Subject: Undelivered Mail Returned to Sender
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status; boundary=b

      --b
      Content-Type: text/plain

      Sorry.
      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mail.school.test

      Final-Recipient: rfc822; weg@hotmail.com
      Action: failed
      Status: 5.1.1
      Diagnostic-Code: smtp; 550 5.1.1 no such user

      --b--

      """)
    #expect(found.kind == "bounce")
    let delivery = found.deliveries.first
    #expect(found.deliveries.count == 1)
    #expect(delivery?.recipient == "weg@hotmail.com")
    #expect([delivery?.outcome, delivery?.reason, delivery?.actor] == ["hard", "unknown-user", "school"])
    #expect(delivery?.diagnostic == "550 5.1.1 no such user")
    #expect(delivery?.provider == "outlook-consumer")
  }

  @Test(
    "Anything can be explained, and steers no terminal", arguments: ["", "\u{00}", "From: \u{1B}[2J", "\n\n\u{9B}2J"])
  func hostile(_ mail: String) {
    let found = explain(mail)
    #expect(!found.kind.isEmpty)
    #expect(!Output.printable(found.readable(why: true)).unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
  }

  @Test("A report on one mail's failed authentication names that mail's recipient")
  func authenticationFailure() {
    let found = explain(
      """
      From: dmarc@provider.test
      To: dmarc@school.test
      Subject: Authentication failure
      Content-Type: multipart/report; report-type=feedback-report; boundary=b

      --b

      This mail failed DMARC.
      --b
      Content-Type: message/feedback-report

      Feedback-Type: auth-failure
      Version: 1
      Auth-Failure: dmarc
      --b
      Content-Type: text/rfc822-headers

      From: ouders@school.test
      To: els@hotmail.com
      --b--
      """)
    #expect(found.kind == "dmarc-report")
    #expect(found.deliveries.map(\.recipient) == ["els@hotmail.com"])
    #expect(found.deliveries.first?.outcome == "complaint" && found.deliveries.first?.actor == "mail-admin")
  }

  @Test("Each file gives one JSON object on a line; one that cannot be read gives exit code 74, and the others go on")
  func binary() async throws {
    let folder = try SchoolFolder()
    try folder.write(Self.reply, to: "a.eml")
    let file = folder.url.appending(path: "a.eml").path
    let result = try await Binary.run(["explain", "--json", "/nonexistent.eml", file, file])
    #expect(result.code == 74)
    #expect(result.complaint.contains("/nonexistent.eml"))
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 2)
    let object = try JSONSerialization.jsonObject(with: Data(try #require(lines.first).utf8)) as? [String: Any]
    #expect(object?["file"] as? String == file)
    #expect(object?["text"] as? String == "Hoe laat?")
    #expect(object?["kind"] as? String == "person")
  }
}

@Suite("Explain with many files")
struct LateFilesTests {
  @Test("the parser gets the options and a hundred files, the rest are files as they are")
  func split() {
    let files = (0..<500).map { "\($0).eml" }
    let (arguments, late) = LateFiles.split(["explain", "--authserv-id", "mx.school.nl"] + files)
    #expect(arguments.prefix(3) == ["explain", "--authserv-id", "mx.school.nl"])
    #expect(arguments.count == 102)
    #expect(Array(arguments.dropFirst(3)) + late == files)
  }

  @Test("an option behind the files is read as one")
  func optionsLast() {
    let (arguments, late) = LateFiles.split(["explain"] + (0..<500).map { "\($0).eml" } + ["--json"])
    #expect(arguments.last == "--json")
    #expect(late.isEmpty)
  }

  @Test("other commands keep their arguments")
  func others() {
    let given = ["send"] + (0..<500).map(String.init)
    #expect(LateFiles.split(given).arguments == given)
  }

  @Test("HTML mails that are read beside each other, the first of a process, hold each other up in none of many starts")
  func firstPages() async throws {
    let mail = "From: els@ouders.test\r\nContent-Type: text/html\r\n\r\n<p>Hoe laat?</p>\r\n"
    let files = try SchoolFolder("")
    for name in ["1.eml", "2.eml", "3.eml", "4.eml"] { try files.write(mail, to: name) }
    for _ in 0..<25 {
      let read = try await Binary.run(["explain", "--json", "1.eml", "2.eml", "3.eml", "4.eml"], in: files.url)
      #expect(read.code == 0 && read.output.split(separator: "\n").count == 4)
    }
  }
}
