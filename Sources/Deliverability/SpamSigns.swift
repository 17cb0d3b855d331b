import Foundation
import Mail

/// What a provider's own header fields say of where it put a mail, and why. For mail that somebody forwarded as an
/// attachment, so with its header; it may be forged, and only explains.
package enum SpamSigns {
  /// Names, as templates know them, with what stands behind them: `bulk-level 7`.
  package struct Sign: Sendable, Hashable {
    package var word: String
    package var detail: String?
  }

  /// Signs of one mail, and octets of one field.
  static let most = 20
  static let fieldOctets = 8_192

  package static func read(_ header: HeaderFields) -> [Sign] {
    var signs = forefront(header) + bulk(header) + authentication(header) + spamAssassin(header) + rspamd(header)
    if signs.isEmpty { signs = [Sign(word: "nothing-found")] }
    return Array(signs.prefix(most))
  }

  private static func value(_ header: HeaderFields, _ name: String) -> String? {
    header.first(name).map(\.unfoldedValue).flatMap { $0.utf8.count <= fieldOctets ? $0 : nil }
  }

  // MARK: Microsoft

  /// Source: Microsoft Learn, "Anti-spam message headers in Microsoft 365".
  private static let verdicts = [
    "SFE": "safe-sender", "BLK": "blocked-sender", "SPM": "spam-filter", "NSPM": "not-spam", "SKA": "allowed-by-admin",
    "SKB": "blocked-by-admin", "SKN": "allowed-by-rule", "SKS": "spam-by-rule", "SKQ": "released",
  ]
  private static let categories = [
    "HSPM": "high-confidence", "PHSH": "phishing", "HPHSH": "phishing", "HPHISH": "phishing", "SPOOF": "spoof",
    "UIMP": "impersonation", "DIMP": "impersonation", "GIMP": "impersonation", "BIMP": "impersonation",
    "BULK": "bulk", "MALW": "malware", "AMP": "malware", "FTBP": "file-type", "OSPM": "outbound-spam",
  ]

  private static func forefront(_ header: HeaderFields) -> [Sign] {
    guard let field = value(header, "X-Forefront-Antispam-Report") else { return [] }
    var signs: [Sign] = []
    for part in field.split(separator: ";") {
      let pair = part.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard pair.count == 2 else { continue }
      switch pair[0].uppercased() {
      case "SFV": if let word = verdicts[pair[1].uppercased()] { signs.append(Sign(word: word)) }
      case "CAT": if let word = categories[pair[1].uppercased()] { signs.append(Sign(word: word)) }
      case "SCL": if let level = Int(pair[1]), level >= 5 { signs.append(Sign(word: "spam-level", detail: "\(level)")) }
      default: continue
      }
    }
    return signs
  }

  /// Outlook.com files at 7 and above.
  private static func bulk(_ header: HeaderFields) -> [Sign] {
    guard let field = value(header, "X-Microsoft-Antispam"), let place = field.range(of: "BCL:") else { return [] }
    guard let level = Int(field[place.upperBound...].prefix { $0.isNumber }), level >= 4 else { return [] }
    return [Sign(word: "bulk-level", detail: "\(level)")]
  }

  // MARK: What was proven (RFC 8601)

  private static func authentication(_ header: HeaderFields) -> [Sign] {
    let results = AuthenticationResults.readUnproven(header).results
    return ["spf", "dkim", "dmarc", "compauth"].compactMap { method in
      results.first { $0.method == method }.map { sign(method, $0.value) }
    }
  }

  /// What our own server proved of a mail; a method that it does not name proved nothing.
  package static func own(_ header: HeaderFields, authservID: String) -> [Sign] {
    let results = AuthenticationResults.read(header, authservID: authservID).results
    return ["spf", "dkim", "dmarc"].map { method in
      let values = results.filter { $0.method == method }.map(\.value)
      return sign(method, values.first { $0 == "pass" } ?? values.first ?? "none")
    }
  }

  private static func sign(_ method: String, _ value: String) -> Sign {
    let isGood = ["pass", "bestguesspass", "softpass"].contains(value)
    return Sign(word: isGood ? "\(method)-pass" : "\(method)-fail", detail: value)
  }

  // MARK: SpamAssassin and Rspamd

  private static func spamAssassin(_ header: HeaderFields) -> [Sign] {
    guard let field = value(header, "X-Spam-Status") else { return [] }
    let isSpam = field.lowercased().hasPrefix("yes")
    let score = field.firstMatch(of: /score=(-?[0-9.]+)/).map { String($0.1) }
    let tests = field.firstMatch(of: /tests=([A-Z0-9_, ]+)/).map { String($0.1).trimmingCharacters(in: .whitespaces) }
    return [
      Sign(
        word: isSpam ? "filter-spam" : "filter-clean",
        detail: [score, tests].compactMap(\.self).joined(separator: ", "))
    ]
  }

  private static func rspamd(_ header: HeaderFields) -> [Sign] {
    guard let field = value(header, "X-Spamd-Result") ?? value(header, "X-Rspamd-Score") else { return [] }
    let isSpam = field.lowercased().hasPrefix("default: true") || value(header, "X-Spam")?.lowercased() == "yes"
    let score = field.firstMatch(of: /\[?(-?[0-9.]+)/).map { String($0.1) }
    return [Sign(word: isSpam ? "filter-spam" : "filter-clean", detail: score)]
  }
}
