import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Absence, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeAbsenceTests {
  typealias R = RunningGateway

  /// Whatever the hour at which the test runs: the board is long past, or far ahead.
  static func settings(_ settings: inout SchoolSettings) {
    settings.absence.desk = [R.bas]
    settings.absence.head = [R.bas]
    settings.absence.boardMinute = 1_438
    settings.absence.endMinute = 1_439
  }

  @Test("Sick, better, taken back: each with a receipt; the other parent is told; a mail without proof waits")
  func sick() async throws {
    try await R.run(settings: Self.settings) { school in
      try await school.write(R.els, to: "ziek@\(R.domain)", "Afmelding", "Noor is ziek, ze heeft koorts.\n\nGroet, Els")
      let receipt = try await school.mail(to: R.els, with: "Genoteerd: uw melding")
      #expect(receipt.readableText.contains("Noor: ziek, vanaf") && receipt.readableText.contains("ze heeft koorts"))
      let told = try await school.mail(to: R.fatima, with: "A message about your child")
      #expect(told.readableText.contains("Noor: sick") && !told.readableText.contains("koorts"))
      #expect(!told.readableText.contains("Els"))
      try await school.answer(receipt, as: R.els, "beter")
      let better = try await school.mail(to: R.els, with: "weer op school vanaf")
      try await school.answer(better, as: R.els, "herstel")
      _ = try await school.mails(to: R.els, count: 2, with: "Genoteerd: uw melding")
      try await school.answer(receipt, as: R.els, "herstel")
      _ = try await school.mail(to: R.els, with: "Teruggehaald: uw melding")
      _ = try await school.mail(to: R.fatima, with: "This report has been taken back")
      try await school.writeFromOutside(R.fatima, to: "ziek@\(R.domain)", "", "sick Noor")
      let question = try await school.mail(to: R.fatima, with: "Is this you?")
      try await school.answer(question, as: R.fatima, "YES")
      _ = try await school.mail(to: R.fatima, with: "Noted: your report")
    }
  }

  @Test("Leave is granted by the head; a child that is missed is asked for, and the answer reaches the teacher")
  func leave() async throws {
    try await R.run(settings: Self.settings) { school in
      let day = CalendarDay(Date().addingTimeInterval(40 * 86_400), in: school.gateway.settings.timeZone)
      try await school.write(
        R.els, to: "verlof@\(R.domain)", "Verlof", "verlof Noor \(day.day)-\(day.month)-\(day.year): bruiloft")
      let request = try await school.mail(to: R.bas, with: "Verlof gevraagd: Noor")
      #expect(request.readableText.contains("bruiloft") && request.readableText.contains("door Els"))
      try await school.answer(request, as: R.bas, "akkoord")
      _ = try await school.mail(to: R.els, with: "Toegekend: uw aanvraag")
      let told = try await school.mail(to: R.anna, with: "De directie heeft dit verlof toegekend")
      #expect(!told.readableText.contains("bruiloft"))

      try await school.write(R.anna, to: "ziek@\(R.domain)", "", "afwezig Noor")
      _ = try await school.mail(to: R.anna, with: "Wij vragen de ouders met gezag nu")
      let question = try await school.mail(to: R.els, with: "Vraag van school over Noor")
      let html = try #require(question.html)
      #expect(html.contains("body=ziek") && html.contains("body=te%20laat") && html.contains("body=anders"))
      try await school.answer(question, as: R.els, "te laat 9:40")
      let answer = try await school.mail(to: R.anna, with: "De ouders hebben geantwoord")
      #expect(answer.readableText.contains("komt om 9:40 uur"))
    }
  }

  @Test("In mode plain the subject says it")
  func plain() async throws {
    try await R.run(mode: .plain, settings: Self.settings) { school in
      let gateway = school.servers.world.gateway
      try await school.write(R.els, to: gateway, "ziek: Noor", "Koorts")
      _ = try await school.mail(to: R.els, with: "Noor: ziek")
      try await school.write(R.fatima, to: gateway, "sick", "Noor")
      _ = try await school.mail(to: R.fatima, with: "Noor: sick")
    }
  }
}
