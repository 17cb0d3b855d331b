import Mail

/// What somebody most likely meant by a domain that does not exist: `hotmial.com`, `gmail.nl`.
package enum AddressCorrection {
  /// Nil where the domain is one that is known, or near none.
  package static func likely(for address: MailAddress) -> MailAddress? {
    let domain = address.domain.lowercased()
    guard Provider.of(domain: domain) == nil, domain.utf8.count <= 60 else { return nil }
    if let meant = notTheirs[domain] { return MailAddress("\(address.localPart)@\(meant)") }
    let letters = Array(domain.utf8)
    let near = common.map { ($0, distance(letters, Array($0.utf8))) }.filter { $0.1 <= ($0.0.count > 8 ? 2 : 1) }
    // The nearest one; of two that are as near, the one that more people have.
    guard let best = near.enumerated().min(by: { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }) else {
      return nil
    }
    return MailAddress("\(address.localPart)@\(best.element.0)")
  }

  /// Domains of Dutch families, those with more people first.
  private static let common = [
    "gmail.com", "hotmail.com", "outlook.com", "live.nl", "hotmail.nl", "ziggo.nl", "icloud.com", "kpnmail.nl",
    "outlook.nl", "home.nl", "planet.nl", "xs4all.nl", "yahoo.com", "telfort.nl", "hetnet.nl", "upcmail.nl",
    "chello.nl",
    "casema.nl", "quicknet.nl", "zeelandnet.nl", "kpnplanet.nl", "live.com", "msn.com", "me.com", "ymail.com",
    "freedom.nl", "online.nl", "solcon.nl", "tele2.nl", "caiway.nl", "protonmail.com", "googlemail.com",
  ]

  /// Domains that exist, or might, but where no family has its mail.
  private static let notTheirs = [
    "gmail.nl": "gmail.com", "gmail.co": "gmail.com", "gmail.cm": "gmail.com", "icloud.nl": "icloud.com",
    "hotmail.co": "hotmail.com", "hotmail.cm": "hotmail.com", "ziggo.com": "ziggo.nl", "kpnmail.com": "kpnmail.nl",
    "outlook.co": "outlook.com", "outlook.cm": "outlook.com",
  ]

  /// Letters to change, add, leave out, or swap with the next (Damerau and Levenshtein, optimal string alignment).
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for (i, letter) in left.enumerated() {
      var row = [i + 1]
      for (j, other) in right.enumerated() {
        var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
