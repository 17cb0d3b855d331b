import Foundation

/// Puts mail into the test's mail world, by curl(1), so that no code under test is needed for it.
extension MailServers {
  /// What the server said against a mail: the last reply, as "550 5.1.1 words", or curl's reason.
  package struct Refusal: Error, Equatable {
    package let reply: String
  }

  /// Hands over a mail as an outside server does: without login, to one recipient or several in one transaction.
  /// The bytes arrive as they are, but for the fields that servers add; lines must end in CRLF.
  /// Throws `Refusal` when the server refused anything.
  package func deliver(_ message: Data, from reversePath: String, to recipients: String...) async throws {
    try await curl(["smtp://127.0.0.1:\(world.smtp)/outside.test"], message, from: reversePath, to: recipients)
  }

  /// Submits a mail with a login of `Options.passwords`. The reverse path is the login unless another one is given.
  package func submit(
    _ message: Data, as login: String, from reversePath: String? = nil, to recipients: String...
  ) async throws {
    let account = "\(login):\(options.passwords[login] ?? "")"
    let url = "smtps://127.0.0.1:\(world.submissions)/client.test"
    try await curl(
      [url, "--cacert", world.ca, "--user", account], message, from: reversePath ?? login, to: recipients)
  }

  private func curl(
    _ arguments: [String], _ message: Data, from reversePath: String, to recipients: [String]
  ) async throws {
    let directory = URL(filePath: world.directory)
    try await offPool(on: .global()) {
      let name = UUID().uuidString
      let (mail, log) = (directory.appending(path: "\(name).eml"), directory.appending(path: "\(name).log"))
      defer { for file in [mail, log] { try? FileManager.default.removeItem(at: file) } }
      try message.write(to: mail)
      try Data().write(to: log)
      let curl = Process()
      curl.executableURL = URL(filePath: "/usr/bin/curl")
      curl.arguments =
        arguments + ["--silent", "--show-error", "--verbose", "--max-time", "60", "--upload-file", mail.path]
        + ["--mail-from", reversePath] + recipients.flatMap { ["--mail-rcpt", $0] }
      curl.standardInput = FileHandle.nullDevice
      curl.standardOutput = FileHandle.nullDevice
      curl.standardError = try FileHandle(forWritingTo: log)
      try curl.run()
      curl.waitUntilExit()
      guard curl.terminationStatus == 0 else {
        throw Refusal(log: String(decoding: try Data(contentsOf: log), as: UTF8.self))
      }
    }
  }
}

extension MailServers.Refusal {
  /// Finds the last negative reply in curl's log, where "< " marks what the server said.
  fileprivate init(log: String) {
    let lines = log.split(whereSeparator: \.isNewline)
    let replies = lines.filter { $0.hasPrefix("< 4") || $0.hasPrefix("< 5") }.map { $0.dropFirst(2) }
    reply = String(replies.last ?? lines.last { $0.hasPrefix("curl: ") } ?? "")
  }
}
