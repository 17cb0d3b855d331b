import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("A new address, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeAddressChangeTests {
  typealias R = RunningGateway
  static let new = "els.nieuw@ouders.test"

  @Test("A parent changes their address by mail: confirmed at the old one, mailed at the new one, approved by support")
  func change() async throws {
    var options = R.options()
    options.passwords[Self.new] = "secret-of-\(Self.new)"
    try await R.run(options) { school in
      try await school.write(Self.new, to: "support@\(R.domain)", "Vraag", "Dit wordt mijn adres, wat moet ik doen?")
      let asked = try await school.mail(to: R.bas, with: "wat moet ik doen?")
      #expect(asked.readableText.contains("\(Self.new) schrijft aan de hulp"), "the school knows no name of theirs")
      try await school.write(R.els, to: "mijn@\(R.domain)", "Adres", "adres \(Self.new)\n\nGroet, Els")
      let question = try await school.mail(to: R.els, with: "Bent u dit?")
      let waiting = try await school.store.directory().accounts.values.filter { $0.newAddress != nil }
      #expect(waiting.isEmpty, "nothing changes before JA")
      try await school.answer(question, as: R.els, "JA")
      _ = try await school.mail(to: R.els, with: "Heeft u dit niet gevraagd?")
      _ = try await school.mail(to: Self.new, with: "Onze mail gaat nu naar")
      try await school.write(R.anna, to: "nieuws.groep5@\(R.domain)", "Gym", "Neem gymkleren mee.")
      let news = try await school.mail(to: Self.new, with: "gymkleren")
      try await school.answer(news, as: Self.new, "Doen we!")
      _ = try await school.mail(to: R.anna, with: "Doen we!")
      // The conversation began before the address was known as hers.
      try await school.answer(asked, as: R.bas, "Wat u net deed is genoeg.")
      let told = try await school.mail(to: Self.new, with: "is genoeg")
      try await school.answer(told, as: Self.new, "Dank voor de hulp!")
      _ = try await school.mail(to: R.bas, with: "Dank voor de hulp!")
      #expect(try await school.mails(to: R.els, count: 0, with: "gymkleren").isEmpty)
      let approval = try await school.mail(to: R.bas, with: "Nieuw mailadres van Els")
      #expect(try await school.store.directory().account(address: R.els)?.mailAddress == Self.new)
      try await school.answer(approval, as: R.bas, "akkoord")
      _ = try await school.mail(to: Self.new, with: "is goedgekeurd")
      _ = try await school.mail(to: R.els, with: "is goedgekeurd")
      let directory = try await school.store.directory()
      #expect(directory.account(address: R.els) == nil && directory.account(address: Self.new)?.newAddress == nil)
    }
  }
}
