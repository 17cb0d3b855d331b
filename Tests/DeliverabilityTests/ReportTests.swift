import Foundation
import Mail
import Packing
import Testing

@testable import Deliverability

@Suite("DMARC and TLS reports")
struct ReportTests {
  static let xml = """
    <?xml version="1.0"?>
    <feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><report_metadata><org_name>Ontvanger</org_name><report_id>r1</report_id>
    <date_range><begin>1764000000</begin><end>1764086400</end></date_range></report_metadata>
    <policy_published><domain>School.test</domain><p>quarantine</p></policy_published>
    <record><row><source_ip>192.0.2.7</source_ip><count>12</count><policy_evaluated><disposition>none</disposition>
    <dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>school.test</header_from></identifiers>
    <auth_results><dkim><domain>school.test</domain><result>pass</result></dkim><spf><domain>x.test</domain><result>softfail</result></spf></auth_results></record>
    <record><row><source_ip>2001:db8::1</source_ip><count>3</count><policy_evaluated><disposition>quarantine</disposition>
    <dkim>fail</dkim><spf>fail</spf><reason><type>forwarded</type></reason></policy_evaluated></row></record></feedback>
    """
  /// The same, by Python's gzip and zipfile: gzip in gzip, and zip.
  static let gzipped =
    "H4sIAAAAAAACAwGrAVT+H4sIAAAAAAACA41T0VLjMAx8z1cwfaduCnNwGSE+gQc+IOPGSushsY3sFPh7lLopOQgz1ydr5ZV3tSk8vvfd1ZE4Wu8eVuV6s3rEAlois9PNy5V0XXxYDewqS6mtgmbdx0rgysXK9Jqb662QEJiC51T3lLTRSSN43tdO94RPLh212xODumDTdWuQS1BfVQHCpppHAsKO9tZheffndnP6gcoIkDMZvh9boMYa1JyqvgsqIPjONh91GHadjQcShvG9lnHPzcH7bp0oJhmSMQj4Oohbl6wjUEEm/uAXYqPxLIPYvyFEP3BDtQ1Y/pWlrLfrO1BfIDR+cAnLLah8mgTRUXeDSB8F2Rh8tEnSQOfHh+eILOfF9hh0jNIYjxBDi622nTwkp4vG2Uh10mYNiZPWStIIB9KGuG7Z9xjn3ucNUHNOAXpIh5opDl2SEfn1867i0v7y1bPYczFXPZHfl3nRtykbu3Czw391qHMCv0ax3WzKyuzuq6pcCOPmP7OYfwoLiWShi4kw6SgXIX0Ewtbzm2ZDBtSpHuXn9q/BTQZBTX9K/AT9ipwotQMAAAYtL0SrAQAA"
  static let zipped =
    "UEsDBBQAAAAAAAAAIQD9ipwotQMAALUDAAAFAAAAYS54bWw8P3htbCB2ZXJzaW9uPSIxLjAiPz4KPGZlZWRiYWNrIHhtbG5zPSJ1cm46aWV0ZjpwYXJhbXM6eG1sOm5zOmRtYXJjLTIuMCI+PHJlcG9ydF9tZXRhZGF0YT48b3JnX25hbWU+T250dmFuZ2VyPC9vcmdfbmFtZT48cmVwb3J0X2lkPnIxPC9yZXBvcnRfaWQ+CjxkYXRlX3JhbmdlPjxiZWdpbj4xNzY0MDAwMDAwPC9iZWdpbj48ZW5kPjE3NjQwODY0MDA8L2VuZD48L2RhdGVfcmFuZ2U+PC9yZXBvcnRfbWV0YWRhdGE+Cjxwb2xpY3lfcHVibGlzaGVkPjxkb21haW4+U2Nob29sLnRlc3Q8L2RvbWFpbj48cD5xdWFyYW50aW5lPC9wPjwvcG9saWN5X3B1Ymxpc2hlZD4KPHJlY29yZD48cm93Pjxzb3VyY2VfaXA+MTkyLjAuMi43PC9zb3VyY2VfaXA+PGNvdW50PjEyPC9jb3VudD48cG9saWN5X2V2YWx1YXRlZD48ZGlzcG9zaXRpb24+bm9uZTwvZGlzcG9zaXRpb24+Cjxka2ltPnBhc3M8L2RraW0+PHNwZj5mYWlsPC9zcGY+PC9wb2xpY3lfZXZhbHVhdGVkPjwvcm93PjxpZGVudGlmaWVycz48aGVhZGVyX2Zyb20+c2Nob29sLnRlc3Q8L2hlYWRlcl9mcm9tPjwvaWRlbnRpZmllcnM+CjxhdXRoX3Jlc3VsdHM+PGRraW0+PGRvbWFpbj5zY2hvb2wudGVzdDwvZG9tYWluPjxyZXN1bHQ+cGFzczwvcmVzdWx0PjwvZGtpbT48c3BmPjxkb21haW4+eC50ZXN0PC9kb21haW4+PHJlc3VsdD5zb2Z0ZmFpbDwvcmVzdWx0Pjwvc3BmPjwvYXV0aF9yZXN1bHRzPjwvcmVjb3JkPgo8cmVjb3JkPjxyb3c+PHNvdXJjZV9pcD4yMDAxOmRiODo6MTwvc291cmNlX2lwPjxjb3VudD4zPC9jb3VudD48cG9saWN5X2V2YWx1YXRlZD48ZGlzcG9zaXRpb24+cXVhcmFudGluZTwvZGlzcG9zaXRpb24+Cjxka2ltPmZhaWw8L2RraW0+PHNwZj5mYWlsPC9zcGY+PHJlYXNvbj48dHlwZT5mb3J3YXJkZWQ8L3R5cGU+PC9yZWFzb24+PC9wb2xpY3lfZXZhbHVhdGVkPjwvcm93PjwvcmVjb3JkPjwvZmVlZGJhY2s+UEsBAhQDFAAAAAAAAAAhAP2KnCi1AwAAtQMAAAUAAAAAAAAAAAAAAIABAAAAAGEueG1sUEsFBgAAAAABAAEAMwAAANgDAAAAAA=="
  /// Three million spaces.
  static let bomb =
    "H4sIAAAAAAACA+3BQREAIAgAsCoG8eyCCh/6/w3itlmZd8fpNQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgG88qQJ1j8rGLQA="

  static func packed(_ base64: String) throws -> Data { try #require(Data(base64Encoded: base64)) }

  @Test("An aggregate report is read from XML, from zip, and from gzip in gzip")
  func aggregate() throws {
    for file in [Data(Self.xml.utf8), try Self.packed(Self.gzipped), try Self.packed(Self.zipped)] {
      guard case .aggregate(let report) = try #require(AuthenticationReport.read(file: file).first) else {
        Issue.record("not read")
        return
      }
      #expect(report.organisation == "Ontvanger" && report.reportID == "r1" && report.domain == "school.test")
      #expect(report.policy == "quarantine" && report.begin == Date(timeIntervalSince1970: 1_764_000_000))
      #expect(report.total == 15 && report.passed == 12)
      #expect(report.rows.map(\.sourceIP) == ["192.0.2.7", "2001:db8::1"])
      #expect(report.rows[0].checks == ["dkim school.test pass", "spf x.test softfail"])
      #expect(report.rows[1].disposition == "quarantine" && !report.rows[1].passed)
    }
  }

  @Test("A report that breaks off is read as far as it goes; packed ones cut anywhere do no harm")
  func cut() throws {
    let cut = try #require(AggregateReport.read(xml: Data(Self.xml.utf8).dropLast(200)))
    #expect(cut.rows.count == 1)
    for text in [Self.gzipped, Self.zipped] {
      let whole = try Self.packed(text)
      for length in stride(from: 0, to: whole.count, by: 7) {
        _ = AuthenticationReport.read(file: whole.prefix(length))
      }
    }
  }

  @Test("What grows beyond the limits is not unpacked")
  func bombs() throws {
    let bomb = try Self.packed(Self.bomb)
    #expect(bomb.count < 5_000 && Unpacked.files(bomb).isEmpty)
    #expect(Unpacked.files(Data(count: Unpacked.packedOctets + 1)).isEmpty)
    let deep = Data(String(repeating: "<feedback>", count: 100_000).utf8)
    #expect(AggregateReport.read(xml: deep) == nil)
    let entities = "<!DOCTYPE f [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><feedback><domain>&b;</domain></feedback>"
    #expect(AggregateReport.read(xml: Data(entities.utf8)) == nil)
  }

  @Test("Octets that are no UTF-8 anywhere in it do no harm")
  func notUTF8() {
    // Found by fuzzing: a namespace with such octets ended the program.
    for place in ["urn:ietf", "feedback", "Ontvanger", "version"] {
      var octets = Data(Self.xml.utf8)
      guard let found = octets.firstRange(of: Data(place.utf8)) else { continue }
      octets.insert(contentsOf: [0xFF, 0xFE, 0xC3], at: found.upperBound)
      _ = AuthenticationReport.read(file: octets)
    }
  }

  @Test("Times that are none, and numbers beyond all, do no harm", arguments: ["1e300", "-1", "nan", "inf", "x"])
  func nonsense(_ number: String) throws {
    let xml = Self.xml.replacing("<begin>1764000000</begin>", with: "<begin>\(number)</begin>")
    #expect(try #require(AggregateReport.read(xml: Data(xml.utf8))).begin == nil)
    let failure = "{\"result-type\":\"x\",\"failed-session-count\":9223372036854775807}"
    let json = """
      {"policies":[{"policy":{"policy-type":"sts","policy-domain":"school.test"},
      "summary":{"total-successful-session-count":-5,"total-failure-session-count":9223372036854775807},
      "failure-details":[\(failure),\(failure)]}]}
      """
    let policy = try #require(TLSReport.read(json: Data(json.utf8))?.policies.first)
    #expect(policy.succeeded == 0 && policy.failed == TLSReport.mostSessions)
    #expect(policy.failures.reduce(0) { $0 + $1.count } == 2 * TLSReport.mostSessions)
  }

  @Test("Of a mail of a thousand reports the first ten are read")
  func manyReports() {
    let part = "--b\r\nContent-Type: text/xml\r\n\r\n\(Self.xml)\r\n"
    let raw = "Content-Type: multipart/mixed; boundary=b\r\n\r\n\(String(repeating: part, count: 999))--b--\r\n"
    #expect(AuthenticationReport.read(MailMessage.parse(Data(raw.utf8))).count == AuthenticationReport.mostOfMail)
  }

  @Test("A TLS report tells the sessions that failed, and why")
  func tls() throws {
    let json = """
      {"organization-name":"Verzender","date-range":{"start-datetime":"2026-11-01T00:00:00Z",
      "end-datetime":"2026-11-01T23:59:59Z"},"report-id":"t1","policies":[{"policy":{"policy-type":"sts",
      "policy-domain":"school.test"},"summary":{"total-successful-session-count":8,"total-failure-session-count":2},
      "failure-details":[{"result-type":"certificate-expired","failed-session-count":2}]}]}
      """
    guard case .tls(let report) = try #require(AuthenticationReport.read(file: Data(json.utf8)).first) else {
      Issue.record("not read")
      return
    }
    #expect(report.policies.map(\.failed) == [2] && report.policies[0].failures[0].type == "certificate-expired")
    #expect(report.begin != nil)
  }

  @Test("A failure report tells which mail of whom failed")
  func failure() throws {
    let text = """
      From: dmarc@x.test
      Content-Type: multipart/report; report-type=feedback-report; boundary=b

      --b
      Content-Type: message/feedback-report

      Feedback-Type: auth-failure
      Auth-Failure: dmarc
      Reported-Domain: school.test
      Source-IP: 192.0.2.9
      Delivery-Result: reject
      --b
      Content-Type: text/rfc822-headers

      Message-ID: <m1@school.test>
      --b--
      """
    let message = MailMessage.parse(Data(text.replacing("\n", with: "\r\n").utf8))
    guard case .failure(let report) = try #require(AuthenticationReport.read(message).first) else {
      Issue.record("not read")
      return
    }
    #expect(report.domain == "school.test" && report.originalMessageID == "m1@school.test" && report.result == "reject")
  }

  @Test("What is no report holds none", arguments: ["", "hoi", "{}", "<html></html>", "{\"policies\":1}"])
  func others(text: String) {
    #expect(AuthenticationReport.read(file: Data(text.utf8)).isEmpty)
  }
}
