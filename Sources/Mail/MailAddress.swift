/// An addr-spec: `local-part@domain` (RFC 5322, section 3.4.1), without a display name.
///
/// The domain is kept in lower case; the local part as it was written. Two addresses are equal when they are equal
/// without regard to case: RFC 5321 allows a server to tell `Anna@` from `anna@`, no provider of parents' mail does.
package struct MailAddress: Sendable, Hashable, CustomStringConvertible {
  package let localPart: String
  package let domain: String

  /// Nil unless both parts are there, at most 64 and 255 octets long (RFC 5321, section 4.5.3.1), and free of spaces,
  /// control characters and angle brackets.
  package init?(localPart: String, domain: String) {
    let forbidden = { (octet: UInt8) in octet <= 0x20 || octet == 0x7F || Self.separators.contains(octet) }
    guard !localPart.isEmpty, !domain.isEmpty, localPart.utf8.count <= 64, domain.utf8.count <= 255,
      !localPart.utf8.contains(where: forbidden), !domain.utf8.contains(where: forbidden),
      !domain.utf8.contains(UInt8(ascii: "@"))
    else { return nil }
    self.localPart = localPart
    self.domain = domain.lowercased()
  }

  private static let separators = Array("<>,;".utf8)

  /// Splits at the last `@`, so that a quoted local part may hold one.
  package init?(_ text: some StringProtocol) {
    let text = String(text)
    guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    self.init(localPart: String(text[..<at]), domain: String(text[text.utf8.index(after: at)...]))
  }

  package var description: String { "\(localPart)@\(domain)" }

  /// The form for comparing and for keys of tables.
  package var canonical: String { description.lowercased() }

  package static func == (left: Self, right: Self) -> Bool {
    left.domain == right.domain
      && (left.localPart == right.localPart || left.localPart.lowercased() == right.localPart.lowercased())
  }
  package func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}

/// A mailbox as a header field shows it: an optional display name and an address (RFC 5322, section 3.4).
package struct NamedAddress: Sendable, Hashable {
  package var name: String?
  package var address: MailAddress

  package init(name: String? = nil, address: MailAddress) {
    self.name = name
    self.address = address
  }
}
