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
    var result = ""
    var width = nameLength
    for word in line.utf8.split(separator: UInt8(ascii: " ")) {
      let word = word.count > 900 ? Substring(word).prefix(220) : Substring(word)
      if !result.isEmpty {
        let fits = width + 1 + word.utf8.count <= 78
        result += fits ? " " : "\n "
        width = fits ? width + 1 : 1
      }
      result += word
      width += word.utf8.count
    }
    return result
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
    guard name.utf8.count <= 60, name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), !needsEncoding(name) else {
      return nil
    }
    guard name.utf8.contains(where: isSpecial) else { return name }
    var quoted = [UInt8(ascii: "\"")]
    quoted.reserveCapacity(name.utf8.count * 2 + 2)
    for octet in name.utf8 {
      if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
      quoted.append(octet)
    }
    return String(decoding: quoted + [UInt8(ascii: "\"")], as: UTF8.self)
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
    let seconds = timeZone.secondsFromGMT(for: date)
    let offset = seconds / 60
    // The calendar of the day in that zone, by gmtime_r(3); its fields are nought where the year passes an `int`.
    var local = time_t(date.timeIntervalSince1970.rounded(.down)) + seconds
    var parts = tm()
    gmtime_r(&local, &parts)
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    let weekday = weekdays[Int(parts.tm_wday)]
    let zone = "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 60))\(two(abs(offset) % 60))"
    let day = "\(two(Int(parts.tm_mday))) \(months[Int(parts.tm_mon)]) \(1_900 + parts.tm_year)"
    return "\(weekday), \(day) \(two(Int(parts.tm_hour))):\(two(Int(parts.tm_min))):\(two(Int(parts.tm_sec))) \(zone)"
  }
}
