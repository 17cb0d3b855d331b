/// One header field (RFC 5322, section 2.2).
package struct HeaderField: Sendable, Hashable {
  /// The name as it was written.
  package let name: String
  /// The value as it was written, folding and encoded words included, without the final line break.
  package let rawValue: String
  /// The value on one line, encoded words (RFC 2047) and unlabelled 8-bit text decoded. For showing and for fields of
  /// free text; whoever parses a structured field (addresses!) starts from `unfoldedValue`.
  package let value: String

  package init(name: String, rawValue: String, value: String) {
    self.name = name
    self.rawValue = rawValue
    self.value = value
  }

  /// The value on one line (RFC 5322, section 2.2.3), nothing decoded.
  package var unfoldedValue: String { rawValue.unfolded }
}

/// The fields of a header in their order, top first; names are compared without regard to case.
package struct HeaderFields: Sendable, Hashable, RandomAccessCollection {
  package var fields: [HeaderField]

  package init(_ fields: [HeaderField] = []) { self.fields = fields }

  package var startIndex: Int { fields.startIndex }
  package var endIndex: Int { fields.endIndex }
  package subscript(position: Int) -> HeaderField { fields[position] }

  /// The topmost field of that name.
  package func first(_ name: String) -> HeaderField? { fields.first { $0.name.equalsIgnoringCase(name) } }

  /// All fields of that name, top first.
  package func all(_ name: String) -> [HeaderField] { fields.filter { $0.name.equalsIgnoringCase(name) } }

  /// The decoded value of the topmost field of that name.
  package subscript(name: String) -> String? { first(name)?.value }

  /// The fields without those that record the way of a message (RFC 5322, section 3.6.7; RFC 8601): what may be shown
  /// or sent on without telling about servers.
  package var withoutTrace: HeaderFields {
    let trace = ["Return-Path", "Received", "Delivered-To", "X-Original-To", "Envelope-To", "Authentication-Results"]
    let prefixes = ["arc-", "received-", "x-received", "dkim-", "x-ms-exchange-", "x-google-", "x-spam"]
    return HeaderFields(
      fields.filter { field in
        let name = field.name.lowercased()
        return !trace.contains { $0.equalsIgnoringCase(name) } && !prefixes.contains { name.hasPrefix($0) }
      })
  }
}
