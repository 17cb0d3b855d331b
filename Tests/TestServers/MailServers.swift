import Foundation

/// Real mail servers for a test: Dovecot and Postfix on loopback, by `deploy/mail-servers` (its `--help` describes the
/// mail world). Ready in about half a second; any number of them side by side. They stop with `stop()`, and otherwise
/// with the test process, whatever it died of.
package final class MailServers: Sendable {
  /// What to start: the mailboxes and how the servers treat them.
  package struct Options: Sendable {
    /// The gateway's mailbox, which also gets every mail to `catchAll`.
    package var gateway = "school@school.test"
    package var catchAll = "ouders.school.test"
    /// Address to password, the gateway's included. Names that are not here bounce, after acceptance.
    package var passwords = [
      "school@school.test": "school-secret", "juf@school.test": "juf-secret", "anna@ouders.test": "anna-secret",
      "piet@hotmail.test": "piet-secret", "fatima@kpn.test": "fatima-secret",
    ]
    /// Recipients refused in the SMTP dialogue, for good: address to reply, as "550 5.1.1 words".
    package var refused: [String: String] = [:]
    /// Recipients refused in the SMTP dialogue, for now: address to reply, as "452 4.2.2 words".
    package var deferred: [String: String] = [:]
    /// Mailboxes that are full: their mail bounces (5.2.2), after acceptance.
    package var full: [String] = []
    package var certificate = Certificate.trusted

    package init() {}
  }

  /// Which certificate the servers show: one for `localhost`, `mail.school.test` and 127.0.0.1 by the authority at
  /// `ca`, the same by another authority, or one of `ca` for another host.
  package enum Certificate: String, Sendable {
    case trusted, untrusted
    case wrongName = "wrong-name"
  }

  /// What `deploy/mail-servers` says when both servers answer.
  package struct World: Decodable, Sendable {
    /// Ports on 127.0.0.1. `smtp` is the outside world's; the submission services and IMAP want a login.
    package let smtp, submission, submissions, imap, imaps: Int
    /// PEM files of the authorities.
    package let ca, untrustedCA: String
    package let directory, mail, authservID, gateway, catchAll: String
    package let pids: ProcessIDs
  }

  /// The first process of each server, nil while it is stopped, and of the program that runs them.
  package struct ProcessIDs: Decodable, Sendable {
    package let `self`: Int32
    package let imap, smtp: Int32?
  }

  package enum Server: String, Sendable { case imap, smtp }

  /// `stop` lets the server finish, `kill` does not (SIGKILL to all its processes); `start` returns when it answers.
  package enum Action: String, Sendable { case start, stop, kill, restart }

  package enum Failure: Error, CustomStringConvertible {
    /// The program's own words stand on standard error.
    case didNotAnswer(String)
    case command(String)

    package var description: String {
      switch self {
      case .didNotAnswer(let last): "deploy/mail-servers ended after saying “\(last)”"
      case .command(let reason): reason
      }
    }
  }

  package let options: Options
  package let world: World
  private let process: Process
  private let commands: FileHandle
  private let answers: FileHandle
  private let queue = DispatchQueue(label: "deploy/mail-servers")

  /// Starts the servers, hands them to the body and stops them after it.
  @discardableResult
  package static func run<Result>(
    _ options: Options = Options(), body: (MailServers) async throws -> Result
  ) async throws -> Result {
    let servers = try await start(options)
    do {
      let result = try await body(servers)
      await servers.stop()
      return result
    } catch {
      await servers.stop()
      throw error
    }
  }

  /// Starts the servers in a directory of their own; `stop()` them, or use `run`.
  package static func start(_ options: Options = Options()) async throws -> MailServers {
    try await offPool(on: .global()) { try MailServers(options) }
  }

  private init(_ options: Options) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "mail-\(UUID().uuidString.prefix(13))")
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    let users = directory.appending(path: "users.txt")
    let lines = options.passwords.filter { $0.key != options.gateway }.map { "\($0.key) \($0.value)\n" }
    try lines.joined().write(to: users, atomically: false, encoding: .utf8)

    let (input, output) = (Pipe(), Pipe())
    process = Process()
    process.executableURL = repository.appending(path: "deploy/mail-servers")
    process.arguments = try Self.arguments(options, directory: directory, users: users)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    (commands, answers) = (input.fileHandleForWriting, output.fileHandleForReading)
    self.options = options
    world = try JSONDecoder().decode(World.self, from: try Self.line(from: answers))
  }

  private static func arguments(_ options: Options, directory: URL, users: URL) throws -> [String] {
    guard let password = options.passwords[options.gateway] else {
      throw Failure.command("no password for the gateway's mailbox \(options.gateway)")
    }
    let gateway = "\(options.gateway)=\(password)"
    var arguments = ["start", directory.path, "--with-parent", "--gateway", gateway, "--users", users.path]
    arguments += ["--catch-all", options.catchAll, "--certificate", options.certificate.rawValue]
    arguments += options.refused.flatMap { ["--refuse", "\($0.key)=\($0.value)"] }
    arguments += options.deferred.flatMap { ["--defer", "\($0.key)=\($0.value)"] }
    arguments += options.full.flatMap { ["--full", $0] }
    return arguments
  }

  /// For fault tests: stops, kills, starts or restarts one of the servers, on the same port.
  @discardableResult
  package func perform(_ action: Action, _ server: Server) async throws -> ProcessIDs {
    struct Answer: Decodable {
      let error: String?
      let pids: ProcessIDs?
    }
    return try await offPool(on: queue) { [self] in
      try commands.write(contentsOf: Data("\(action.rawValue)-\(server.rawValue)\n".utf8))
      let answer = try JSONDecoder().decode(Answer.self, from: try Self.line(from: answers))
      guard let pids = answer.pids else { throw Failure.command(answer.error ?? "no reason given") }
      return pids
    }
  }

  /// Stops both servers, waits until no process of theirs is left, and removes their directory.
  package func stop() async {
    try? await offPool(on: queue) { [self] in
      process.terminate()
      process.waitByKernel()
      try FileManager.default.removeItem(atPath: world.directory)
    }
  }

  /// Each command has one line as its answer, so nothing can follow the line's end.
  private static func line(from handle: FileHandle) throws -> Data {
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let part = handle.availableData
      guard !part.isEmpty else { throw Failure.didNotAnswer(String(decoding: line, as: UTF8.self)) }
      line += part
    }
    return line
  }
}

private let repository = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

/// Runs blocking work on a dispatch queue, away from Swift's few cooperative threads.
func offPool<Result: Sendable>(
  on queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    queue.async { continuation.resume(with: Swift.Result { try work() }) }
  }
}
