import School

/// What one look at a template's octets tells, which takes a hundredth of what parsing it does: at each start the files
/// of all languages are looked at, and few are ever used.
struct TemplateScan {
  /// What the template names must exist, since Mustache shows nothing for an unknown name. Each with its line, as
  /// `12: {{nmae}} …`.
  private(set) var problems: [String] = []
  /// The other templates that it uses, each with the line where it does first.
  private(set) var parts: [String: Int] = [:]
  /// Whether it certainly can be parsed: its sections end as they should, and it has nothing that we do not use. Where
  /// this is false only the parser knows.
  private(set) var isPlain = true

  private var open: [(sign: UInt8?, name: String)] = []
  private var line = 1

  init(_ text: String) {
    var text = text
    text.withUTF8 { octets in
      var place = 0
      while let tag = next(in: octets, from: &place) { read(tag) }
    }
    if !open.isEmpty { isPlain = false }
  }

  private struct Tag {
    /// `#`, `/`, …; nil for a value.
    var sign: UInt8?
    var name: String
    /// `{{{name}}}` or `{{&name}}`.
    var isUnescaped: Bool
  }

  private static let braces = (open: UInt8(ascii: "{"), close: UInt8(ascii: "}"))

  /// The tag that begins next, up to the first two braces that end one; nil after the last.
  private mutating func next(in octets: UnsafeBufferPointer<UInt8>, from place: inout Int) -> Tag? {
    let isTwo = { (place: Int, brace: UInt8) in
      place + 1 < octets.count && octets[place] == brace && octets[place + 1] == brace
    }
    while place < octets.count, !isTwo(place, Self.braces.open) {
      if octets[place] == 0x0A { line += 1 }
      place += 1
    }
    guard place < octets.count else { return nil }
    let begin = place + 2
    place = begin
    while place < octets.count, octets[place] != 0x0A, !isTwo(place, Self.braces.close) { place += 1 }
    guard isTwo(place, Self.braces.close) else {
      // Not on one line.
      isPlain = false
      return Tag(sign: UInt8(ascii: "!"), name: "", isUnescaped: false)
    }
    let inside = octets[begin..<place]
    place += 2
    let isInThree = inside.first == Self.braces.open
    if isInThree {
      if place < octets.count, octets[place] == Self.braces.close { place += 1 } else { isPlain = false }
    }
    return tag(inside.dropFirst(isInThree ? 1 : 0), isInThree)
  }

  private mutating func tag(_ inside: Slice<UnsafeBufferPointer<UInt8>>, _ isInThree: Bool) -> Tag {
    let sign = inside.first.flatMap { Self.signs.contains($0) ? $0 : nil }
    let isSpace = { (octet: UInt8) in octet == 0x20 || octet == 0x09 }
    var name = inside.dropFirst(sign == nil ? 0 : 1).drop(while: isSpace)
    while let last = name.last, isSpace(last) { name = name.dropLast() }
    let isComment = sign == UInt8(ascii: "!")
    if isInThree, sign != nil { isPlain = false }
    if !isComment, name.isEmpty || !name.allSatisfy(Self.isOfName) { isPlain = false }
    return Tag(
      sign: sign, name: isComment ? "" : String(decoding: name, as: UTF8.self),
      isUnescaped: isInThree || sign == UInt8(ascii: "&"))
  }

  private static let signs = Array("#^/><&$!%=".utf8)

  private static func isOfName(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private mutating func read(_ tag: Tag) {
    let sign = tag.sign.map { Character(UnicodeScalar($0)) }
    // Directly in a part that is filled in, there is nothing but what fills it.
    if let around = open.last?.sign, around == UInt8(ascii: "<"), !["$", "/", "!"].contains(sign) { isPlain = false }
    switch sign {
    case "!": break
    case "%", "=": isPlain = false
    case "/": if open.popLast()?.name != tag.name { isPlain = false }
    case "$": open.append((tag.sign, tag.name))
    case ">": parts[tag.name] = parts[tag.name] ?? line
    case "<":
      parts[tag.name] = parts[tag.name] ?? line
      open.append((tag.sign, tag.name))
    default:
      if sign == "#" || sign == "^" { open.append((tag.sign, tag.name)) }
      check(tag)
    }
  }

  private mutating func check(_ tag: Tag) {
    let unknown = tag.name.split(separator: ".").first.map(String.init)
    if let unknown, !NoticeModel.names.contains(unknown) {
      problems.append("\(line): {{\(tag.name)}} names \(unknown), which no mail has")
    } else if tag.isUnescaped, !tag.name.hasSuffix("textHTML"), !tag.name.hasSuffix("svg") {
      problems.append(
        "\(line): {{{\(tag.name)}}} would not be escaped: only textHTML and svg are safe in three braces")
    }
  }

  /// Its parts that are not among these.
  func missing(of known: Set<String>) -> [String] {
    parts.filter { !known.contains($0.key) }.sorted { $0.value < $1.value }.map { "\($1): there is no part \($0)" }
  }
}
