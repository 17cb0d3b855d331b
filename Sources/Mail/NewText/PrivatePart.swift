import Foundation

/// A part of a mail of ours that is for its reader alone, between two marks: so it is known again wherever it comes
/// back, in a quote that no rule finds or in a forward, and is taken out of what others read.
package enum PrivatePart {
  /// ASCII, so that it outlives every charset; what nobody types.
  package static let begin = "[[="
  package static let end = "=]]"
  /// Stands in the octets of a picture that is such a part.
  package static let pictureMark = "postplein-private"

  /// The text with `…` for each such part. One that is not ended goes to the end of the text.
  package static func removed(from text: String) -> String {
    guard text.holds(begin) else { return text }
    var kept = ""
    var rest = text[...]
    while let start = rest.range(of: begin) {
      kept += rest[..<start.lowerBound] + "…"
      let after = rest[start.upperBound...]
      rest = after.range(of: end).map { after[$0.upperBound...] } ?? ""
    }
    return kept + rest
  }
}

extension Attachment {
  /// A picture of ours that is for its reader alone.
  package var isPrivatePart: Bool {
    Array(PrivatePart.pictureMark.utf8).withUnsafeBytes { mark in data.withUnsafeBytes { $0.holds(mark) } }
  }
}
