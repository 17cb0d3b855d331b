import Foundation
import ICalendar
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("The calendar, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeCalendarTests {
  typealias R = RunningGateway
  static let zone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt

  /// A day of next month or later, as people write it and as a file has it.
  static let day = CalendarDay(Date() + 40 * 86_400, in: zone)
  static var written: String { "\(day.day)-\(day.month)-\(day.year)" }

  /// What a calendar program reads of a mail.
  static func object(_ mail: MailMessage, method: String) throws -> CalendarObject {
    let part = try #require(
      mail.root.allParts.first {
        $0.contentType.mediaType == "text/calendar" && $0.contentType.parameters["method"] == method
      })
    return try CalendarObject.read(try #require(part.data), zone: zone)
  }

  /// What a parent's calendar program answers, to whom and as what the invitation says.
  static func reply(
    _ event: CalendarObject.Event, as from: String, _ answer: CalendarObject.Participation, comment: String? = nil,
    text: String = "Els heeft geantwoord."
  ) -> (text: String, fields: [String]) {
    var answered = event
    answered.attendees = [.init(.init(name: "Els", address: from), answer)]
    answered.comment = comment
    let calendar = CalendarObject(method: .reply, events: [answered]).text(in: zone, product: "-//Client//NL")
    let body = [
      "--b", "Content-Type: text/plain; charset=utf-8", "", text, "--b",
      "Content-Type: text/calendar; charset=utf-8; method=REPLY", "", calendar, "--b--", "",
    ]
    return (
      body.joined(separator: "\n").replacing("\r\n", with: "\n"), ["Content-Type: multipart/alternative; boundary=b"]
    )
  }

  static func accept(
    _ school: R, _ invitation: MailMessage, as from: String, _ answer: CalendarObject.Participation,
    comment: String? = nil
  ) async throws {
    let event = try #require(try object(invitation, method: "REQUEST").events.first)
    let organizer = try #require(event.organizer?.address)
    let (text, fields) = reply(event, as: from, answer, comment: comment)
    try await school.write(from, to: organizer, "Geaccepteerd: \(event.summary)", text, fields: fields)
  }

  @Test("Made known, invited, accepted, changed, asked for, called off: and only those concerned hear of each")
  func day() async throws {
    try await R.run(undo: 0) { school in
      try await school.write(
        R.anna, to: "agenda.groep5@\(R.domain)", "Agenda",
        "Hoi,\n\n\(Self.written) 19:00-20:30 Kerstviering, hal\n\nGroet")
      let receipt = try await school.mail(to: R.anna, with: "dit hebben wij gelezen")
      #expect(receipt.readableText.contains("19:00–20:30: Kerstviering, hal (nieuw)"))
      let invitation = try await school.mail(to: R.els, with: "Komt u?")
      let event = try #require(try Self.object(invitation, method: "REQUEST").events.first)
      let start = Self.day.moment(hour: 19, minute: 0, in: Self.zone)
      #expect(event.time == .moments(start: try #require(start), end: start?.addingTimeInterval(5_400)))
      #expect(event.sequence == 0 && event.organizer?.address == invitation.replyTo.first?.address.description)
      #expect(event.attendees.map(\.person.address) == [R.els])
      #expect(invitation.root.contentType.mediaType == "multipart/mixed")
      #expect(invitation.root.children.first?.children.last?.contentType.mediaType == "text/calendar")
      let english = try await school.mail(to: R.fatima, with: "Will you come?")

      try await Self.accept(school, invitation, as: R.els, .accepted)
      try await Self.accept(school, english, as: R.fatima, .declined, comment: "We are away, sorry")
      let note = try await school.mail(to: R.anna, with: "We are away, sorry")
      #expect(!note.readableText.contains("VCALENDAR") && note.attachments.isEmpty)
      try await school.until("both answers are kept") {
        try await school.store.answers(to: EventID(1)).count == 2
      }
      #expect(try await school.mails(to: R.els, count: 0, with: "Doorgegeven").isEmpty, "the program has told her")
      try await school.answer(receipt, as: R.anna, "wie komt er?")
      let attendance = try await school.mail(to: R.anna, with: "Wie komt er: Kerstviering")
      #expect(attendance.readableText.contains("Komen (1):\n- Els (Noor)"), "\(attendance.readableText)")

      try await school.answer(receipt, as: R.anna, "\(Self.written) 19:30-20:30 Kerstviering, gymzaal")
      let changed = try await school.mail(to: R.els, with: "Gewijzigd: Kerstviering")
      let update = try #require(try Self.object(changed, method: "REQUEST").events.first)
      #expect(update.uid == event.uid && update.sequence == 1 && update.location == "gymzaal")
      try await school.answer(changed, as: R.els, "ja")
      _ = try await school.mail(to: R.els, with: "Doorgegeven: Kerstviering")

      try await school.write(R.els, to: "agenda@\(R.domain)", "Agenda", "")
      let asked = try await school.mail(to: R.els, with: "19:30–20:30: Kerstviering, gymzaal (Groep 5) (u komt)")
      let file = try #require(asked.attachments.first { $0.fileName == "agenda.ics" })
      let published = try CalendarObject.read(file.data, zone: Self.zone)
      #expect(published.method == .publish && published.events.map(\.uid) == [event.uid])

      let second = try await school.mails(to: R.anna, count: 2, with: "dit hebben wij gelezen")
      try await school.answer(second[1], as: R.anna, "vervalt")
      let off = try await school.mail(to: R.els, with: "Gaat niet door: Kerstviering")
      let cancelled = try #require(try Self.object(off, method: "CANCEL").events.first)
      #expect(cancelled.uid == event.uid && cancelled.sequence == 2 && cancelled.isCancelled)
      #expect(try await school.mails(to: R.bas, count: 0, with: "Kerstviering").isEmpty)
    }
  }

  @Test("Taken back within the window, nothing is mailed; a file of a teacher's own calendar is read and can end it")
  func window() async throws {
    try await R.run(undo: 600) { school in
      try await school.write(R.anna, to: "agenda.groep5@\(R.domain)", "Agenda", "\(Self.written) Vrij")
      let receipt = try await school.mail(to: R.anna, with: "Tot dan kunt u het terughalen")
      try await school.answer(receipt, as: R.anna, "herstel")
      _ = try await school.mail(to: R.anna, with: "Agenda: teruggehaald")
      #expect(try await school.store.event(EventID(1)) == nil)
      for delivery in 1...3 {
        #expect(try await school.store.delivery(DeliveryID(Int64(delivery)))?.status == .cancelled)
      }

      let start = try #require(Self.day.moment(hour: 10, minute: 0, in: Self.zone))
      let own = CalendarObject(
        method: .request,
        events: [
          .init(
            uid: "u1@outlook.test", sequence: 0, stamp: start, time: .moments(start: start, end: nil),
            summary: "Sportdag")
        ]
      ).text(in: Self.zone, product: "-//Outlook//NL").replacing("\r\n", with: "\n")
      let file = ["Content-Type: text/calendar; charset=utf-8; method=REQUEST; name=meeting.ics"]
      try await school.write(R.anna, to: "agenda@\(R.domain)", "Sportdag", own, fields: file)
      let read = try await school.mail(to: R.anna, with: "10:00: Sportdag (nieuw)")
      #expect(read.attachments.map(\.fileName) == ["agenda.ics"])
      try await school.write(
        R.anna, to: "agenda@\(R.domain)", "Sportdag", own.replacing("METHOD:REQUEST", with: "METHOD:CANCEL"),
        fields: file)
      _ = try await school.mail(to: R.anna, with: "10:00: Sportdag (gaat niet door)")
      #expect(try await school.store.event(EventID(2))?.isCancelled == true)
      #expect(try await school.mails(to: R.els, count: 0, with: "Sportdag").isEmpty, "nobody heard of it")
    }
  }

  @Test("In mode plain the event's own name brings an answer back; a name that is made up brings nothing")
  func plain() async throws {
    try await R.run(undo: 0, mode: .plain) { school in
      let box = school.servers.world.gateway
      try await school.write(R.anna, to: box, "agenda.groep5: Kerst", "\(Self.written) Kerstviering")
      let invitation = try await school.mail(to: R.els, with: "Komt u?")
      var event = try #require(try Self.object(invitation, method: "REQUEST").events.first)
      #expect(event.organizer?.address == box)
      let (text, fields) = Self.reply(event, as: R.els, .tentative)
      try await school.write(R.els, to: box, "Misschien: Kerstviering", text, fields: fields)
      try await school.until("the answer is kept") {
        try await school.store.answers(to: EventID(1)).values.map(\.self) == [.tentative]
      }
      event.uid = "b" + event.uid.dropFirst()
      let (forged, header) = Self.reply(event, as: R.fatima, .accepted)
      try await school.write(R.fatima, to: box, "Accepted: x", forged, fields: header)
      try await school.writeFromOutside(R.fatima, to: box, "Accepted: Kerstviering", text, fields: fields)
      _ = try await school.mail(to: R.fatima, with: "Is this you?")
      #expect(try await school.store.answers(to: EventID(1)).count == 1)
    }
  }

  @Test("Nothing of another group or parent stands in what a parent gets")
  func privacy() async throws {
    try await R.run(undo: 0) { school in
      try await school.write(R.anna, to: "agenda.groep5@\(R.domain)", "Agenda", "\(Self.written) Kerstviering")
      let invitation = try await school.mail(to: R.els, with: "Komt u?")
      try await school.answer(invitation, as: R.els, "Mag opa mee?")
      _ = try await school.mail(to: R.anna, with: "Mag opa mee?")
      let mine = String(decoding: try #require(try school.servers.mailbox(of: R.els).first), as: UTF8.self)
      for other in [R.fatima, R.anna, R.bas, R.gone] { #expect(!mine.contains(other)) }
      for person in [R.fatima, R.bas] {
        #expect(try await school.mails(to: person, count: 0, with: "opa").isEmpty)
      }
      // With another's key nothing is answered.
      let english = try await school.mail(to: R.fatima, with: "Will you come?")
      try await Self.accept(school, english, as: R.els, .declined)
      _ = try await school.mail(to: R.fatima, with: "Somebody else used")
      #expect(try await school.store.answers(to: EventID(1)).isEmpty)
    }
  }
}
