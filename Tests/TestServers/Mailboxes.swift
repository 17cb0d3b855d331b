import Foundation

/// Looks into the test's mailboxes, by their files, so that no code under test is needed for it.
extension MailServers {
  /// How long a test waits for what should come: what does come is mostly there at once, but the machine may be busy.
  package static let patience = Duration.seconds(60)

  package struct NoSuchMail: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  /// Where Dovecot keeps a mailbox; nil for what is no address.
  package func maildir(of address: String) -> URL? {
    let parts = address.split(separator: "@")
    guard parts.count == 2 else { return nil }
    return URL(filePath: world.mail).appending(path: "\(parts[1])/\(parts[0])/Maildir")
  }

  /// All mails of a mailbox, or of one of its folders (`Archive/2026`), oldest first: the raw bytes, with Dovecot's
  /// and Postfix's own fields on top. Line ends are LF, as Dovecot stores them.
  package func mailbox(of address: String, folder: String? = nil) throws -> [Data] {
    guard let inbox = maildir(of: address) else { throw NoSuchMail(description: "not an address: \(address)") }
    let maildir = folder.map { inbox.appending(path: ".\($0.replacing("/", with: "."))") } ?? inbox
    let files = ["new", "cur"].flatMap { part in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: maildir.appending(path: part).path)) ?? []
      return names.map { (arrival: Arrival(fileName: $0), url: maildir.appending(path: "\(part)/\($0)")) }
    }
    // A file that moves from new/ to cur/ in between is there the next time one looks.
    return files.sorted { $0.arrival < $1.arrival }.compactMap { try? Data(contentsOf: $0.url) }
  }

  /// Waits until that many mails of a mailbox fulfil the condition, and gives those. Delivery takes 10 to 70 ms.
  @discardableResult
  package func waitForMail(
    to address: String, count: Int = 1, timeout: Duration = patience,
    where condition: (String) -> Bool = { _ in true }
  ) async throws -> [Data] {
    let deadline = ContinuousClock.now + timeout
    while true {
      let all = try mailbox(of: address)
      let found = all.filter { condition(String(decoding: $0, as: UTF8.self)) }
      if found.count >= count { return found }
      guard ContinuousClock.now < deadline else {
        throw NoSuchMail(
          description: "after \(timeout) \(address) has \(found.count) of \(count) mails, \(all.count) in all")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}

/// When a mail came, by its file name: `SECONDS.MMICROSECONDSP…`, the digits of the second number not padded.
private struct Arrival: Comparable {
  let seconds, microseconds: Int

  init(fileName: String) {
    let match = fileName.firstMatch(of: /^(\d+)\.M(\d+)/)
    seconds = match.flatMap { Int($0.1) } ?? 0
    microseconds = match.flatMap { Int($0.2) } ?? 0
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.seconds, left.microseconds) < (right.seconds, right.microseconds)
  }
}
