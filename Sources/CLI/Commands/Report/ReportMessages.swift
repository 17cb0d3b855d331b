import ArgumentParser
import Foundation
import Gateway
import Mail
import School
import Store

struct ReportMessages: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "messages",
    abstract: "Tells of each message who has not got it, and why: what the mail servers said of each mail.",
    discussion: Exit.documentation)

  @OptionGroup var school: SchoolOption
  @Option(help: "Only of this thread, by its number.")
  var thread: Int64?
  @Option(help: "At most so many messages, the newest first.")
  var limit = 20
  @Flag(help: "Show only mails that were not accepted.")
  var trouble = false
  @Flag(help: "Print one JSON object a line and a message.")
  var json = false

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit is 1 or more.") }
  }

  func run() async throws {
    try await school.withStore { store in
      let directory = try await store.directory()
      if let thread, try await store.thread(ThreadID(thread)) == nil {
        throw CommandFailure(Exit.failed, "there is no thread \(thread)")
      }
      let reports = try await store.report(thread: thread.map { ThreadID($0) }, limit: limit)
      if reports.isEmpty, !json { Output.line("No messages.") }
      for report in reports {
        let line = MessageLine(report, directory, onlyTrouble: trouble)
        if json { try Output.json(line) } else { Output.line(line.readable) }
      }
      guard thread == nil else { return }
      for row in try await store.damage(limit: limit) {
        let line = DamageLine(row)
        if json { try Output.json(line) } else { Output.line(line.readable) }
      }
      for record in try await store.setAsideInbound(limit: limit) {
        let line = SetAsideLine(record)
        if json { try Output.json(line) } else { Output.line(line.readable) }
      }
    }
  }
}

/// A mail that came in and could not be handled; it lies in the folder for the eye.
struct SetAsideLine: Encodable {
  let kind = "set-aside"
  let inbound: Int64
  let at: Date
  let reason: String

  init(_ record: InboundRecord) {
    inbound = record.id.rawValue
    at = record.receivedAt
    reason = record.reason ?? ""
  }

  var readable: String { "left to a person: mail \(inbound), \(at.readable): \(reason)" }
}

/// Something that cannot be read any more; where it is a mail, it was not sent.
struct DamageLine: Encodable {
  let kind = "damage"
  let place: String
  let at: Date
  let reason: String

  init(_ row: DamagedRow) { (place, at, reason) = (row.place, row.at, row.reason) }

  var readable: String { "damaged, and left to a person: \(place), found \(at.readable): \(reason)" }
}

/// One message, and what became of its mails.
struct MessageLine: Encodable {
  struct Copy: Encodable {
    let recipient: String
    let address: String?
    /// `waiting`, `deferred` (tried, and tried again), `accepted` (by a server: nobody knows of an inbox), `refused`,
    /// `bounced`, `withheld` (the address is broken), `cancelled`, `set-aside` (it cannot be read).
    let status: String
    let attempts: Int
    /// When it is tried next; nil where it is not.
    let nextAttempt: Date?
    let events: [Event]
  }

  struct Event: Encodable {
    let at: Date
    let outcome: String
    let code: Int?
    /// `5.1.1`
    let enhancedStatusCode: String?
    /// The server's words.
    let words: String
    /// Why it failed, in the words of `explain`, and whose turn it is: `mailbox-full`, `parent`; nil for what did not.
    let reason: String?
    let actor: String?
  }

  let thread: Int64
  let entry: Int64
  let kind: String
  let subject: String
  let author: String
  let at: Date
  /// How many mails have each status.
  let counts: [String: Int]
  let mails: [Copy]

  init(_ report: MessageReport, _ directory: Directory, onlyTrouble: Bool) {
    thread = report.thread.id.rawValue
    entry = report.entry.id.rawValue
    kind = report.thread.kind.rawValue
    subject = report.thread.subject
    author = directory.label(report.entry.author)
    at = report.entry.at
    counts = Dictionary(grouping: report.lines, by: \.delivery.statusWord).mapValues(\.count)
    mails = report.lines.filter { !onlyTrouble || $0.delivery.status != .accepted }.map { Copy($0, directory) }
  }

  var readable: String {
    let order = ["accepted", "waiting", "deferred", "refused", "bounced", "withheld", "cancelled", "set-aside"]
    let tally = order.compactMap { word in counts[word].map { "\($0) \(word)" } }.joined(separator: ", ")
    let title =
      "#\(thread) \(kind) “\(subject)” by \(author), \(at.readable): \(tally.isEmpty ? "mailed to nobody" : tally)"
    return ([title] + mails.map(\.readable)).joined(separator: "\n")
  }
}

extension DeliveryRecord {
  /// What is waiting after an attempt was deferred by a server.
  fileprivate var statusWord: String { status == .waiting && attempts > 0 ? "deferred" : status.rawValue }
}

extension MessageLine.Copy {
  init(_ line: MessageReport.Line, _ directory: Directory) {
    let delivery = line.delivery
    switch delivery.recipient {
    case .account(let account):
      (recipient, address) = (directory.label(account), directory.accounts[account]?.mailAddress)
    case .stranger(let stranger): (recipient, address) = (stranger, stranger)
    }
    status = delivery.statusWord
    attempts = delivery.attempts
    nextAttempt = delivery.status == .waiting ? delivery.dueAt : nil
    let recipientAddress = address.flatMap { MailAddress($0) }
    events = line.events.map {
      let verdict = $0.verdict(for: recipientAddress)
      return MessageLine.Event(
        at: $0.at, outcome: $0.outcome, code: $0.words.code, enhancedStatusCode: $0.words.enhancedStatusCode,
        words: $0.words.text, reason: verdict?.reason, actor: verdict?.actor.rawValue)
    }
  }

  /// The newest event tells most; all of them are in the JSON.
  fileprivate var readable: String {
    let next = nextAttempt.map { ", next try \($0.readable)" } ?? ""
    let who = [recipient, address == recipient ? nil : address.map { "<\($0)>" }].compactMap(\.self)
    let line = "  \(status.padding(toLength: 9, withPad: " ", startingAt: 0)) \(who.joined(separator: " "))\(next)"
    guard let event = events.first else { return line }
    let words = [event.code.map(String.init), event.enhancedStatusCode, event.words].compactMap(\.self)
    let turn =
      event.reason.flatMap { reason in event.actor.map { "\n            \(reason): \(Output.turn($0))" } } ?? ""
    return "\(line)\n            \(event.outcome) \(event.at.readable): \(words.joined(separator: " "))\(turn)"
  }
}
