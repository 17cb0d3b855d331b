import Foundation
import FoundationXML
import Mail
import School

/// Reads the pupil administration's export: EDEXML 2.x (edustandaard.nl), bare or in the SOAP envelope of UWLR. Only
/// what the gateway needs is ever kept: numbers of citizens, origin and weights are dropped as they are read, and
/// additions and unknown elements are passed over.
package struct EDEXMLReader {
  package struct Result: Sendable, Hashable {
    package var roster = AdministrationRoster()
    package var problems: [ImportProblem] = []
  }

  /// - Parameter today: pupils who left before it are left out.
  /// - Throws: where the file is no EDEXML.
  package static func read(_ data: Data, today: Date = Date()) throws(ImportFailure) -> Result {
    guard data.count <= ImportLimits.fileOctets else {
      throw ImportFailure(description: "The file is larger than \(ImportLimits.fileOctets >> 20) MB")
    }
    // Entities could make a small file enormous, or read other files; no export has any.
    guard data.range(of: Data("<!DOCTYPE".utf8)) == nil, data.range(of: Data("<!ENTITY".utf8)) == nil else {
      throw ImportFailure(description: "The file has a DOCTYPE, which an EDEXML export has not")
    }
    let reader = EDEXMLHandler(today: today)
    let parser = XMLParser(data: data)
    parser.delegate = reader
    parser.shouldProcessNamespaces = true
    let isWhole = parser.parse()
    if let failure = reader.failure { throw ImportFailure(description: failure) }
    // Foundation's parser takes a file that was cut off for a whole one.
    guard isWhole, reader.isClosed else {
      let reason = parser.parserError.map { ($0 as NSError).localizedDescription } ?? "not XML"
      throw ImportFailure(
        description: "line \(parser.lineNumber): the file is not whole XML (\(reason)); export it again")
    }
    guard reader.isEDEX else {
      throw ImportFailure(description: "The file holds no EDEX: export it as EDEXML from the pupil administration")
    }
    return reader.result
  }
}

/// Follows the elements. `XMLParser` wants a class; it lives within one call, on one thread.
private final class EDEXMLHandler: NSObject, XMLParserDelegate {
  var result = EDEXMLReader.Result()
  var isEDEX = false
  var failure: String?

  /// Whether every element that began has ended.
  var isClosed: Bool { path.isEmpty }

  private let today: String
  private var path: [String] = []
  private var elements = 0
  /// Within an element that is passed over: how deep it began.
  private var skipsFrom: Int?
  private var text = ""
  private var fields: [String: String] = [:]
  /// Whether the first element of a group, pupil or teacher was begun.
  private var isInside = false
  private var key: String?
  private var groups: Set<GroupID> = []
  private var roles: Set<String> = []
  private var startLine = 0
  private var seen: Set<String> = []

  init(today: Date) {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "Europe/Amsterdam")
    formatter.dateFormat = "yyyy-MM-dd"
    self.today = formatter.string(from: today)
  }

  /// What is kept of pupils, staff and groups; everything else is never looked at.
  private static let kept: Set<String> = [
    "naam", "jaargroep", "achternaam", "voorvoegsel", "roepnaam", "voornamen", "voorletters-1", "emailadres",
    "uitstroomdatum", "rol",
  ]
  /// What the element belongs to, by the first list it stands in: the groups of a teacher are the teacher's.
  private var subject: String? {
    for (list, item) in zip(path, path.dropFirst()) {
      switch (list, item) {
      case ("groepen", "groep"), ("groepen", "samengestelde_groep"): return "groep"
      case ("leerlingen", "leerling"), ("leerkrachten", "leerkracht"): return item
      default: continue
      }
    }
    return nil
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    elements += 1
    text = ""
    guard elements <= ImportLimits.elements, path.count <= ImportLimits.depth else {
      failure = "line \(parser.lineNumber): more elements than an export of a school has"
      return parser.abortParsing()
    }
    if name == "EDEX" || name.hasPrefix("leerlinggegevens") { isEDEX = true }
    guard skipsFrom == nil else { return }
    if name == "toevoegingen" {
      skipsFrom = path.count
      return
    }
    guard let subject else { return }
    if !isInside {
      isInside = true
      key = attributes["key"]
      startLine = parser.lineNumber
    } else if subject != "groep", name == "groep" || name == "samengestelde_groep", let group = attributes["key"] {
      groups.insert(GroupID(group))
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard skipsFrom == nil, text.utf8.count <= ImportLimits.valueOctets else { return }
    text += string
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    defer {
      path.removeLast()
      text = ""
    }
    if let depth = skipsFrom {
      if path.count == depth { skipsFrom = nil }
      return
    }
    guard let subject else { return }
    let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if name == "rol" {
      if !value.isEmpty { roles.insert(value.uppercased()) }
    } else if Self.kept.contains(name), fields[name] == nil, !value.isEmpty {
      fields[name] = value
    }
    let isEnd = path.count >= 2 && self.subject(without: 1) == nil
    if isEnd { finish(subject) }
  }

  /// The subject of the element around this one.
  private func subject(without count: Int) -> String? {
    let whole = path
    path.removeLast(count)
    defer { path = whole }
    return subject
  }

  private func finish(_ subject: String) {
    defer { (isInside, key, fields, groups, roles) = (false, nil, [:], [], []) }
    guard let key, !key.isEmpty else { return complain("\(subject) without key is left out") }
    guard seen.insert("\(subject) \(key)").inserted else {
      return complain("\(subject) with a key that an earlier one has is left out")
    }
    switch subject {
    case "groep": result.roster.groups.append(.init(id: GroupID(key), name: fields["naam"] ?? key))
    case "leerling":
      // ISO dates compare as text.
      if let left = fields["uitstroomdatum"], left < today { return }
      guard let name = personName else { return complain("leerling without a name is left out") }
      result.roster.pupils.append(Pupil(id: PupilID(key), name: name, groups: groups))
    default: finishStaff(key)
    }
  }

  private func finishStaff(_ key: String) {
    guard personName != nil else { return complain("leerkracht without a name is left out") }
    var address: String?
    if let text = fields["emailadres"] {
      address = MailAddress(text)?.canonical
      if address == nil {
        complain("the emailadres of a leerkracht is no mail address: they cannot write or be written to")
      }
    }
    let family = [fields["voorvoegsel"], fields["achternaam"]].compactMap(\.self).joined(separator: " ")
    result.roster.staff.append(
      .init(
        id: StaffID(key), givenName: fields["roepnaam"] ?? (family.isEmpty ? fields["voornamen"] : nil),
        familyName: family.isEmpty ? nil : family, address: address, roles: roles, groups: groups))
  }

  private var personName: String? {
    let given = fields["roepnaam"] ?? fields["voornamen"] ?? fields["voorletters-1"]
    let parts = [given, fields["voorvoegsel"], fields["achternaam"]].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private func complain(_ reason: String) {
    guard result.problems.count < ImportLimits.problems else { return }
    result.problems.append(ImportProblem(line: startLine, reason: reason))
  }
}
