import Foundation
import Mail
import School
import Store

/// One thing that a mail asks, and whose key it carries for it.
struct Destination: Sendable, Hashable {
  var act: Act
  /// Whose key stands in the address, or who got the message that is answered.
  var keyOwner: AccountID?
  /// Names the destination in the guard against doubles: the same mail does the same thing once.
  var name: String
  /// The subject, without a route that stood in it.
  var subject: String
  /// False where only the envelope named the address, and not the mail itself.
  var isAddressed = true
}

/// Finds out where a mail goes. A key in the address decides; then a route word in it, which nobody writes by
/// accident; then the message that is answered; and in mode `plain`, where the address says nothing, the subject.
struct Router: Sendable {
  /// Destinations of one mail that are looked at; a person writes to one or two.
  static let mostDestinations = 8
  /// Message-IDs that are looked up for one mail, latest first.
  static let mostReferences = 20

  let scheme: AddressScheme
  let keys: KeyRing
  let store: Store
  let directory: Directory

  /// Never empty: a mail that names nothing at all is for a person of support.
  func destinations(of message: MailMessage) async throws(StoreError) -> [Destination] {
    var found: [Destination] = []
    let named = (message.to + message.cc).compactMap { scheme.route(to: $0.address) }
    for route in routes(of: message, named: named).prefix(Self.mostDestinations) {
      var destination = try await destination(route, message)
      destination.isAddressed = named.contains(route)
      if !found.contains(where: { $0.name == destination.name }) { found.append(destination) }
    }
    if found.isEmpty { found.append(try await withoutRoute(message)) }
    return found
  }

  // MARK: The addresses that it was written to

  /// The routes among the addresses the mail was delivered to, as far as the server tells, else those that it names.
  private func routes(of message: MailMessage, named: [RouteAddress]) -> [RouteAddress] {
    let delivered = DeliveredTo.addresses(message).compactMap(scheme.route(to:))
    return delivered.isEmpty ? named : delivered
  }

  private func destination(_ route: RouteAddress, _ message: MailMessage) async throws(StoreError) -> Destination {
    switch route {
    case .reply(let key):
      if let read = keys.readReplyKey(key, generation: { directory.accounts[$0]?.keyGeneration }) {
        return answer(read.target, keyOwner: read.account, message)
      }
      return try await answered(by: message) ?? unknown("r", message)
    case .route(let word, let detail):
      return Destination(act: word.act(detail), name: route.text, subject: message.subject)
    case .bounce: return unknown("b", message)
    case .unknown(let text): return unknown(text, message)
    }
  }

  private func withoutRoute(_ message: MailMessage) async throws(StoreError) -> Destination {
    let inSubject = scheme.route(inSubject: message.subject)
    if let inSubject, case .reply = inSubject.route {
      var destination = try await destination(inSubject.route, message)
      destination.subject = inSubject.subject
      return destination
    }
    // A calendar program answers with the event's name alone.
    if let uid = CalendarParts(message: message, zone: .gmt).answer?.uid {
      if let event = SchoolGateway.event(uid: uid, keys: keys, scheme: scheme) {
        return answer(.event(event), keyOwner: nil, message)
      }
      if let talk = SchoolGateway.talk(uid: uid, keys: keys, scheme: scheme) {
        return answer(.conference(.talk(talk)), keyOwner: nil, message)
      }
    }
    if let answered = try await answered(by: message) { return answered }
    guard let inSubject else { return Destination(act: .askSupport, name: "no route", subject: message.subject) }
    var destination = try await destination(inSubject.route, message)
    destination.subject = inSubject.subject
    return destination
  }

  private func unknown(_ text: String, _ message: MailMessage) -> Destination {
    Destination(act: .unknownRoute(text), name: "unknown", subject: message.subject)
  }

  private func answer(_ target: ReplyTarget, keyOwner: AccountID?, _ message: MailMessage) -> Destination {
    let owner = keyOwner.map { " of \($0)" } ?? ""
    return Destination(
      act: .answer(target), keyOwner: keyOwner, name: "\(target.name)\(owner)", subject: message.subject)
  }

  // MARK: The message that is answered

  /// By In-Reply-To and References, the latest first (RFC 5322, section 3.6.4).
  private func answered(by message: MailMessage) async throws(StoreError) -> Destination? {
    let ids = message.inReplyTo.reversed() + message.references.reversed()
    for id in ids.prefix(Self.mostReferences) {
      switch try await store.answered(messageID: id, keys) {
      case .delivery(let delivery):
        return answer(delivery.replyTarget, keyOwner: keyOwner(delivery), message)
      case .entry(let entry): return answer(.thread(entry.thread), keyOwner: nil, message)
      case nil: continue
      }
    }
    return nil
  }

  /// Our Message-IDs are as unguessable as a key. Once an account's keys were misused, its Message-IDs only say where a
  /// mail goes: they may have been seen as well.
  private func keyOwner(_ delivery: DeliveryRecord) -> AccountID? {
    guard case .account(let id) = delivery.recipient, directory.accounts[id]?.keyGeneration == 0 else { return nil }
    return id
  }
}

/// The address that a mail was delivered to, from the fields by which servers tell it.
enum DeliveredTo {
  /// In the order of how exactly they tell it: Postfix rewrites `Delivered-To` to the mailbox behind a catch-all.
  static let fields = ["X-Original-To", "Envelope-To", "X-Envelope-To", "Delivered-To"]

  private static let around = CharacterSet.whitespaces.union(["<", ">"])

  static func addresses(_ message: MailMessage) -> [MailAddress] {
    fields.compactMap { name in
      message.header.first(name).flatMap { field in
        MailAddress(field.unfoldedValue.trimmingCharacters(in: around))
      }
    }
  }
}

extension RouteWord {
  fileprivate func act(_ detail: String?) -> Act {
    switch self {
    case .news: .publish(.news, to: detail)
    case .urgent: .publish(.urgent, to: detail)
    case .schoolyard: .publish(.schoolyard, to: detail)
    case .mailbox: .write(to: detail)
    case .forward: .file(nil)
    case .support: .askSupport
    case .help, .noreply: .askHelp
    case .test: .testLoop(nil)
    case .settings: .settings(.show)
    case .calendar: .calendar(to: detail)
    // What exactly stands in the mail.
    case .documents: .documents(DocumentRequest(.list, group: detail))
    case .classList: .classList(ClassListRequest(.list, group: detail))
    case .conferences: .conferences
    case .results: .results
    case .sick: .absence(.sick)
    case .leave: .absence(.leave)
    case .photos: .photos(PhotoRequest(.list, group: detail))
    case .consent: .photos(PhotoRequest(.consent(.show), group: detail))
    case .reply,
      .bounce:
      .unknownRoute(canonical)
    }
  }
}

extension ReplyTarget {
  /// For the guard against doubles.
  fileprivate var name: String {
    switch self {
    case .thread(let id): "thread \(id)"
    case .privately(let id): "privately \(id)"
    case .entry(let id): "entry \(id)"
    case .held(let id): "held \(id)"
    case .digest(let id): "digest \(id)"
    case .support: "support"
    case .activation: "activation"
    case .addressChange(let id): "address change of \(id)"
    case .addressApproval(let id): "address approval \(id)"
    case .documents: "documents"
    case .filing(let id): "filing \(id)"
    case .classList: "class list"
    case .broadcast(let id): "broadcast \(id)"
    case .offer(let id): "offer \(id)"
    case .posted(let id): "posted \(id)"
    case .settings: "settings"
    case .reported(let id): "report of \(id)"
    case .settingsReceipt(let id): "settings receipt \(id)"
    case .unsubscribe(let subscription): "unsubscribe \(subscription.rawValue)"
    case .event(let id): "event \(id)"
    case .calendarPost(let id): "events of entry \(id)"
    case .calendarWeek: "week of the calendar"
    case .conference(.invited(let id)): "conference \(id)"
    case .conference(.plan(let id)): "plan of conference \(id)"
    case .conference(.talk(let id)): "talk \(id)"
    case .results(let id): "results of delivery \(id)"
    case .absence(let id): "absence \(id)"
    case .album(let id): "album \(id)"
    case .photoBatch(let id): "photos of batch \(id)"
    case .albums: "albums"
    case .consent: "consent"
    }
  }
}

/// For support: where a mail goes.
package enum Route {
  /// The names of its destinations, without addresses: `thread 12 of 34`, `nieuws.groep5`, `unknown`.
  package static func names(
    of message: MailMessage, scheme: AddressScheme, keys: KeyRing, store: Store
  ) async throws(StoreError) -> [String] {
    let router = Router(scheme: scheme, keys: keys, store: store, directory: try await store.directory())
    return try await router.destinations(of: message).map(\.name)
  }
}
