import Foundation
import Mail
import Testing

@testable import Deliverability

@Suite("Who a mail is really from")
struct AuthenticationResultsTests {
  static func proof(_ fields: [String], from: String) -> SenderProof {
    let header = fields.map { "Authentication-Results: \($0)\r\n" }.joined()
    let message = MailMessage.parse(Data("\(header)From: \(from)\r\n\r\nhoi\r\n".utf8))
    guard let address = MailAddress(from) else { return .none }
    return AuthenticationResults.read(message.header, authservID: "mail.school.test").proof(of: address)
  }

  @Test(
    "A pass of our own server that is aligned with From proves it",
    arguments: [
      ("mail.school.test; dmarc=pass header.from=ouders.test", "dmarc"),
      ("MAIL.school.test 1; dkim=pass (good; \"x\") header.d=ouders.test", "dkim"),
      ("mail.school.test; dkim=fail header.d=ouders.test; dkim=pass header.i=@mail.ouders.test", "dkim"),
      ("mail.school.test; spf=pass smtp.mailfrom=bounce@ouders.test", "spf"),
      ("mail.school.test; auth=pass (login) smtp.auth=anna@ouders.test", "auth"),
      ("mail.school.test;\r\n dkim = pass\r\n header.d = ouders.test", "dkim"),
    ])
  func proves(field: String, method: String) {
    #expect(Self.proof([field], from: "anna@ouders.test") == .aligned(method: method))
  }

  @Test(
    "Nothing else does",
    arguments: [
      "evil.test; dmarc=pass header.from=ouders.test", "mail.school.test.evil.test; dmarc=pass",
      "mail.school.test; none", "mail.school.test; dmarc=fail header.from=ouders.test",
      "mail.school.test; dmarc=pass header.from=elders.test", "mail.school.test; dkim=pass header.d=elders.test",
      "mail.school.test; spf=pass smtp.mailfrom=x@elders.test", "mail.school.test; spf=pass",
      "mail.school.test; auth=pass smtp.auth=els@ouders.test", "mail.school.test; dkim=pass header.d=test",
      "mail.school.test; dkim=pass header.d=nouders.test", "mail.school.test (dmarc=pass header.from=ouders.test",
      "mail.school.test; x=\"; dmarc=pass", "(mail.school.test; dmarc=pass)", "", ";;;",
      "evil.test mail.school.test; dmarc=pass", "mail.school.test; dmarc=pass",
      // The domain's owner wants strict alignment.
      "mail.school.test; dkim=pass header.d=mail.ouders.test; dmarc=fail (p=reject) header.from=ouders.test",
    ])
  func provesNothing(field: String) {
    #expect(Self.proof([field], from: "anna@ouders.test") == .none, "\(field)")
  }

  @Test(
    "Who logged in at our own server is proven, whatever DMARC says; a signature alone tells not who brings the mail")
  func brought() throws {
    let from = "anna@ouders.test"
    let login = "mail.school.test; dmarc=fail header.from=ouders.test; auth=pass smtp.auth=\(from)"
    #expect(Self.proof([login], from: from) == .aligned(method: "auth"))
    let address = try #require(MailAddress(from))
    for (field, isBrought) in [
      (login, true), ("mail.school.test; spf=pass smtp.mailfrom=x@ouders.test", true),
      ("mail.school.test; spf=pass smtp.mailfrom=x@elders.test; dkim=pass header.d=ouders.test", false),
      ("evil.test; spf=pass smtp.mailfrom=x@ouders.test", false),
      ("mail.school.test; dkim=pass header.d=ouders.test; auth=pass smtp.auth=els@ouders.test", false),
    ] {
      let header = MailMessage.parse(Data("Authentication-Results: \(field)\r\n\r\n".utf8)).header
      let results = AuthenticationResults.read(header, authservID: "mail.school.test")
      #expect(results.isBrought(by: address) == isBrought, "\(field)")
    }
  }

  @Test("A forged field of another name beside ours counts for nothing")
  func forgedBeside() {
    let fields = ["mail.school.test; dmarc=fail", "evil.test; dmarc=pass header.from=ouders.test"]
    #expect(Self.proof(fields, from: "anna@ouders.test") == .none)
  }

  @Test("Domains under a public suffix are not one organisation")
  func suffixes() {
    #expect(!Alignment.isAligned("co.uk", with: "school.co.uk") && !Alignment.isAligned("nl", with: "school.nl"))
    #expect(
      Alignment.isAligned("school.co.uk", with: "mail.school.co.uk")
        && Alignment.isAligned("school.nl", with: "x.school.nl"))
    #expect(!Alignment.isAligned(nil, with: "a.nl") && !Alignment.isAligned("", with: "a.nl"))
  }
}
