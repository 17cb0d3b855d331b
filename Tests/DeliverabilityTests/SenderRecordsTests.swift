import Testing

@testable import Deliverability

@Suite("What the DNS says of the school as a sender")
struct SenderRecordsTests {
  static var whole: SenderRecords {
    var records = SenderRecords(
      fromDomain: "school.test", returnDomain: "post.school.test", smtpHost: "mail.school.test")
    records.spf = ["v=spf1 mx -all"]
    records.spfLookups = 1
    records.selectors = ["s7"]
    records.dkimKey = SenderRecords.Key(
      name: "s7._domainkey.school.test", record: "v=DKIM1; p=\(String(repeating: "A", count: 200))")
    records.dmarc = SenderRecords.Policy(domain: "school.test", records: ["v=DMARC1; p=reject; rua=mailto:a@b.test"])
    records.exchangers = ["school.test": ["mail.school.test"], "post.school.test": ["mail.school.test"]]
    records.hosts = [SenderRecords.Host(address: "192.0.2.7", isConfirmed: true)]
    records.announcesMTASTS = true
    records.asksTLSReports = true
    records.hasTLSA = true
    return records
  }

  private func finding(_ subject: String, _ change: (inout SenderRecords) -> Void) -> SenderFinding? {
    var records = Self.whole
    change(&records)
    return records.findings.first { $0.subject == subject }
  }

  @Test("A sender that has all of it has nothing to do")
  func well() {
    #expect(Self.whole.findings.allSatisfy { $0.status == .ok && $0.advice == nil })
    #expect(Self.whole.findings.count == 12)
  }

  @Test("What is missing or does harm is told, with what to do")
  func harm() {
    let cases: [(String, String, (inout SenderRecords) -> Void)] = [
      ("spf", "no SPF record", { $0.spf = [] }), ("spf", "2 SPF records", { $0.spf.append("v=spf1 -all") }),
      ("spf", "anybody", { $0.spf = ["v=spf1 +all"] }), ("spf", "look-ups", { $0.spfLookups = 11 }),
      ("alignment", "proves nothing", { $0.returnDomain = "elders.test" }), ("dkim", "no key", { $0.dkimKey = nil }),
      ("dkim", "revoked", { $0.dkimKey?.record = "v=DKIM1; p=" }), ("dmarc", "no DMARC", { $0.dmarc = nil }),
      ("dmarc", "no p=", { $0.dmarc?.records = ["v=DMARC1; rua=mailto:a@b.test"] }),
      ("dmarc", "2 records", { $0.dmarc?.records.append("v=DMARC1; p=none") }),
      ("mx", "takes no mail", { $0.exchangers["post.school.test"] = [""] }), ("ptr", "no address", { $0.hosts = [] }),
      ("ptr", "points back", { $0.hosts[0].isConfirmed = false }),
    ]
    for (subject, words, change) in cases {
      let found = finding(subject, change)
      #expect(found?.status == .failed && found?.message.contains(words) == true && found?.advice != nil, "\(words)")
    }
    #expect(finding("spf") { $0.spf = ["v=spf1 mx"] }?.status == .warning)
    #expect(finding("dmarc") { $0.dmarc?.records = ["v=DMARC1; p=none"] }?.status == .warning)
    #expect(finding("dane") { $0.hasTLSA = false }?.status == .warning)
  }

  @Test("Providers demand more of who sends much")
  func demands() {
    #expect(finding("gmail") { $0.dmarc = nil }?.status == .warning)
    #expect(finding("gmail") { $0.hosts = [] }?.status == .failed)
    #expect(finding("microsoft") { $0.hosts = [] }?.status == .warning)
    let none = finding("microsoft") {
      $0.spf = []
      $0.dkimKey = nil
    }
    #expect(none?.status == .failed && none?.message.contains("missing: SPF, DKIM") == true)
  }

  @Test("The terms of an SPF record that cost a look-up are known, and whose records count too")
  func terms() {
    let terms = SPFTerm.of(
      "v=spf1 ip4:192.0.2.0/24 a mx:x.test ?include:_spf.test exists:%{i}.test redirect=y.test -all")
    #expect(terms.map(\.follows) == [nil, nil, "_spf.test", nil, "y.test"])
    #expect(SPFTerm.of("").isEmpty && SPFTerm.of("v=spf1 -all").isEmpty)
  }
}
