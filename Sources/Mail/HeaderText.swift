import Foundation

/// Writing of header fields (RFC 5322, section 2.2).
enum HeaderText {
  /// Whether this may be the name of a field or a word of a media type: printable ASCII without a colon, not too long.
  static func isName(_ name: String) -> Bool {
    (1...70).contains(name.utf8.count) && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
  }

  /// Breaks a line at spaces so that it stays within 78 characters where it can (section 2.1.1); a word longer than 900
  /// is cut, for no line may pass 998.
  static func folded(_ line: String, after nameLength: Int) -> String {
    if nameLength + line.utf8.count <= 78, line.isInSingleSpaces { return line }
    var result: [UInt8] = []
    result.reserveCapacity(line.utf8.count + 16)
    var width = nameLength
    for word in line.utf8.split(separator: UInt8(ascii: " ")) {
      // No character is cut: what is not ASCII is encoded, or in an address, which is shorter.
      let word = word.count > 900 ? word.prefix(220) : word
      if !result.isEmpty {
        let fits = width + 1 + word.count <= 78
        result += fits ? " ".utf8 : "\n ".utf8
        width = fits ? width + 1 : 1
      }
      result += word
      width += word.count
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether it is not ASCII, or would be taken for an encoded word (RFC 2047).
  static func needsEncoding(_ line: String) -> Bool {
    var previous: UInt8 = 0
    for octet in line.utf8 {
      if octet >= 0x80 || octet == UInt8(ascii: "?") && previous == UInt8(ascii: "=") { return true }
      previous = octet
    }
    return false
  }

  /// A name before an address (RFC 5322, section 3.2.5): atoms as they are, or one quoted string. Nil for one that
  /// needs encoded words or folding.
  static func phrase(_ name: String) -> String? {
    guard name.utf8.count <= 60, !needsEncoding(name) else { return nil }
    var quoted = [UInt8(ascii: "\"")]
    quoted.reserveCapacity(name.utf8.count * 2 + 2)
    var isAtoms = true
    for octet in name.utf8 {
      guard octet >= 0x20, octet != 0x7F else { return nil }
      if isSpecial(octet) { isAtoms = false }
      if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
      quoted.append(octet)
    }
    quoted.append(UInt8(ascii: "\""))
    return isAtoms ? name : String(decoding: quoted, as: UTF8.self)
  }

  /// RFC 5322, section 3.2.3.
  private static func isSpecial(_ octet: UInt8) -> Bool {
    switch Unicode.Scalar(octet) {
    case "(", ")", "<", ">", "[", "]", ":", ";", "@", "\\", ",", ".", "\"": true
    default: false
    }
  }

  static func ids(_ ids: [String]) -> String {
    folded(ids.map { "<\(id($0))>" }.joined(separator: " "), after: 13)
  }

  /// A message id without what may not be in one.
  static func id(_ id: String) -> String {
    let isClean = id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
    return isClean ? id : id.filter { $0.isASCII && !$0.isWhitespace && $0 != "<" && $0 != ">" && $0 >= " " }
  }
}

extension String {
  /// Whether it is words with one space between them.
  fileprivate var isInSingleSpaces: Bool {
    var line = self
    return line.withUTF8 { line in
      var previous: UInt8 = 0x20
      for octet in line {
        if octet == 0x20, previous == 0x20 { return false }
        previous = octet
      }
      return previous != 0x20
    }
  }
}

/// `Date` (RFC 5322, section 3.3).
enum InternetDate {
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  static func string(_ date: Date, in timeZone: TimeZone) -> String {
    let offset = timeZone.secondsFromGMT(for: date)
    // The calendar of the day in that zone, by gmtime_r(3); its fields are nought where the year passes an `int`.
    var local = time_t(date.timeIntervalSince1970.rounded(.down)) + offset
    var parts = tm()
    gmtime_r(&local, &parts)
    parts.tm_gmtoff = offset
    // Names of days and months by strftime(3) would be those of the locale.
    let weekday = weekdays[Int(parts.tm_wday)]
    let month = months[Int(parts.tm_mon)]
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      guard let start = text.baseAddress, strftime(start, text.count, "\(weekday), %d \(month) %Y %T %z", &parts) > 0
      else { return "" }
      return String(cString: start)
    }
  }
}
