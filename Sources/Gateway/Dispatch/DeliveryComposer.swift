import Deliverability
import Foundation
import Mail
import Rendering
import School
import Store
import Transport

/// Makes the octets of a delivery when it is sent. The same row gives the same octets, as long as the people, the text
/// and the templates behind it are the same.
struct DeliveryComposer: Sendable {
  let gateway: SchoolGateway
  private var settings: SchoolSettings { gateway.settings }

  struct Composed: Sendable {
    var octets: Data
    var envelope: SMTPEnvelope
  }

  /// - Throws: `.notFound` or `.damaged` where the store lacks what the row is about.
  func compose(_ delivery: DeliveryRecord, _ material: DeliveryMaterial) async throws(StoreError) -> Composed {
    let directory = material.directory
    let reader = Reader(delivery, directory: directory, settings: settings)
    guard let reader else {
      throw StoreError(.notFound, "The recipient of delivery \(delivery.id) has no address")
    }
    let results = try await ResultsMail(gateway: gateway, reader: reader, delivery: delivery).made(directory)
    var context = context(of: delivery, reader: reader, material)
    context.results = results?.notice
    context.album = try await AlbumMail(gateway: gateway).notice(delivery.facts, for: reader, directory)
    let rendered = gateway.templates.render(context)
    let addressing = Addressing(gateway: gateway, reader: reader)
    let author = delivery.kind.isContent ? context.authorName : nil
    let fromName = author.map { "\($0) (\(settings.name))" } ?? settings.name
    let message = OutgoingMessage(
      from: NamedAddress(name: fromName, address: settings.scheme.mailbox),
      to: [NamedAddress(name: reader.names.count == 1 ? reader.names[0] : nil, address: reader.address)],
      replyTo: NamedAddress(name: fromName, address: context.addresses.reply.address),
      subject: rendered.subject, date: delivery.createdAt, timeZone: settings.timeZone, messageID: delivery.messageID,
      inReplyTo: delivery.inReplyTo, references: delivery.references,
      extraFields: fields(delivery.kind, thread: context.thread, directory: directory)
        + unsubscribing(delivery.kind, addressing), text: rendered.textBody,
      html: rendered.htmlBody,
      calendar: CalendarMail(gateway: gateway, reader: reader, delivery: delivery).alternative
        ?? ConferenceMail(gateway: gateway, reader: reader, delivery: delivery).alternative,
      attachments: try await NoticeFiles(gateway: gateway).files(of: delivery, for: reader, context: context)
        + (results?.charts ?? []))
    let reversePath = settings.scheme.address(of: .bounce(key: gateway.keys.bounceKey(delivery.id)))
    return Composed(
      octets: message.composed(), envelope: SMTPEnvelope(reversePath: reversePath, forwardPath: reader.address))
  }

  // MARK: What it says

  private func context(of delivery: DeliveryRecord, reader: Reader, _ material: DeliveryMaterial) -> NoticeContext {
    let (directory, thread) = (material.directory, material.thread)
    let entry = delivery.kind.showsEntry ? material.entry : nil
    let isPublic = thread?.kind == .schoolyard
    let addressing = Addressing(gateway: gateway, reader: reader)
    var notice = NoticeContext(
      kind: delivery.kind, facts: delivery.facts, language: reader.language, recipientNames: reader.names,
      recipientIsStaff: reader.isStaff, isStranger: reader.account == nil, schoolName: settings.name,
      schoolPhone: settings.phone,
      timeZone: settings.timeZone, thread: thread, entry: entry,
      authorName: entry.map { author(of: $0, delivery, directory) },
      groupName: thread?.audience.flatMap { directory.groupName($0) }, isAnswer: delivery.inReplyTo != nil,
      digest: digest(material),
      addresses: addressing.addresses(
        reply: delivery.replyTarget, privately: isPublic && delivery.kind.isContent ? thread : nil))
    if let account = reader.account?.id, let facts = delivery.facts.classList {
      notice.classLists = ClassListNotice(facts, for: account, directory: directory)
    }
    notice.attentionFolder = settings.folders.attention
    notice.people = directory.people(in: delivery.facts)
    notice.prepared = PreparedText(gateway: gateway, directory: directory).text(of: delivery, for: reader)
    return notice
  }

  /// Support answers strangers too, and reads by what name and address they wrote; nobody else reads an address.
  private func author(of entry: ThreadEntry, _ delivery: DeliveryRecord, _ directory: Directory) -> String {
    let name = directory.name(of: entry.author)
    guard name.isEmpty, delivery.kind == .supportMessage, let account = directory.accounts[entry.author] else {
      return name
    }
    let given = delivery.facts.givenName?.excerpt(80) ?? ""
    return given.isEmpty ? account.address : "\(given) (\(account.address))"
  }

  private func digest(_ material: DeliveryMaterial) -> [NoticeContext.DigestLine] {
    material.digest.map { thread, entry in
      NoticeContext.DigestLine(
        subject: thread.subject, authorName: material.directory.name(of: entry.author),
        text: entry.isRetracted ? "…" : entry.text)
    }
  }

  // MARK: What other programs must know of it

  /// List-Id (RFC 2919) for what goes to many; Auto-Submitted (RFC 3834) for what no person wrote, so that nothing
  /// answers it; and Exchange's own word for the same.
  private func fields(
    _ kind: NoticeKind, thread: SchoolThread?, directory: Directory
  ) -> [OutgoingMessage.Field] {
    // By this a mail of ours is known that comes back under another name.
    var fields: [OutgoingMessage.Field] = [.init(MailSort.gatewayField, settings.scheme.domain)]
    if let route = kind.listRoute {
      var name = route.canonical
      if case .group(let id) = thread?.audience, let group = directory.groups[id] { name += ".\(group.routeWord)" }
      fields.append(.init("List-Id", "<\(name).\(settings.scheme.domain)>"))
    }
    if !kind.isContent { fields.append(.init("Auto-Submitted", kind.isByItself ? "auto-generated" : "auto-replied")) }
    if kind != .mailboxMessage, kind != .supportMessage {
      // Not "All": that asks for no word of what was not delivered either (MS-OXCMAIL, section 2.1.3.2.21).
      fields.append(.init("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"))
    }
    return fields
  }

  /// The button of mail clients (RFC 2369, section 3.2). What its mail says does not matter: clients change it.
  private func unsubscribing(_ kind: NoticeKind, _ addressing: Addressing) -> [OutgoingMessage.Field] {
    guard let subscription = kind.subscription, addressing.reader.account != nil else { return [] }
    let link = addressing.reply(.unsubscribe(subscription)).link(subject: "stop", body: "stop")
    return [.init("List-Unsubscribe", "<\(link)>")]
  }
}

/// Who reads a mail.
struct Reader: Sendable {
  let account: Account?
  let address: MailAddress
  let names: [String]
  let language: Language
  let isStaff: Bool

  /// Nil where they are gone, or have no address.
  init?(_ delivery: DeliveryRecord, directory: Directory, settings: SchoolSettings) {
    guard let address = directory.address(of: delivery) else { return nil }
    self.address = address
    switch delivery.recipient {
    case .account(let id):
      guard let account = directory.accounts[id] else { return nil }
      self.account = account
      names = directory.names(of: id)
      language = account.language
      isStaff = directory.isStaff(id)
    case .stranger:
      account = nil
      names = []
      language = settings.language
      isStaff = false
    }
  }
}

/// The addresses that a mail to one reader shows.
struct Addressing: Sendable {
  let gateway: SchoolGateway
  let reader: Reader

  /// With the reader's own key; for a stranger, who has none, the support's address.
  func reply(_ target: ReplyTarget) -> NoticeAddresses.Target {
    let scheme = gateway.settings.scheme
    guard let account = reader.account else { return scheme.target(.route(.support, detail: nil)) }
    let key = gateway.keys.replyKey(account: account.id, target: target, generation: account.keyGeneration)
    return scheme.target(.reply(key: key))
  }

  /// - Parameter thread: what may be answered to its author alone; nobody writes to themselves.
  func addresses(reply: ReplyTarget, privately thread: SchoolThread?) -> NoticeAddresses {
    let thread = thread.flatMap { $0.author == reader.account?.id ? nil : $0.id }
    return NoticeAddresses(
      reply: self.reply(reply), privateReply: thread.map { self.reply(.privately($0)) }, routes: gateway.routes)
  }
}

extension AddressScheme {
  /// The routes that mails show; made once, since all do.
  var offeredRoutes: [RouteWord: NoticeAddresses.Target] {
    Dictionary(uniqueKeysWithValues: RouteWord.offered.map { ($0, target(.route($0, detail: nil))) })
  }

  fileprivate func target(_ route: RouteAddress) -> NoticeAddresses.Target {
    NoticeAddresses.Target(address(of: route), subjectPrefix: subjectPrefix(of: route))
  }
}

extension NoticeKind {
  /// Sent by the calendar or by what servers said, and not in answer to a mail.
  fileprivate var isByItself: Bool {
    switch self {
    case .digest, .activation, .activationUnanswered, .addressBroken, .providerAlarm, .weeklyReport, .flood, .damage,
      .offerReminder, .offerPlace, .offerResult, .myData, .myDataTooLarge, .commentReport, .calendarWeek,
      .conferenceInvitation, .conferenceSchedule, .resultsNews,
      .absenceTold, .absenceBoard, .absentQuestion, .leaveRequest, .album:
      true
    default: false
    }
  }

  /// The route whose list a mail belongs to.
  fileprivate var listRoute: RouteWord? {
    switch self {
    case .news: .news
    case .urgent: .urgent
    case .schoolyardItem, .schoolyardComment, .digest, .offerItem, .offerReminder, .offerResult: .schoolyard
    case .eventInvitation, .eventCancellation, .calendarList, .calendarWeek: .calendar
    case .conferenceInvitation: .conferences
    case .album: .photos
    default: nil
    }
  }
}
