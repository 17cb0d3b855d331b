import Foundation
import GRDB
import School
import Testing

@testable import Store

@Suite("What is kept of a person is told, and can be erased", .timeLimit(.minutes(6)))
struct ErasureTests {
  typealias F = StoreFixture

  /// Els asks Anna, and Anna's news and Frank's comment stand beside it.
  private static func school() async throws -> (F, els: AccountID, news: EntryID) {
    let fixture = try await F()
    // Longer than a word, so that it is looked for in all of the database.
    try await fixture.store.apply([F.carer("c1", "Els Bakker", "els@ouders.test")], defaultLanguage: .dutch)
    let els = try await fixture.account("els@ouders.test")
    let news = try #require(try await fixture.commit(try await fixture.news()).entry)
    let thread = try #require(try await fixture.store.entry(news)).thread
    try await fixture.commit(
      Decision(changes: [
        .addEntry(thread: .existing(thread), author: els, body: MessageBody(text: "Geheim van Els"), origin: nil)
      ]), inbound: fixture.mail("From: Els <ELS@ouders.test>\r\nSubject: x\r\n\r\nZiek", uid: 3), messageID: "els@x",
      route: "r")
    return (fixture, els, news)
  }

  private static func erase(_ fixture: F, _ els: AccountID) async throws -> ErasureReport {
    try await fixture.store.erase(els, at: F.now, settling: .zero)
  }

  /// In any file of the store, as octets.
  private static func stands(_ words: String, in fixture: F) throws -> Bool {
    let walk = try #require(FileManager.default.enumerator(atPath: fixture.folder.path))
    return walk.compactMap { $0 as? String }.contains { name in
      let octets = (try? Data(contentsOf: fixture.folder.appending(path: name))) ?? Data()
      return octets.range(of: Data(words.utf8)) != nil
    }
  }

  @Test("The name by which a stranger wrote to support is erased with them")
  func givenName() async throws {
    let fixture = try await F()
    var facts = NoticeFacts()
    facts.givenName = "Riet Jansma"
    let oma = try await fixture.store.ensureAccount(address: "oma@elders.test", language: .dutch)
    let bas = try await fixture.store.ensureAccount(address: "bas@school.test", language: .dutch)
    try await fixture.commit(
      Decision(
        changes: [
          .openThread(kind: .support, subject: "Vraag", author: oma, audience: nil, members: [oma, bas], about: nil),
          .addEntry(thread: .new, author: oma, body: MessageBody(text: "Hoe laat?"), origin: nil),
        ],
        notices: [
          Notice(
            .supportMessage, to: .account(bas), thread: .new, entry: .new, replyTarget: .thread,
            facts: facts)
        ]))
    #expect(try Self.stands("Riet Jansma", in: fixture))
    _ = try await Self.erase(fixture, oma)
    #expect(try !Self.stands("Riet Jansma", in: fixture))
  }

  @Test("What is kept of a person is told; erased, their address stands nowhere, and others' words stay")
  func person() async throws {
    let (fixture, els, news) = try await Self.school()
    let record = try await fixture.store.person(els)
    #expect(record.messages.count == 1 && record.sent.count == 1 && record.carers.map(\.name) == ["Els Bakker"])
    #expect(record.threads.flatMap(\.entries).map(\.text) == ["Geheim van Els"], "public: only their own")
    #expect(try await Self.erase(fixture, els) == ErasureReport(entries: 1, deliveries: 1, messages: 1, files: 1))
    #expect(try await fixture.store.verification().faults.isEmpty)
    #expect(try #require(try await fixture.store.entry(news)).text == "Morgen gym")
    for words in ["els@ouders.test", "Geheim van Els", "ELS@"] {
      #expect(try !Self.stands(words, in: fixture), "\(words)")
    }
  }

  /// What a mail to somebody else may tell of Els, and what is left of it.
  private static func facts(_ els: AccountID) -> [(told: NoticeFacts, left: NoticeFacts)] {
    func both(_ fill: (inout NoticeFacts, _ isErased: Bool) -> Void) -> (told: NoticeFacts, left: NoticeFacts) {
      var (told, left) = (NoticeFacts(since: F.now), NoticeFacts(since: F.now))
      fill(&told, false)
      fill(&left, true)
      return (told, left)
    }
    return [
      both { facts, isErased in
        facts.failure = AddressFailure(
          reason: "unknown-user", provider: nil, actor: "parent",
          words: "550 5.1.1 <\(isErased ? "…" : "Els@ouders.test")> no such user; not jels@ouders.test")
        facts.about = els
      },
      both { facts, isErased in
        let details = EventDetails(title: "Ouderavond", time: .moments(start: F.now, end: F.now))
        let names = [isErased ? "… (Noor Smit)" : "Els Bakker (Noor Smit)", "Elsa Bakkers"]
        facts.calendar = CalendarFacts(events: [
          EventFacts(
            event: nil, details: details,
            attendance: Attendance(accepted: names, declined: [], tentative: [], silent: 3))
        ])
      },
      both { facts, isErased in
        facts.excerpt = isErased ? "…" : "Geheim van Els"
        facts.filedFor = isErased ? "Frank, …" : "Frank, Els Bakker"
      },
      both { facts, isErased in
        facts.excerpt = isErased ? "…" : "Dit hoort hier niet"
        facts.moderation = ModerationFacts(reporter: isErased ? "…" : "Els Bakker", author: "Frank")
      },
      both { facts, isErased in
        let terms = OfferTerms(kind: .help, lines: [OfferTerms.Line("Taart", places: 2)])
        let people = [
          OfferFacts.Person(account: els, rank: 0, note: isErased ? "…" : "Met appels"),
          OfferFacts.Person(account: AccountID(902), rank: 0, note: "Zonder"),
        ]
        facts.offer = OfferFacts(
          stage: .state, terms: terms, organiser: AccountID(903),
          lines: [OfferFacts.Line(text: "Taart", places: 2, people: people)])
      },
      both { facts, isErased in
        facts.about = els
        facts.addressChange = AddressChange(
          stage: .changed, old: isErased ? "…" : "els.vroeger@ouders.test", new: isErased ? "…" : "els@ouders.test")
      },
      both { facts, isErased in
        facts.excerpt = "Els Bakker kan niet, zegt Frank"
        facts.asked = isErased ? "…" : "els@ouders.test"
      },
    ]
  }

  @Test("Mails to others keep what they tell, without the person")
  func traces() async throws {
    let (fixture, els, _) = try await Self.school()
    for address in ["els.vroeger@ouders.test", "els@ouders.test"] {
      try await fixture.store.apply([F.carer("c1", "Els Bakker", address)], defaultLanguage: .dutch)
    }
    let frank = try await fixture.account("frank@ouders.test")
    let all = Self.facts(els)
    let done = try await fixture.commit(
      Decision(notices: all.map { Notice(.supportMessage, to: .account(frank), facts: $0.told) }))
    try await fixture.store.record([
      DeliveryOutcome(
        delivery: done.deliveries[0], at: F.now, result: .accepted(ServerWords(code: 250, text: "for els@ouders.test")))
    ])
    let earlier = try await fixture.mail("From: els.vroeger@ouders.test\r\n\r\nHoi", uid: 9)
    try await fixture.commit(Decision(), inbound: earlier)
    #expect(try await fixture.store.person(els).messages.contains(earlier))
    let report = try await Self.erase(fixture, els)
    #expect(report.traces == all.count && report.messages == 2)
    for (delivery, (_, left)) in zip(done.deliveries, all) {
      #expect(try await fixture.store.delivery(delivery)?.facts == left)
    }
    for words in ["els@ouders.test", "Els@ouders", "Geheim van Els", "Met appels", "hoort hier", "vroeger"] {
      let isThere = try Self.stands(words, in: fixture)
      #expect(isThere == (words == "els@ouders.test"), "\(words): of jels@ouders.test alone")
    }
    #expect(try await fixture.store.events(of: done.deliveries[0])[0].words.text == "for …")
    #expect(try await fixture.store.verification().isSound)
  }

  @Test(
    "A raw mail that names the address goes, however it is encoded; another stays",
    arguments: [
      ("Content-Transfer-Encoding: base64\r\n\r\nVmFuIGVsc0BvdWRlcnMudGVzdAo=", true),
      ("Content-Transfer-Encoding: quoted-printable\r\n\r\nvan els=40ouders.test", true),
      ("Subject: =?utf-8?b?ZWxzQG91ZGVycy50ZXN0?=\r\n\r\nx", true), ("\r\nvan jels@ouders.test", false),
      ("Content-Type: text/html\r\n\r\n<p>van els&#64;ouders.test, ja", true),
      ("Content-Type: text/html\r\n\r\n<p>van els<wbr>@ouders.test, ja", true),
      ("Content-Type: text/html\r\n\r\n<a href=\"https://x.test/?m=els%40ouders.test\">hier</a>", true),
      ("Content-Type: text/html\r\n\r\n<a href=\"https://x.test/?m=jels%40ouders.test\">hier</a>", false),
      ("Content-Type: text/calendar\r\n\r\nATTENDEE:mailto:els@oud\r\n ers.test", true),
    ])
  func encoded(rest: String, goes: Bool) async throws {
    let (fixture, els, _) = try await Self.school()
    let raw = try await fixture.mail("From: frank@ouders.test\r\n" + rest, uid: 8)
    try await fixture.commit(Decision(), inbound: raw)
    #expect(try await Self.erase(fixture, els).messages == (goes ? 2 : 1))
  }

  @Test("What is kept of a stranger is told and erased by their address, also what a restore has just laid there")
  func stranger() async throws {
    let (fixture, _, news) = try await Self.school()
    let raw = try await fixture.mail("From: Oma <oma@x.test>\r\n\r\nHoi", uid: 8)
    try await fixture.commit(
      Decision(notices: [Notice(.help, to: .stranger(address: "Oma@x.test"), onceADay: "help")]), inbound: raw)
    let told = try await fixture.store.stranger("OMA@x.test")
    #expect(told.messages == [raw] && told.sent.map(\.delivery.kind) == [.help])
    let report = try await fixture.store.erase(stranger: "oma@x.test", at: F.now, settling: .seconds(1))
    #expect(report == ErasureReport(deliveries: 1, messages: 1, files: 1))
    for words in ["oma@x.test", "Oma@x.test"] { #expect(try !Self.stands(words, in: fixture)) }
    await #expect(throws: StoreError.self) { try await fixture.store.stranger("oma@x.test") }
    await #expect(throws: StoreError.self) {
      try await fixture.store.erase(stranger: "oma@x.test", at: F.now, settling: .zero)
    }
    #expect(try await fixture.store.entry(news)?.text == "Morgen gym")
    #expect(try await fixture.store.verification().faults.isEmpty)
  }

  @Test(
    "An erasure that was interrupted before it came to the files is ended by the next; raw mail that comes again goes")
  func interrupted() async throws {
    let (fixture, els, _) = try await Self.school()
    let text = "From: els@ouders.test\r\n\r\nMijn woorden"
    let raw = try await fixture.mail(text, uid: 8)
    try await fixture.commit(Decision(), inbound: raw)
    let file = fixture.store.messages.url(try #require(try await fixture.store.inbound(raw)).digest)
    let kept = try Data(contentsOf: file)
    _ = try await Self.erase(fixture, els)
    #expect(!FileManager.default.fileExists(atPath: file.path))
    // As if the program had ended before.
    try kept.write(to: file)
    let young = try await fixture.store.erase(stranger: "els@ouders.test", at: F.now, settling: .zero)
    #expect(young == ErasureReport(youngFiles: 1), "it may be of a mail that is being read")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -301)], ofItemAtPath: file.path)
    let ended = try await fixture.store.erase(stranger: "els@ouders.test", at: F.now, settling: .zero)
    #expect(ended == ErasureReport(files: 1) && !FileManager.default.fileExists(atPath: file.path))
    #expect(try await fixture.mail(text, uid: 9) == raw, "it lay in the school's mailbox still")
    #expect(!FileManager.default.fileExists(atPath: file.path))
    #expect(try await fixture.store.verification().faults.isEmpty)
  }

  @Test("A row that is damaged keeps nobody from what else is kept of them")
  func damagedRow() async throws {
    let (fixture, els, _) = try await Self.school()
    let sent = try await fixture.store.person(els).sent.count
    let id = try await fixture.commit(Decision(notices: [Notice(.help, to: .account(els))])).deliveries[0]
    #expect(try await fixture.store.person(els).sent.count == sent + 1)
    try await fixture.store.write {
      try $0.execute(sql: "UPDATE delivery SET facts = '{' WHERE id = ?", arguments: [id])
    }
    #expect(try await fixture.store.person(els).sent.count == sent)
  }

  @Test("An address is theirs that was theirs; not one that is another's, nor one that they were asked about")
  func addresses() async throws {
    let (fixture, els, _) = try await Self.school()
    let frank = try await fixture.account("frank@ouders.test")
    var facts = NoticeFacts(about: frank)
    facts.addressChange = AddressChange(stage: .changed, old: "frank.vroeger@ouders.test", new: "frank@ouders.test")
    try await fixture.commit(Decision(notices: [Notice(.addressApproval, to: .account(els), facts: facts)]))
    try await fixture.commit(Decision(changes: [.setNewAddress(els, "samen@ouders.test")]))
    func messages(_ from: String, uid: UInt32) async throws -> Bool {
      let raw = try await fixture.mail("From: \(from)\r\n\r\nHoi", uid: uid)
      try await fixture.commit(Decision(), inbound: raw)
      return try await fixture.store.person(els).messages.contains(raw)
    }
    #expect(try await !messages("frank.vroeger@ouders.test", uid: 21))
    #expect(try await messages("samen@ouders.test", uid: 22))
    try await fixture.store.apply([F.carer("c9", "Kees", "samen@ouders.test")], defaultLanguage: .dutch)
    #expect(try await !messages("samen@ouders.test", uid: 23), "Kees has it by the administration")
    try await fixture.commit(Decision(changes: [.setNewAddress(els, "els@werk.test")]))
    try await fixture.commit(Decision(changes: [.approveAddress(els)]))
    #expect(try await messages("els@ouders.test", uid: 24))
    #expect(try await messages("els@werk.test", uid: 25))
  }

  @Test("What is no address erases nothing")
  func noAddress() async throws {
    let (fixture, _, _) = try await Self.school()
    for address in ["", "els", "@", "ouders.test"] {
      let error = await #expect(throws: StoreError.self) {
        try await fixture.store.erase(stranger: address, at: F.now, settling: .zero)
      }
      #expect(error?.message.hasPrefix("This is no mail address") == true, "\(address)")
    }
  }

  @Test("What another told of in a digest that waits is no longer told when its author is erased")
  func digests() async throws {
    let (fixture, els, news) = try await Self.school()
    let thread = try #require(try await fixture.store.entry(news)).thread
    let entry = try #require(
      try await fixture.commit(
        Decision(changes: [
          .addEntry(thread: .existing(thread), author: els, body: MessageBody(text: "Later"), origin: nil)
        ])
      ).entry)
    let frank = try await fixture.account("frank@ouders.test")
    let line = "INSERT INTO digest_line (account, entry) VALUES (?, ?)"
    try await fixture.store.write { try $0.execute(sql: line, arguments: [frank, entry]) }
    _ = try await Self.erase(fixture, els)
    #expect(try await fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM digest_line") } == 0)
  }

  @Test("What somebody wrote to support from their new address becomes theirs when it is approved, and not before")
  func absorbed() async throws {
    let (fixture, els, _) = try await Self.school()
    let stranger = try await fixture.store.ensureAccount(address: "els@nieuw.test", language: .dutch)
    let thread = try #require(
      try await fixture.commit(
        Decision(changes: [
          .openThread(
            kind: .support, subject: "Vraag", author: stranger, audience: nil, members: [stranger], about: nil),
          .addEntry(thread: .new, author: stranger, body: MessageBody(text: "Van mijn nieuwe adres"), origin: nil),
        ])
      ).thread)
    let waiting = try await fixture.mail("waits", uid: 7)
    try await fixture.commit(
      Decision(changes: [.hold(waiting, account: stranger, reason: .unproven)]), inbound: waiting)
    func owner() async throws -> AccountID? { try await fixture.store.thread(thread)?.author }
    try await fixture.commit(Decision(changes: [.setNewAddress(els, "els@nieuw.test")]))
    #expect(try await owner() == stranger)
    #expect(try await fixture.account("els@nieuw.test") == els)
    try await fixture.commit(Decision(changes: [.approveAddress(els)]))
    #expect(try await owner() == els)
    #expect(try await fixture.store.thread(thread)?.members == [els])
    #expect(try await fixture.store.held(of: els).map(\.inbound) == [waiting])
    #expect(try await fixture.store.directory().accounts[els]?.address == "els@nieuw.test")
    #expect(try await fixture.store.verification().isSound)
  }
}
