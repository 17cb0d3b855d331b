import Foundation

/// What a sender counted of its TLS connections to a domain's mail servers (RFC 8460).
package struct TLSReport: Sendable, Hashable, Codable {
  package struct Failure: Sendable, Hashable, Codable {
    /// `starttls-not-supported`, `certificate-expired`, … (RFC 8460, section 4.3).
    package var type: String
    package var count: Int
    package var mailServer: String?
  }

  package struct Policy: Sendable, Hashable, Codable {
    /// `tlsa`, `sts`, `no-policy-found`.
    package var type: String
    package var domain: String
    package var succeeded: Int
    package var failed: Int
    package var failures: [Failure]
  }

  package var organisation: String
  package var reportID: String
  package var begin: Date?
  package var end: Date?
  package var policies: [Policy]

  /// Policies of one report, and failures of one policy.
  static let mostPolicies = 100
  static let mostFailures = 100
  /// Sessions that are believed of one policy or failure.
  static let mostSessions = 1_000_000_000

  /// Nil where it is no such report.
  static func read(json: Data) -> TLSReport? {
    guard let form = try? JSONDecoder().decode(Form.self, from: json) else { return nil }
    let iso = { (text: String?) in text.flatMap { try? Date($0, strategy: .iso8601) } }
    return TLSReport(
      organisation: form.organization ?? "", reportID: form.reportID ?? "", begin: iso(form.range?.start),
      end: iso(form.range?.end), policies: form.policies.prefix(mostPolicies).map(\.policy))
  }

  private struct Form: Decodable {
    let organization: String?
    let reportID: String?
    let range: Range?
    let policies: [Entry]

    enum CodingKeys: String, CodingKey {
      case organization = "organization-name"
      case reportID = "report-id"
      case range = "date-range"
      case policies
    }
  }

  private struct Range: Decodable {
    let start: String?
    let end: String?

    enum CodingKeys: String, CodingKey {
      case start = "start-datetime"
      case end = "end-datetime"
    }
  }

  private struct Entry: Decodable {
    struct Published: Decodable {
      let type: String
      let domain: String?

      enum CodingKeys: String, CodingKey {
        case type = "policy-type"
        case domain = "policy-domain"
      }
    }
    struct Summary: Decodable {
      let succeeded: Int?
      let failed: Int?

      enum CodingKeys: String, CodingKey {
        case succeeded = "total-successful-session-count"
        case failed = "total-failure-session-count"
      }
    }
    struct Detail: Decodable {
      let type: String?
      let count: Int?
      let host: String?

      enum CodingKeys: String, CodingKey {
        case type = "result-type"
        case count = "failed-session-count"
        case host = "receiving-mx-hostname"
      }
    }
    let published: Published
    let summary: Summary?
    let details: [Detail]?

    enum CodingKeys: String, CodingKey {
      case published = "policy"
      case summary
      case details = "failure-details"
    }

    /// Numbers that can be added up, whatever somebody writes.
    private func sessions(_ count: Int?) -> Int { min(max(0, count ?? 0), mostSessions) }

    var policy: Policy {
      Policy(
        type: published.type, domain: published.domain ?? "", succeeded: sessions(summary?.succeeded),
        failed: sessions(summary?.failed),
        failures: (details ?? []).prefix(mostFailures).map {
          Failure(type: $0.type ?? "", count: sessions($0.count), mailServer: $0.host)
        })
    }
  }
}
