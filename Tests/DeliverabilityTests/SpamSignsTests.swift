import Foundation
import Mail
import Testing

@testable import Deliverability

@Suite("What a provider's header says of spam")
struct SpamSignsTests {
  static func signs(_ header: String) -> [String] {
    let message = MailMessage.parse(Data("\(header)\n\nhoi".replacing("\n", with: "\r\n").utf8))
    return SpamSigns.read(message.header).map { [$0.word, $0.detail].compactMap(\.self).joined(separator: " ") }
  }

  @Test(
    "Each filter's verdict is read with its number",
    arguments: [
      (
        "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:NL;SCL:5;SRV:;SFV:SPM;CAT:SPOOF;",
        ["spam-level 5", "spam-filter", "spoof"]
      ),
      ("X-Forefront-Antispam-Report: SCL:-1;\n SFV:SFE;CAT:NONE;", ["safe-sender"]),
      ("X-Forefront-Antispam-Report: SFV:BLK;SCL:6", ["blocked-sender", "spam-level 6"]),
      ("X-Microsoft-Antispam: BCL:7;ARA:1", ["bulk-level 7"]), ("X-Microsoft-Antispam: BCL:0;", ["nothing-found"]),
      (
        "Authentication-Results: spf=softfail (x) smtp.mailfrom=a.test; dkim=none (not signed)\n header.d=none;dmarc=fail action=none header.from=a.test;compauth=fail reason=001",
        ["spf-fail softfail", "dkim-fail none", "dmarc-fail fail", "compauth-fail fail"]
      ),
      (
        "Authentication-Results: mx.google.com; dkim=pass header.i=@a.test; dmarc=pass",
        ["dkim-pass pass", "dmarc-pass pass"]
      ),
      (
        "X-Spam-Status: Yes, score=7.1 required=5.0 tests=BAYES_99,HTML_MESSAGE autolearn=no",
        ["filter-spam 7.1, BAYES_99,HTML_MESSAGE"]
      ),
      ("X-Spam-Status: No, score=-1.2 required=5.0", ["filter-clean -1.2"]),
      ("X-Spamd-Result: default: True [16.20 / 15.00]", ["filter-spam 16.20"]), ("Subject: hoi", ["nothing-found"]),
      ("X-Forefront-Antispam-Report: nonsense;;:;SFV;SCL:x", ["nothing-found"]),
    ])
  func read(header: String, signs: [String]) { #expect(Self.signs(header) == signs) }
}
