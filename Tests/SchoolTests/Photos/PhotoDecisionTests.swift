import Foundation
import Testing

@testable import School

@Suite("Photo albums")
struct PhotoDecisionTests {
  typealias S = SmallSchool
  static let noor = PupilID("p3")
  static let sanne = PupilID("p1")
  static let revision = Revision(subject: PhotoAlbum.revision, number: 4)

  static func file(_ name: String, size: Int = 400_000) -> StoredFile {
    StoredFile(digest: "digest of \(name)", name: "", mediaType: "image/jpeg", size: size)
  }

  static func incoming(_ names: String...) -> [IncomingPhoto] {
    names.enumerated().map { place, name in
      IncomingPhoto(place: place, name: name, screen: file(name), thumbnail: file("small \(name)"))
    }
  }

  static func photo(
    _ number: Int, _ state: Photo.State = .shown, named: Set<PupilID> = [], batch: Int64 = 1, removedBy: Int64? = nil,
    size: Int = 400_000, isAnnounced: Bool = false
  ) -> Photo {
    Photo(
      id: PhotoID(Int64(100 + number)), number: number, state: state, batch: PhotoBatchID(batch),
      removedBy: removedBy.map { PhotoBatchID($0) }, name: "IMG_\(number).jpg", named: named,
      screen: file("\(number)", size: size), thumbnail: file("small \(number)"), isAnnounced: isAnnounced)
  }

  static func album(
    _ photos: [Photo] = [photo(1), photo(2), photo(3)], _ audience: Audience = .group(S.group5), at: Date = S.now
  ) -> PhotoAlbum {
    PhotoAlbum(
      id: AlbumID(7), audience: audience, title: "Naar het bos", author: S.anna, openedAt: at, photos: photos,
      batches: [.init(id: PhotoBatchID(1), author: S.anna, text: "Leuk!")])
  }

  static func say(
    _ account: AccountID, _ answer: ConsentAnswer, _ pupil: PupilID = noor, _ purpose: ConsentPurpose = .group,
    after seconds: TimeInterval = -100
  ) -> ConsentRecord {
    ConsentRecord(pupil: pupil, purpose: purpose, account: account, answer: answer, at: S.now + seconds)
  }

  static func decision(
    _ actor: AccountID, _ ask: PhotoRequest.Ask, _ text: String = "", subject: String = "x", group: String? = nil,
    album: PhotoRequest.Reference? = .album(AlbumID(7)), albums: [PhotoAlbum] = [], consents: [ConsentRecord] = [],
    incoming: [IncomingPhoto] = [], fileNames: [String]? = nil, refused: [RefusedPhoto] = [], now: Date = S.now
  ) -> Decision {
    var state = S.state()
    var photos = PhotoState(revision: revision)
    (photos.albums, photos.consents, photos.incoming, photos.refused) = (albums, consents, incoming, refused)
    photos.fileNames = fileNames ?? incoming.map(\.name)
    state.photos = photos
    return decide(
      Command(
        actor: actor, act: .photos(PhotoRequest(ask, group: group, album: album)), subject: subject,
        body: MessageBody(text: text)), state, now: now)
  }

  static func added(_ decision: Decision) -> [PhotoChange.New] {
    decision.changes.flatMap { change -> [PhotoChange.New] in
      if case .photos(.add(let photos, _, _, _)) = change { photos } else { [] }
    }
  }

  static func facts(_ decision: Decision) -> PhotoFacts? { decision.notices.first?.facts.photos }

  // MARK: Filing

  @Test("Photos of staff become an album; those of a second mail under the same title go on in it")
  func files() {
    let first = Self.decision(
      S.anna, .file(title: "Naar het bos"), "Beste ouders,\n2: Moe", group: "groep5", album: nil,
      incoming: Self.incoming("IMG_1.jpg", "IMG_2.jpg"))
    #expect(first.changes.first == .photos(.open(title: "Naar het bos", audience: .group(S.group5), by: S.anna)))
    #expect(Self.added(first).map(\.number) == [1, 2] && Self.added(first).map(\.caption) == ["", "Moe"])
    #expect(first.basis == Self.revision && first.notices.map(\.kind) == [.photoReceipt])
    #expect(first.notices.first?.replyTarget == .photoBatch)
    let more = Self.decision(
      S.bas, .file(title: "naar het BOS!"), group: "groep5", album: nil, albums: [Self.album()],
      incoming: Self.incoming("a.jpg"))
    #expect(more.changes.count == 1 && Self.added(more).map(\.number) == [4])
    if case .photos(.add(_, let album, _, _)) = more.changes[0] { #expect(album == AlbumID(7)) }
  }

  @Test("Parents file none, a group must be known, and a mail without a photo says so")
  func refusals() {
    let photos = Self.incoming("a.jpg")
    #expect(Self.decision(S.els, .file(title: "x"), album: nil, incoming: photos).refusal == .notStaff)
    #expect(Self.decision(S.anna, .file(title: "x"), group: "groep9", incoming: photos).refusal == .unknownGroup)
    #expect(Self.decision(S.anna, .file(title: "x")).refusal == .noPhotos)
  }

  @Test("A broken photo is told by name, and the others go on; an album takes so many")
  func limits() {
    let broken = RefusedPhoto(name: "stuk.jpg", reason: .damaged)
    let some = Self.decision(
      S.anna, .file(title: "x"), group: "groep5", incoming: Self.incoming("a.jpg"), refused: [broken])
    #expect(Self.facts(some)?.refused == [broken] && Self.added(some).count == 1)
    let none = Self.decision(S.anna, .file(title: "x"), group: "groep5", refused: [broken])
    #expect(none.changes.isEmpty && Self.facts(none)?.refused == [broken])
    let full = Self.album((1..<SchoolPolicy.mostPhotos).map { Self.photo($0, .removed) })
    let over = Self.decision(
      S.anna, .file(title: "Naar het bos"), group: "groep5", albums: [full], incoming: Self.incoming("a.jpg", "b.jpg"))
    #expect(Self.added(over).map(\.number) == [SchoolPolicy.mostPhotos])
    #expect(Self.facts(over)?.refused == [RefusedPhoto(name: "b.jpg", reason: .tooMany)])
  }

  @Test("The same photo again is none, in one mail or in the next; captions stay with theirs")
  func again() {
    let album = Self.album([Self.photo(1)])
    var incoming = Self.incoming("nog eens.jpg", "a.jpg", "b.jpg", "a.jpg")
    (incoming[0].screen, incoming[0].thumbnail) = (Self.file("1"), Self.file("small 1"))
    let twice = Self.decision(
      S.anna, .file(title: "Naar het bos"), "3: Moe", group: "groep5", albums: [album],
      incoming: incoming)
    #expect(Self.added(twice).map(\.name) == ["a.jpg", "b.jpg"] && Self.added(twice).map(\.number) == [2, 3])
    #expect(Self.added(twice).map(\.caption) == ["", "Moe"])
    #expect(Self.facts(twice)?.refused?.map(\.reason) == [.known, .known])
  }

  // MARK: Consent

  @Test("A photo that names a child is held unless the parents agree; where they differ, refusal wins")
  func held() {
    let states = { (consents: [ConsentRecord], text: String) in
      Self.added(
        Self.decision(
          S.anna, .file(title: "Bos"), text, subject: "Bos", group: "groep5", consents: consents,
          incoming: Self.incoming("IMG_1.jpg", "noor.jpg"))
      ).map(\.state)
    }
    #expect(states([], "") == [.shown, .held], "unknown")
    #expect(states([Self.say(S.els, .given)], "") == [.shown, .shown])
    #expect(states([Self.say(S.els, .given), Self.say(S.frank, .refused)], "") == [.shown, .held])
    #expect(states([Self.say(S.els, .refused), Self.say(S.els, .given)], "") == [.shown, .shown], "the latest counts")
    #expect(states([Self.say(S.els, .given), Self.say(S.els, .withdrawn)], "") == [.shown, .held])
    #expect(states([Self.say(S.onRequest, .given)], "") == [.shown, .held], "no authority")
    #expect(states([Self.say(S.els, .given, Self.noor, .website)], "") == [.shown, .held], "another purpose")
    let given = [Self.say(S.els, .given)]
    #expect(states(given, "1: Sanne rent") == [.held, .shown], "a caption concerns one")
    #expect(states(given, "Sanne was jarig!") == [.held, .held], "words around concern all")
    #expect(states(given, "Tim was er ook") == [.held, .held], "a child of another group")
    let tim = { Self.say(S.deVries, .given, PupilID("p2"), $0) }
    #expect(states(given + [tim(.group)], "Tim was er ook") == [.held, .held], "more than his own group see it")
    #expect(states(given + [tim(.school)], "Tim was er ook") == [.shown, .shown])
  }

  @Test("The subject counts as well, and for the whole school another consent is asked")
  func titles() {
    let named = Self.decision(
      S.anna, .file(title: "Noor jarig"), subject: "Noor jarig", group: "groep5", incoming: Self.incoming("a.jpg"))
    #expect(Self.added(named).map(\.state) == [.held])
    #expect(Self.facts(named)?.held?.first?.children == ["Noor"])
    let school = Self.decision(
      S.anna, .file(title: "x"), consents: [Self.say(S.els, .given)], incoming: Self.incoming("noor.jpg"))
    #expect(Self.added(school).map(\.state) == [.held])
  }

  @Test("The teacher leaves a held photo out, says that nobody is recognisable, or asks the parents who said nothing")
  func choices() {
    let album = Self.album([Self.photo(1), Self.photo(2, .held, named: [Self.noor, Self.sanne])])
    let drop = Self.decision(S.anna, .remove(.some([2])), albums: [album])
    #expect(drop.changes == [.photos(.remove([PhotoID(102)], of: AlbumID(7), by: S.anna))])
    let clear = Self.decision(S.bas, .notPictured(.some([2])), albums: [album])
    #expect(clear.changes == [.photos(.clear([PhotoID(102): []], by: S.bas))])
    let one = Self.decision(S.bas, .notPictured(.some([2])), albums: [album], consents: [Self.say(S.els, .given)])
    #expect(one.changes == [.photos(.clear([PhotoID(102): [Self.noor]], by: S.bas))], "her parents may still say no")
    #expect(Self.decision(S.anna, .notPictured(.some([1])), albums: [album]).refusal == .noSuchPhoto)
    let asked = Self.decision(S.anna, .askParents, albums: [album])
    #expect(asked.readers(of: .consent) == [S.deVries, S.els, S.frank] && asked.changes.isEmpty)
    for notice in asked.notices where notice.kind == .consent {
      let children = notice.facts.photos?.children?.map(\.name) ?? []
      #expect(children == (notice.recipient == .account(S.deVries) ? ["Sanne de Vries"] : ["Noor"]))
      #expect(notice.facts.photos?.title == nil && notice.facts.photos?.isRequest == true)
    }
    let refusedOne = Self.decision(S.anna, .askParents, albums: [album], consents: [Self.say(S.frank, .refused)])
    #expect(refusedOne.readers(of: .consent) == [S.deVries], "who refused is not asked again")
    let all = [Self.say(S.frank, .given), Self.say(S.deVries, .given, Self.sanne)]
    let released = Self.decision(S.anna, .askParents, albums: [album], consents: all)
    #expect(released.changes == [.photos(.set([PhotoID(102)], .shown))] && released.readers(of: .consent).isEmpty)
    for ask in [PhotoRequest.Ask.remove(.all), .notPictured(.all), .askParents, .undo] {
      #expect(Self.decision(S.cor, ask, albums: [album]).refusal == .notYours)
      #expect(Self.decision(S.els, ask, albums: [album]).refusal == .notStaff)
    }
  }

  @Test("A yes lets what waited go, a later no takes it back; the teacher is told of either, and not who said it")
  func follows() throws {
    let album = Self.album([
      Self.photo(1, .held, named: [Self.noor]), Self.photo(2, .held, named: [Self.noor, Self.sanne]),
    ])
    let yes = Self.decision(S.els, .consent(.set([.group], .given, child: nil)), albums: [album])
    #expect(yes.changes.contains(.photos(.set([PhotoID(101)], .shown))))
    #expect(yes.readers(of: .photoReceipt) == [S.anna] && yes.readers(of: .consentReceipt) == [S.els])
    #expect(yes.basis == Self.revision)
    let shown = Self.album([Self.photo(1, named: [Self.noor])])
    let given = [Self.say(S.els, .given)]
    let no = Self.decision(S.frank, .consent(.set([.group], .refused, child: "noor")), albums: [shown], consents: given)
    #expect(no.changes.contains(.photos(.set([PhotoID(101)], .held))))
    let told = try #require(no.notices.first { $0.kind == .photoReceipt })
    #expect(told.facts.photos?.stage == .revoked && told.facts.photos?.lines?.first?.children == ["Noor"])
    #expect(told.facts.photos?.children == nil)
    let own = try #require(no.notices.first { $0.kind == .consentReceipt }?.facts.photos?.children?.first)
    #expect(own.consents.first?.state == .refused, "Frank's own, not Els's")
  }

  @Test("What a parent writes beside consent is for a person to read")
  func wordsBesideConsent() {
    let given = PhotoRequest.Ask.consent(.set([.group], .given, child: nil))
    let limited = Self.decision(S.els, given, "toestemming groep ja\n\nMaar niet als zij zwemt.\n\nGroet, Els")
    #expect(limited.readers(of: .consentReceipt) == [S.els] && !limited.readers(of: .supportMessage).isEmpty)
    #expect(Self.decision(S.els, given, "groep ja\n\nGroet,\nEls").readers(of: .supportMessage).isEmpty)
    // The address asked to show it.
    let asked = Self.decision(S.els, .consent(.show), "Mag ik dit later nog veranderen?")
    #expect(asked.readers(of: .consent) == [S.els] && !asked.readers(of: .supportMessage).isEmpty)
    #expect(Self.decision(S.els, .consent(.show), "").readers(of: .supportMessage).isEmpty)
  }

  @Test("A line that is not wholly understood is read by a person, and the choices come back; a name is quoted in it")
  func consentInWords() {
    let line = "Noor mag op de foto voor de klas, maar niet op facebook of de website"
    #expect(ConsentAsk.answer(line) == nil && ConsentAsk.answer("niet website, wel groep Noor") == nil)
    for text in [line, "Ja voor allebei", "toestemming, maar niet op facebook"] {
      let asked = Self.decision(S.els, .consent(.show), text)
      #expect(asked.readers(of: .consent) == [S.els] && !asked.readers(of: .supportMessage).isEmpty, "\(text)")
    }
    let said = "ja groep op de foto met opa"
    let unclear = Self.decision(S.els, .consent(.set([.group], .given, child: "op foto met opa")), said)
    #expect(unclear.readers(of: .consent) == [S.els] && !unclear.readers(of: .supportMessage).isEmpty)
    #expect(!unclear.changes.contains { if case .photos = $0 { true } else { false } })
    let unknown = Self.decision(S.els, .consent(.set([.group], .given, child: "Piet")), "Groep: ja, voor Piet!")
    #expect(unknown.refusal == .unknownChild && unknown.notices[0].facts.asked == "Groep: ja, voor Piet!")
  }

  @Test("Each line says of one child what is clear; from the first that does not on, a person reads it")
  func severalLines() {
    func said(_ account: AccountID, _ text: String, child: String? = nil) -> (records: [ConsentRecord], toSupport: Bool)
    {
      let decision = Self.decision(account, .consent(.set([.group], .given, child: child)), text)
      let records = decision.changes.flatMap { change -> [ConsentRecord] in
        if case .photos(.consent(let records)) = change { records } else { [] }
      }
      return (records, !decision.readers(of: .supportMessage).isEmpty)
    }
    let group = Self.say(S.els, .given, after: 0)
    let website = Self.say(S.els, .refused, Self.noor, .website, after: 0)
    let all = said(S.els, "toestemming groep ja Noor\n\ntoestemming website nee Noor\nGroet,\nEls")
    #expect(all.records == [group, website] && !all.toSupport)
    let plain = said(S.els, "groep: ja\nwebsite: nee\nMaar niet als zij zwemt.")
    #expect(plain.records == [group, website] && plain.toSupport)
    for text in ["groep ja\ngroep nee Noor", "groep ja\nwebsite nee Sanne", "groep ja\nWebsite liever niet, denk ik"] {
      let first = said(S.els, text)
      #expect(first.records == [group] && first.toSupport, "\(text)")
    }
    let many = said(S.els, String(repeating: "groep ja\n", count: SchoolPolicy.mostConsentLines + 1))
    #expect(many.records.count == SchoolPolicy.mostConsentLines && many.toSupport)
    let two = said(S.deVries, "groep ja Sanne\nwebsite ja", child: "Sanne")
    #expect(two.records.map(\.purpose) == [.group] && two.toSupport, "two children: which?")
  }

  @Test("Where an import changed who has a say, photos are judged anew; of a child who left what was decided stands")
  func imports() throws {
    let album = Self.album([Self.photo(1, named: [Self.noor]), Self.photo(2, .held, named: [Self.sanne])])
    let consents = [Self.say(S.els, .given), Self.say(S.deVries, .given, Self.sanne)]
    let judge = { (directory: Directory) in
      judging(
        album, consents: consents, directory: directory, policy: S.policy, revision: Self.revision, now: S.now)
    }
    let changed = { (edit: (inout [Carer], inout [Pupil]) -> Void) in
      var (carers, pupils) = (Array(S.directory.carers.values), Array(S.directory.pupils.values))
      edit(&carers, &pupils)
      return Directory(
        accounts: Array(S.directory.accounts.values), groups: Array(S.directory.groups.values), pupils: pupils,
        carers: carers, staff: Array(S.directory.staff.values))
    }
    let released = judge(S.directory)
    #expect(released.changes == [.photos(.set([PhotoID(102)], .shown))] && released.basis == Self.revision)
    let custody = judge(changed { carers, _ in carers.removeAll { $0.account == S.els } })
    #expect(custody.changes.contains(.photos(.set([PhotoID(101)], .held))))
    let told = try #require(custody.notices.first { $0.facts.photos?.stage == .revoked })
    #expect(told.recipient == .account(S.anna) && told.facts.photos?.lines?.first?.children == ["Noor"])
    let left = judge(changed { _, pupils in pupils.removeAll { $0.id == Self.noor || $0.id == Self.sanne } })
    #expect(left.changes.isEmpty && left.notices.isEmpty)
  }

  @Test("Who sent photos and left the school is told of no child, sees no album and reads no parent's words")
  func leavers() {
    let gone = S.onRequest
    let album = PhotoAlbum(
      id: AlbumID(7), audience: .group(S.group5), title: "Bos", author: gone, openedAt: S.now,
      photos: [Self.photo(1, named: [Self.noor])], batches: [.init(id: PhotoBatchID(1), author: gone, text: "")])
    let no = Self.decision(S.frank, .consent(.set([.group], .refused, child: nil)), albums: [album])
    #expect(no.readers(of: .photoReceipt) == [S.anna, S.bas], "the teachers of the group instead")
    #expect(Self.decision(gone, .send(.all), albums: [album]).refusal == .notYourGroup)
    let words = Self.decision(S.els, .words, "Wat leuk!", albums: [album])
    #expect(!words.notices.isEmpty && words.notices.allSatisfy { $0.recipient != .account(gone) })
    #expect(S.directory.isFor(album, S.els) && S.directory.isFor(album, S.bas) && !S.directory.isFor(album, gone))
  }

  @Test("herstel says again what was said before; parents settle only their own children's, one child at a time")
  func consents() {
    let said = [Self.say(S.els, .given, after: -50), Self.say(S.frank, .refused, after: -10)]
    let undo = Self.decision(S.els, .consent(.undo), consents: said)
    #expect(undo.changes.first == .photos(.consent([Self.say(S.els, .withdrawn, after: 0)])))
    #expect(Self.decision(S.els, .consent(.undo)).refusal == .replacedSince)
    let set = PhotoRequest.Ask.consent(.set([.group], .given, child: nil))
    #expect(Self.decision(S.deVries, set).readers(of: .consent) == [S.deVries], "two children: which?")
    let other = PhotoRequest.Ask.consent(.set([.group], .given, child: "Sanne"))
    #expect(Self.decision(S.els, other).refusal == .unknownChild)
    #expect(Self.decision(S.onRequest, .consent(.show)).refusal == .noChildHere)
    let list = Self.decision(S.anna, .consent(.show), consents: said)
    #expect(Self.facts(list)?.children?.map(\.name) == ["Noor", "Sanne de Vries"])
    #expect(Self.facts(list)?.children?.first?.consents.first?.state == .refused)
    #expect(Self.decision(S.cor, .consent(.show), group: "groep5").refusal == .notYourGroup)
  }

  // MARK: Parents

  @Test("Each family of the group is told once, after a while, of what it was not told of")
  func announces() {
    let album = Self.album([
      Self.photo(1, isAnnounced: true), Self.photo(2), Self.photo(3, .held), Self.photo(4, .removed),
    ])
    let announce = { (album: PhotoAlbum) in
      announcing(album, directory: S.directory, policy: S.state().policy, revision: Self.revision, now: S.now)
    }
    let told = announce(album)
    #expect(told.readers(of: .album) == [S.deVries, S.els, S.frank], "and nobody who knows on request only")
    #expect(told.notices.allSatisfy { $0.facts.photos?.photos == [PhotoID(102)] })
    #expect(told.changes == [.photos(.announce([PhotoID(102)]))] && told.basis == Self.revision)
    #expect(announce(Self.album([Self.photo(3, .held)])) == Decision())
    let old = Self.album(at: S.now - 200 * 86_400)
    let nobody = announce(old)
    #expect(nobody.notices.isEmpty && nobody.changes.count == 1, "another class is in the group now")
    let held = Self.album([Self.photo(1, .held, named: [Self.noor])], at: S.now - 200 * 86_400)
    let late = Self.decision(S.els, .consent(.set([.group], .given, child: nil)), albums: [held])
    #expect(late.changes.count == 1 && late.readers(of: .photoReceipt).isEmpty)
    let more = Self.decision(
      S.anna, .file(title: "Naar het bos"), group: "groep5", albums: [old], incoming: Self.incoming("a.jpg"))
    #expect(more.changes.count == 2, "a new school year, a new album")
  }

  @Test(
    "Photos are only for the parents of the group, in the school year of the album, and for those who look after it")
  func readers() {
    let ask = PhotoRequest.Ask.send(.some([1]))
    for actor in [S.deVries, S.els, S.frank, S.anna, S.bas, S.dirk] {
      #expect(Self.decision(actor, ask, albums: [Self.album()]).readers(of: .photos) == [actor])
    }
    for actor in [S.cor, S.onRequest, AccountID(99)] {
      for ask in [ask, .show, .send(.all)] {
        #expect(Self.decision(actor, ask, albums: [Self.album()]).refusal == .notYourGroup)
      }
    }
    let old = Self.album(at: S.now - 200 * 86_400)
    #expect(Self.decision(S.els, ask, albums: [old]).refusal == .notYourGroup, "another class is in the group now")
    #expect(Self.decision(S.els, ask, albums: []).refusal == .noSuchPhoto)
    #expect(Self.decision(S.els, .send(.some([9])), albums: [Self.album()]).refusal == .noSuchPhoto)
    let partly = Self.decision(S.els, .send(.some([2, 9])), albums: [Self.album()])
    #expect(Self.facts(partly)?.photos == [PhotoID(102)] && Self.facts(partly)?.missing == [9])
    let held = Self.album([Self.photo(1, .held), Self.photo(2, .removed)])
    #expect(Self.decision(S.els, .send(.all), albums: [held]).refusal == .noSuchPhoto)
  }

  @Test("Many go in several mails, and what is more is named, to be asked for")
  func parts() {
    let album = Self.album((1...30).map { Self.photo($0, size: 2 << 20) })
    let sent = Self.decision(S.els, .send(.all), albums: [album])
    #expect(sent.notices.count == SchoolPolicy.mostPhotoMails)
    #expect(sent.notices.allSatisfy { $0.facts.photos?.photos?.count == 5 && $0.facts.photos?.parts == 5 })
    #expect(sent.notices.last?.facts.photos?.left == [26, 27, 28, 29, 30])
    #expect(sent.notices.first?.facts.photos?.left == nil)
  }

  @Test("The list shows albums with photos that one may see; words in answer go to who placed them alone")
  func lists() {
    let school = PhotoAlbum(
      id: AlbumID(8), audience: .school, title: "Feest", author: S.dirk, openedAt: S.now, photos: [Self.photo(1)])
    let all = [Self.album(), school, Self.album([Self.photo(1, .held)]), Self.album([Self.photo(1)], .group(S.group7))]
    let titles = { (actor: AccountID) in
      Self.facts(Self.decision(actor, .list, albums: all))?.albums?.map { "\($0.title) \($0.group ?? "school")" }
    }
    #expect(titles(S.els) == ["Naar het bos Groep 5", "Feest school"])
    #expect(titles(S.cor) == ["Feest school", "Naar het bos Groep 7"])
    #expect(Self.decision(S.onRequest, .list, albums: all).refusal == .noChildHere)
    #expect(Self.decision(S.els, .list, group: "groep7", albums: all).refusal == .notYourGroup)
    let words = Self.decision(S.els, .words, "Wat leuk!", albums: [Self.album()])
    #expect(words.readers(of: .mailboxMessage) == [S.anna] && words.notices.count == 1)
  }

  // MARK: Taking back

  @Test("herstel takes a mail's photos away, and brings back what was taken; consent is looked at anew")
  func undoes() {
    let album = Self.album([
      Self.photo(1), Self.photo(2, batch: 2), Self.photo(3, .removed, named: [Self.noor], removedBy: 3),
    ])
    let gone = Self.decision(S.anna, .undo, album: .batch(PhotoBatchID(2)), albums: [album])
    #expect(gone.changes == [.photos(.remove([PhotoID(102)], of: AlbumID(7), by: S.anna))])
    let back = Self.decision(S.anna, .undo, album: .batch(PhotoBatchID(3)), albums: [album])
    #expect(back.changes.contains(.photos(.restore([PhotoID(103)], .held))))
    #expect(Self.decision(S.anna, .undo, album: .batch(PhotoBatchID(9)), albums: [album]).refusal == .replacedSince)
    #expect(Self.decision(S.anna, .undo, albums: [album]).refusal == .tooLateToRetract)
    let all = Self.decision(S.anna, .remove(.all), albums: [album])
    #expect(Self.facts(all)?.lines?.map(\.number) == [1, 2])
    #expect(Self.decision(S.anna, .remove(.some([3])), albums: [album]).refusal == .noSuchPhoto)
  }

  @Test("A caption's number counts the photos of the mail, also those of which nothing could be made")
  func numbers() {
    let places = Self.incoming("stuk.jpg", "a.jpg", "b.jpg").dropFirst()
    let decision = Self.decision(
      S.anna, .file(title: "Bos"), "2: Noor op de glijbaan", group: "groep5", incoming: Array(places),
      fileNames: ["stuk.jpg", "a.jpg", "b.jpg"], refused: [RefusedPhoto(name: "stuk.jpg", reason: .damaged)])
    let new =
      decision.changes.compactMap { change -> [PhotoChange.New]? in
        if case .photos(.add(let new, _, _, _)) = change { new } else { nil }
      }.first ?? []
    #expect(new.map(\.name) == ["a.jpg", "b.jpg"] && new.map(\.named) == [[Self.noor], []])
    #expect(new.map(\.caption) == ["Noor op de glijbaan", ""])
  }
}
