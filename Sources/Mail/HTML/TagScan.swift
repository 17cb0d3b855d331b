/// Looks for tags that are too long to be given to libxml2.
enum TagScan {
  private enum Place {
    case text, tag, name, beforeValue, bareValue
    case quotedValue(UInt8)
  }

  /// Where the first tag begins that has more than `HTMLTree.tagLimit` blanks and quotes. It never takes a tag to end
  /// before libxml2 does: where the two differ, as in what is no HTML, here it goes on.
  static func firstTooLong(_ octets: [UInt8]) -> Int? {
    var place = Place.text
    var (start, count) = (0, 0)
    for (index, octet) in octets.enumerated() {
      if case .text = place {
        if octet == UInt8(ascii: "<"), index + 1 < octets.count, isNameStart(octets[index + 1]) {
          (place, start, count) = (.tag, index, 0)
        }
        continue
      }
      let isQuote = octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "'")
      if isQuote || isBlank(octet) {
        count += 1
        if count > HTMLTree.tagLimit { return start }
      }
      place = next(place, octet, isQuote: isQuote)
    }
    return nil
  }

  private static func next(_ place: Place, _ octet: UInt8, isQuote: Bool) -> Place {
    if case .quotedValue(let quote) = place { return octet == quote ? .tag : place }
    if octet == UInt8(ascii: ">") { return .text }
    switch place {
    case .beforeValue: return isBlank(octet) ? .beforeValue : isQuote ? .quotedValue(octet) : .bareValue
    case .bareValue: return isBlank(octet) ? .tag : .bareValue
    // A blank may stand before the equals sign.
    case .tag, .name: return octet == UInt8(ascii: "=") ? .beforeValue : isBlank(octet) ? .tag : .name
    case .text, .quotedValue: return place
    }
  }

  private static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || (0x09...0x0D).contains(octet) }

  private static func isNameStart(_ octet: UInt8) -> Bool {
    (0x41...0x5A).contains(octet & 0xDF) || octet == UInt8(ascii: "_") || octet == UInt8(ascii: ":")
  }
}
