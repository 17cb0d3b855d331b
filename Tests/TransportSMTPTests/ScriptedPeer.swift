import Foundation
import Testing
import Transport

@testable import TransportSMTP

/// A self-signed certificate and its key, made by openssl(1).
struct Certificate: Sendable {
  let certificate: String
  let key: String

  /// For `localhost`; trusted by the tests.
  static let localhost = make("localhost")
  static let otherHost = make("other.test")
  /// For `localhost` too, by someone else.
  static let untrusted = make("localhost")
  static let expired = makeExpired()

  private static func make(_ host: String) -> Certificate {
    let folder = TemporaryFolder.make()
    let made = Certificate(certificate: folder + "/cert.pem", key: folder + "/key.pem")
    openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", made.key,
      "-out", made.certificate, "-days", "2", "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)",
    ])
    return made
  }

  /// Valid for the second in which it is made; waits until that is over.
  private static func makeExpired() -> Certificate {
    let valid = make("localhost")
    let made = Certificate(certificate: valid.certificate + ".expired", key: valid.key)
    openssl(["x509", "-in", valid.certificate, "-signkey", valid.key, "-days", "0", "-out", made.certificate])
    Thread.sleep(forTimeInterval: 2)
    return made
  }

  private static func openssl(_ arguments: [String]) {
    let openssl = Process()
    openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    openssl.arguments = arguments
    openssl.standardError = FileHandle.nullDevice
    do { try openssl.run() } catch { fatalError("openssl: \(error)") }
    openssl.waitForExit()
    precondition(openssl.terminationStatus == 0, "openssl failed")
  }
}

extension Process {
  /// Children of Swift Testing inherit blocked signals, and `waitUntilExit` waits for ever on a thread of the pool:
  /// SIGKILL and a look every few milliseconds do neither.
  func stop() {
    kill(processIdentifier, SIGKILL)
    waitForExit()
  }

  func waitForExit() {
    for _ in 0..<2_000 where isRunning { usleep(5_000) }
  }
}

enum TemporaryFolder {
  static func make() -> String {
    let path = NSTemporaryDirectory() + "postplein-smtp-" + UUID().uuidString.prefix(8)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch { fatalError("\(error)") }
    return path
  }
}

/// `Fixtures/smtp_peer.py` as a child process, which ends with this object.
final class ScriptedPeer {
  struct Event: Decodable {
    var event: String
    var connection: Int
    var line: String?
    var right: Bool?
    var mechanism: String?
    var mail: String?
    var rcpt: String?
    var body: Data?
    /// Whether more commands had come already.
    var ahead: Bool?
    var octets: Int?
  }

  static let password = "geheim woord"
  let port: Int
  private let process = Process()
  private let input = Pipe()
  private let log: String

  convenience init(_ options: String...) throws { try self.init(options: options, certificate: .localhost) }

  init(options: [String], certificate: Certificate) throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/smtp_peer.py"
    log = TemporaryFolder.make() + "/log"
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, certificate.certificate, certificate.key, log] + options
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    precondition(port > 0, "the scripted peer did not start")
  }

  deinit {
    process.stop()
    try? FileManager.default.removeItem(atPath: (log as NSString).deletingLastPathComponent)
  }

  func events(_ name: String? = nil) throws -> [Event] {
    let text = try Data(contentsOf: URL(fileURLWithPath: log))
    let all = try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Event.self, from: $0) }
    return all.filter { name == nil || $0.event == name }
  }

  /// Lets it answer the messages to `final-held@`.
  func release() throws { try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8)) }

  /// The peer writes an event a moment after the client sees its effect.
  func wait(for name: String, count: Int) async throws {
    for _ in 0..<1_000 where try loggedEvents(name).count < count { try await Task.sleep(for: .milliseconds(50)) }
    try #require(try loggedEvents(name).count >= count, "no \(name) came")
  }

  /// As `events`, and none where no client came at all.
  func loggedEvents(_ name: String) throws -> [Event] {
    FileManager.default.fileExists(atPath: log) ? try events(name) : []
  }

  func account(
    _ security: TransportSecurity = .implicitTLS, host: String = "localhost", password: String = ScriptedPeer.password,
    trusting certificate: Certificate? = .localhost
  ) -> ServerAccount {
    ServerAccount(
      host: host, port: port, security: security, userName: "school", password: password,
      trustedCertificatesFile: certificate?.certificate)
  }
}

extension SubmissionLimits {
  /// Short enough for tests.
  static var test: SubmissionLimits {
    var limits = SubmissionLimits()
    limits.connectTimeout = .seconds(5)
    limits.answerTimeout = .seconds(20)
    limits.transferTimeout = .seconds(30)
    limits.shutdownGrace = .seconds(5)
    return limits
  }
}
