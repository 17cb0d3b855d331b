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

  @Test("Its answer goes out once a day, for a program may answer that")
  func answer() async throws {
    let school = try await P()
    var answers: [Int] = []
    for (number, fields) in ["Precedence: bulk", "Precedence: bulk", "X-Own: 1"].enumerated() {
      let mail = """
        Authentication-Results: mail.school.test; auth=pass smtp.auth=\(P.els)\r
        \(fields)\r
        From: \(P.els)\r
        To: mijn@\(P.domain)\r
        Message-ID: <\(number)@client.test>\r
        \r

        """
      let record = try await school.store.record(Data(mail.utf8), from: nil, at: school.now)
      #expect(await MailReader(gateway: school.gateway).handle(record) == .handled)
      let due = try await school.store.dueDeliveries(now: school.now, excluding: [], limit: 100)
      answers.append(due.filter { $0.kind == .settings }.count)
    }
    #expect(answers == [1, 1, 2])
  }
}
