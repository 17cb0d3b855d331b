import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a receiver counted of the mail that came in a domain's name: DMARC aggregate reports (RFC 7489, appendix C, and
/// RFC 9990).
package struct AggregateReport: Sendable, Hashable, Codable {
  /// Mail of one sending server that fared alike.
  package struct Row: Sendable, Hashable, Codable {
    package var sourceIP: String
    package var count: Int
    /// What was done with it: `none`, `quarantine`, `reject`; RFC 9990 adds `pass`.
    package var disposition: String
    /// Whether DKIM, and SPF, passed and were aligned with From.
    package var dkimPassed: Bool
    package var spfPassed: Bool
    package var headerFrom: String?
    /// The domains that DKIM and SPF were asked of, with what they said: `dkim school.test pass`.
    package var checks: [String]

    /// DMARC needs one of both.
    package var passed: Bool { dkimPassed || spfPassed }
  }

  package var organisation: String
  package var reportID: String
  /// Whose mail it is about.
  package var domain: String
  /// The policy that the receiver saw: `none`, `quarantine`, `reject`.
  package var policy: String?
  package var begin: Date?
  package var end: Date?
  package var rows: [Row]

  package var total: Int { rows.reduce(0) { $0 + $1.count } }
  package var passed: Int { rows.filter(\.passed).reduce(0) { $0 + $1.count } }

  /// Rows of one report, octets of one value, elements and their depth.
  static let mostRows = 10_000
  static let valueOctets = 1_000
  static let mostElements = 500_000
  static let depth = 20

  /// Nil where it is no such report.
  static func read(xml: Data) -> AggregateReport? {
    guard let text = repaired(xml) else { return nil }
    let parser = XMLParser(data: text)
    let handler = AggregateHandler()
    parser.delegate = handler
    parser.shouldProcessNamespaces = true
    parser.shouldResolveExternalEntities = false
    // A report that breaks off is read as far as it goes: each row stands for itself.
    _ = parser.parse()
    return handler.report
  }

  /// From the first element on, as UTF-8. Some begin with a blank line or a byte order mark, which XML forbids; and
  /// Foundation's parser crashes on octets that are no UTF-8 in the name of a namespace.
  private static func repaired(_ xml: Data) -> Data? {
    guard let start = xml.prefix(100).firstIndex(of: 0x3C) else { return nil }
    var text = xml[start...]
    // A stated encoding would no longer be true.
    if text.starts(with: Data("<?xml".utf8)), let end = text.prefix(300).firstRange(of: Data("?>".utf8)) {
      text = text[end.upperBound...]
    }
    return Data(String(decoding: text, as: UTF8.self).utf8)
  }
}

/// Follows the elements by their local names. `XMLParser` wants a class; it lives within one call, on one thread.
private final class AggregateHandler: NSObject, XMLParserDelegate {
  private var path: [String] = []
  private var elements = 0
  private var text = ""
  private var values: [String: String] = [:]
  private var row: [String: String] = [:]
  private var checks: [String] = []
  private var check: [String: String] = [:]
  private var rows: [AggregateReport.Row] = []

  var report: AggregateReport? {
    guard let domain = values["domain"] else { return nil }
    return AggregateReport(
      organisation: values["org_name"] ?? values["email"] ?? "", reportID: values["report_id"] ?? "",
      domain: domain.lowercased(), policy: values["p"], begin: date("begin"), end: date("end"), rows: rows)
  }

  /// Until the year 2200: anybody can write such a report.
  private func date(_ name: String) -> Date? {
    guard let seconds = values[name].flatMap({ Double($0) }), (0..<7_258_118_400).contains(seconds) else { return nil }
    return Date(timeIntervalSince1970: seconds)
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    elements += 1
    text = ""
    if name == "record" { (row, checks) = ([:], []) }
    if isCheck { check = [:] }
    if elements > AggregateReport.mostElements || path.count > AggregateReport.depth
      || rows.count >= AggregateReport.mostRows
    {
      parser.abortParsing()
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if text.utf8.count + string.utf8.count <= AggregateReport.valueOctets { text += string }
  }

  /// Within `auth_results`: one check of DKIM or SPF.
  private var isCheck: Bool { path.dropLast().last == "auth_results" }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let parent = path.dropLast().last
    if path.contains("auth_results") {
      if isCheck {
        let words = [name, check["domain"], check["result"]].compactMap(\.self)
        if checks.count < 20 { checks.append(words.joined(separator: " ").lowercased()) }
      } else if check[name] == nil {
        check[name] = value
      }
    } else if path.contains("record") {
      if parent != "reason", row[name] == nil { row[name] = value }
      if name == "record" { endRecord() }
    } else if ["report_metadata", "date_range", "policy_published"].contains(parent), values[name] == nil,
      !value.isEmpty
    {
      values[name] = value
    }
    path.removeLast()
    text = ""
  }

  private func endRecord() {
    guard let source = row["source_ip"], let count = row["count"].flatMap({ Int($0) }), count > 0 else { return }
    rows.append(
      AggregateReport.Row(
        sourceIP: source, count: min(count, 1_000_000_000), disposition: row["disposition"]?.lowercased() ?? "none",
        dkimPassed: row["dkim"]?.lowercased() == "pass", spfPassed: row["spf"]?.lowercased() == "pass",
        headerFrom: row["header_from"]?.lowercased(), checks: checks))
  }
}
