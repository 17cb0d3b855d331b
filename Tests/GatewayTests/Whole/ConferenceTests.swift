import Foundation
import ICalendar
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Conferences, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeConferenceTests {
  typealias R = RunningGateway
  typealias Calendars = WholeCalendarTests

  private static let day: String = {
    let day = CalendarDay(Date() + 20 * 86_400, in: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt)
    return "\(day.day)-\(day.month)-\(day.year)"
  }()

  @Test(
    "A slot is chosen by one tap, swapped, declined in a calendar and told to who waits; the teachers have schedules")
  func direct() async throws {
    try await R.run(undo: 1) { school in
      try await school.write(
        R.anna, to: "gesprekken@\(R.domain)", "Plan", "\(Self.day) 15:30-16:00\n10 minuten\nGroep 5, lokaal 5\ndirect")
      let receipt = try await school.mail(to: R.anna, with: "zo hebben wij uw plan begrepen")
      #expect(receipt.readableText.contains("gesprekken: 3, tijden: 3"), "\(receipt.readableText)")
      let invitation = try await school.mail(to: R.els, with: "Oudergesprekken: kies een tijd")
      let tap = try #require(invitation.html?.firstMatch(of: /body=([a-z0-9%-]+15%3A40)/))
      try await school.answer(invitation, as: R.els, try #require(String(tap.1).removingPercentEncoding))
      let booked = try await school.mail(to: R.els, with: "Gesprek over Noor")
      let event = try #require(try Calendars.object(booked, method: "REQUEST").events.first)
      #expect(event.sequence == 1 && event.location == "lokaal 5, De Wilgenhof")

      let english = try await school.mail(to: R.fatima, with: "Conferences: choose a time")
      try await school.answer(english, as: R.fatima, "15:40")
      let taken = try await school.mail(to: R.fatima, with: "that time is taken")
      #expect(!Calendars.text(taken).contains("Els"))
      try await school.answer(taken, as: R.fatima, "waiting list 15:40")
      _ = try await school.mail(to: R.fatima, with: "you are on the waiting list")
      try await school.answer(booked, as: R.els, "ruil 15:30")
      let moved = try await school.mail(to: R.els, with: "Verzet: gesprek over Noor")
      let update = try #require(try Calendars.object(moved, method: "REQUEST").events.first)
      #expect(update.uid == event.uid && update.sequence == 2)
      _ = try await school.mail(to: R.fatima, with: "A time came free")

      let (text, fields) = Calendars.reply(update, as: R.els, .declined, text: "els@ouders.test antwoordde")
      try await school.write(
        R.els, to: try #require(update.organizer?.address), "Afgewezen", text, fields: fields)
      let off = try await school.mail(to: R.els, with: "Afgezegd: gesprek over Noor")
      #expect(try Calendars.object(off, method: "CANCEL").events.first?.uid == event.uid)
      try await school.answer(english, as: R.fatima, "15:40")
      _ = try await school.mail(to: R.fatima, with: "Conversation about Noor")
      let schedule = try await school.mail(to: R.bas, with: "Fatima")
      #expect(schedule.attachments.map(\.fileName) == ["gesprekken.ics", "gesprekken.pdf"])
      try await school.answer(receipt, as: R.anna, "vervalt")
      _ = try await school.mail(to: R.fatima, with: "Off: conversation about Noor")
    }
  }
}

extension WholeCalendarTests {
  fileprivate static func text(_ mail: MailMessage) -> String { PlayedSchool.everything(mail) }
}
