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

/// How the octets of a text travel (RFC 2045, section 6).
enum TransferEncoding: String {
  case sevenBit = "7bit"
  case quotedPrintable = "quoted-printable"
  case base64

  /// As they are where that is safe, else by the shorter of the encodings.
  init(for traits: TextTraits) {
    // An octet costs 3 in quoted-printable, 1.37 in base64.
    if traits.high * 5 > traits.octets {
      self = .base64
    } else {
      self = traits.high > 0 || traits.isFragile || traits.widest > 78 ? .quotedPrintable : .sevenBit
    }
  }
}

/// What a text says of how it must be encoded.
struct TextTraits: Sendable {
  private(set) var octets = 0
  /// How many are not ASCII.
  private(set) var high = 0
  /// Whether it has what may not arrive as it was sent.
  private(set) var isFragile = false
  /// Octets of the longest line.
  private(set) var widest = 0

  init() {}

  /// - Parameter text: with LF for line ends.
  init(of text: UnsafeBufferPointer<UInt8>) {
    octets = text.count
    var lineStart = 0
    var next = 0
    while next < text.count {
      while next + 8 <= text.count, OctetWord(text, at: next).isHarmless { next += 8 }
      guard next < text.count else { break }
      let (place, octet) = (next, text[next])
      next += 1
      let previous = place > 0 ? text[place - 1] : 0
      switch octet {
      case 0x0A:
        widest = max(widest, place - lineStart)
        lineStart = place + 1
        if previous == 0x20 || previous == 0x09 { isFragile = true }
      // Boundaries hold this.
      case UInt8(ascii: "_"): if previous == UInt8(ascii: "=") { isFragile = true }
      case 0x09, 0x20...0x7F: break
      case 0x80...: high += 1
      default: isFragile = true
      }
    }
    widest = max(widest, text.count - lineStart)
  }

  /// Of another text beside this one: no line goes on from one to the other.
  mutating func add(_ other: TextTraits) {
    octets += other.octets
    high += other.high
    isFragile = isFragile || other.isFragile
    widest = max(widest, other.widest)
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

  /// Each CRLF, CR or LF as one LF; a final one is added where it is missing.
  var withLineFeeds: String {
    let text = withLineFeedsOnly
    return text.isEmpty || text.utf8.last == 0x0A ? text : text + "\n"
  }

  /// Each CRLF, CR or LF as one LF.
  var withLineFeedsOnly: String {
    var text = self
    let isPlain = text.withUTF8 { text in text.baseAddress.map { memchr($0, 0x0D, text.count) == nil } ?? true }
    if isPlain { return text }
    var result: [UInt8] = []
    result.reserveCapacity(utf8.count)
    var previous: UInt8 = 0
    for octet in utf8 {
      if octet != 0x0A || previous != 0x0D { result.append(octet == 0x0D ? 0x0A : octet) }
      previous = octet
    }
    return String(decoding: result, as: UTF8.self)
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
