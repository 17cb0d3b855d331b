/// What the DNS says of the school as a sender; who looks it up stands elsewhere.
package struct SenderRecords: Sendable, Hashable {
  package struct Key: Sendable, Hashable {
    package var name: String
    package var record: String

    package init(name: String, record: String) {
      self.name = name
      self.record = record
    }
  }

  package struct Policy: Sendable, Hashable {
    /// Where it was found: the domain of From, or one above it (RFC 7489, section 6.6.3).
    package var domain: String
    package var records: [String]

    package init(domain: String, records: [String]) {
      self.domain = domain
      self.records = records
    }
  }

  package struct Host: Sendable, Hashable {
    package var address: String
    /// Whether a name of it points back to it.
    package var isConfirmed: Bool

    package init(address: String, isConfirmed: Bool) {
      self.address = address
      self.isConfirmed = isConfirmed
    }
  }

  /// Behind the @ of From.
  package var fromDomain: String
  /// Behind the @ of the reverse path.
  package var returnDomain: String
  package var smtpHost: String

  /// Of the domain of the reverse path, and how many look-ups the first of them costs.
  package var spf: [String] = []
  package var spfLookups = 0
  /// The first key that was found, and the selectors that were tried.
  package var dkimKey: Key?
  package var selectors: [String] = []
  /// Subjects of findings, of which the DNS did not tell.
  package var unknown: Set<String> = []
  package var dmarc: Policy?
  /// By domain; `""` is the null MX (RFC 7505).
  package var exchangers: [String: [String]] = [:]
  /// The addresses of `smtpHost`.
  package var hosts: [Host] = []
  package var announcesMTASTS = false
  package var asksTLSReports = false
  package var hasTLSA = false

  package init(fromDomain: String, returnDomain: String, smtpHost: String) {
    self.fromDomain = fromDomain
    self.returnDomain = returnDomain
    self.smtpHost = smtpHost
  }
}

/// A mechanism or modifier that costs a look-up (RFC 7208, section 4.6.4).
package struct SPFTerm: Sendable, Hashable {
  /// Whose record counts too; nil where it is a look-up and no more.
  package let follows: String?

  /// The most look-ups that a record may cost.
  package static let most = 10

  package static func isRecord(_ text: String) -> Bool { text.lowercased().hasPrefix("v=spf1") }

  package static func of(_ record: String) -> [SPFTerm] {
    record.lowercased().split(separator: " ").dropFirst().compactMap { word in
      let mechanism = word.drop { "+-~?".contains($0) }
      guard ["include:", "a", "mx", "ptr", "exists:", "redirect="].contains(where: { mechanism.hasPrefix($0) }),
        !mechanism.hasPrefix("all")
      else { return nil }
      let prefix = ["include:", "redirect="].first { mechanism.hasPrefix($0) }
      return SPFTerm(follows: prefix.map { String(mechanism.dropFirst($0.count)) })
    }
  }
}
