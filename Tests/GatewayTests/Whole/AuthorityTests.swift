import Foundation
import School
import Store
import Testing

@testable import Gateway
@testable import Mail

@Suite("Who may do what by mail, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeAuthorityTests {
  typealias R = RunningGateway

  @Test("Without proof nothing is done and nothing is lost: the registered address is asked, and JA releases it")
  func confirmation() async throws {
    try await R.run { school in
      try await school.writeFromOutside(R.anna, to: "nieuws.groep5@\(R.domain)", "Vrij", "Morgen vrij!")
      let question = try await school.mail(to: R.anna, with: "Bent u dit?")
      #expect(question.readableText.contains("Morgen vrij!"))
      #expect(try await school.store.threads(limit: 1).isEmpty)
      for _ in 1...2 { try await school.answer(question, as: R.anna, "Wat is dit voor mail?") }
      _ = try await school.mails(to: R.anna, count: 2, with: "Bent u dit?")
      try await school.answer(question, as: R.anna, "Ja dat ben ik")
      _ = try await school.mail(to: R.els, with: "Morgen vrij!")
      #expect(try await school.store.threads(kind: .news, limit: 5).count == 1)
    }
  }

  @Test("A held mail to two groups reaches both when it is confirmed, once, however often JA is said")
  func confirmationOfTwo() async throws {
    try await R.run { school in
      let raw = R.mail(
        R.anna, "nieuws.groep5@\(R.domain), spoed.groep5@\(R.domain)", "Vrij", "Morgen vrij!", [], "twee")
      _ = try await school.store.record(raw, from: nil, at: Date(timeIntervalSinceNow: -10))
      let question = try await school.mail(to: R.anna, with: "Bent u dit?")
      for _ in 1...2 { try await school.answer(question, as: R.anna, "JA") }
      _ = try await school.mails(to: R.els, count: 2, with: "Morgen vrij!")
      _ = try await school.mail(to: R.anna, with: "Er wacht geen bericht meer")
      #expect(try await school.store.threads(limit: 9).map(\.thread.kind.rawValue).sorted() == ["news", "urgent"])
      #expect(try await school.mails(to: R.els, with: "Morgen vrij!").count == 2)
    }
  }

  @Test("A key in other hands is held for its owner; dit was ik niet makes all old keys worthless")
  func foreignKey() async throws {
    try await R.run { school in
      try await school.write(R.anna, to: "nieuws.groep5@\(R.domain)", "Gym", "Neem gymkleren mee.")
      let news = try await school.mail(to: R.els, with: "gymkleren")
      try await school.answer(news, as: R.fatima, "Ik doe alsof")
      let warning = try await school.mail(to: R.els, with: "Iemand anders gebruikte")
      #expect(try await school.store.threads(kind: .mailbox, limit: 1).isEmpty)
      try await school.answer(warning, as: R.els, "Dit was ik niet")
      _ = try await school.mail(to: R.els, with: "zijn vernieuwd")
      // The old key says nothing any more; the login does.
      try await school.writeFromOutside(
        R.els, to: try #require(news.replyTo.first?.address.description), "Re: Gym", "Met de oude sleutel")
      try await school.until("the mail with the old key is not posted") {
        try await school.store.waitingInbound(limit: 1).isEmpty
      }
      #expect(try await school.store.threads(kind: .mailbox, limit: 1).isEmpty)
    }
  }

  @Test("Parents may not publish, strangers get one help mail a day, and machines get no answer")
  func refusedAndIgnored() async throws {
    try await R.run { school in
      try await school.write(R.els, to: "nieuws.groep5@\(R.domain)", "Feest", "Kom allemaal")
      let refusal = try await school.mail(to: R.els, with: "Niet gelukt")
      #expect(refusal.readableText.contains("Alleen medewerkers"))
      let stranger = "piet@hotmail.test"
      for _ in 1...3 { try await school.writeFromOutside(stranger, to: "onzin@\(R.domain)", "Hoi", "Wie bent u?") }
      _ = try await school.mail(to: stranger, with: "Zo werkt mailen")
      for _ in 1...2 { try await school.writeFromOutside(stranger, to: "ziek@\(R.domain)", "Ziek", "Piet is ziek") }
      _ = try await school.mail(to: stranger, with: "Er is niets genoteerd")
      try await school.writeFromOutside(
        R.els, to: "postvak.anna@\(R.domain)", "Automatisch antwoord: Gym", "Ik ben er niet",
        fields: ["Auto-Submitted: auto-replied"])
      try await school.writeFromOutside(
        R.els, to: "school@\(R.domain)", "lus", "lus", fields: ["X-Loop: x", "List-Id: <x.y>"])
      try await school.write(R.els, to: "postvak.anna@\(R.domain)", "Laatste", "Dit is het laatste bericht.")
      _ = try await school.mail(to: R.anna, with: "Dit is het laatste bericht.")
      #expect(try school.servers.mailbox(of: stranger).count == 2, "also after other help, that nothing was noted")
      #expect(try await school.store.threads(kind: .mailbox, limit: 5).count == 1)
      #expect(try school.servers.mailbox(of: R.els).count == 1, "the refusal, and no answer to the machines")
    }
  }

  @Test("What a signature alone proves is not published for who sends it on: elsewhere, long after, with another From")
  func replayed() async throws {
    try await R.run { school in
      let (news, now) = ("nieuws.groep5@\(R.domain)", Date())
      let signed = "Authentication-Results: \(school.servers.world.authservID); dkim=pass header.d=school.test"
      /// A mail as its writer signed it, and as somebody may have sent it once more.
      func raw(_ from: String, to: String, _ text: String, sent: Date = now, _ fields: [String] = []) -> Data {
        let date = InternetDate.string(sent, in: .gmt)
        let mail = String(decoding: R.mail(from, to, "Bericht", text, fields + [signed], text), as: UTF8.self)
        return Data(mail.replacing("Date: Wed, 18 Nov 2026 10:00:00 +0100", with: "Date: \(date)").utf8)
      }
      let replays = [
        raw(R.anna, to: R.els, "Dit is alleen voor Els.", ["X-Original-To: \(news)"]),
        raw(R.anna, to: news, "Vandaag is de school dicht.", sent: now.addingTimeInterval(-20 * 86_400)),
        Data("From: Anna <\(R.anna)>\r\n".utf8) + raw("noreply@school.test", to: news, "Niet van Anna."),
      ]
      for replay in replays { _ = try await school.store.record(replay, from: nil, at: now.addingTimeInterval(-10)) }
      _ = try await school.mail(to: R.anna, with: "Bent u dit?")
      try await school.until("not all is read") { try await school.store.waitingInbound(limit: 1).isEmpty }
      #expect(try await school.store.threads(limit: 1).isEmpty)
      _ = try await school.store.record(
        raw(R.anna, to: news, "Dit is nieuws."), from: nil, at: now.addingTimeInterval(-10))
      _ = try await school.mail(to: R.els, with: "Dit is nieuws.")
      #expect(try await school.store.threads(limit: 9).count == 1)
    }
  }
}
