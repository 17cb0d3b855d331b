import Foundation

/// What somebody asks of the documents.
package struct DocumentRequest: Sendable, Hashable {
  package enum Ask: Sendable, Hashable {
    case list
    case find(String)
    /// No command, but perhaps a title.
    case perhaps(String)
    /// Empty where the subject says nothing.
    case file(title: String)
    case remove(String)
    case restore(FilingID)
  }

  /// The word of a group, as it stood in the address.
  package var group: String?
  package var ask: Ask

  package init(_ ask: Ask, group: String? = nil) {
    self.ask = ask
    self.group = group
  }

  /// What changes the school's documents needs a proven sender; a key will do to ask for one.
  package var level: AuthorityLevel {
    switch ask {
    case .list, .find, .perhaps: .person
    case .file, .remove, .restore: .proven
    }
  }
}

extension DocumentRequest.Ask {
  /// Characters of a line that are looked at.
  static let longestLine = 200

  /// What a mail to the documents asks: a command in its first line, else in its subject, else what may be a title.
  ///
  /// - Parameter subject: without `Re:` and the like.
  package static func read(subject: String, text: String, hasFiles: Bool) -> Self {
    let line = Glossary.wholeFirstLine(of: text)
    if hasFiles { return .file(title: DocumentWord.withoutCommand(subject)) }
    if let command = command(line) ?? command(subject) { return command }
    if !subject.isEmpty { return .perhaps(String(subject.prefix(longestLine))) }
    return line.isEmpty || line.count > longestLine ? .list : .perhaps(line)
  }

  /// A command, for who answers a mail about documents; nil for other words.
  package static func answer(_ text: String) -> Self? { command(Glossary.wholeFirstLine(of: text)) }

  private static func command(_ line: String) -> Self? {
    let words = line.prefix(longestLine).split { $0.isWhitespace || ":;,".contains($0) }
    guard let first = words.first, let word = DocumentWord(first) else { return nil }
    var rest = words.dropFirst()
    if word == .remove, let next = rest.first, DocumentWord(next) == .document { rest = rest.dropFirst() }
    let title = Glossary.withoutPoliteness(rest).joined(separator: " ").trimmingCharacters(in: Glossary.marks)
    switch word {
    case .remove: return title.isEmpty ? nil : .remove(title)
    case .document, .documents: return title.isEmpty ? .list : .find(title)
    }
  }
}

/// The first word of a command on documents.
package enum DocumentWord: Sendable, Hashable, CaseIterable {
  case document, documents, remove

  init?(_ word: some StringProtocol) {
    let plain = Glossary.plain(word).trimmingCharacters(in: Glossary.marks)
    if RouteWord(plain) == .documents {
      self = .documents
    } else if let known = Self.allCases.first(where: { $0.words.contains(plain) }) {
      self = known
    } else {
      return nil
    }
  }

  private var words: Set<String> {
    switch self {
    case .document: ["document", "dokument", "dokumint"]
    case .documents: ["dokumenten", "lijst", "list"]
    case .remove: ["weg", "verwijder", "verwijderen", "fuort", "weidwaan", "remove", "delete"]
    }
  }

  /// The word that a mail offers, in the language of its reader.
  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.document, .frisian): "dokumint"
    case (.document, _): "document"
    case (.documents, .dutch): "documenten"
    case (.documents, .frisian): "dokuminten"
    case (.documents, .english): "documents"
    case (.remove, .dutch): "weg"
    case (.remove, .frisian): "fuort"
    case (.remove, .english): "remove"
    }
  }
}

extension Glossary {
  /// The whole school, behind a title that a group has as well.
  static let wholeSchool = "school"

  /// Words that say nothing of what is meant.
  static let fillers: Set<String> = [
    "de", "het", "een", "van", "voor", "bij", "it", "in", "fan", "foar", "by", "the", "a", "of", "for", "mijn", "myn",
    "my",
  ]

  /// Of a line that asks for the class list, and says nothing else.
  static let listAsks: Set<String> = fillers.union(polite).union([
    "lijst", "klas", "klassen", "mag", "ik", "kan", "kunt", "wilt", "u", "mij", "me", "sturen", "stuur", "mailen",
    "wil", "willen", "hebben", "ontvangen", "krijgen", "nog", "eens", "groep", "list", "klasse", "mei", "stjoere",
    "krije", "ha", "can", "could", "you", "i", "have", "send", "class", "may", "get", "to", "group", "1", "2", "3",
    "4", "5", "6", "7", "8",
  ])

  /// Around what people write.
  static let marks = CharacterSet(charactersIn: " \t\"'“”‘’«».,:;!?()[]<>*")

  /// The first line that does more than greet, however long it is, without spaces around it.
  static func wholeFirstLine(of text: String) -> String {
    withoutGreeting(text).prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
  }

  /// The words of a line for comparing, those that say nothing left out where others are left.
  static func telling(_ line: String) -> [String] {
    let words = plain(line).split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let telling = words.filter { !fillers.contains($0) }
    return telling.isEmpty ? words : telling
  }
}
