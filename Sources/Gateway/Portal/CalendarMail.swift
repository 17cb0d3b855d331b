import Foundation
import ICalendar
import Mail
import School
import Store

/// The iCalendar object that a notice brings (RFC 5546, RFC 6047). The same row gives the same octets.
struct CalendarMail: Sendable {
  /// Names the program that made it (RFC 5545, section 3.7.3).
  static let product = "-//Postplein//Postplein//NL"

  let gateway: SchoolGateway
  let reader: Reader
  let delivery: DeliveryRecord
  private var settings: SchoolSettings { gateway.settings }

  /// An invitation, its change or its end stands beside the text, where calendar programs look for it.
  var alternative: OutgoingMessage.CalendarPart? {
    guard let method = method(of: delivery.kind), method != .publish else { return nil }
    return object(method).map { .init(method: method.rawValue, text: $0) }
  }

  /// The same as a file, for programs that only open files.
  var file: OutgoingAttachment? {
    guard let method = method(of: delivery.kind), let text = object(method) else { return nil }
    return OutgoingAttachment(
      fileName: method == .publish ? "agenda.ics" : "invite.ics",
      mediaType: method == .publish ? "text/calendar" : "application/ics", data: Data(text.utf8))
  }

  private func method(of kind: NoticeKind) -> CalendarObject.Method? {
    switch kind {
    case .eventInvitation: .request
    case .eventCancellation: .cancel
    case .calendar, .calendarWeek, .calendarList: .publish
    case .calendarReceipt:
      delivery.facts.calendar?.isRetracted == true || delivery.facts.broadcast == .waiting ? nil : .publish
    default: nil
    }
  }

  private func object(_ method: CalendarObject.Method) -> String? {
    let events = (delivery.facts.calendar?.events ?? []).compactMap { event($0, method) }
    guard !events.isEmpty else { return nil }
    return CalendarObject(method: method, events: events).text(in: settings.timeZone, product: Self.product)
  }

  private func event(_ facts: EventFacts, _ method: CalendarObject.Method) -> CalendarObject.Event? {
    guard let id = facts.event else { return nil }
    // An answer goes to the address of the organiser: it is the reader's own, with the key that proves them.
    let answer = Addressing(gateway: gateway, reader: reader).reply(.event(id)).address
    let me = CalendarObject.Person(
      name: reader.names.isEmpty ? nil : reader.names.joined(separator: " & "), address: reader.address.description)
    return CalendarObject.Event(
      uid: gateway.eventUID(id), sequence: facts.sequence, stamp: delivery.createdAt, time: time(facts.details.time),
      summary: facts.details.title, location: facts.details.place, description: facts.details.note,
      isCancelled: facts.stage == .cancelled,
      organizer: CalendarObject.Person(name: settings.name, address: answer.description),
      attendees: method == .publish ? [] : [CalendarObject.Attendee(me, .needsAction)])
  }

  private func time(_ time: EventTime) -> CalendarObject.Time {
    switch time {
    case .moments(let start, let end): .moments(start: start, end: end)
    case .days(let first, let last): .days(first: .init(first), last: .init(last))
    }
  }
}

extension SchoolGateway {
  /// The name by which calendars know an event: the same in every mail about it, and nobody can guess it.
  func eventUID(_ event: EventID) -> String { "\(keys.eventKey(event))@\(settings.scheme.domain)" }

  /// Nil for a name that is not ours or is forged.
  static func event(uid: String, keys: KeyRing, scheme: AddressScheme) -> EventID? {
    guard let at = uid.lastIndex(of: "@"), uid[uid.index(after: at)...].lowercased() == scheme.domain else {
      return nil
    }
    return keys.readEventKey(String(uid[..<at]))
  }
}
