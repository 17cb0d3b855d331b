import Foundation

extension String {
  /// Windows-1252 is often labelled ISO-8859-1: control characters U+0080…U+009F, which no text holds, stand for the
  /// quotes and dashes of Windows-1252 (as the WHATWG Encoding Standard reads that label).
  var windows1252InsteadOfC1: String {
    guard unicodeScalars.contains(where: { (0x80...0x9F).contains($0.value) }) else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      let index = Int(scalar.value) - 0x80
      result.append((0..<0x20).contains(index) ? Windows1252.high[index] : scalar)
    }
    return String(result)
  }
}

enum Windows1252 {
  /// The characters of the octets 0x80…0x9F; the five that are not assigned stand for themselves.
  static let high: [Unicode.Scalar] = Array(
    "\u{20AC}\u{81}\u{201A}\u{192}\u{201E}\u{2026}\u{2020}\u{2021}\u{2C6}\u{2030}\u{160}\u{2039}\u{152}\u{8D}\u{17D}\u{8F}\u{90}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{2DC}\u{2122}\u{161}\u{203A}\u{153}\u{9D}\u{17E}\u{178}"
      .unicodeScalars)
}

extension Windows1252 {
  static func text(_ octets: some Sequence<UInt8>) -> String {
    var result = String.UnicodeScalarView()
    for octet in octets {
      result.append((0x80...0x9F).contains(octet) ? high[Int(octet) - 0x80] : Unicode.Scalar(octet))
    }
    return String(result)
  }
}

/// Octets of a text part as text, whatever their label says. Nothing is lost: what no charset explains is read as
/// Windows-1252, in which every octet is a character.
struct DecodedText {
  var text: String
  var defect: MailDefect?

  init(_ octets: Data, charset label: String?) {
    let name = label?.trimmed.lowercased() ?? ""
    var (text, defect) = Self.decode(octets, name)
    // Text holds a NUL only where the octets do; memchr finds out at once.
    let holdsNUL = octets.withUnsafeBytes {
      $0.baseAddress.map { start in memchr(start, 0, octets.count) != nil } ?? false
    }
    if holdsNUL, text.utf8.contains(0) {
      text = String(text.unicodeScalars.filter { $0.value != 0 }.map(Character.init))
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    self.text = text
    self.defect = defect
  }

  private static func decode(_ octets: Data, _ name: String) -> (String, MailDefect?) {
    let detail = String(name.prefix(40))
    switch name {
    case "utf-7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7":
      // UTF-7 hides markup from whoever looks at the octets; no client of today writes it.
      return (Windows1252.text(octets), MailDefect(.refusedCharset, detail))
    case "", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "x-unknown", "binary", "unknown", "default", "8bit":
      return unlabelled(octets, detail)
    case "iso-8859-1", "latin1", "iso8859-1", "iso_8859-1", "l1", "windows-1252", "cp1252", "iso-8859-15", "x-ansi",
      "ansi":
      // UTF-8 of more than one octet a character hardly ever comes about by chance.
      if octets.contains(where: { $0 >= 0x80 }), let text = String(data: octets, encoding: .utf8) {
        return (text, MailDefect(.wrongCharset, detail))
      }
      if name == "iso-8859-15" { return converted(octets, name, detail) }
      return (Windows1252.text(octets), nil)
    default:
      return converted(octets, aliases[name] ?? name, detail)
    }
  }

  /// Charsets that are written under the name of one they contain.
  private static let aliases = [
    "gb2312": "GB18030", "gbk": "GB18030", "x-gbk": "GB18030", "gb_2312-80": "GB18030", "hz-gb-2312": "HZ",
    "ks_c_5601-1987": "CP949", "euc-kr": "CP949", "ks_c_5601": "CP949", "shift_jis": "CP932", "sjis": "CP932",
    "x-sjis": "CP932", "windows-31j": "CP932", "iso-8859-9": "CP1254", "iso-8859-8-i": "ISO-8859-8",
    "iso-8859-6-i": "ISO-8859-6", "x-mac-roman": "MACINTOSH", "cp-850": "CP850", "unicode": "UTF-16",
    "iso-2022-jp": "ISO-2022-JP-3", "tis-620": "CP874", "big5": "BIG5-HKSCS", "x-big5": "BIG5-HKSCS",
  ]

  private static func converted(_ octets: Data, _ name: String, _ detail: String) -> (String, MailDefect?) {
    guard let result = CharsetConversion.text(octets, charset: name) else {
      return (unlabelled(octets, detail).0, MailDefect(.unknownCharset, detail))
    }
    if result.isClean { return (result.text, nil) }
    // A lie or a scratch: UTF-8 where it is that throughout, else what could be read.
    let text = String(data: octets, encoding: .utf8) ?? result.text
    return (text, MailDefect(.wrongCharset, detail))
  }

  private static func unlabelled(_ octets: Data, _ detail: String) -> (String, MailDefect?) {
    if let text = String(data: octets, encoding: .utf8) {
      // ISO-2022-JP is 7-bit: its escape sequences show it (RFC 1468).
      guard detail != "utf-8", octets.contains(0x1B), text.contains("\u{1B}$B"),
        let japanese = CharsetConversion.text(octets, charset: "ISO-2022-JP-3"), japanese.isClean
      else { return (text, nil) }
      return (japanese.text, MailDefect(.wrongCharset, detail))
    }
    let repaired = String(decoding: octets, as: UTF8.self)
    var broken = 0
    var whole = 0
    for scalar in repaired.unicodeScalars where scalar.value >= 0x80 {
      if scalar == "\u{FFFD}" { broken += 1 } else { whole += 1 }
    }
    return (whole > broken ? repaired : Windows1252.text(octets), MailDefect(.wrongCharset, detail))
  }
}
