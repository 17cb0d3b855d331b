import Foundation
import Testing
import Transport

@testable import TransportIMAP

func message(_ subject: String) -> Data { Data("Subject: \(subject)\r\n\r\nHoi\r\n".utf8) }

@Suite("A session with a real Dovecot", .timeLimit(.minutes(6)))
struct SessionTests {
  private func connect(
    _ server: DovecotServer, folder: String = "INBOX", _ limits: IMAPLimits = IMAPLimits()
  ) async throws -> any IMAPSession {
    try await EtpanConnector(account: server.account(), limits: limits).connect(folder: folder)
  }

  @Test("list, fetch, create and move; what is gone is nil and moves nothing")
  func roundTrip() async throws {
    let server = try DovecotServer(.init(messages: [message("een"), message("twee"), message("drie")]))
    _ = try server.doveadm("flags", "add", "-u", DovecotServer.user, #"\Deleted"#, "mailbox", "INBOX", "uid", "2")
    let session = try await connect(server)
    #expect(try await session.list() == [1, 3])
    let listings = [3, 1].map { MessageListing(uid: $0, size: message($0 == 1 ? "een" : "drie").count) }
    #expect(try await session.listings([3, 4, 1]) == listings)
    #expect(try await session.fetch(3) == FetchedMessage(uid: 3, raw: message("drie")))
    try await session.createFolder("Postplein/Handled")
    try await session.createFolder("Postplein/Handled")
    try await session.move(1, to: "Postplein/Handled")
    #expect(try await session.list() == [3])
    #expect(try await session.fetch(1) == nil)
    #expect(try await session.fetch(99) == nil)
    try await session.move(1, to: "Postplein/Handled")
    let moved = try await connect(server, folder: "Postplein/Handled")
    #expect(try await moved.fetch(1)?.raw == message("een"))
    #expect(try server.doveadm("mailbox", "list", "-s", "-u", DovecotServer.user).contains("Postplein/Handled"))
    // Fetched by PEEK: not seen.
    let flags = try server.doveadm("fetch", "-u", DovecotServer.user, "flags", "mailbox", "INBOX", "uid", "3")
    #expect(!flags.contains("Seen"))
    await moved.close()
    await session.close()
  }

  @Test("a refused command leaves the session usable")
  func refusal() async throws {
    let server = try DovecotServer(.init(messages: [message("een")]))
    let session = try await connect(server)
    let error = await #expect(throws: TransportError.self) { try await session.move(1, to: "Nergens") }
    #expect(error?.kind == .notFound)
    #expect(try await session.list().count == 1)
    await session.close()
  }

  @Test("so does a move that the server cannot do now, as with a folder that takes no more; later it is done")
  func refusedForNow() async throws {
    let server = try DovecotServer(.init(messages: [message("een")]))
    let session = try await connect(server)
    try await session.createFolder("Vol")
    let folder = "\(server.directory)/mail/Maildir/.Vol"
    let parts = ["", "/tmp", "/new", "/cur"].map { folder + $0 }
    for part in parts { try Shell.run("chown", "root:root", part) }
    for part in parts { try Shell.run("chmod", "500", part) }
    let error = await #expect(throws: TransportError.self) { try await session.move(1, to: "Vol") }
    #expect(error?.kind == .refused && error?.isTemporary == true)
    #expect(try await session.list().count == 1)
    try await session.createFolder("Vol")
    for part in parts { try Shell.run("chmod", "700", part) }
    for part in parts { try Shell.run("chown", "nobody:nogroup", part) }
    try await session.move(1, to: "Vol")
    #expect(try await session.list().isEmpty)
    await session.close()
  }

  @Test("a mail that the server cannot read ends the session for now, and the others are read in the next")
  func unreadable() async throws {
    let server = try DovecotServer(.init(messages: [message("een"), message("twee"), message("drie")]))
    let session = try await connect(server)
    let found = try Shell.run("grep", "-rl", "Subject: twee", "\(server.directory)/mail/Maildir")
    let file = try #require(
      found.split(separator: "\n").map(String.init).first { $0.contains("/cur/") || $0.contains("/new/") })
    try Shell.run("chown", "root:root", file)
    try Shell.run("chmod", "600", file)
    // Dovecot ends the connection, for its size already; it refuses to move it.
    let together = await #expect(throws: TransportError.self) { try await session.listings([1, 2, 3]) }
    #expect(together?.isTemporary == true)
    let again = try await connect(server)
    #expect(try await again.fetch(1)?.raw == message("een"))
    #expect(try await again.fetch(3)?.raw == message("drie"))
    let moving = await #expect(throws: TransportError.self) { try await again.move(2, to: "Nieuw") }
    #expect(moving?.isTemporary == true || moving?.kind == .notFound)
    let alone = await #expect(throws: TransportError.self) { try await again.fetch(2) }
    #expect(alone?.isTemporary == true)
    await again.close()
    await session.close()
  }

  @Test("bytes come as they are: 8-bit, long lines, a header that crashes MIME parsers, 9 MB, nothing at all")
  func binary() async throws {
    var messages = [
      Data("Subject: \u{1}\r\n\r\n".utf8) + Data((1...255).filter { $0 != 10 && $0 != 13 }) + Data("\r\n".utf8),
      Data("Content-Type: multipart/mixed; boundary=\"\\\"\"\r\n\r\n--\"\r\n".utf8),
      Data("Subject: lang\r\n\r\n".utf8) + Data(repeating: 0xE9, count: 9_000_000) + Data("\r\n".utf8),
      Data("Subject: nul\r\n\r\na\0b\0\0c\r\n".utf8),
    ]
    let server = try DovecotServer(.init(messages: messages))
    let session = try await connect(server)
    // IMAP4rev1 has no NUL in a literal (RFC 3501, section 9); Dovecot sends 0x80 for it. The length stays.
    messages[3] = Data("Subject: nul\r\n\r\na".utf8) + [0x80, 0x62, 0x80, 0x80] + Data("c\r\n".utf8)
    for (index, sent) in messages.enumerated() {
      let fetched = try await session.fetch(UID(index + 1))
      #expect(fetched?.raw == sent, "message \(index + 1)")
    }
    await session.close()
  }

  @Test("a message over the limit is an error of its own, before and after listing")
  func tooLarge() async throws {
    let large = message("groot") + Data(repeating: 0x61, count: 2000) + Data("\r\n".utf8)
    let server = try DovecotServer(.init(messages: [large, message("klein")]))
    var limits = IMAPLimits()
    limits.messageSize = 1000
    let session = try await connect(server, limits)
    for _ in 0..<2 {
      let error = await #expect(throws: TransportError.self) { try await session.fetch(1) }
      #expect(error?.kind == .limit)
      #expect(try await session.listings([1, 2]).map(\.size) == [large.count, message("klein").count])
    }
    #expect(try await session.fetch(2)?.raw == message("klein"))
    await session.close()
  }

  @Test("500 messages are listed in order, over several fetches, and no more than the limit")
  func manyMessages() async throws {
    let server = try DovecotServer(.init(messages: (1...500).map { message("\($0)") }))
    var limits = IMAPLimits()
    limits.fetchBatch = 70
    let session = try await connect(server, limits)
    try await session.createFolder("Gelezen")
    #expect(try await session.list() == Array(1...500))
    for uid in UID(1)...500 { #expect(try await session.fetch(uid)?.raw == message("\(uid)")) }
    let listings = try await session.listings(Array(1...501).reversed())
    #expect(listings.map(\.uid) == (1...500).reversed())
    #expect(listings.allSatisfy { $0.size == message("\($0.uid)").count })
    let some: [UID] = [499, 3, 77, 501]
    let messages = try await session.fetch(some)
    #expect(messages.mapValues(\.raw) == [499: message("499"), 3: message("3"), 77: message("77")])
    #expect(messages.allSatisfy { $0.key == $0.value.uid })
    for none: [UID] in [[], [501, 502]] { #expect(try await session.fetch(none).isEmpty) }
    try await session.move([3, 77], to: "Gelezen")
    #expect(try await session.fetch(some).keys.sorted() == [499])
    #expect(try await session.list() == (1...500).filter { $0 != 3 && $0 != 77 })
    limits.listedMessages = 90
    let short = try await connect(server, limits)
    #expect(try await short.list() == (1...92).filter { $0 != 3 && $0 != 77 })
    await short.close()
    await session.close()
  }

  @Test(
    "what arrived before a day is found and taken away for good, and nothing else",
    arguments: ["UIDPLUS", "UIDPLUS MOVE", ""])
  func removal(extra: String) async throws {
    let capability = "IMAP4rev1 SASL-IR LITERAL+ IDLE NAMESPACE \(extra)"
    let days = ["2026-01-31", "2026-03-01", "2025-12-31", "2026-03-02"]
    let arrivals = try days.map { try Date("\($0)T12:00:00Z", strategy: .iso8601) }
    let server = try DovecotServer(.init(capability: capability, messages: days.map(message), arrivals: arrivals))
    var limits = IMAPLimits()
    limits.fetchBatch = 1
    let session = try await connect(server, limits)
    let day = arrivals[1]
    #expect(try await session.list(arrivedBefore: day) == [1, 3])
    try await session.remove([1, 3])
    try await session.remove([1, 3])
    #expect(try await session.list() == [2, 4])
    #expect(try await session.list(arrivedBefore: day) == [])
    #expect(
      try server.doveadm("search", "-u", DovecotServer.user, "mailbox", "INBOX").split(separator: "\n").count == 2)
    await session.close()
  }

  @Test(
    "without MOVE, copies and expunges only that message",
    arguments: ["UIDPLUS", ""])
  func moveFallback(extra: String) async throws {
    let capability = "IMAP4rev1 SASL-IR LITERAL+ IDLE NAMESPACE \(extra)"
    let server = try DovecotServer(.init(capability: capability, messages: [message("een"), message("twee")]))
    let session = try await connect(server)
    try await session.createFolder("Handled")
    try await session.move([1, 7], to: "Handled")
    try await session.move(1, to: "Handled")
    #expect(try await session.list() == [2])
    #expect(
      try server.doveadm("search", "-u", DovecotServer.user, "mailbox", "Handled").split(separator: "\n").count == 1)
    #expect(
      try server.doveadm("search", "-u", DovecotServer.user, "mailbox", "INBOX").split(separator: "\n").count == 1)
    await session.close()
  }

  @Test(
    "nested and non-ASCII folders, with the server's separator and prefix, by NAMESPACE and by LIST",
    arguments: [("/", "", "NAMESPACE"), (".", "INBOX.", "NAMESPACE"), (".", "", ""), (".", "", "NAMESPACE")])
  func folders(separator: String, prefix: String, capability: String) async throws {
    let announced = "IMAP4rev1 SASL-IR LITERAL+ IDLE UIDPLUS MOVE \(capability)"
    let server = try DovecotServer(
      .init(capability: announced, prefix: prefix, separator: separator, messages: [message("een")]))
    let session = try await connect(server)
    let folder = "Één & twee/Groep 8/😀"
    try await session.createFolder(folder)
    try await session.createFolder(folder)
    try await session.move(1, to: folder)
    let expected = prefix + folder.replacingOccurrences(of: "/", with: separator)
    #expect(
      try server.doveadm("mailbox", "list", "-8", "-u", DovecotServer.user).split(separator: "\n").contains {
        $0 == expected
      })
    let moved = try await connect(server, folder: folder)
    #expect(try await moved.list().count == 1)
    await moved.close()
    await session.close()
  }
}
