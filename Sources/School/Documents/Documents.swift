import Foundation

extension Question {
  /// Parents ask for documents; staff file and remove them.
  func documents(_ request: DocumentRequest) -> Decision {
    guard let shelf = state.shelf else { return help() }
    guard let audience = audience(request.group) else { return refuse(.unknownGroup, asked: request.group) }
    guard directory.isStaff(actor) || mayAskSchool else { return refuse(.noChildHere) }
    guard maySee(audience) else { return refuse(.notYourGroup, asked: request.group) }
    // `documenten.groep5` shows those of group 5 alone.
    let visible = shelf.documents.filter {
      $0.current != nil && maySee($0.audience) && (request.group == nil || $0.audience == audience)
    }
    return switch request.ask {
    case .list: list(visible)
    case .find(let title): find(title, among: visible, isCommand: true)
    case .perhaps(let title): find(title, among: visible, isCommand: false)
    case .file(let title): file(command.body.files, title: title, for: audience, on: shelf)
    case .remove(let title): remove(title, among: visible, on: shelf)
    case .restore(let filing): restore(filing, on: shelf)
    }
  }

  // MARK: Who sees what

  /// What is for the whole school is for everybody with a child there of whom the school may tell them something.
  private var mayAskSchool: Bool {
    directory.carers(of: actor).contains { carer in
      carer.authority.contains { $0.value != .none && directory.pupils[$0.key] != nil }
    }
  }

  /// What is for a group is for its parents with full authority, and for staff; for nobody once the group is gone.
  private func maySee(_ audience: Audience) -> Bool {
    guard case .group(let group) = audience else { return true }
    guard directory.groups[group] != nil else { return false }
    return directory.isStaff(actor) || directory.pupils(of: actor).contains { $0.groups.contains(group) }
  }

  // MARK: Asking

  private func list(_ visible: [Document]) -> Decision {
    let sorted = visible.sorted {
      ($0.group(directory), Document.key($0.title)) < ($1.group(directory), Document.key($1.title))
    }
    let facts = DocumentFacts(
      lines: sorted.prefix(SchoolPolicy.mostListed).map { line($0, among: visible) },
      more: max(0, sorted.count - SchoolPolicy.mostListed))
    return toReader(.documentList, facts)
  }

  private func find(_ title: String, among visible: [Document], isCommand: Bool) -> Decision {
    let ranked = ranked(title, visible)
    if let document = Likeness.clear(ranked) {
      return toReader(.document, DocumentFacts(lines: [line(document, among: visible)]))
    }
    if !isCommand, ranked.isEmpty { return list(visible) }
    return offer(ranked.map(\.value), among: visible, asked: title)
  }

  private func offer(_ nearest: [Document], among visible: [Document], asked: String, isRemoval: Bool = false)
    -> Decision
  {
    let lines = nearest.prefix(SchoolPolicy.mostNearest).map { line($0, among: visible) }
    return toReader(.documentList, DocumentFacts(lines: lines, isNearest: true, isRemoval: isRemoval), asked: asked)
  }

  /// By its title, or by title and group where groups have the same title.
  private func ranked(_ title: String, _ visible: [Document]) -> [(value: Document, likeness: Double)] {
    let likeness = Likeness(title)
    var best: [DocumentID: Double] = [:]
    let names = visible.flatMap { document in
      [document.title, words(of: document)].map { (name: $0, value: document) }
    }
    return likeness.ranked(names).filter { best.updateValue($0.likeness, forKey: $0.value.id) == nil }
  }

  private func toReader(_ kind: NoticeKind, _ documents: DocumentFacts, asked: String? = nil) -> Decision {
    Decision(notices: [toActor(kind, replyTarget: .documents, facts: NoticeFacts(asked: asked, documents: documents))])
  }

  // MARK: Filing

  /// One file stands under the subject, several under their own names.
  private func file(_ files: [StoredFile], title: String, for audience: Audience, on shelf: DocumentShelf) -> Decision {
    guard directory.isStaff(actor) else { return refuse(.notStaff) }
    guard !files.isEmpty else { return nothingWritten() }
    let titles = titles(files, subject: title)
    let known = Dictionary(
      shelf.documents.filter { $0.audience == audience }.map { (Document.key($0.title), $0) }
    ) { first, _ in first }
    let new = titles.filter { known[Document.key($0)]?.current == nil }.count
    guard shelf.documents.filter({ $0.current != nil }).count + new <= SchoolPolicy.mostDocuments else {
      return refuse(.shelfFull)
    }
    var changes: [Change] = []
    let lines = zip(files, titles).map { file, title in
      let before = known[Document.key(title)]?.current
      let isSame = before?.file?.digest == file.digest
      if !isSame { changes.append(.documents(.put(file, title: title, audience: audience, by: actor))) }
      return DocumentFacts.Line(
        title: title, group: directory.groupName(audience), file: file, at: now, words: title,
        change: isSame ? .same : before == nil ? .filed : .replaced, before: before?.at)
    }
    return receipt(changes, lines, on: shelf)
  }

  private func titles(_ files: [StoredFile], subject: String) -> [String] {
    if files.count == 1, !subject.isEmpty { return [String(subject.prefix(SchoolPolicy.longestTitle))] }
    let names = files.map { file in
      let name = file.name.replacing("_", with: " ")
      let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
      return (stem: stem.isEmpty ? name : stem, whole: name)
    }
    // `regels.pdf` and `regels.docx` are two.
    let keys = names.map { Document.key($0.stem) }
    var taken: Set<String> = []
    return names.enumerated().map { place, name in
      let isAlone = keys.filter { $0 == keys[place] }.count == 1
      let title = String((isAlone ? name.stem : name.whole).prefix(SchoolPolicy.longestTitle))
      let candidates = [title] + (2...files.count + 1).map { "\(title) \($0)" }
      let free = candidates.first { taken.insert(Document.key($0)).inserted }
      return free ?? title
    }
  }

  private func remove(_ title: String, among visible: [Document], on shelf: DocumentShelf) -> Decision {
    guard directory.isStaff(actor) else { return refuse(.notStaff) }
    let ranked = ranked(title, visible)
    // Only what is named exactly: nobody reads a receipt as closely as a question.
    guard let document = Likeness.clear(ranked), ranked.first?.likeness == 1 else {
      return offer(ranked.map(\.value), among: visible, asked: title, isRemoval: true)
    }
    var line = line(document, among: visible)
    line.change = .removed
    return receipt([.documents(.remove(document.id, by: actor))], [line], on: shelf)
  }

  /// `herstel` in answer to a receipt: what it told of is taken back where nothing came after it.
  private func restore(_ filing: FilingID, on shelf: DocumentShelf) -> Decision {
    guard directory.isStaff(actor) else { return refuse(.notStaff) }
    let latest = shelf.documents.filter { $0.versions.last?.filing == filing && $0.versions.last?.author == actor }
    guard !latest.isEmpty else { return refuse(.replacedSince) }
    let lines = latest.map { document in
      let before = document.versions.dropLast().last { $0.file != nil }
      let isBack = document.versions.dropLast().last?.file != nil
      return DocumentFacts.Line(
        title: document.title, group: directory.groupName(document.audience), file: isBack ? before?.file : nil,
        at: before?.at, words: document.title, change: isBack ? .restored : .withdrawn, before: before?.at)
    }
    return Decision(
      changes: [.documents(.withdraw(filing, of: latest.map(\.id)))],
      notices: [
        toActor(.documentReceipt, replyTarget: .documents, facts: NoticeFacts(documents: DocumentFacts(lines: lines)))
      ], basis: shelf.revision)
  }

  private func receipt(_ changes: [Change], _ lines: [DocumentFacts.Line], on shelf: DocumentShelf) -> Decision {
    let facts = NoticeFacts(documents: DocumentFacts(lines: lines))
    return Decision(
      changes: changes,
      notices: [
        toActor(.documentReceipt, replyTarget: changes.isEmpty ? .documents : .filing, facts: facts)
      ], basis: changes.isEmpty ? nil : shelf.revision)
  }

  // MARK: Naming one

  private func line(_ document: Document, among visible: [Document]) -> DocumentFacts.Line {
    let key = Document.key(document.title)
    let isAlone = visible.filter { Document.key($0.title) == key }.count == 1
    return DocumentFacts.Line(
      title: document.title, group: directory.groupName(document.audience), file: document.current?.file,
      at: document.current?.at, words: isAlone ? document.title : words(of: document))
  }

  private func words(of document: Document) -> String {
    switch document.audience {
    case .school: "\(document.title) \(Glossary.wholeSchool)"
    case .group(let id): "\(document.title) \(directory.groups[id]?.routeWord ?? id.rawValue)"
    }
  }
}

extension Document {
  /// To sort by: the school's first.
  fileprivate func group(_ directory: Directory) -> String { directory.groupName(audience) ?? "" }
}

extension DocumentWord {
  /// `Document: Luizenprotocol` is titled `Luizenprotocol`.
  static func withoutCommand(_ subject: String) -> String {
    let words = subject.split(separator: " ")
    guard words.count > 1, DocumentWord(words[0]) == .document else { return subject }
    return words.dropFirst().joined(separator: " ")
  }
}
