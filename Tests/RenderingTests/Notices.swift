import Foundation
import Mail
import School

@testable import Rendering

/// One notice of each kind, for goldens and checks, with text as parents write it.
enum Notices {
  static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "templates")
  static let at = Date(timeIntervalSince1970: 1_795_020_400)
  static let zone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt

  static func target(_ route: String) -> NoticeAddresses.Target {
    NoticeAddresses.Target(
      MailAddress(localPart: "ouders+\(route)", domain: "wilgenhof.test")
        ?? MailAddress(localPart: "x", domain: "x").unsafelyUnwrapped)
  }

  static let addresses = NoticeAddresses(
    reply: target("r.abcdefgh234567"), privateReply: target("r.private234567"),
    routes: Dictionary(uniqueKeysWithValues: RouteWord.offered.map { ($0, target($0.canonical)) }))

  /// The kinds that belong to a thread.
  static let threaded: Set<NoticeKind> = [
    .news, .urgent, .mailboxMessage, .schoolyardItem, .schoolyardComment, .supportMessage, .publishReceipt,
    .broadcastQuestion, .broadcastReceipt,
    .offerItem, .offerReminder, .offerReceipt, .offerPlace, .offerResult, .offerState,
    .commentReceipt, .retractReceipt, .urgentReplyReceipt, .forwardReceipt, .urgentReceipt, .itemQuestion, .itemReceipt,
    .commentReport, .reportReceipt, .commentRemoved, .eventInvitation,
    .eventCancellation, .calendarList,
  ]

  static let words = """
    Beste ouders,

    Morgen gaan we naar het bos. Neem mee:
      - laarzen & een <regenjas>
      - "brood"

    Kaart: https://www.openstreetmap.org/?mlat=53&mlon=5.
    Groet, Anna
    """

  /// Notices that read otherwise by their facts, each with a golden of its own.
  static let variants: [(name: String, kind: NoticeKind, facts: NoticeFacts)] =
    [
      ("publish-receipt-undo", .publishReceipt, NoticeFacts(count: 12, retractableUntil: at.addingTimeInterval(60))),
      (
        "urgent-receipt-later", .urgentReceipt,
        NoticeFacts(count: 2, since: at, urgent: DeliveryTally(accepted: 97, failed: 3))
      ),
      ("broadcast-receipt-approved", .broadcastReceipt, NoticeFacts(broadcast: .approved)),
      (
        "broadcast-question-events", .broadcastQuestion,
        NoticeFacts(count: 12, calendar: CalendarFacts(events: [CalendarNotices.event, CalendarNotices.school]))
      ),
      (
        "calendar-receipt-waiting", .calendarReceipt,
        NoticeFacts(count: 12, broadcast: .waiting, calendar: CalendarFacts(events: [CalendarNotices.school]))
      ),
      (
        "calendar-receipt-approved", .calendarReceipt,
        NoticeFacts(broadcast: .approved, calendar: CalendarFacts(events: [CalendarNotices.school]))
      ),
      ("flood-strangers", .flood, NoticeFacts(count: 500, flood: .strangers)),
      ("flood-returns", .flood, NoticeFacts(count: 500, flood: .returns)),
      ("flood-machines", .flood, NoticeFacts(count: 500, flood: .machines)),
      ("flood-unmoved", .flood, NoticeFacts(count: 50, asked: "Postplein/Verwerkt", flood: .unmoved)),
      ("flood-ungiven", .flood, NoticeFacts(count: 1, flood: .ungiven)),
      ("flood-large", .flood, NoticeFacts(count: 200, asked: "els@hotmail.com", flood: .large)),
      ("broadcast-receipt-rejected", .broadcastReceipt, NoticeFacts(broadcast: .rejected)),
      ("help-unnoted", .help, unnoted), ("help-words", .help, wronglySent),
      ("comment-receipt-help", .commentReceipt, unanswered(Offers.help(.item))),
      ("comment-receipt-poll", .commentReceipt, unanswered(Offers.poll(.item, secret: true))),
      ("item-receipt-approved", .itemReceipt, NoticeFacts(broadcast: .approved)),
      ("item-receipt-rejected", .itemReceipt, NoticeFacts(broadcast: .rejected)),
      ("foreign-key-bare", .foreignKey, NoticeFacts(excerpt: "Leuk idee")),
      (
        "confirmation-challenge", .confirmation,
        NoticeFacts(excerpt: "toetsen", retractableUntil: at.addingTimeInterval(86_400))
      ),
    ] + ConferenceNotices.variants + AbsenceNotices.variants + PhotoNotices.variants

  static func held(_ excerpt: String) -> NoticeFacts {
    var facts = NoticeFacts(excerpt: excerpt)
    facts.held = HeldSummary(routes: ["nieuws.groep5"], subject: "Naar <het> bos", files: ["kaart.pdf", "foto.jpg"])
    return facts
  }

  static var unnoted: NoticeFacts {
    var facts = NoticeFacts()
    facts.isUnnoted = true
    return facts
  }

  static var wronglySent: NoticeFacts {
    var facts = NoticeFacts(excerpt: "Noor is <morgen> bij de tandarts", asked: "postvakanna")
    facts.nearest = "postvak.anna"
    return facts
  }

  static func unanswered(_ offer: OfferFacts) -> NoticeFacts {
    NoticeFacts(excerpt: "Leuk idee", retractableUntil: at.addingTimeInterval(600), offer: offer)
  }

  static let change = AddressChange(stage: .changed, old: "els@hotmail.com", new: "els@ziggo.nl")

  static func facts(_ kind: NoticeKind) -> NoticeFacts {
    let excerpt = "Wij helpen graag <b>mee</b> & nemen taart mee"
    return switch kind {
    case .publishReceipt, .broadcastQuestion, .itemQuestion: NoticeFacts(count: 12)
    case .broadcastReceipt, .itemReceipt: NoticeFacts(count: 12, broadcast: .waiting)
    case .flood: NoticeFacts(count: 200, asked: "els@hotmail.com", flood: .sender)
    case .damage: damageFacts
    case .activationUnanswered, .weeklyReport: NoticeFacts(count: 2)
    case .urgentReceipt: NoticeFacts(count: 1, urgent: DeliveryTally(accepted: 97, waiting: 2, failed: 1))
    case .addressChange: NoticeFacts(addressChange: change, atAddress: change.old)
    case .addressApproval: NoticeFacts(addressChange: change)
    case .activationSent: NoticeFacts(asked: "els@hotmail.com")
    case .providerAlarm: NoticeFacts(count: 14, since: at)
    case .commentReceipt: NoticeFacts(excerpt: excerpt, retractableUntil: at.addingTimeInterval(600))
    case .confirmation, .foreignKey: held(excerpt)
    case .retractReceipt: NoticeFacts(excerpt: excerpt)
    case .forwardReceipt: NoticeFacts(excerpt: excerpt, filedFor: "Jan de Vries, Marie de Vries")
    case .help: NoticeFacts(asked: "postvak.zoe")
    case .refusal: NoticeFacts(refusal: .unknownTeacher, excerpt: excerpt, asked: "zoe")
    case .digest: NoticeFacts(count: 2, digestEntries: [EntryID(1), EntryID(2)])
    case .digestQuestion: NoticeFacts(count: 2, excerpt: excerpt)
    case .document: NoticeFacts(documents: DocumentFacts(lines: [line("Luizen <protocol>", "Groep 5", nil)]))
    case .documentList:
      NoticeFacts(
        asked: "luisen & zo",
        documents: DocumentFacts(
          lines: [line("Luizen <protocol>", "Groep 5", nil), line("Schoolgids", nil, nil)], more: 3, isNearest: true))
    case .documentReceipt:
      NoticeFacts(
        documents: DocumentFacts(lines: DocumentStep.allCases.map { line("Gids <\($0.rawValue)>", nil, $0) }))
    case .commentReport, .reportReceipt, .commentRemoved: moderationFacts(kind)
    case .digestReceipt, .settings, .settingsReceipt, .myData, .why: settingsFacts(kind)
    case .filesRefused:
      NoticeFacts(refusedFiles: [
        RefusedFile(name: "film <1>.mp4", size: 31 << 20, limit: 10 << 20),
        RefusedFile(name: "iets te groot.jpg", size: 10_800_000, limit: 10 << 20),
        RefusedFile(name: "nog een.jpg", size: 6 << 20, limit: nil),
      ])
    case .offerItem: NoticeFacts(offer: Offers.help(.item))
    case .offerReminder: NoticeFacts(offer: Offers.help(.reminder))
    case .offerReceipt: NoticeFacts(excerpt: excerpt, offer: Offers.help(.answered))
    case .offerPlace: NoticeFacts(offer: Offers.help(.placed))
    case .offerResult: NoticeFacts(offer: Offers.help(.closed))
    case .offerState: NoticeFacts(count: 12, offer: Offers.help(.opened))
    case .resultsNews, .testResults: ResultNotices.facts
    default:
      CalendarNotices.facts(kind) ?? ConferenceNotices.facts(kind) ?? AbsenceNotices.facts(kind)
        ?? PhotoNotices.facts(kind) ?? NoticeFacts()
    }
  }

  static var damageFacts: NoticeFacts {
    var facts = NoticeFacts(count: 3)
    facts.damage = [
      DamagedRow(
        place: "delivery 12", reason: "A row of the store cannot be read as NoticeFacts", account: AccountID(3), at: at),
      DamagedRow(place: "offer 4", reason: "A row of the store cannot be read as <OfferTerms>", at: at),
    ]
    return facts
  }

  /// For a group or the school; as a receipt tells of it where something was done.
  static func line(_ title: String, _ group: String?, _ step: DocumentStep?) -> DocumentFacts.Line {
    DocumentFacts.Line(
      title: title, group: group,
      file: StoredFile(digest: "", name: "gids & <lijst>.pdf", mediaType: "application/pdf", size: 345_678), at: at,
      words: title, change: step, before: step == nil ? nil : at.addingTimeInterval(-86_400))
  }

  static let classLists = ClassListNotice(
    lists: [
      ClassList(
        group: SchoolGroup(id: GroupID("g5"), name: "Groep 5", routeWord: "groep5"),
        rows: [
          .init(
            pupil: "Noor <x>",
            carers: [
              .init(name: "Els & co", phone: "06 12 34 56 78", address: "Dorpsstraat 1, 9001 AB Grou"),
              .init(name: "Frank", mail: "frank@ouders.test"),
            ]), .init(pupil: "Tim", carers: []),
        ], more: 2)
    ],
    settings: ClassListSettings(children: [
      .init(
        pupil: Pupil(id: PupilID("p1"), name: "Noor <x>", groups: []),
        fields: [
          .init(field: .phone, isShown: true, value: "06 12 34 56 78"),
          .init(field: .mail, isShown: false, value: nil), .init(field: .address, isShown: true, value: ""),
        ])
    ]), steps: [("Noor <x>", .phone, true), ("Noor <x>", .mail, false)], more: 4)
  static func moderationFacts(_ kind: NoticeKind) -> NoticeFacts {
    var facts = NoticeFacts(excerpt: "Dat is <niet> & aardig")
    facts.moderation = ModerationFacts(
      reporter: kind == .commentReport ? "Jan de Vries" : nil, author: "Els <x>",
      isReaderAuthor: kind == .commentRemoved)
    return facts
  }

  static func settingsFacts(_ kind: NoticeKind) -> NoticeFacts {
    var facts = NoticeFacts()
    let settings = PersonalSettings(
      language: .frisian, digest: .weekly, quietHours: QuietHours(from: 1_200, to: 420), stopped: [.calendar])
    switch kind {
    case .digestReceipt:
      facts = NoticeFacts(count: 2, retractableUntil: at.addingTimeInterval(600))
      facts.digestAnswer = DigestAnswer(
        posted: [
          .init(number: 2, subject: "Kerst & <markt>", group: "Groep 5", excerpt: "Wij nemen <taart> mee"),
          .init(number: 4, subject: "Schoolfeest", excerpt: "ja"),
        ],
        unplaced: [.init(number: nil, excerpt: "Hallo allemaal,"), .init(number: 9, excerpt: "Leuk & goed")])
    case .settings:
      facts.excerpt = "Doe maar <gewoon>"
      facts.settings = SettingsFacts(
        now: settings, address: "els@hotmail.com", newAddress: "els@ziggo.nl",
        carers: [
          .init(
            name: "Els <x>",
            children: [
              .init(name: "Noor", groups: ["Groep 5", "Plusklas"], authority: .full),
              .init(name: "Jelle", groups: [], authority: .onRequest), .init(name: "Tim", groups: [], authority: .none),
            ])
        ])
    case .settingsReceipt:
      facts.settings = SettingsFacts(
        now: settings, before: PersonalSettings(language: .dutch, digest: .daily), address: "els@hotmail.com")
    case .why:
      facts.why = WhyFacts(
        rule: .audience, subject: "Naar het bos & terug", at: at, group: "Groep 5", children: ["Noor", "Jelle <x>"],
        canStop: true)
    default: facts.file = StoredFile(digest: "", name: "postplein.zip", mediaType: "application/zip", size: 345_678)
    }
    return facts
  }

  static func context(_ kind: NoticeKind, _ language: Language, text: String = words) -> NoticeContext {
    let isThreaded = threaded.contains(kind)
    let thread = SchoolThread(
      id: ThreadID(1), kind: .news, subject: "Naar het bos & terug", author: AccountID(1), openedAt: at)
    let file = StoredFile(digest: "", name: "kaart <bos>.pdf", mediaType: "application/pdf", size: 345_678)
    var context = NoticeContext(
      kind: kind, facts: facts(kind), language: language, recipientNames: ["Jan de Vries", "Marie de Vries"],
      recipientIsStaff: kind == .publishReceipt, schoolName: "De Wilgenhof", schoolPhone: "0512 00 00 00",
      timeZone: zone,
      thread: isThreaded ? thread : nil,
      entry: kind.showsEntry
        ? ThreadEntry(id: EntryID(1), thread: ThreadID(1), author: AccountID(1), text: text, files: [file], at: at)
        : nil,
      authorName: kind.showsEntry ? "Anna de Boer" : nil, groupName: isThreaded ? "Groep 5" : nil,
      isAnswer: kind == .mailboxMessage,
      digest: kind == .digest
        ? [
          .init(subject: "Kerstmarkt", authorName: "Els <x>", text: "Ik bak <taart>\n\nTot dan"),
          .init(subject: "Kerstmarkt", authorName: "Frank", text: "Mooi & goed"),
        ] : [],
      addresses: addresses)
    if kind == .classList || kind == .classListReceipt { context.classLists = classLists }
    if kind == .testResults { context.results = ResultNotices.notice }
    if kind == .addressBroken, let templates = try? Templates.load(directory: directory) {
      let text = templates.render(advice("unknown-user", "outlook-consumer", "school", language)).text
      context.prepared = .init(names: "Els <x>, Jan", address: "els@hotmial.com", text: text)
    }
    if kind == .providerAlarm, let templates = try? Templates.load(directory: directory) {
      let advice = advice("authentication-failed", "outlook-consumer", "mail-admin", language)
      context.prepared = .init(
        names: templates.providerName(advice), address: "", text: templates.render(advice).text)
    }
    if kind == .album || kind == .photos { context.album = PhotoNotices.album }
    context.attentionFolder = "Postplein/Bekijken"
    if kind == .broadcastReceipt || kind == .itemReceipt {
      context.prepared = .init(names: "Bas <x>, Cor", address: "", text: "")
    }
    if kind == .urgentReceipt || kind == .damage {
      context.prepared = .init(
        names: "", address: "", text: "- Els <x> (Noor)\n- Jan (Jelle, Sanne)",
        pupils: kind == .damage ? "" : "- Tim <x> (Groep 5)")
    }
    context.people = Offers.people
    if kind == .offerItem { context.entry?.text = Offers.words }
    if kind == .addressApproval { context.prepared = .init(names: "Els <x>", address: "", text: "") }
    if kind == .activationUnanswered {
      context.prepared = .init(names: "", address: "", text: "- Els <x>: els@hotmail.com\n- Jan: jan@ziggo.nl")
    }
    if kind == .weeklyReport, let templates = try? Templates.load(directory: directory) {
      let lines = [("unknown-user", "school"), ("perhaps-spam", "parent"), ("policy", "recipient-admin")].map {
        "- \(templates.todo(advice($0.0, "kpn", $0.1, language)))"
      }
      context.prepared = .init(names: "", address: "", text: lines.joined(separator: "\n\n"))
    }
    if kind == .loopTest, let templates = try? Templates.load(directory: directory) {
      // All signs, so that the golden shows the wording of each.
      let signs = AdviceContext.signs.map { LoopTest.Sign(word: $0, detail: "6.1") }
      let test = LoopTest(isForwarded: false, signs: signs, isEncrypted: true, delay: 65)
      context.prepared = .init(names: "", address: "", text: templates.render(test, language: language))
    }
    return context
  }

  static func advice(_ reason: String, _ provider: String?, _ actor: String, _ language: Language) -> AdviceContext {
    let failure = AddressFailure(reason: reason, provider: provider, actor: actor, words: "550 5.1.1 <no> & nothing")
    let isUnknown = reason == "unknown-user" || reason == "unknown-domain"
    return AdviceContext(
      failure: failure, language: language, names: ["Els <x>", "Jan"], pupils: ["Noor"], address: "els@hotmial.com",
      correction: isUnknown ? "els@hotmail.com" : nil, sender: "ouders@wilgenhof.test", schoolName: "De Wilgenhof",
      schoolPhone: "0512 00 00 00")
  }
}

extension RenderedNotice {
  var text: String { textBody.string }
  var html: String { htmlBody.string }
}
