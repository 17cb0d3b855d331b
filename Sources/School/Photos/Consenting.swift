import Foundation

extension Question {
  /// Parents see and settle what their children's photos may be used for; staff see how it stands for each child. What
  /// a parent writes with it is for a person: it may limit what they agree to. So is a line that is not wholly
  /// understood, and they get the choices.
  func consent(_ ask: ConsentAsk, _ photos: PhotoState, word: String?) -> Decision {
    let own = directory.pupils(of: actor)
    if directory.isStaff(actor), word != nil || own.isEmpty { return listConsents(photos, word: word) }
    guard !own.isEmpty else { return refuse(.noChildHere).and(wordsBeside(lines: 1)) }
    switch ask {
    case .show: return showConsent(own, photos).and(wordsBeside(lines: 1))
    case .undo: return undoConsent(own, photos).and(wordsBeside(lines: 1))
    case .set(let purposes, let answer, let child):
      guard let first = records(purposes, answer, child, own) else {
        // Consent is for one child: nobody guesses which.
        guard let child else { return showConsent(own, photos).and(wordsBeside(lines: 1)) }
        guard isName(child) else { return showConsent(own, photos).and(wordsBeside(lines: 0)) }
        return refuse(.unknownChild, asked: askedFirst == nil ? command.subject : firstLine).and(wordsBeside(lines: 1))
      }
      let further = furtherLines(after: first, own)
      return record(first + further.joined(), photos).and(wordsBeside(lines: 1 + further.count))
    }
  }

  /// Whether what a line says beside the choice may be nothing but somebody's name.
  private func isName(_ words: String) -> Bool {
    let words = words.split(separator: " ")
    return words.count <= 4
      && words.allSatisfy { $0.first?.isUppercase == true || Glossary.particles.contains(String($0)) }
      || words.count == 1
  }

  /// Nil where it is not clear of which child a line speaks, or what else it says of it.
  private func records(
    _ purposes: [ConsentPurpose], _ answer: ConsentAnswer, _ child: String?, _ own: [Pupil]
  ) -> [ConsentRecord]? {
    let named = child.map { Likeness($0).ranked(own.map { (name: $0.name, value: $0) }) }
    guard let pupil = named.map(Likeness.clear) ?? (own.count == 1 ? own[0] : nil) else { return nil }
    if let child, Glossary.words(child).count > Glossary.words(pupil.name).count + 1 { return nil }
    return purposes.map { ConsentRecord(pupil: pupil.id, purpose: $0, account: actor, answer: answer, at: now) }
  }

  /// What the lines below the first say in the same way, as far as that is clear and none says the opposite of another.
  private func furtherLines(after first: [ConsentRecord], _ own: [Pupil]) -> [[ConsentRecord]] {
    guard case .set? = askedFirst else { return [] }
    var (further, all): ([[ConsentRecord]], [ConsentRecord]) = ([], first)
    let lines = command.body.text.split(whereSeparator: \.isNewline).filter { !Glossary.words($0).isEmpty }
    for line in lines.prefix(SchoolPolicy.mostConsentLines).dropFirst() {
      guard case .set(let purposes, let answer, let child)? = asked(by: line),
        let said = records(purposes, answer, child, own),
        !said.contains(where: { one in
          all.contains { $0.pupil == one.pupil && $0.purpose == one.purpose && $0.answer != one.answer }
        })
      else { break }
      further.append(said)
      all += said
    }
    return further
  }

  private func asked(by line: some StringProtocol) -> ConsentAsk? {
    ConsentAsk.answer(String(line)) ?? ConsentAsk.command(String(line))
  }

  private var firstLine: String { Glossary.firstLine(of: command.body.text).map(String.init) ?? "" }

  /// By the first line; nil where it was the subject that asked, or the address, and where that line says more than it
  /// asks.
  private var askedFirst: ConsentAsk? {
    let ask = asked(by: firstLine)
    let isMore = ask == .show && Glossary.withoutPoliteness(Glossary.words(firstLine)).count > 1
    return isMore ? nil : ask
  }

  /// - Parameter answering: lines that ask, where the first does.
  private func wordsBeside(lines answering: Int) -> Decision {
    let asking = askedFirst == nil ? 0 : answering
    let isSaid = command.hasWordsBelow(names: directory.names(of: actor), lines: asking)
    return isSaid && !directory.isStaff(actor) ? support() : Decision()
  }

  private func showConsent(_ pupils: [Pupil], _ photos: PhotoState) -> Decision {
    var facts = PhotoFacts()
    facts.children = consentLines(pupils, of: actor, Consents(photos.consents, directory: directory))
    return photoAnswer(.consent, facts, target: .consent)
  }

  /// What one account said of these children, and never what another parent said.
  func consentLines(_ pupils: [Pupil], of account: AccountID, _ consents: Consents) -> [PhotoFacts.ChildLine] {
    pupils.map { pupil in
      PhotoFacts.ChildLine(
        name: pupil.name,
        consents: ConsentPurpose.allCases.map { purpose in
          let state: Consent =
            switch consents.answer(of: account, pupil.id, purpose) {
            case .given: .given
            case .refused: .refused
            case .withdrawn, nil: .unknown
            }
          return PhotoFacts.ConsentLine(purpose: purpose, state: state)
        })
    }
  }

  private func listConsents(_ photos: PhotoState, word: String?) -> Decision {
    guard let wanted = audience(word) else { return refuse(.unknownGroup, asked: word) }
    let groups = directory.classListGroups(for: actor)
    if case .group(let id) = wanted, !groups.contains(where: { $0.id == id }) {
      return refuse(.notYourGroup, asked: word)
    }
    let consents = Consents(photos.consents, directory: directory)
    let pupils = directory.pupils(in: wanted).filter { pupil in groups.contains { pupil.groups.contains($0.id) } }
    var facts = PhotoFacts()
    facts.group = directory.groupName(wanted)
    facts.children = pupils.sorted { (Glossary.plain($0.name), $0.id) < (Glossary.plain($1.name), $1.id) }
      .map { pupil in
        PhotoFacts.ChildLine(
          name: pupil.name,
          consents: ConsentPurpose.allCases.map {
            PhotoFacts.ConsentLine(purpose: $0, state: consents.state(pupil.id, $0))
          })
      }
    return photoAnswer(.consentList, facts, target: .albums)
  }

  /// What was said last is said as it was before: a further line of the ledger.
  private func undoConsent(_ own: [Pupil], _ photos: PhotoState) -> Decision {
    let mine = photos.consents.filter { record in record.account == actor && own.contains { $0.id == record.pupil } }
    guard let last = mine.map(\.at).max() else { return refuse(.replacedSince) }
    let before = mine.filter { $0.at < last }
    return record(
      mine.filter { $0.at == last }.map { record in
        var record = record
        record.answer =
          before.last { $0.pupil == record.pupil && $0.purpose == record.purpose }?.answer ?? .withdrawn
        record.at = now
        return record
      }, photos)
  }

  private func record(_ records: [ConsentRecord], _ photos: PhotoState) -> Decision {
    let after = Consents(photos.consents + records, directory: directory)
    let said = Set(records.map(\.pupil)).sorted().compactMap { directory.pupils[$0] }
    var facts = PhotoFacts()
    facts.children = consentLines(said, of: actor, after)
    var decision = photoAnswer(.consentReceipt, facts, target: .consent)
    decision.changes = [.photos(.consent(records))]
    decision.basis = photos.revision
    for album in photos.albums { follow(album, after, &decision) }
    return decision
  }

  /// Photos that waited for this consent go along; those that lost theirs are shown no longer. Who sent them is told,
  /// and not which parent said what.
  fileprivate func follow(_ album: PhotoAlbum, _ consents: Consents, _ decision: inout Decision) {
    let isMissing = { (photo: Photo) in !consents.missing(photo.named, in: album).isEmpty }
    // Of a child who left the school nobody has a say any more: what was decided of it stands.
    let isLost = { (photo: Photo) in
      !consents.missing(photo.named.filter { directory.pupils[$0] != nil }, in: album).isEmpty
    }
    let steps: [(PhotoFacts.Stage, Photo.State, [Photo])] = [
      // Of last year's albums nothing goes along any more.
      (.released, .shown, policy.isOfThisYear(album, now: now) ? album.held.filter { !isMissing($0) } : []),
      (.revoked, .held, album.shown.filter(isLost)),
    ]
    for (stage, state, photos) in steps where !photos.isEmpty {
      decision.changes.append(.photos(.set(photos.map(\.id), state)))
      decision.notices += keepers(of: photos, in: album).map { author in
        var facts = PhotoFacts(album: album, in: directory, stage: stage)
        facts.lines = photos.map { line($0, album, consents) }
        var notice = NoticeFacts()
        notice.photos = facts
        return Notice(.photoReceipt, to: .account(author), replyTarget: .album(album.id), facts: notice)
      }
    }
  }

  /// Who sent these photos; where they left the school, the teachers of the group.
  private func keepers(of photos: [Photo], in album: PhotoAlbum) -> [AccountID] {
    let batches = album.batches.filter { batch in photos.contains { $0.batch == batch.id } }
    let authors = Set(batches.map(\.author)).filter(directory.isStaff)
    guard authors.isEmpty, case .group(let group) = album.audience else { return authors.sorted() }
    return directory.teachers(of: group)
  }
}

/// What becomes of an album's photos where others have a say than when they were judged: an import changed whose child
/// it is. Empty where nothing does.
package func judging(
  _ album: PhotoAlbum, consents: [ConsentRecord], directory: Directory, policy: SchoolPolicy, revision: Revision,
  now: Date
) -> Decision {
  let command = Command(actor: AccountID(0), act: .askHelp, subject: "", body: MessageBody(text: ""))
  let question = Question(command: command, state: SchoolState(directory: directory, policy: policy), now: now)
  var decision = Decision(basis: revision)
  question.follow(album, Consents(consents, directory: directory), &decision)
  return decision
}
