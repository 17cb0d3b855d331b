import Foundation
import Mail
import School
import Store

/// What a mail says, as School takes it: the newly written text without keys, and the files that fit.
struct MailContents: Sendable {
  let gateway: SchoolGateway
  let mail: ReceivedMail
  /// The names of the children of who probably wrote it; whatever they say proves nothing.
  var children: [String] = []

  /// The act with what can only be read from the mail itself.
  func act(_ act: Act) -> Act {
    if let act = portalAct(act) { return act }
    if case .testLoop = act { return .testLoop(LoopTestReader(gateway: gateway, message: mail.message).test()) }
    switch act {
    case .settings: return .settings(settingsRequest ?? .show)
    case .answer(let target): return answer(target)
    case .file: break
    default: return act
    }
    return .file(
      ForwardedMessage.read(mail.message).map { forward in
        ForwardedWords(
          name: forward.fromName ?? forward.from?.name, address: forward.from?.address.canonical,
          subject: forward.subject.isEmpty ? nil : SubjectLine(forward.subject).base, date: forward.date,
          text: gateway.settings.scheme.withoutKeys(forward.text))
      })
  }

  /// An answer may be a change of one's settings, or the question why the mail came at all.
  private func answer(_ target: ReplyTarget) -> Act {
    let text = text(for: .answer(target))
    if CommandWord.isWhy(text) { return .why(target) }
    let request: SettingsRequest? =
      switch target {
      case .settings, .settingsReceipt: settingsRequest
      case .digest: SettingsRequest.inAnswerToDigest(text)
      case .calendarWeek: SettingsRequest.inAnswerToCalendar(text)
      default: nil
      }
    return request.map { .settings($0) } ?? .answer(target)
  }

  /// Of a mail without text its subject: one tap may fill in that alone.
  private var settingsRequest: SettingsRequest? {
    let written = text(for: .settings(.show))
    let text = written.allSatisfy(\.isWhitespace) ? subject : written
    if let asked = AddressedCommand(firstLineOf: text), asked.word == .changeAddress {
      return MailAddress(asked.address).map { .changeAddress($0.canonical) }
    }
    return SettingsRequest(firstLineOf: text)
  }

  /// Characters of a held mail that the question about it shows.
  static let longestExcerpt = 1_000

  /// By which the sender knows their mail again, and sees what it says: its words, else its subject.
  func excerpt(for act: Act) -> String {
    let excerpt = gateway.settings.scheme.withoutKeys(text(for: act)).excerpt(Self.longestExcerpt)
    return excerpt.isEmpty ? MessageBody(text: subject).excerpt : excerpt
  }

  /// What else it holds.
  func summary(for destinations: [Destination]) -> HeldSummary {
    let routes = destinations.filter { if case .answer = $0.act { false } else { true } }.map(\.name)
    let names = destinations.first.map { self.files(for: act($0.act)).map { $0.fileName.excerpt(80) } } ?? []
    return HeldSummary(routes: routes, subject: subject.excerpt(200), files: names)
  }

  /// What was written, without files.
  var words: MessageBody { MessageBody(text: gateway.settings.scheme.withoutKeys(mail.newText)) }

  /// The files are durable in the store when it returns.
  func body(for act: Act) async throws(StoreError) -> MessageBody {
    // Nobody reads the files of a mail that a program answers whoever wrote it.
    guard act.level > .anyone else { return words }
    // Of photos only what is made of them is kept beside the mail.
    if case .photos(let request) = act, request.ask != .words { return words }
    var body = MessageBody(text: gateway.settings.scheme.withoutKeys(text(for: act)))
    let limits = gateway.settings.limits
    var total = 0
    for file in files(for: act) {
      let fits = file.data.count <= limits.fileOctets && total + file.data.count <= limits.filesOctets
      guard fits, body.files.count < limits.files else {
        let limit = file.data.count > limits.fileOctets ? limits.fileOctets : nil
        body.refusedFiles.append(RefusedFile(name: file.fileName, size: file.data.count, limit: limit))
        continue
      }
      total += file.data.count
      body.files.append(try await gateway.store.keep(file: file.data, name: file.fileName, mediaType: file.mediaType))
    }
    return body
  }

  /// A publication may pass on a forwarded text; everywhere else only what the sender wrote counts.
  func text(for act: Act) -> String {
    if case .publish = act, ForwardedMessage.read(mail.message) != nil { return mail.message.readableText }
    return mail.newText
  }

  private func files(for act: Act) -> [Attachment] {
    if case .file = act, let forward = ForwardedMessage.read(mail.message), !forward.attachments.isEmpty {
      return forward.attachments.filter { !isPrivate($0, act) }
    }
    if case .photos = act { return PhotoFiles.of(mail.message).filter { !isPrivate($0, act) } }
    if case .documents = act { return documentFiles.filter { !isPrivate($0, act) } }
    let files = mail.message.attachments.filter { !isPrivate($0, act) }
    return act.readsCalendarFiles ? files.filter { !CalendarParts.isCalendar($0.mediaType, $0.fileName) } : files
  }

  /// Clients send a picture back that they quote. In an answer to results it is a chart, also where a client made it
  /// anew.
  private func isPrivate(_ file: Attachment, _ act: Act) -> Bool {
    if case .answer(.results) = act, file.isInline, file.mediaType.hasPrefix("image/") { return true }
    return file.isPrivatePart
  }
}
