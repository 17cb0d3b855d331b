import Foundation

/// What a mail says of its photos: of one by its number in the mail or by its file's name, and of all of them.
struct PhotoTexts: Equatable {
  /// By the photo's place in the mail, from 0.
  var captions: [Int: String] = [:]
  /// What is said of all, captions left out.
  var text: String

  /// - Parameter names: of the files, in their order.
  init(_ text: String, names: [String]) {
    var rest: [Substring] = []
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() {
      for form in [name, Self.stem(name)].map({ Glossary.plain($0) }) { places[form] = places[form] ?? place }
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let (place, caption) = Self.caption(line, places, count: names.count), !caption.isEmpty else {
        rest.append(line)
        continue
      }
      let before = captions[place] ?? ""
      guard before.utf8.count < SchoolPolicy.longestCaption else { continue }
      captions[place] = before.isEmpty ? caption : "\(before) \(caption)"
    }
    captions = captions.mapValues { String($0.prefix(SchoolPolicy.longestCaption)) }
    self.text = rest.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// `2: Op de glijbaan`, `foto 2) …`, `IMG_0012.HEIC: …`.
  private static func caption(
    _ line: Substring, _ places: [String: Int], count: Int
  ) -> (place: Int, caption: String)? {
    guard let mark = line.firstIndex(where: { $0 == ":" || $0 == ")" }) else { return nil }
    let rest = line[line.index(after: mark)...]
    // `8:30` is a time.
    if line[mark] == ":", rest.first?.isNumber == true { return nil }
    let caption = rest.trimmingCharacters(in: .whitespaces)
    let head = Glossary.plain(line[..<mark].trimmingCharacters(in: .whitespaces))
    if let place = places[head] { return (place, caption) }
    var words = head.split(separator: " ")
    if words.count == 2, Glossary.photoWords[.photo]?.contains(String(words[0])) ?? false { words.removeFirst() }
    guard words.count == 1, let number = Int(words[0]), (1...).contains(number), number <= count else { return nil }
    return (number - 1, caption)
  }

  /// A file's name without what tells its form.
  static func stem(_ name: String) -> String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}

/// Finds the children whom words name, also where a name is nearly right: a photo is rather held for once too often.
struct NamedChildren {
  private struct Child {
    var pupil: PupilID
    /// The given name, without accents and hyphens.
    var name: String
  }

  private let children: [Child]
  /// Of other groups: meant where a word is just their name, and none of the children above is.
  private let others: [Child]
  /// Words that are the author's own: no child is meant at the end of a mail.
  private let ofAuthor: Set<String>
  /// Those of all who work at the school: behind a title no child is meant.
  private let ofStaff: Set<String>

  init(_ pupils: [Pupil], orElse others: [Pupil] = [], authorNames: [String], staffNames: [String] = []) {
    let named = { (pupil: Pupil) -> Child? in
      let given = pupil.name.split(separator: " ").first.map(Self.plain) ?? ""
      return given.count >= 2 ? Child(pupil: pupil.id, name: given) : nil
    }
    children = pupils.compactMap(named)
    self.others = others.compactMap(named)
    let parts = { (names: [String]) in Set(names.flatMap { $0.split(separator: " ") }.map(Self.plain)) }
    ofAuthor = parts(authorNames)
    ofStaff = ofAuthor.union(parts(staffNames))
  }

  /// In a caption, a title or a subject.
  func named(in text: String) -> Set<PupilID> { named(in: text.split(whereSeparator: \.isNewline)) }

  /// In what a mail says of all its photos, but for how its author takes leave.
  ///
  /// - Parameter isAfterCaptions: lines of it are captions: it need not begin with what is said of all.
  func named(inLetter text: String, isAfterCaptions: Bool) -> Set<PupilID> {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let end = closing(of: lines, isAfterCaptions: isAfterCaptions)
    var isTakingLeave = false
    return named(
      in: lines.enumerated().filter { place, line in
        guard isFarewell(line) else { return true }
        isTakingLeave = isTakingLeave || !Glossary.closingWords.isDisjoint(with: Self.words(line).map(Self.plain))
        return !isTakingLeave && place < end
      }.map(\.element))
  }

  private func named(in lines: [Substring]) -> Set<PupilID> {
    // Each word once: a long text says the same words again.
    var words: Set<Substring> = []
    for line in lines {
      var title: Substring?
      for word in Self.words(line) {
        // `juf Noor` is a teacher where one is called so; `met juf, Noor en Sem` and `Hear Noor sing` name a child.
        let isTitled =
          title.map { line[$0.endIndex..<word.startIndex].allSatisfy { $0.isWhitespace || $0 == "." } } ?? false
        if !isTitled || !ofStaff.contains(Self.plain(word)) { words.insert(word) }
        title = Glossary.titles.contains(Self.plain(word)) ? word : nil
      }
    }
    return words.reduce(into: []) { $0.formUnion(named(by: $1, inFileName: false)) }
  }

  /// Where the lines begin that hold no more than the author's name: behind an empty line, or one that ends a sentence.
  /// A name below a list of names may be a child's.
  private func closing(of lines: [Substring], isAfterCaptions: Bool) -> Int {
    let place = lines.lastIndex { !isFarewell($0) }.map { $0 + 1 } ?? 0
    guard place < lines.count else { return lines.count }
    let isApart = lines[place].allSatisfy(\.isWhitespace)
    let isIntroduced = place == 0 ? isAfterCaptions : isApart || ".!?".contains(lines[place - 1].last ?? " ")
    return isIntroduced ? place : lines.count
  }

  /// In a file's name words may stand without anything between: `NoorEnSanne`, `noorsanne2`.
  func named(inFileName name: String) -> Set<PupilID> {
    let spaced = PhotoTexts.stem(name).replacing(#/(\p{Ll})(\p{Lu})/#) { "\($0.output.1) \($0.output.2)" }
    return Self.words(spaced[...].replacing("_", with: " ")[...])
      .reduce(into: []) { $0.formUnion(named(by: $1, inFileName: true)) }
  }

  private func named(by word: Substring, inFileName: Bool) -> Set<PupilID> {
    // A hyphenated name as one, and each of its parts.
    let forms = Set([word] + word.split(separator: "-")).map {
      (text: Self.plain($0), isCapital: $0.first?.isUppercase ?? false)
    }
    let found = children.filter { child in
      forms.contains { form in
        Self.isName(form.text, child.name)
          || (form.isCapital || inFileName) && Self.isNearly(form.text, child.name)
          || inFileName && child.name.count >= 4
            && (form.text.hasPrefix(child.name) || form.text.hasSuffix(child.name))
      }
    }
    let meant =
      found.isEmpty
      ? others.filter { child in
        forms.contains { ($0.isCapital || inFileName) && Self.isName($0.text, child.name) }
      } : found
    return Set(meant.map(\.pupil))
  }

  private static let endings = ["", "s", "tje", "je", "ke", "tsje", "pje"]

  /// With what is put behind a name: whose it is, or how small.
  private static func isName(_ word: String, _ name: String) -> Bool {
    word.hasPrefix(name) && endings.contains(String(word.dropFirst(name.count)))
  }

  /// Short names are soon another word.
  private static func isNearly(_ word: String, _ name: String) -> Bool {
    let most = name.count < 5 ? 0 : name.count < 9 ? 1 : 2
    guard most > 0, abs(word.count - name.count) <= most else { return false }
    return EditDistance.between(Array(word.unicodeScalars), Array(name.unicodeScalars)) <= most
  }

  /// `Groetjes, juf Anna`, and nothing else; an empty line too.
  private func isFarewell(_ line: Substring) -> Bool {
    Self.words(line).map(Self.plain).allSatisfy {
      ofAuthor.contains($0) || Glossary.titles.contains($0) || Glossary.farewellWords.contains($0)
    }
  }

  private static func words(_ line: Substring) -> [Substring] {
    line.split { !$0.isLetter && $0 != "-" && $0 != "'" && $0 != "’" }
  }

  private static func plain(_ word: some StringProtocol) -> String { Glossary.plain(word).filter(\.isLetter) }
}
