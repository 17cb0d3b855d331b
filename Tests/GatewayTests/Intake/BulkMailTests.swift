import Foundation
import School
import Store
import Testing

@testable import Gateway

@Suite("Mail that says that it is bulk mail")
struct BulkMailTests {
  typealias P = PlayedSchool

  @Test(
    "A parent's own letter is read as any; what went through a list, or comes from nobody the school knows, is noted",
    arguments: [
      (P.els, "Precedence: bulk", "posted"), (P.els, "Precedence: list\r\nList-Id: <ouders.test>", "bulk"),
      (P.els, "Precedence: bulk\r\nList-Unsubscribe: <mailto:weg@ouders.test>", "bulk"),
      ("winkel@elders.test", "Precedence: bulk", "bulk"),
    ])
  func bulk(from: String, fields: String, outcome: String) async throws {
    let school = try await P()
    let mail = """
      Authentication-Results: mail.school.test; auth=pass smtp.auth=\(from)\r
      \(fields)\r
      From: \(from)\r
      To: postvak.anna@\(P.domain)\r
      Subject: Gym\r
      Message-ID: <1@client.test>\r
      \r
      Heeft Noor gym?\r

      """
    let record = try await school.store.record(Data(mail.utf8), from: nil, at: school.now)
    #expect(await MailReader(gateway: school.gateway).handle(record) == .handled)
    #expect(try await school.store.inbound(record.id)?.outcome == outcome)
  }
}
