import Foundation
import GRDB
import Glibc
import Mail
import School

/// By what somebody is known in what is kept of others: a mail tells of those whom it is not to.
struct Traces: Sendable {
  /// In lower case.
  var addresses: [String]
  var account: AccountID?
  var names: [String] = []
  /// What they wrote, whole and as it is quoted.
  var words: Set<String> = []

  /// What stands in the place of what is gone.
  static let gone = "…"
  /// Where facts hold words that somebody wrote, and never a term of ours. Names in them stay: what others wrote does.
  private static let written: Set = ["excerpt", "words", "note", "text", "line", "question", "subject", "title"]
  /// Where facts name children and files, who may be called as a parent is.
  private static let others: Set = ["name", "pupil", "pupils", "child", "children", "label"]
  /// Where facts say whose the words beside them are.
  private static let owners = ["account", "by", "organiser"]

  // MARK: In facts

  /// The facts of a notice without them; nil where there is nothing of them.
  func erased(fromFacts text: String) throws -> String? {
    guard text != "{}", let facts = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else { return nil }
    var isChanged = false
    let erased = erased(facts, "", isTheirs: false, &isChanged)
    guard isChanged else { return nil }
    let data = try JSONSerialization.data(withJSONObject: erased, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  private func erased(_ value: Any, _ key: String, isTheirs: Bool, _ isChanged: inout Bool) -> Any {
    switch value {
    case let object as [String: Any]:
      let isOwner = account.map { id in
        Self.owners.contains { (object[$0] as? NSNumber)?.int64Value == id.rawValue }
      }
      // Why they reported something.
      let reporter = (object["moderation"] as? [String: Any])?["reporter"] as? String
      let isReporter = reporter.map { withoutNames($0) != $0 } ?? false
      return Dictionary(
        uniqueKeysWithValues: object.map { key, value in
          let isTheirs = isTheirs || isOwner == true || isReporter && key == "excerpt"
          return (key, erased(value, key, isTheirs: isTheirs, &isChanged))
        })
    case let list as [Any]: return list.map { erased($0, key, isTheirs: isTheirs, &isChanged) }
    case let text as String:
      let rest = erased(text, key, isTheirs: isTheirs)
      if rest != text { isChanged = true }
      return rest
    default: return value
    }
  }

  private func erased(_ text: String, _ key: String, isTheirs: Bool) -> String {
    if Self.written.contains(key) {
      return isTheirs || words.contains(text) ? Self.gone : withoutAddresses(text)
    }
    return withoutAddresses(Self.others.contains(key) ? text : withoutNames(text))
  }

  private func withoutNames(_ text: String) -> String {
    names.sorted { $0.count > $1.count }.reduce(text) { text, name in
      var rest = text[...]
      var result = ""
      while let found = rest.range(of: name) {
        let ends = [
          found.lowerBound > text.startIndex ? text[text.index(before: found.lowerBound)] : " ",
          found.upperBound < text.endIndex ? text[found.upperBound] : " ",
        ]
        let isWhole = !ends.contains { $0.isLetter || $0.isNumber }
        result += rest[..<found.lowerBound] + (isWhole ? Self.gone[...] : rest[found])
        rest = rest[found.upperBound...]
      }
      return result + rest
    }
  }

  // MARK: By address

  func withoutAddresses(_ text: String) -> String {
    addresses.reduce(text) { text, address in
      let places = Data(text.utf8).withUnsafeBytes { Self.places(of: address, in: $0) }
      guard !places.isEmpty else { return text }
      var octets = Array(text.utf8)
      for place in places.reversed() { octets.replaceSubrange(place, with: Self.gone.utf8) }
      return String(decoding: octets, as: UTF8.self)
    }
  }

  func areNamed(in data: Data) -> Bool {
    data.withUnsafeBytes { octets in addresses.contains { !Self.places(of: $0, in: octets).isEmpty } }
  }

  /// In a message as it came, or in what its fields and parts are when they are decoded.
  func areNamed(inMessage raw: Data) -> Bool {
    if areNamed(in: raw) { return true }
    return MailMessage.parse(raw).root.allParts.contains { part in
      part.header.contains { areNamed(in: Data($0.value.utf8)) }
        || areNamed(in: part.text.map { Data($0.utf8) } ?? part.data ?? Data())
        || part.text.map { areNamed(asReadFrom: $0, of: part) } ?? false
    }
  }

  /// In what a reader sees of HTML, in addresses of links, and in lines that are folded (RFC 5545, section 3.1).
  private func areNamed(asReadFrom text: String, of part: MIMEPart) -> Bool {
    let links = text.split { $0.isWhitespace || "<>\"'".contains($0) }.filter { $0.contains("%40") }
    let readings = [
      part.readableHTML ?? "", links.compactMap { $0.removingPercentEncoding }.joined(separator: "\n"),
      text.replacing("\r\n", with: "\n").replacing("\n ", with: "").replacing("\n\t", with: ""),
    ]
    return readings.contains { areNamed(in: Data($0.utf8)) }
  }

  /// Whether a message is from them, as its `From` says.
  func wrote(_ raw: Data) -> Bool {
    let end = ["\r\n\r\n", "\n\n"].compactMap { raw.range(of: Data($0.utf8))?.lowerBound }.min() ?? raw.endIndex
    return MailMessage.parse(raw[..<end]).from.contains { addresses.contains($0.address.canonical) }
  }

  /// Where an address stands, without regard to case, and not as the end or beginning of another: `an@x.nl` does not
  /// stand in `jan@x.nl`.
  ///
  /// - Parameter address: in lower case.
  static func places(of address: String, in octets: UnsafeRawBufferPointer) -> [Range<Int>] {
    let wanted = Array(address.utf8)
    guard let at = wanted.lastIndex(of: UInt8(ascii: "@")), let base = octets.baseAddress else { return [] }
    var found: [Range<Int>] = []
    var place = 0
    while let sign = memchr(base + place, 0x40, octets.count - place) {
      place = base.distance(to: sign) + 1
      let start = place - 1 - at
      let end = start + wanted.count
      guard start >= found.last?.upperBound ?? 0, end <= octets.count,
        zip(octets[start..<end], wanted).allSatisfy({ $0.lowercased == $1 })
      else { continue }
      let isPart = start > 0 && (octets[start - 1].isAlphanumeric || ".-_%+".utf8.contains(octets[start - 1]))
      var goesOn = end < octets.count && (octets[end].isAlphanumeric || octets[end] == UInt8(ascii: "-"))
      // A full stop may end a sentence.
      if end + 1 < octets.count, octets[end] == UInt8(ascii: ".") { goesOn = octets[end + 1].isAlphanumeric }
      if !isPart, !goesOn { found.append(start..<end) }
    }
    return found
  }
}

extension UInt8 {
  fileprivate var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
  fileprivate var isAlphanumeric: Bool {
    (0x30...0x39).contains(self) || (0x61...0x7A).contains(lowercased)
  }
}

extension Database {
  /// Who is behind an account and what they wrote, before it goes.
  func traces(of account: Account, names: [String]) throws -> Traces {
    let sql = """
      SELECT text FROM entry WHERE author = :id UNION SELECT subject FROM thread WHERE author = :id
      UNION SELECT note FROM offer_answer WHERE account = :id UNION SELECT words FROM absence WHERE reporter = :id
      """
    let texts = try String?.fetchAll(self, sql: sql, arguments: ["id": account.id]).compactMap(\.self)
    let words = texts.flatMap { [$0, MessageBody(text: $0).excerpt] }.filter { !$0.isEmpty && $0 != Traces.gone }
    return Traces(
      addresses: try addresses(of: account), account: account.id, names: names.filter { !$0.isEmpty }, words: Set(words)
    )
  }

  /// Their address, the one that is to follow it, and those that went before; in lower case. Of the latter none that
  /// is, was or is to be another's as well: what came from it need not be theirs.
  func addresses(of account: Account) throws -> [String] {
    let own = account.address.lowercased()
    let sql = """
      SELECT address FROM (
        SELECT :new AS address UNION SELECT address FROM former_address WHERE account = :id)
      WHERE address IS NOT NULL AND address NOT IN (SELECT lower(address) FROM account WHERE id <> :id)
        AND address NOT IN (SELECT lower(new_address) FROM account WHERE id <> :id AND new_address IS NOT NULL)
        AND address NOT IN (SELECT address FROM former_address WHERE account <> :id) ORDER BY address
      """
    let others = try String.fetchAll(
      self, sql: sql, arguments: ["id": account.id, "new": account.newAddress?.lowercased()])
    return [own] + others.filter { $0 != own }
  }

  /// What facts of mails behind this one are without them.
  func factsWithout(_ traces: Traces, after last: Int64) throws -> [(delivery: Int64, facts: String)] {
    let rows = try Row.fetchCursor(
      self, sql: "SELECT id, facts FROM delivery WHERE id > ? AND facts <> '{}' ORDER BY id", arguments: [last])
    var found: [(delivery: Int64, facts: String)] = []
    while let row = try rows.next() {
      if let facts = try traces.erased(fromFacts: row["facts"]) { found.append((row["id"], facts)) }
    }
    return found
  }

  /// Servers repeat the address that they speak of.
  func eraseFromServerWords(_ traces: Traces) throws {
    for (table, column) in [
      ("delivery_event", "words"), ("provider_hold", "words"), ("address_standing", "failure"), ("inbound", "reason"),
    ] {
      for address in traces.addresses {
        let sql = "SELECT rowid, \(column) FROM \(table) WHERE instr(lower(\(column)), ?) > 0"
        for row in try Row.fetchAll(self, sql: sql, arguments: [address]) {
          try execute(
            sql: "UPDATE \(table) SET \(column) = ? WHERE rowid = ?",
            arguments: [traces.withoutAddresses(row[1]), row[0] as Int64])
        }
      }
    }
  }
}
