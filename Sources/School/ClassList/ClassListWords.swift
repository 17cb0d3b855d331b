import Foundation

/// What somebody asks of the class lists.
package struct ClassListRequest: Sendable, Hashable {
  package enum Ask: Sendable, Hashable {
    case list
    /// Show or hide these of one's own fields; beside the child of that name, or beside all.
    case set(shows: Bool, [ContactField], child: String?)
  }

  /// The word of a group, as it stood in the address.
  package var group: String?
  package var ask: Ask

  package init(_ ask: Ask, group: String? = nil) {
    self.ask = ask
    self.group = group
  }
}

extension ClassListRequest.Ask {
  /// Characters of a line that are looked at.
  static let longestLine = 200

  /// What a mail to the class list asks: a command in its first line, else in its subject; anything else asks for the
  /// list.
  package static func read(subject: String, text: String) -> Self {
    command(Glossary.wholeFirstLine(of: text)) ?? command(subject) ?? .list
  }

  /// A command, for who answers a mail with a class list; nil for other words.
  package static func answer(_ text: String) -> Self? {
    let line = Glossary.wholeFirstLine(of: text)
    let words = Glossary.offered(line)
    if words.count == 1, let word = words.first, RouteWord(word) == .classList { return .list }
    return command(line)
  }

  private static func command(_ line: String) -> Self? {
    var words = line.prefix(longestLine).split { $0.isWhitespace || ":;,".contains($0) }[...]
    guard let shows = ClassListWord.take(&words) else { return nil }
    while let filler = words.first.map(Glossary.plain), Glossary.fillers.contains(filler) { words.removeFirst() }
    guard let fields = ContactField.take(&words) else { return nil }
    while let filler = words.first.map(Glossary.plain), Glossary.fillers.contains(filler) { words.removeFirst() }
    let child = Glossary.withoutPoliteness(words).joined(separator: " ").trimmingCharacters(in: Glossary.marks)
    return .set(shows: shows == .show, fields, child: child.isEmpty ? nil : child)
  }
}

/// The first word of a command on one's own fields.
package enum ClassListWord: Sendable, Hashable, CaseIterable {
  case show, hide

  /// `toon`, `lit sjen`
  fileprivate static func take(_ words: inout ArraySlice<Substring>) -> Self? {
    for count in [2, 1] where words.count >= count {
      let text = words.prefix(count).map { Glossary.plain($0) }.joined(separator: " ")
      guard let word = allCases.first(where: { $0.words.contains(text) }) else { continue }
      words = words.dropFirst(count)
      return word
    }
    return nil
  }

  private var words: Set<String> {
    switch self {
    case .show: ["toon", "tonen", "laat zien", "toan", "toane", "lit sjen", "show"]
    case .hide: ["verberg", "verbergen", "ferberch", "ferbergje", "hide"]
    }
  }

  /// The word that a mail offers, in the language of its reader.
  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.show, .dutch): "toon"
    case (.show, .frisian): "toan"
    case (.show, .english): "show"
    case (.hide, .dutch): "verberg"
    case (.hide, .frisian): "ferberch"
    case (.hide, .english): "hide"
    }
  }
}

extension ContactField {
  /// `telefoon`, `e-mail adres`; `alles` names all.
  fileprivate static func take(_ words: inout ArraySlice<Substring>) -> [ContactField]? {
    for count in [2, 1] where words.count >= count {
      let text = words.prefix(count).map { Glossary.plain($0).filter { $0.isLetter } }.joined()
      let fields = everything.contains(text) ? allCases : allCases.filter { $0.words.contains(text) }
      guard !fields.isEmpty else { continue }
      words = words.dropFirst(count)
      return fields
    }
    return nil
  }

  private static let everything: Set<String> = ["alles", "alle", "all", "everything"]

  private var words: Set<String> {
    switch self {
    case .phone:
      [
        "telefoon", "telefoonnummer", "telefoonnr", "tel", "nummer", "mobiel", "mobielnummer", "telefoan",
        "telefoannumer", "numer",
        "phone", "phonenumber", "telephone", "mobile", "number",
      ]
    case .mail: ["email", "mail", "emailadres", "mailadres", "emailaddress", "mailaddress"]
    case .address:
      ["adres", "postadres", "woonadres", "straat", "huisadres", "address", "postaladdress", "homeaddress"]
    }
  }

  /// The word that a mail offers, in the language of its reader.
  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.phone, .dutch): "telefoon"
    case (.phone, .frisian): "telefoan"
    case (.phone, .english): "phone"
    case (.mail, _): "e-mail"
    case (.address, .english): "address"
    case (.address, _): "adres"
    }
  }
}
