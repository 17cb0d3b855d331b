import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Urgent messages, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeUrgentTests {
  typealias R = RunningGateway

  @Test("The sender is told once which servers took it, and whom to phone")
  func receipt() async throws {
    try await R.run { school in
      try await school.write(R.anna, to: "spoed.groep5@\(R.domain)", "Gaslek", "De school is dicht.")
      _ = try await school.mail(to: R.els, with: "De school is dicht.")
      let receipt = try await school.mail(to: R.anna, with: "Bel deze ouders")
      #expect(receipt.subject.contains("Gaslek") && receipt.subject.contains("2 aangenomen, 1 geweigerd"))
      let text = receipt.readableText
      #expect(text.contains("- Weg (Noor)") && !text.contains("- Els") && !text.contains("- Fatima"), "\(text)")
      try await UrgentWatch(gateway: school.gateway).tell()
      #expect(try await school.mails(to: R.anna, with: "Bel deze ouders").count == 1)
    }
  }
}
