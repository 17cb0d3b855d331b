import Foundation

/// What somebody asks of the photos.
package struct PhotoRequest: Sendable, Hashable {
  /// Which album is meant.
  package enum Reference: Sendable, Hashable {
    case album(AlbumID)
    /// The one that this mail of a member of staff changed.
    case batch(PhotoBatchID)
  }

  package enum Ask: Sendable, Hashable {
    /// The albums that one may see.
    case list
    /// An album's small pictures once more.
    case show
    /// The larger pictures.
    case send(PhotoNumbers)
    /// Photos of this mail, under this title; empty where the subject says nothing.
    case file(title: String)
    case remove(PhotoNumbers)
    /// No child can be recognised on them for whom consent is missing.
    case notPictured(PhotoNumbers)
    /// Asks the parents of the children who are named with the held photos.
    case askParents
    /// Takes back what a batch did.
    case undo
    case consent(ConsentAsk)
    /// No command: words to who made the album.
    case words
  }

  /// The word of a group, as it stood in the address.
  package var group: String?
  package var album: Reference?
  package var ask: Ask

  package init(_ ask: Ask, group: String? = nil, album: Reference? = nil) {
    self.ask = ask
    self.group = group
    self.album = album
  }

  /// Children's pictures, and what parents settle of them, are only for who is proven; a key will do for words.
  package var level: AuthorityLevel { ask == .words ? .person : .proven }
}

package enum PhotoNumbers: Sendable, Hashable {
  case all
  /// In order, each once.
  case some([Int])

  func photos(of photos: [Photo]) -> [Photo] {
    switch self {
    case .all: photos
    case .some(let numbers): photos.filter { numbers.contains($0.number) }
    }
  }
}

/// What somebody says of consent.
package enum ConsentAsk: Sendable, Hashable {
  case show
  case set([ConsentPurpose], ConsentAnswer, child: String?)
  /// What was last said counts no longer.
  case undo
}

extension PhotoRequest {
  /// Characters of a line that are looked at.
  static let longestLine = 200

  /// What a mail to the albums asks: photos to file, or a command in its first line or subject, or else the list.
  package static func read(subject: String, text: String, hasFiles: Bool, group: String?) -> PhotoRequest {
    if hasFiles { return PhotoRequest(.file(title: subject), group: group) }
    for line in [Glossary.wholeFirstLine(of: text), subject] {
      if let ask = ConsentAsk.command(line) { return PhotoRequest(.consent(ask), group: group) }
      let words = PhotoWord.words(line)
      if words.count == 2, words[0] == .word(.album), case .number(let number) = words[1] {
        return PhotoRequest(.show, album: .album(AlbumID(Int64(number))))
      }
    }
    return PhotoRequest(.list, group: group)
  }

  /// What the answer to a mail of an album asks.
  package static func answer(_ text: String, to album: Reference) -> PhotoRequest {
    PhotoRequest(Ask(Glossary.wholeFirstLine(of: text)), album: album)
  }
}

extension PhotoRequest.Ask {
  fileprivate init(_ line: String) {
    self = line.count <= PhotoRequest.longestLine ? Self.command(line) ?? .words : .words
  }

  private static func command(_ line: String) -> Self? {
    if CommandWord(firstLineOf: line) == .retract { return .undo }
    if let ask = ConsentAsk.command(line) { return .consent(ask) }
    var words = PhotoWord.words(line)
    if words.contains(.other) {
      // `Mag ik foto 1 in het groot?` asks for it; "Mag foto 1 weg?" is for who placed it.
      words = PhotoWord.words(line, without: Glossary.photoRequests)
      let asks = words.allSatisfy { [.word(.photo), .word(.all), .through].contains($0) || $0.isNumber }
      guard asks, words.contains(.word(.photo)) else { return nil }
    }
    guard !words.isEmpty else { return nil }
    let commands = words.compactMap { if case .word(let word) = $0 { word } else { nil } }
    let numbers = PhotoNumbers(words)
    switch commands.first(where: { $0 != .all && $0 != .photo }) {
    case .remove: return .remove(numbers ?? .all)
    case .notPictured: return numbers.map { .notPictured($0) }
    case .ask: return .askParents
    case .album: return .show
    // `3 7`, `foto 3 7`, `alle foto's`; `foto` alone shows which there are.
    case nil, .photo, .all: return numbers.map { .send($0) } ?? (commands.isEmpty ? nil : .show)
    }
  }
}

extension PhotoNumbers {
  /// `3 7`, `3, 7 en 9`, `3-7`, `3 t/m 7`, `alle`; nil where none is named.
  fileprivate init?(_ words: [PhotoWord.Read]) {
    var numbers: Set<Int> = []
    var last: Int?
    var isRange = false
    for word in words {
      switch word {
      case .number(let number):
        if isRange, let last, last < number, number - last <= SchoolPolicy.mostPhotos {
          numbers.formUnion(last...number)
        }
        numbers.insert(number)
        (last, isRange) = (number, false)
      case .through: isRange = true
      case .word(.all):
        self = .all
        return
      case .word, .other: break
      }
    }
    guard !numbers.isEmpty else { return nil }
    self = .some(numbers.sorted())
  }
}

/// The words of commands on photos.
package enum PhotoWord: Sendable, Hashable, CaseIterable {
  case photo, all, remove, notPictured, ask, album

  enum Read: Hashable {
    case word(PhotoWord)
    case number(Int)
    /// Between the ends of a range.
    case through
    case other

    var isNumber: Bool { if case .number = self { true } else { false } }
  }

  /// A line's words, those left out that say nothing.
  static func words(_ line: String, without asking: Set<String> = []) -> [Read] {
    var plain = Glossary.plain(line.prefix(PhotoRequest.longestLine))
    for (words, short) in Glossary.photoPhrases { plain = plain.replacing(words, with: short) }
    plain = plain.replacing(#/([0-9])\s*[-–—]\s*([0-9])/#) { "\($0.output.1) - \($0.output.2)" }
    let parts = plain.split { $0.isWhitespace || ",.:;!?\"()#“”".contains($0) }
    return parts.compactMap { part in
      let word = String(part).replacing("'", with: "").replacing("’", with: "")
      let isFiller = [Glossary.photoFillers, Glossary.fillers, Glossary.polite, asking].contains { $0.contains(word) }
      if isFiller { return nil }
      if let number = Int(word), number > 0 { return .number(number) }
      if Glossary.photoThrough.contains(word) { return .through }
      return allCases.first { Glossary.photoWords[$0]?.contains(word) ?? false }.map { .word($0) } ?? .other
    }
  }

  /// What a mail offers, in the language of its reader.
  package func offered(in language: Language) -> String {
    let words: (String, String, String) =
      switch self {
      case .photo: ("foto", "foto", "photo")
      case .all: ("alle foto's", "alle foto's", "all photos")
      case .remove: ("weg", "fuort", "remove")
      case .notPictured: ("niet in beeld", "net yn byld", "not pictured")
      case .ask: ("vraag", "freegje", "ask")
      case .album: ("album", "album", "album")
      }
    return switch language {
    case .dutch: words.0
    case .frisian: words.1
    case .english: words.2
    }
  }

  /// `zonder 3`: how a held photo is left out.
  package static func without(in language: Language) -> String {
    switch language {
    case .dutch: "zonder"
    case .frisian: "sûnder"
    case .english: "without"
    }
  }
}

extension ConsentAsk {
  /// `toestemming` alone shows; with an answer and a purpose it sets: `toestemming groep ja Noor`. Nil for another
  /// line.
  static func command(_ line: String) -> ConsentAsk? {
    let words = line.prefix(PhotoRequest.longestLine).split { $0.isWhitespace || ",:;".contains($0) }
    guard let first = words.first, RouteWord(first.trimmingCharacters(in: Glossary.marks)) == .consent else {
      return nil
    }
    return answer(words.dropFirst().joined(separator: " ")) ?? .show
  }

  /// What stands in answer to a mail on consent: an answer with its purposes, and perhaps a child.
  package static func answer(_ line: String) -> ConsentAsk? {
    guard line.utf8.count <= PhotoRequest.longestLine else { return nil }
    if CommandWord(firstLineOf: line) == .retract { return .undo }
    var answer: ConsentAnswer?
    var purposes: [ConsentPurpose] = []
    var child: [Substring] = []
    for word in line.split(whereSeparator: { $0.isWhitespace || ",:;".contains($0) }) {
      let plain = Glossary.plain(word).trimmingCharacters(in: Glossary.marks)
      if let known = Glossary.consentAnswers[plain] {
        // `ja nee` says nothing.
        if answer != nil, answer != known { return nil }
        answer = known
      } else if Glossary.consentAll.contains(plain) {
        purposes = ConsentPurpose.allCases
      } else if let purpose = Glossary.consentPurposes[plain] {
        if !purposes.contains(purpose) { purposes.append(purpose) }
      } else if Glossary.reservations.contains(plain) || Glossary.contrasts.contains(plain) {
        // `ja, maar alleen …`: a person reads it.
        return nil
      } else if !Glossary.fillers.union(Glossary.photoFillers).contains(plain), RouteWord(plain) != .consent {
        child.append(word)
      }
    }
    guard let answer, !purposes.isEmpty else { return nil }
    let name = child.joined(separator: " ").trimmingCharacters(in: Glossary.marks)
    return .set(purposes, answer, child: name.isEmpty ? nil : name)
  }

  /// What a mail offers to write, behind which the child's name stands.
  package static func offered(_ purpose: ConsentPurpose, _ answer: ConsentAnswer, in language: Language) -> String {
    "\(RouteWord.consent.word(in: language)) \(Glossary.word(purpose, language)) \(Glossary.word(answer, language))"
  }
}
