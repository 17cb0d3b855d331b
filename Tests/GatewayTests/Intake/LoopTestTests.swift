import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("A mail to test")
struct LoopTestTests {
  @Test(
    "Whether it came by TLS is what the newest Received field of a network says; where none tells, nothing is said",
    arguments: [
      (["from a.test (a.test [192.0.2.1]) (using TLSv1.3 with cipher X) by mx.school.test with ESMTPS id 1"], true),
      (["from a.test by mx.school.test with ESMTP id 1"], false),
      (["from tls.ziggo.test by mx.school.test with ESMTP id 1"], false),
      (["by 2002:a05:1 with SMTP id 1", "from a.test by mx.school.test with UTF8SMTPSA id 1"], true),
      (
        ["from mx.school.test by imap.school.test with LMTP id 1", "from a.test by mx.school.test with SMTP id 1"],
        false
      ),
      (["from mx.school.test by imap.school.test with LMTP id 1", "from a.test by mx.school.test with ESMTPS"], true),
      (["from a.test by b.test with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 1"], true),
      (["from a.test by b.test with HTTPS id 1"], nil), ([], nil),
    ] as [([String], Bool?)])
  func encryption(received: [String], isEncrypted: Bool?) async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let fields = received.map { "Received: \($0); Fri, 27 Nov 2026 12:00:00 +0100\r\n" }.joined()
    let message = MailMessage.parse(Data("\(fields)From: els@ouders.test\r\n\r\ntest\r\n".utf8))
    #expect(LoopTestReader(gateway: gateway, message: message).test().isEncrypted == isEncrypted)
  }

  @Test("Who writes in somebody's name gets them one answer a day, and leaves no file; who is proven has one each time")
  func forged() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: []) {
      $0.authservID = "mx.school.test"
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await gateway.store.ensureAccount(address: "els@ouders.test", language: .dutch)
    let proof = "Authentication-Results: mx.school.test; dmarc=pass header.from=ouders.test\r\n"
    var sent: [Int] = []
    for fields in ["", "", "", proof, proof] {
      let mail = Data(
        """
        \(fields)From: els@ouders.test\r
        To: school+test@school.test\r
        Message-ID: <\(sent.count)@ouders.test>\r
        Content-Type: text/plain; name="brief.txt"\r
        Content-Disposition: attachment; filename="brief.txt"\r
        \r
        hoi
        """.utf8)
      let record = try await gateway.store.record(mail, from: nil, at: .now)
      #expect(await MailReader(gateway: gateway).handle(record) == .handled)
      let due = try await gateway.store.dueDeliveries(now: .now, excluding: [], limit: 100)
      #expect(due.allSatisfy { $0.kind == .loopTest })
      sent.append(due.count)
    }
    #expect(sent == [1, 1, 1, 2, 3])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "files").path).isEmpty)
  }
}
