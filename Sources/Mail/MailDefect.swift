/// Something wrong with a message, which was read all the same.
package struct MailDefect: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case emptyMessage, noHeader, missingDate, missingFrom
    case duplicateField, malformedAddress, malformedDate, malformedEncodedWord, nulOctet, bareLineBreak
    case messageTooLong, headerTooLong, fieldTooLong, tooManyFields, tooManyAddresses, tooManyReferences
    case tooDeep, tooManyParts, decodedTooLong, textTooLong
    case missingBoundary, malformedPart, unknownCharset, wrongCharset, refusedCharset, unsafeFileName
  }

  package let kind: Kind
  /// What it was found in: a field's name, a charset, a part's media type. Never free text of the sender's.
  package let detail: String

  package init(_ kind: Kind, _ detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  package var description: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue): \(detail)" }
}
