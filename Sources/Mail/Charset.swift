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
