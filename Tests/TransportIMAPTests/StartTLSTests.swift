import Foundation
import Testing
import Transport

@testable import TransportIMAP

@Suite("What a server may say before TLS", .timeLimit(.minutes(6)))
struct StartTLSTests {
  struct Row: Sendable, CustomStringConvertible {
    let greeting: String
    let answer: String
    let kind: TransportError.Kind?
    var description: String { "\(greeting.prefix(30).debugDescription) \(answer.prefix(30).debugDescription)" }
  }

  @Test(
    "good, bad, injected, endless and truncated dialogues",
    arguments: [
      Row(greeting: "* OK hi\r\n", answer: "a1 OK go\r\n", kind: nil),
      Row(greeting: "* OK hi\r\n", answer: "* CAPABILITY IMAP4\r\na1 ok go\r\n", kind: nil),
      Row(greeting: "* OK hi\r\n", answer: "a1 OK go\r\n* OK [CAPABILITY AUTH=PLAIN] injected\r\n", kind: .tls),
      Row(greeting: "* OK hi\r\n", answer: "a1 BAD what\r\n", kind: .tls),
      Row(greeting: "* OK hi\r\n", answer: "a1 NO\r\n", kind: .tls),
      Row(greeting: "* OK hi\r\n", answer: String(repeating: "* x\r\n", count: 100), kind: .tls),
      Row(greeting: "* OK hi\r\n", answer: String(repeating: "x", count: 5000), kind: .tls),
      Row(greeting: "* PREAUTH hi\r\n", answer: "", kind: .tls),
      Row(greeting: "* BYE busy\r\n", answer: "", kind: .network),
      Row(greeting: "220 smtp\r\n", answer: "", kind: .tls),
      Row(greeting: "* OK tru", answer: "", kind: .network),
      Row(greeting: "* OK hi\r\n", answer: "a1 O", kind: .network),
    ])
  func dialogue(row: Row) async throws {
    let (descriptor, port) = try FreePort.listen()
    let answering = Thread {
      let client = accept(descriptor, nil, nil)
      _ = row.greeting.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
      var buffer = [UInt8](repeating: 0, count: 100)
      if row.greeting.hasPrefix("* OK hi") { _ = recv(client, &buffer, 100, 0) }
      _ = row.answer.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
      close(client)
      close(descriptor)
    }
    answering.start()
    var kind: TransportError.Kind?
    do throws(TransportError) {
      let socket = try TCPSocket(host: "127.0.0.1", port: port, timeout: .seconds(5))
      try socket.startTLS()
    } catch { kind = error.kind }
    #expect(kind == row.kind)
  }
}
