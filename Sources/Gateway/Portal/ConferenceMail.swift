import Foundation
import ICalendar
import Mail
import Printing
import Rendering
import School
import Store

/// What a mail on conferences brings along: the invitation for a parent's calendar, a teacher's schedule as a calendar
/// and to print. The same row gives the same octets.
struct ConferenceMail: Sendable {
  let gateway: SchoolGateway
  let reader: Reader
  let delivery: DeliveryRecord
  private var settings: SchoolSettings { gateway.settings }

  /// An invitation, its change or its end (RFC 5546) beside the text, where calendar programs look for it.
  var alternative: OutgoingMessage.CalendarPart? {
    guard let method, let text = appointment(method) else { return nil }
    return .init(method: method.rawValue, text: text)
  }

  func files(_ context: NoticeContext) async -> [OutgoingAttachment] {
    if let method, let text = appointment(method) {
      return [OutgoingAttachment(fileName: "invite.ics", mediaType: "application/ics", data: Data(text.utf8))]
    }
    guard delivery.kind == .conferenceSchedule, let facts = delivery.facts.conference else { return [] }
    var files: [OutgoingAttachment] = []
    if let text = schedule(facts, context) {
      files.append(OutgoingAttachment(fileName: "gesprekken.ics", mediaType: "text/calendar", data: Data(text.utf8)))
    }
    if let sheet = await sheet(context) {
      files.append(OutgoingAttachment(fileName: "gesprekken.pdf", mediaType: "application/pdf", data: sheet))
    }
    return files
  }

  // MARK: For parents

  private var method: CalendarObject.Method? {
    guard delivery.kind == .conferenceAppointment, let stage = delivery.facts.conference?.stage else { return nil }
    switch stage {
    case .booked, .moved: return .request
    case .cancelled: return .cancel
    // What was never promised stands in no calendar.
    case .calledOff: return delivery.facts.conference?.lines.first?.before == nil ? nil : .cancel
    default: return nil
    }
  }

  private func appointment(_ method: CalendarObject.Method) -> String? {
    guard let facts = delivery.facts.conference, let line = facts.lines.first,
      let start = method == .cancel ? line.before : line.slot
    else { return nil }
    // An answer goes to the address of the organiser: it is the reader's own, with the key that proves them.
    let answer = Addressing(gateway: gateway, reader: reader).reply(.conference(.talk(line.talk))).address
    let me = CalendarObject.Person(
      name: reader.names.isEmpty ? nil : reader.names.joined(separator: " & "), address: reader.address.description)
    let event = CalendarObject.Event(
      uid: gateway.talkUID(line.talk), sequence: line.sequence, stamp: delivery.createdAt,
      time: .moments(start: start, end: facts.end(of: start)), summary: "\(line.pupil): \(line.teachers)",
      location: [line.room, settings.name].compactMap(\.self).joined(separator: ", "),
      isCancelled: method == .cancel,
      organizer: CalendarObject.Person(name: settings.name, address: answer.description),
      attendees: [CalendarObject.Attendee(me, .needsAction)])
    return CalendarObject(method: method, events: [event]).text(in: settings.timeZone, product: CalendarMail.product)
  }

  // MARK: For teachers

  /// Those that are no more stand in it as cancelled, so that they leave the teacher's calendar too.
  private func schedule(_ facts: ConferenceFacts, _ context: NoticeContext) -> String? {
    guard !facts.rows.isEmpty else { return nil }
    let events = facts.rows.map { row in
      CalendarObject.Event(
        uid: gateway.talkUID(row.talk), sequence: row.sequence, stamp: delivery.createdAt,
        time: .moments(start: row.start, end: facts.end(of: row.start)), summary: "\(row.pupil): \(row.parents)",
        location: facts.desks.first?.room, isCancelled: row.isCancelled)
    }
    return CalendarObject(method: .publish, events: events)
      .text(in: settings.timeZone, product: CalendarMail.product)
  }

  private func sheet(_ context: NoticeContext) async -> Data? {
    guard let table = gateway.templates.conferenceSheet(context, at: delivery.createdAt) else { return nil }
    let printed = PrintedTable(
      title: table.title, note: table.note,
      columns: zip(table.columns, [40.0, 20, 50, 80]).map { PrintedTable.Column(title: $0, width: $1) },
      rows: table.rows.map { [$0] }, footer: table.footer, made: delivery.createdAt)
    return await withCheckedContinuation { continuation in
      // Cairo and Pango read fonts from disk.
      DispatchQueue.global().async { continuation.resume(returning: printed.pdf()) }
    }
  }
}
