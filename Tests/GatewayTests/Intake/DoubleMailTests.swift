import Foundation
import School
import Store
import Testing

@testable import Gateway

@Suite("The same mail is read once, and another's mail never taken for it")
struct DoubleMailTests {
  typealias P = PlayedSchool

  /// As it lies in the mailbox, after one more hop or fewer.
  private static func mail(_ from: String, _ text: String, id: String? = "same@client.test", hops: Int = 1) -> Data {
    let way = (0..<hops).map { "Received: by hop\($0).test; Wed, 25 Nov 2026 10:00:0\(hops) +0100" }
    let lines =
      way + [
        "Authentication-Results: mail.school.test; auth=pass smtp.auth=\(from)",
        "Delivered-To: postvak.anna@\(P.domain)", "From: \(from)", "To: postvak.anna@\(P.domain)",
        "Date: Wed, 25 Nov 2026 10:00:00 +0100", "Subject: Vraag",
      ] + (id.map { ["Message-ID: <\($0)>"] } ?? []) + ["", text, ""]
    return Data(lines.joined(separator: "\r\n").utf8)
  }

  private static func read(_ raw: Data, _ school: P) async throws -> String? {
    let record = try await school.store.record(raw, from: nil, at: school.now)
    #expect(await MailReader(gateway: school.gateway).handle(record) == .handled)
    return try await school.store.inbound(record.id)?.outcome
  }

  @Test("One Message-ID, once more by another way, then from another parent, then with other words")
  func sameID() async throws {
    let school = try await P()
    #expect(try await Self.read(Self.mail(P.els, "Heeft Noor gym?"), school) == "posted")
    #expect(try await Self.read(Self.mail(P.els, "Heeft Noor gym?", hops: 3), school) == "duplicate")
    #expect(try await Self.read(Self.mail(P.shared, "Heeft Noor gym?"), school) == "posted")
    #expect(try await Self.read(Self.mail(P.els, "En Sanne?"), school) == "posted")
    try await school.collect()
    #expect(school.inboxes[P.anna]?.count == 3, "the teacher has each")
  }

  @Test("Without a Message-ID, once more by another way")
  func withoutID() async throws {
    let school = try await P()
    #expect(try await Self.read(Self.mail(P.els, "Heeft Noor gym?", id: nil), school) == "posted")
    #expect(try await Self.read(Self.mail(P.els, "Heeft Noor gym?", id: nil, hops: 2), school) == "duplicate")
    #expect(try await Self.read(Self.mail(P.els, "En Sanne?", id: nil), school) == "posted")
  }
}
