import Foundation
import Mail
import School
import Store
import Testing
import Transport

@testable import Gateway

@Suite("A gateway over a store that is damaged", .timeLimit(.minutes(6)))
struct DamagedStoreTests {
  /// Spoils the first pages of tables, as a disk does it; a change from outside makes the gateway read them again.
  private func spoil(_ tables: [String], in folder: URL) throws {
    let script = """
      import sqlite3, sys
      store = sqlite3.connect(sys.argv[1], timeout=10)
      with store: store.execute('UPDATE directory_version SET version = version + 1')
      store.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()
      with open(sys.argv[1], 'r+b') as file:
          for table in sys.argv[2:]:
              root = store.execute('SELECT rootpage FROM sqlite_master WHERE name = ?', (table,)).fetchone()[0]
              file.seek((root - 1) * 4096)
              file.write(b'\\xa5' * 64)
      store.close()
      """
    let process = try Process.run(
      URL(filePath: "/usr/bin/python3"),
      arguments: ["-c", script, folder.appending(path: "postplein.sqlite").path] + tables)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test("The school stops by itself, and the mail in hand is no person's to look at: it stays in the inbox")
  func database() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    try spoil(["handled_route", "automatic_answer"], in: folder)
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { $0.messages = [1: MailboxWatchTests.mail(1)] }
    await gateway.run(imap: mailbox, smtp: ScriptedSubmitter())
    #expect(gateway.store.corruption?.kind == .corrupt)
    #expect(mailbox.state.withLock { $0.messages.count == 1 && $0.moved.isEmpty })
    let record = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1])[1]
    #expect(record?.status == .waiting)
  }

  private func spoil(_ record: InboundRecord, in folder: URL) throws {
    let file = folder.appending(path: "messages/\(record.digest.prefix(2))/\(record.digest).eml")
    var octets = try Data(contentsOf: file)
    octets[octets.count - 1] ^= 0xFF
    try octets.write(to: file)
  }

  @Test("A raw mail that is damaged in the store is fetched again while it lies in the inbox, and read")
  func rawMail() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = InboundSource(mailbox: "INBOX", uidValidity: 1, uid: 1)
    let record = try await gateway.store.record(MailboxWatchTests.mail(1), from: source, at: Date())
    try spoil(record, in: folder)
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { $0.messages = [1: MailboxWatchTests.mail(1)] }
    try await MailboxWatchTests.drain(mailbox, gateway)
    #expect(try await gateway.store.inbound(record.id)?.status == .handled)
    #expect(mailbox.state.withLock(\.moved) == ["Postplein/Verwerkt": [1]])
  }

  @Test("One that lies nowhere else is set aside; laid in the inbox it is read")
  func laidBack() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let record = try await gateway.store.record(
      MailboxWatchTests.mail(1), from: nil, at: Date(timeIntervalSinceNow: -60))
    try spoil(record, in: folder)
    try await WaitingMail(gateway: gateway).sweep()
    let aside = try await gateway.store.inbound(record.id)
    #expect(aside?.status == .setAside && aside?.outcome == InboundRecord.damaged)
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { $0.messages = [7: MailboxWatchTests.mail(1)] }
    try await MailboxWatchTests.drain(mailbox, gateway)
    #expect(try await gateway.store.inbound(record.id)?.status == .handled)
    #expect(mailbox.state.withLock(\.moved) == ["Postplein/Verwerkt": [7]])
  }
}
