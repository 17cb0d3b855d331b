import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("Test results by mail, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeResultsTests {
  typealias R = RunningGateway
  static let file = """
    leerlingnummer;vak;datum;score;opmerking
    p1;Rekenen;15-1-2026;212;Mooie sprong
    p1;Rekenen;15-6-2026;220;
    """

  @Test(
    "Imported results are announced, asked for with one tap, confirmed, and come with a chart; an answer is private")
  func path() async throws {
    try await R.run(R.options()) { school in
      let taken = try await ResultsImport(gateway: school.gateway).take(Data(Self.file.utf8))
      #expect(taken.announcements == 3 && taken.plan.differences.count == 2 && taken.problems.isEmpty)
      let news = try await school.mail(to: R.els, with: "Er is iets nieuws over Noor")
      #expect(!news.readableText.contains("Rekenen") && !news.readableText.contains("212"))
      _ = try await school.mail(to: R.fatima, with: "There is something new about Noor")

      try await school.answer(news, as: R.els, "De toetsen van Noor graag")
      let question = try await school.mail(to: R.els, with: "Bent u dit?")
      #expect(question.readableText.contains("“De toetsen van Noor graag”"))
      try await school.answer(question, as: R.els, "JA")
      let mail = try await school.mail(to: R.els, with: "Toetsgegevens van Noor")
      #expect(mail.readableText.contains("15-1-2026 | 212") && mail.readableText.contains("Mooie sprong"))
      let chart = try #require(mail.attachments.first)
      #expect(mail.attachments.count == 1 && chart.isInline && chart.data.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      #expect(mail.html?.contains("src=\"cid:\(chart.contentID ?? "?")\"") == true)

      try await school.answer(mail, as: R.els, "Oefenen jullie dit nog?\n\n\(mail.plainText ?? "")")
      for teacher in [R.anna, R.bas] {
        let asked = try await school.mail(to: teacher, with: "Oefenen jullie dit nog?")
        #expect(!asked.readableText.contains("212") && !asked.readableText.contains("Mooie sprong"))
      }
      #expect(try await school.mails(to: R.fatima, count: 0, with: "Oefenen").isEmpty, "the other parent reads it not")
      #expect(try await school.store.verification().isSound)
    }
  }
}
