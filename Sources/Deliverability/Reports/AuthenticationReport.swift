import Foundation
import Mail
import Packing

/// What other mail servers report of how mail in a domain's name was proven, or protected on its way.
package enum AuthenticationReport: Sendable, Hashable, Encodable {
  case aggregate(AggregateReport)
  case failure(FailureReport)
  case tls(TLSReport)

  private enum CodingKeys: CodingKey { case aggregate, failure, tls }

  /// One field, named by what it is.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .aggregate(let report): try fields.encode(report, forKey: .aggregate)
    case .failure(let report): try fields.encode(report, forKey: .failure)
    case .tls(let report): try fields.encode(report, forKey: .tls)
    }
  }

  /// The reports in a message; empty where none can be read.
  package static func read(_ message: MailMessage) -> [AuthenticationReport] {
    if let failure = FailureReport.read(message) { return [.failure(failure)] }
    var reports: [AuthenticationReport] = []
    for part in message.root.allParts.lazy.filter(isPackedOrReport).prefix(mostOfMail) where reports.count < mostOfMail
    {
      reports += read(file: part.data ?? Data((part.text ?? "").utf8))
    }
    return Array(reports.prefix(mostOfMail))
  }

  /// Reports that are read of one mail, and its files that are looked into for them; receivers send one.
  static let mostOfMail = 10

  private static func isPackedOrReport(_ part: MIMEPart) -> Bool {
    part.data.map(isPackedOrReport) ?? part.text.map { isPackedOrReport(Data($0.utf8.prefix(20))) } ?? false
  }

  /// The reports in a file, as it comes from a receiver: XML or JSON, perhaps packed.
  package static func read(file: Data) -> [AuthenticationReport] {
    guard isPackedOrReport(file) else { return [] }
    return Unpacked.files(file).compactMap { data in
      if let report = AggregateReport.read(xml: data) { return .aggregate(report) }
      return TLSReport.read(json: data).map(AuthenticationReport.tls)
    }
  }

  /// By the first octets: `PK`, gzip's, `<` or `{`, perhaps behind a byte order mark or white space.
  package static func isPackedOrReport(_ file: Data) -> Bool {
    if file.starts(with: [0x50, 0x4B, 3, 4]) || file.starts(with: [0x1F, 0x8B]) { return true }
    let begin = file.prefix(20).drop { [0xEF, 0xBB, 0xBF, 0x20, 0x0A, 0x0D, 0x09].contains($0) }.first
    return begin == 0x3C || begin == 0x7B
  }
}
