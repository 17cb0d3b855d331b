import Foundation
import Testing
import Transport

@testable import TransportIMAP

/// What a connection that must fail failed with.
func failure(_ connector: EtpanConnector, folder: String = "INBOX") async -> TransportError? {
  do throws(TransportError) {
    await (try connector.connect(folder: folder)).close()
    return nil
  } catch { return error }
}

@Suite("Connecting to a real Dovecot", .timeLimit(.minutes(6)))
struct ConnectTests {
  @Test("implicit TLS and STARTTLS log in, by name and by address")
  func logsIn() async throws {
    let server = try DovecotServer(.init(messages: [Data("Subject: een\r\n\r\nhoi\r\n".utf8)]))
    for security in TransportSecurity.protected {
      for host in ["localhost", "127.0.0.1"] {
        let connector = EtpanConnector(account: server.account(host: host, security: security))
        let session = try await connector.connect(folder: "INBOX")
        let status = await session.status
        #expect(status.messageCount == 1 && status.uidValidity > 0 && status.uidNext == 2)
        #expect(try await session.list() == [1])
        await session.close()
        await session.close()
        await #expect(throws: TransportError.self) { try await session.list() }
      }
    }
  }

  @Test("an authority that is not trusted is refused before login", arguments: TransportSecurity.protected)
  func unknownAuthority(security: TransportSecurity) async throws {
    let server = try DovecotServer()
    let error = await failure(EtpanConnector(account: server.account(security: security, authority: "other")))
    #expect(error?.kind == .certificate)
    try await expectNoLogin(server)
  }

  @Test("the system's authorities do not trust a home-made one")
  func systemRoots() async throws {
    let server = try DovecotServer()
    var account = server.account()
    account.trustedCertificatesFile = nil
    #expect(await failure(EtpanConnector(account: account))?.kind == .certificate)
  }

  @Test(
    "a certificate for another host, expired or not for servers is refused before login",
    arguments: [
      ("elsewhere", "localhost"), ("elsewhere", "127.0.0.1"), ("expired", "localhost"), ("person", "localhost"),
      ("named", "127.0.0.1"),
    ], TransportSecurity.protected)
  func wrongCertificate(shown: (certificate: String, host: String), security: TransportSecurity) async throws {
    let server = try DovecotServer(.init(certificate: shown.certificate))
    let error = await failure(EtpanConnector(account: server.account(host: shown.host, security: security)))
    #expect(error?.kind == .certificate)
    try await expectNoLogin(server)
  }

  @Test("a file of authorities that is missing or empty is a certificate error", arguments: ["missing", "empty"])
  func noAuthorities(name: String) async throws {
    let server = try DovecotServer()
    try "".write(toFile: "\(server.directory)/tls/empty.pem", atomically: true, encoding: .utf8)
    #expect(await failure(EtpanConnector(account: server.account(authority: name)))?.kind == .certificate)
  }

  private func expectNoLogin(_ server: DovecotServer) async throws {
    for _ in 0..<300 where !server.log.contains("no auth attempts") { try await Task.sleep(for: .milliseconds(100)) }
    #expect(server.log.contains("no auth attempts"))
    #expect(!server.log.contains("Login: user="))
  }

  @Test("a wrong password is an authentication error that does not repeat it")
  func wrongPassword() async throws {
    let server = try DovecotServer()
    let error = await failure(EtpanConnector(account: server.account(password: "verkeerd123")))
    #expect(error?.kind == .authentication)
    #expect(error?.description.contains("verkeerd123") == false)
  }

  @Test("a password with a line end is refused here, for it would be a command of its own")
  func injectedPassword() async throws {
    let server = try DovecotServer()
    let error = await failure(EtpanConnector(account: server.account(password: "x\r\na2 LOGOUT")))
    #expect(error?.kind == .authentication)
  }

  @Test("where LOGIN is disabled, AUTHENTICATE PLAIN logs in, and without it nothing is sent")
  func loginDisabled() async throws {
    let base = "IMAP4rev1 LITERAL+ ID ENABLE IDLE NAMESPACE UIDPLUS MOVE LOGINDISABLED"
    let plain = try DovecotServer(.init(capability: "\(base) SASL-IR AUTH=PLAIN"))
    let session = try await EtpanConnector(account: plain.account()).connect(folder: "INBOX")
    #expect(try await session.list().isEmpty)
    await session.close()
    let wrong = await failure(EtpanConnector(account: plain.account(password: "verkeerd")))
    #expect(wrong?.kind == .authentication)
    let none = try DovecotServer(.init(capability: base))
    #expect(await failure(EtpanConnector(account: none.account()))?.kind == .authentication)
    try await expectNoLogin(none)
  }

  @Test("a folder that is not there is not found")
  func missingFolder() async throws {
    let server = try DovecotServer()
    #expect(await failure(EtpanConnector(account: server.account()), folder: "Weg")?.kind == .notFound)
    #expect(await failure(EtpanConnector(account: server.account()), folder: "a\r\nb")?.kind == .notFound)
  }

  @Test("a server that accepts and says nothing is a timeout", arguments: TransportSecurity.protected)
  func silentServer(security: TransportSecurity) async throws {
    let (descriptor, port) = try FreePort.listen()
    defer { close(descriptor) }
    var limits = IMAPLimits()
    limits.silence = .seconds(1)
    let account = ServerAccount(host: "127.0.0.1", port: port, security: security, userName: "u", password: "p")
    let start = ContinuousClock.now
    #expect(await failure(EtpanConnector(account: account, limits: limits))?.kind == .timeout)
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test("a mailbox is not read in clear text, on loopback either")
  func clearText() async throws {
    let server = try DovecotServer()
    var account = server.account()
    account.security = .plain
    account.port = server.plainPort
    #expect(await failure(EtpanConnector(account: account))?.kind == .tls)
  }

  @Test("nobody there is a network error, no such host too", arguments: ["127.0.0.1", "nowhere.invalid"])
  func nobodyThere(host: String) async throws {
    let account = ServerAccount(
      host: host, port: try FreePort.take(), security: .implicitTLS, userName: "u", password: "p")
    #expect(await failure(EtpanConnector(account: account))?.kind == .network)
  }

  @Test("implicit TLS to a port that speaks clear text is a TLS error")
  func clearTextPort() async throws {
    let server = try DovecotServer()
    var account = server.account()
    account.port = server.plainPort
    #expect(await failure(EtpanConnector(account: account))?.kind == .tls)
  }
}
