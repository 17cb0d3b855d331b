import Foundation

extension Question {
  /// Photos, and what parents agree to.
  func photos(_ request: PhotoRequest) -> Decision {
    guard let photos = state.photos else { return help() }
    switch request.ask {
    case .list: return listAlbums(photos, word: request.group)
    case .file(let title): return filePhotos(photos, title: title, to: request.group)
    case .consent(let ask): return consent(ask, photos, word: request.group)
    default: break
    }
    guard let album = photos.albums.first else { return refuse(.noSuchPhoto) }
    switch request.ask {
    case .show: return showAlbum(album)
    case .send(let numbers): return send(numbers, of: album)
    case .remove(let numbers): return remove(numbers, of: album, photos)
    case .notPictured(let numbers): return clear(numbers, of: album, photos)
    case .askParents: return askParents(album, photos)
    case .undo: return undo(request.album, album, photos)
    case .words: return answerAlbum(album)
    case .list, .file, .consent: return help()
    }
  }

  // MARK: Filing

  private func filePhotos(_ photos: PhotoState, title: String, to word: String?) -> Decision {
    guard directory.isStaff(actor) else { return refuse(.notStaff) }
    guard let audience = audience(word) else { return refuse(.unknownGroup, asked: word) }
    let title = title.isEmpty ? RouteWord.photos.canonical : String(title.prefix(SchoolPolicy.longestTitle))
    let known = photos.albums.first {
      $0.audience == audience && Document.key($0.title) == Document.key(title) && policy.isOfThisYear($0, now: now)
    }
    let album =
      known ?? PhotoAlbum(id: AlbumID(0), audience: audience, title: title, author: actor, openedAt: now)
    let consents = Consents(photos.consents, directory: directory)
    var (new, text) = new(photos, in: album, consents)
    let refused = photos.refused + cut(&new, to: album)
    guard !new.isEmpty || !refused.isEmpty else { return refuse(.noPhotos) }

    var facts = PhotoFacts(album: album, in: directory, stage: .filed)
    let lines = new.map { line($0, album, consents) }
    facts.lines = zip(new, lines).filter { $0.0.state == .shown }.map(\.1)
    facts.held = zip(new, lines).filter { $0.0.state == .held }.map(\.1)
    facts.refused = refused
    guard !new.isEmpty else { return photoReceipt(facts) }
    let open = known == nil ? [PhotoChange.open(title: title, audience: audience, by: actor)] : []
    return photoReceipt(
      facts, open + [.add(new, to: known?.id, text: text, by: actor)], target: .photoBatch, photos.revision)
  }

  /// A name beside a photo concerns that one; in the subject or the text around, all that the mail brought.
  private func new(
    _ photos: PhotoState, in album: PhotoAlbum, _ consents: Consents
  ) -> ([PhotoChange.New], text: String) {
    let texts = PhotoTexts(command.body.text, names: photos.fileNames)
    let own = directory.pupils(in: album.audience)
    let others = directory.pupils(in: .school).filter { !album.audience.holds($0) }
    let children = NamedChildren(
      own, orElse: others, authorNames: directory.names(of: actor), staffNames: directory.staff.values.map(\.name))
    let ofAll = children.named(inLetter: texts.text, isAfterCaptions: !texts.captions.isEmpty)
      .union(children.named(in: album.title)).union(children.named(in: command.subject))
    let new = photos.incoming.enumerated().map { place, photo in
      let caption = texts.captions[photo.place] ?? ""
      let named = ofAll.union(children.named(inFileName: photo.name)).union(children.named(in: caption))
      return PhotoChange.New(
        number: place, name: photo.name, caption: caption, named: named,
        state: consents.missing(named, in: album).isEmpty ? .shown : .held, screen: photo.screen,
        thumbnail: photo.thumbnail)
    }
    return (new, texts.text)
  }

  /// Leaves out what is in the album already and what is too much for it, and numbers the rest.
  ///
  /// - Returns: what was left out.
  private func cut(_ new: inout [PhotoChange.New], to album: PhotoAlbum) -> [RefusedPhoto] {
    var seen = Set(album.photos.filter { $0.state != .removed }.map(\.screen.digest))
    let (fresh, known) = new.split { seen.insert($0.screen.digest).inserted }
    let room = max(0, SchoolPolicy.mostPhotos - album.photos.count)
    let first = (album.photos.map(\.number).max() ?? 0) + 1
    new = fresh.prefix(room).enumerated().map { place, photo in
      var photo = photo
      photo.number = first + place
      return photo
    }
    return known.map { RefusedPhoto(name: $0.name, reason: .known) }
      + fresh.dropFirst(room).map { RefusedPhoto(name: $0.name, reason: .tooMany) }
  }

  private func line(_ new: PhotoChange.New, _ album: PhotoAlbum, _ consents: Consents) -> PhotoFacts.Line {
    PhotoFacts.Line(
      number: new.number, name: new.name, children: names(consents.missing(new.named, in: album)))
  }

  func line(_ photo: Photo, _ album: PhotoAlbum, _ consents: Consents) -> PhotoFacts.Line {
    PhotoFacts.Line(
      number: photo.number, name: photo.name, children: names(consents.missing(photo.named, in: album)))
  }

  private func names(_ pupils: Set<PupilID>) -> [String] {
    pupils.sorted().compactMap { directory.pupils[$0]?.name }
  }

  func photoReceipt(
    _ facts: PhotoFacts, _ changes: [PhotoChange] = [], target: NoticeTarget = .support, _ basis: Revision? = nil,
    count: Int? = nil
  ) -> Decision {
    var notice = NoticeFacts(count: count)
    notice.photos = facts
    return Decision(
      changes: changes.map { .photos($0) }, notices: [toActor(.photoReceipt, replyTarget: target, facts: notice)],
      basis: basis)
  }

  // MARK: Taking back

  /// Who looks after an album: who filed in it, the teachers of its group, heads; of the school's all staff.
  private func mayKeep(_ album: PhotoAlbum) -> Bool {
    guard directory.isStaff(actor) else { return false }
    if album.author == actor || album.batches.contains(where: { $0.author == actor }) { return true }
    guard case .group(let group) = album.audience else { return true }
    let isHead = directory.staff(of: actor).contains { !$0.roles.isDisjoint(with: ClassList.headRoles) }
    return isHead || directory.teachers(of: group).contains(actor)
  }

  private func remove(_ numbers: PhotoNumbers, of album: PhotoAlbum, _ photos: PhotoState) -> Decision {
    guard mayKeep(album) else { return refuse(directory.isStaff(actor) ? .notYours : .notStaff) }
    let meant = numbers.photos(of: album.photos.filter { $0.state != .removed })
    guard !meant.isEmpty else { return refuse(.noSuchPhoto) }
    var facts = PhotoFacts(album: album, in: directory, stage: .removed)
    facts.lines = meant.map { PhotoFacts.Line(number: $0.number, name: $0.name) }
    return photoReceipt(
      facts, [.remove(meant.map(\.id), of: album.id, by: actor)], target: .photoBatch, photos.revision)
  }

  /// `herstel`: what the mail added goes, what it took away comes back.
  private func undo(
    _ reference: PhotoRequest.Reference?, _ album: PhotoAlbum, _ photos: PhotoState
  ) -> Decision {
    guard mayKeep(album) else { return refuse(directory.isStaff(actor) ? .notYours : .notStaff) }
    guard case .batch(let batch) = reference else { return refuse(.tooLateToRetract) }
    let added = album.photos.filter { $0.batch == batch && $0.state != .removed }
    if !added.isEmpty { return remove(.some(added.map(\.number)), of: album, photos) }
    let taken = album.photos.filter { $0.removedBy == batch && $0.state == .removed }
    guard !taken.isEmpty else { return refuse(.replacedSince) }
    let consents = Consents(photos.consents, directory: directory)
    let (held, shown) = taken.split { !consents.missing($0.named, in: album).isEmpty }
    var facts = PhotoFacts(album: album, in: directory, stage: .restored)
    facts.lines = shown.map { line($0, album, consents) }
    facts.held = held.map { line($0, album, consents) }
    let changes = [(shown, Photo.State.shown), (held, .held)].filter { !$0.0.isEmpty }
      .map { PhotoChange.restore($0.0.map(\.id), $0.1) }
    return photoReceipt(facts, changes, target: .album(album.id), photos.revision)
  }

  /// The teacher says that none of the children without consent can be recognised; that stands in the store with their
  /// name. The others stay named: their parents may still say no.
  private func clear(_ numbers: PhotoNumbers, of album: PhotoAlbum, _ photos: PhotoState) -> Decision {
    guard mayKeep(album) else { return refuse(directory.isStaff(actor) ? .notYours : .notStaff) }
    let meant = numbers.photos(of: album.held)
    guard !meant.isEmpty else { return refuse(.noSuchPhoto) }
    var facts = PhotoFacts(album: album, in: directory, stage: .cleared)
    facts.lines = meant.map { PhotoFacts.Line(number: $0.number, name: $0.name) }
    let consents = Consents(photos.consents, directory: directory)
    let named = meant.map { ($0.id, $0.named.subtracting(consents.missing($0.named, in: album))) }
    let change = PhotoChange.clear(Dictionary(uniqueKeysWithValues: named), by: actor)
    return photoReceipt(facts, [change], target: .album(album.id), photos.revision)
  }

  /// Asks those parents who have not said anything; who refused is not asked again.
  private func askParents(_ album: PhotoAlbum, _ photos: PhotoState) -> Decision {
    guard mayKeep(album) else { return refuse(directory.isStaff(actor) ? .notYours : .notStaff) }
    let consents = Consents(photos.consents, directory: directory)
    // Who refused may have no say any more.
    let free = album.held.filter { consents.missing($0.named, in: album).isEmpty }
    if !free.isEmpty { return release(free, of: album, consents, photos.revision) }
    let missing = consents.missing(album.held.reduce(into: []) { $0.formUnion($1.named) }, in: album)
    let unknown = missing.filter { consents.state($0, in: album) == .unknown }
    var asked: [AccountID: [Pupil]] = [:]
    for pupil in unknown.sorted().compactMap({ directory.pupils[$0] }) {
      for account in directory.guardians(of: pupil.id) { asked[account, default: []].append(pupil) }
    }
    var facts = PhotoFacts(album: album, in: directory, stage: .asked)
    facts.held = album.held.map { line($0, album, consents) }
    var decision = photoReceipt(facts, target: .album(album.id), count: asked.count)
    decision.notices += asked.keys.sorted().map { account in
      var facts = PhotoFacts()
      facts.isRequest = true
      facts.children = consentLines(asked[account] ?? [], of: account, consents)
      var notice = NoticeFacts()
      notice.photos = facts
      return Notice(
        .consent, to: .account(account), replyTarget: .consent, facts: notice, onceADay: "consent")
    }
    return decision
  }

  private func release(
    _ free: [Photo], of album: PhotoAlbum, _ consents: Consents, _ revision: Revision
  ) -> Decision {
    var facts = PhotoFacts(album: album, in: directory, stage: .released)
    facts.lines = free.map { line($0, album, consents) }
    facts.held = album.held.filter { !free.contains($0) }.map { line($0, album, consents) }
    return photoReceipt(facts, [.set(free.map(\.id), .shown)], target: .album(album.id), revision)
  }
}

extension Array {
  /// Those for which something holds, and the others; in their order.
  func split(_ holds: (Element) -> Bool) -> ([Element], [Element]) {
    reduce(into: ([], [])) { if holds($1) { $0.0.append($1) } else { $0.1.append($1) } }
  }
}
