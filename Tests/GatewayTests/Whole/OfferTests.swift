import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Help requests and polls, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeOfferTests {
  typealias R = RunningGateway

  @Test("A place is claimed, waited for, given back and moved up to; the organiser has the table and closes it")
  func help() async throws {
    try await R.run { school in
      try await school.write(
        R.anna, to: "schoolplein.groep5@\(R.domain)", "Kerst",
        "Wie helpt mee?\n\nHulp gevraagd:\nTaart bakken (1)\nKoffie (2)")
      let opened = try await school.mail(to: R.anna, with: "Zo hebben wij uw vraag begrepen")
      #expect(opened.readableText.contains("1. Taart bakken (1 plaats)"), "\(opened.readableText)")
      let item = try await school.mail(to: R.els, with: "vraagt hulp op het schoolplein")
      #expect(item.readableText.contains("2. Koffie (2 plaatsen)") && item.readableText.contains("Wie helpt mee?"))
      try await school.answer(item, as: R.els, "ja 1\n\nMet slagroom")
      let receipt = try await school.mail(to: R.els, with: "Hier helpt u nu")
      #expect(receipt.readableText.contains("leest alleen Anna de Boer"))
      let english = try await school.mail(to: R.fatima, with: "asks for help on the schoolplein")
      try await school.answer(english, as: R.fatima, "yes 1 2")
      let waiting = try await school.mail(to: R.fatima, with: "you are on the waiting list, number 1")
      #expect(!waiting.readableText.contains("Els") && waiting.readableText.contains("2. Koffie"))
      try await school.answer(receipt, as: R.els, "nee 1")
      _ = try await school.mail(to: R.fatima, with: "A place came free")
      try await school.answer(opened, as: R.anna, "stand")
      let table = try await school.mail(to: R.anna, with: "Fatima (Noor)")
      let file = try #require(table.attachments.first)
      #expect(file.fileName == "stand.csv" && String(decoding: file.data, as: UTF8.self).contains("1;Taart bakken;1;"))
      try await school.answer(table, as: R.anna, "sluiten")
      _ = try await school.mail(to: R.anna, with: "Er kan niet meer geantwoord worden")
      _ = try await school.mail(to: R.fatima, with: "Signing up has closed")
      try await school.answer(item, as: R.els, "2")
      _ = try await school.mail(to: R.els, with: "Deze vraag is gesloten")
    }
  }

  @Test("A secret poll: votes by text and number, words are comments, the result goes to all at the end")
  func poll() async throws {
    try await R.run(undo: 1) { school in
      try await school.write(
        R.anna, to: "schoolplein.groep5@\(R.domain)", "Schoolreis",
        "Geheime stemming: waar gaan we heen?\n- De Efteling\n- Emmen")
      let item = try await school.mail(to: R.els, with: "De stemming is geheim")
      try await school.answer(item, as: R.els, "Eftelling")
      let vote = try await school.mail(to: R.els, with: "Uw stem is geteld")
      #expect(vote.readableText.contains("1. De Efteling"))
      let english = try await school.mail(to: R.fatima, with: "The vote is secret")
      try await school.answer(english, as: R.fatima, "I vote for Emmen or the Efteling")
      _ = try await school.mail(to: R.fatima, with: "We are not sure what you mean")
      try await school.answer(english, as: R.fatima, "Will there be a bus?")
      _ = try await school.mail(to: R.anna, with: "Will there be a bus?")
      try await school.answer(english, as: R.fatima, "vote 1")
      _ = try await school.mail(to: R.fatima, with: "Your vote has been counted")
      let opened = try await school.mail(to: R.anna, with: "Zo hebben wij uw vraag begrepen")
      try await school.answer(opened, as: R.anna, "stand")
      let state = try await school.mail(to: R.anna, with: "wordt pas getoond als zij sluit")
      #expect(state.attachments.isEmpty)
      try await school.answer(state, as: R.anna, "sluiten")
      let result = try await school.mail(to: R.els, with: "Uitslag: Schoolreis")
      #expect(
        result.readableText.contains("De Efteling: 2 stemmen") && result.readableText.contains("Emmen: 0 stemmen"))
      _ = try await school.mail(to: R.fatima, with: "Result: Schoolreis")
    }
  }
}
