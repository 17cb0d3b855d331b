import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("A school by mail, on real servers", .serialized, .timeLimit(.minutes(6)))
struct ConversationTests {
  typealias R = RunningGateway

  @Test("A new parent gets an activation mail; JA activates, and `nieuwe activatie` brings another one")
  func activation() async throws {
    try await R.run { school in
      try await ActivationWatch(gateway: school.gateway).askNew()
      let asked = try await school.mail(to: R.els, with: "Antwoord op deze mail met het woord: JA")
      try await school.answer(asked, as: R.els, "nieuwe activatie")
      _ = try await school.mails(to: R.els, count: 2, with: "het woord: JA")
      try await school.answer(asked, as: R.els, "Ja!")
      _ = try await school.mail(to: R.els, with: "Uw adres is nu bevestigd")
      let els = try #require(try await school.store.directory().account(address: R.els)?.id)
      #expect(try await school.store.activations().first { $0.account == els }?.state == .active)
      try await ActivationWatch(gateway: school.gateway).askNew()
      #expect(try await school.store.activations().filter { $0.state == .asked }.count == 2, "nobody is asked twice")
    }
  }

  @Test("News reaches each family in its language; an answer opens a postvak thread; both sides see one thread")
  func newsAndAnswer() async throws {
    try await R.run { school in
      try await school.write(R.anna, to: "nieuws.groep5@\(R.domain)", "Morgen gym", "Neem gymkleren mee.", id: "juf1")
      let news = try await school.mail(to: R.els, with: "Neem gymkleren mee.")
      #expect(news.subject == "Morgen gym" && news.from.first?.name == "Anna de Boer (De Wilgenhof)")
      #expect(news.from.first?.address.description == "school@school.test")
      #expect(news.header["List-Id"] == "<nieuws.groep5.ouders.school.test>")
      #expect(news.returnPath?.address?.localPart.hasPrefix("b.") == true && news.html != nil)
      let english = try await school.mail(to: R.fatima, with: "Neem gymkleren mee.")
      #expect(english.readableText.contains("News from Anna de Boer") && news.readableText.contains("Nieuws van"))
      let receipt = try await school.mail(to: R.anna, with: "Verstuurd")
      #expect(receipt.readableText.contains("3 gezinnen") && receipt.header["Auto-Submitted"] == "auto-replied")
      #expect(receipt.references == ["juf1@client.test"])

      try await school.answer(news, as: R.els, "Noor heeft geen gymschoenen.\n\nOp 18 nov schreef Anna:\n> Neem mee")
      let question = try await school.mail(to: R.anna, with: "geen gymschoenen")
      #expect(question.from.first?.name == "Els (De Wilgenhof)" && !question.readableText.contains("> Neem mee"))
      #expect(!String(describing: question.header).contains(R.els), "the teacher does not see the parent's address")

      try await school.answer(question, as: R.anna, "Geen probleem.")
      let answer = try await school.mail(to: R.els, with: "Geen probleem.")
      #expect(answer.references.first == news.messageID && answer.subject == "Re: Morgen gym")
      #expect(!String(describing: answer.header).contains(R.anna))
      let threads = try await school.store.threads(kind: .mailbox, limit: 10)
      #expect(threads.map(\.entries) == [2])
      #expect(try school.servers.mailbox(of: R.bas).isEmpty, "news is answered to its author alone")
    }
  }

  @Test(
    "One ordinary mailbox will do: with + addresses, or with the route in the subject",
    arguments: [
      AddressScheme.Mode.subaddress, .plain,
    ])
  func otherModes(mode: AddressScheme.Mode) async throws {
    try await R.run(mode: mode) { school in
      let (to, prefix) =
        mode == .plain ? ("school@school.test", "nieuws.groep5: ") : ("school+nieuws.groep5@school.test", "")
      try await school.write(R.anna, to: to, "\(prefix)Morgen gym", "Neem gymkleren mee.")
      let news = try await school.mail(to: R.els, with: "Neem gymkleren mee.")
      #expect(news.subject == "Morgen gym")
      try await school.answer(news, as: R.els, "Noor is ziek.")
      let question = try await school.mail(to: R.anna, with: "Noor is ziek.")
      try await school.answer(question, as: R.anna, "Beterschap!")
      _ = try await school.mail(to: R.els, with: "Beterschap!")
      #expect(try await school.store.threads(kind: .mailbox, limit: 5).map(\.entries) == [2])
      try await school.until("the bounce is on the record") {
        let lines = try await school.store.report(limit: 9).flatMap(\.lines)
        return lines.contains { $0.delivery.status == .bounced }
      }
      try await school.writeFromOutside(R.anna, to: to, "\(prefix)Vrij", "Morgen vrij!")
      let held = try await school.mail(to: R.anna, with: "Bent u dit?")
      let link = try #require(held.html?.firstMatch(of: /mailto:([^?"]+)\?subject=([^&"]+)/))
      let subject = try #require(String(link.2).removingPercentEncoding)
      try await school.write(R.anna, to: String(link.1).replacing("%2B", with: "+"), subject, "JA")
      _ = try await school.mail(to: R.els, with: "Morgen vrij!")
    }
  }

  @Test("A message out of the blue reaches both of a duo; support gets what help cannot answer")
  func postvak() async throws {
    try await R.run { school in
      try await school.write(R.els, to: "postvak.groep5@\(R.domain)", "Tandarts", "Noor komt later.")
      for teacher in [R.anna, R.bas] { _ = try await school.mail(to: teacher, with: "Noor komt later.") }
      try await school.write(R.els, to: "support@\(R.domain)", "Vraag", "Hoe wijzig ik mijn adres?")
      let support = try await school.mail(to: R.bas, with: "Hoe wijzig ik mijn adres?")
      try await school.write(R.fatima, to: "school@school.test", "Question", "To the bare mailbox")
      _ = try await school.mail(to: R.bas, with: "To the bare mailbox")
      try await school.answer(support, as: R.bas, "Mail ons vanaf uw nieuwe adres.")
      _ = try await school.mail(to: R.els, with: "vanaf uw nieuwe adres")
    }
  }

  @Test("On the schoolplein the author gets a comment at once, the rest a digest, which can be answered by number")
  func schoolplein() async throws {
    try await R.run(undo: 0) { school in
      try await school.write(R.anna, to: "schoolplein.groep5@\(R.domain)", "Kerst", "Wie bakt er taart?")
      let item = try await school.mail(to: R.els, with: "Wie bakt er taart?")
      try await school.answer(item, as: R.els, "Ik bak appeltaart!")
      let comment = try await school.mail(to: R.anna, with: "Ik bak appeltaart!")
      #expect(comment.readableText.hasPrefix("Let op: als u antwoordt"))
      #expect(item.readableText.contains("Wilt u alleen aan Anna"))
      #expect(!comment.readableText.contains("alleen schrijven aan"), "nobody writes to themselves")
      _ = try await school.mail(to: R.els, with: "Geplaatst")
      let digests = try await DigestClock(gateway: school.gateway).makeDue(regardlessOfHour: true)
      #expect(digests == 2)
      let digest = try await school.mail(to: R.fatima, with: "Schoolplein: 1 new comment")
      #expect(digest.readableText.contains("1. Els (Kerst):"))
      try await school.answer(digest, as: R.fatima, "Sounds good")
      let question = try await school.mail(to: R.fatima, with: "Which comment are you answering?")
      #expect(question.readableText.contains("Sounds good"))
      try await school.answer(question, as: R.fatima, "1: I bring lemonade")
      _ = try await school.mail(to: R.els, with: "I bring lemonade")
      try await school.write(
        R.els, to: try #require(item.readableText.firstMatch(of: /r\.[a-z2-7]+@ouders\.school\.test/)).description0,
        "Re: Kerst", "Alleen voor u: ik kan niet op dinsdag.")
      let privately = try await school.mail(to: R.anna, with: "Alleen voor u")
      #expect(privately.readableText.contains("alleen de deelnemers"))
    }
  }

  @Test("Herstel takes a comment back before it is mailed on")
  func herstel() async throws {
    try await R.run(undo: 600) { school in
      try await school.write(R.anna, to: "schoolplein.groep5@\(R.domain)", "Kerst", "Wie bakt er taart?")
      let item = try await school.mail(to: R.els, with: "Wie bakt er taart?")
      try await school.answer(item, as: R.els, "Oeps, verkeerde knop.")
      let receipt = try await school.mail(to: R.els, with: "Geplaatst")
      try await school.answer(receipt, as: R.els, "Herstel")
      _ = try await school.mail(to: R.els, with: "Teruggehaald")
      let thread = try #require(try await school.store.threads(kind: .schoolyard, limit: 1).first)
      #expect(thread.entries == 1)
      let comments = try await school.store.entries(of: thread.thread.id)
      #expect(comments.map(\.isRetracted) == [false, true])
      #expect(try school.servers.mailbox(of: R.anna).count == 1, "the receipt of the item, and no comment")
    }
  }

  @Test("A forwarded mail is filed under its parent, with date and text, and files travel with their message")
  func forwardAndFiles() async throws {
    try await R.run { school in
      let forward = """
        Ter info.

        ---------- Doorgestuurd bericht ---------
        Van: Els <els@ouders.test>
        Datum: di 17 nov 2026 om 08:12
        Onderwerp: Noor is ziek
        Aan: Anna <anna@school.test>

        Noor blijft vandaag thuis.
        """
      try await school.write(R.anna, to: "doorsturen@\(R.domain)", "Fwd: Noor is ziek", forward)
      let receipt = try await school.mail(to: R.anna, with: "Opgeborgen: Noor is ziek")
      #expect(receipt.readableText.contains("met Els"))
      let thread = try #require(try await school.store.threads(kind: .mailbox, limit: 1).first).thread
      let entry = try #require(try await school.store.entries(of: thread.id).first)
      #expect(entry.text == "Noor blijft vandaag thuis." && entry.origin?.address == R.els)
      #expect(entry.origin?.date != nil && thread.subject == "Noor is ziek")

      let parts = """
        --b
        Content-Type: text/plain

        Zie bijlage.
        --b
        Content-Type: text/csv; name="lijst.csv"
        Content-Disposition: attachment; filename="lijst.csv"

        a;b
        --b--
        """
      try await school.write(
        R.anna, to: "nieuws.groep5@\(R.domain)", "Lijst", parts,
        fields: ["Content-Type: multipart/mixed; boundary=b"])
      let news = try await school.mail(to: R.els, with: "Zie bijlage.")
      #expect(news.attachments.map(\.fileName) == ["lijst.csv"])
      #expect(news.attachments.first.map { String(decoding: $0.data, as: UTF8.self) }?.hasPrefix("a;b") == true)
    }
  }
}

extension Regex<Substring>.Match {
  var description0: String { String(output) }
}
