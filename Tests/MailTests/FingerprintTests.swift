import Foundation
import Testing

@testable import Mail

@Suite("Copies of one mail have one fingerprint, and no other mail has it")
struct FingerprintTests {
  static let model = """
    From: Els <els@ouders.test>
    To: postvak.anna@school.test
    Date: Wed, 25 Nov 2026 10:00:00 +0100
    Subject: Vraag
    Message-ID: <a@client.test>
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 8bit

    Heeft Noor gym, of één uur vrij?

    """

  static func fingerprint(_ text: String) -> String {
    MailMessage.parse(Data(text.replacing("\n", with: "\r\n").utf8)).fingerprint
  }

  @Test(
    "What the way adds or encodes anew makes no other mail",
    arguments: [
      (
        "From: Els",
        "Received: by hop.test; Wed, 25 Nov 2026 10:00:01 +0100\nDelivered-To: gateway@school.test\nFrom: Els"
      ),
      ("From: Els", "Authentication-Results: mail.school.test; dkim=pass\nDKIM-Signature: v=1; b=\n x\nFrom: Els"),
      ("Els <els@ouders.test>", "els@Ouders.test"),
      ("8bit\n\nHeeft Noor gym, of één", "quoted-printable\n\nHeeft Noor gym, =\nof =C3=A9=C3=A9n"),
      ("10:00:00 +0100", "10:05:00 +0100"),
    ])
  func copies(part: String, instead: String) {
    #expect(Self.model.contains(part))
    #expect(Self.fingerprint(Self.model) == Self.fingerprint(Self.model.replacing(part, with: instead)))
  }

  @Test(
    "Another author, subject, day, word or file under a known Message-ID is another mail",
    arguments: [
      ("els@ouders.test", "frank@ouders.test"), ("els@ouders.test>", "els@ouders.test>, x@y.test"),
      ("Subject: Vraag", "Subject: Vraagje"), ("Wed, 25", "Thu, 26"), ("gym", "Gym"),
      ("a@client.test", "b@client.test"),
      ("text/plain;", "text/plain; name=gym.txt;"),
    ])
  func others(part: String, instead: String) {
    #expect(Self.model.contains(part))
    #expect(Self.fingerprint(Self.model) != Self.fingerprint(Self.model.replacing(part, with: instead)))
  }

  @Test("Without a Message-ID the instant of writing tells mails apart")
  func withoutID() {
    let model = Self.model.replacing("Message-ID: <a@client.test>\n", with: "")
    #expect(Self.fingerprint(model) == Self.fingerprint("Received: by hop.test\n" + model))
    #expect(Self.fingerprint(model) == Self.fingerprint(model.replacing("10:00:00 +0100", with: "09:00:00 +0000")))
    #expect(Self.fingerprint(model) != Self.fingerprint(model.replacing("10:00:00", with: "10:00:01")))
  }
}
