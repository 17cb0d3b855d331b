import Foundation
import Mail
import School
import Store

@testable import Gateway

/// What the people of a simulated school put into its mailbox.
extension SimulatedSchool {
  func write(_ person: Person, _ letter: Happening.Letter) {
    let (route, due): (String, [Person]) =
      switch letter {
      case .news: ("nieuws.groep5", Person.parents)
      case .urgent: ("spoed.groep5", Person.parents)
      case .schoolyard: ("schoolplein.groep5", Person.parents)
      case .mailbox: ("postvak.anna", [.anna])
      }
    put(person, letter, to: "\(route)@ouders.school.test", due: Set(due), fields: [])
  }

  /// Answers as a client does. News, urgent and private messages are answered to who wrote; on the schoolplein all read
  /// it, at once or in their digest.
  func answer(_ person: Person, _ number: Int) async throws {
    var answerable: [(mail: MailMessage, original: Sent)] = []
    for accepted in servers.accepted where accepted.to == person.rawValue {
      guard let delivery = try await store.delivery(messageID: accepted.messageID),
        [.news, .urgent, .mailboxMessage, .schoolyardItem, .schoolyardComment].contains(delivery.kind)
      else { continue }
      let mail = MailMessage.parse(accepted.octets)
      if let original = sent.first(where: { mail.readableText.contains($0.marker) }) {
        answerable.append((mail, original))
      }
    }
    guard !answerable.isEmpty else { return }
    let (mail, original) = answerable[number % answerable.count]
    guard let to = mail.replyTo.first?.address.description, let id = mail.messageID else { return }
    let isPublic = original.letter == .schoolyard
    let due = isPublic ? Set(Person.allCases).subtracting([person]) : [original.author]
    put(person, isPublic ? .schoolyard : .mailbox, to: to, due: due, fields: ["In-Reply-To: <\(id)>"])
  }

  private func put(_ person: Person, _ letter: Happening.Letter, to: String, due: Set<Person>, fields: [String]) {
    let number = String(sent.count + 10_000)
    let header =
      [
        "From: \(person.rawValue)", "To: \(to)", "X-Original-To: \(to)", "Subject: Bericht \(number)",
        "Authentication-Results: mail.school.test; auth=pass smtp.auth=\(person.rawValue)",
        "Date: Wed, 18 Nov 2026 10:00:00 +0100",
      ] + fields
    let one = Sent(
      marker: "merk-\(number)", author: person, letter: letter, due: due, header: header,
      messageID: "\(number)@client.test")
    sent.append(one)
    servers.deliver(raw(one))
  }

  func repeatMail(_ number: Int, _ way: Happening.Way) {
    guard !sent.isEmpty else { return }
    let one = sent[number % sent.count]
    switch way {
    case .sameOctets: servers.deliver(raw(one))
    case .otherOctets:
      let copies = servers.state.withLock(\.received.count)
      servers.deliver(raw(one, before: ["Received: from elsewhere by mail.school.test id \(copies)"]))
    }
  }

  private func raw(_ one: Sent, before: [String] = []) -> Data {
    let id = control == .renameCopies && !before.isEmpty ? "again-\(one.messageID)" : one.messageID
    let lines = before + one.header + ["Message-ID: <\(id)>", "", "Dit is \(one.marker).", ""]
    return Data(lines.joined(separator: "\r\n").utf8)
  }

  /// RFC 3464, to the address that only this mail had as its sender.
  func bounce(_ number: Int) {
    let returnable = servers.accepted.filter { $0.to == Person.gerrit.rawValue && $0.reversePath != nil }
    guard !returnable.isEmpty else { return }
    let mail = returnable[number % returnable.count]
    let to = mail.reversePath?.description ?? ""
    bounces[mail.to, default: 0] += 1
    let lines = [
      "From: mailer-daemon@hotmail.com", "To: \(to)", "X-Original-To: \(to)", "Subject: Undeliverable",
      "Message-ID: <bounce-\(bounces[mail.to] ?? 0)@hotmail.com>",
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "", "--b",
      "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; hotmail.com", "",
      "Final-Recipient: rfc822; \(mail.to)", "Action: failed", "Status: 5.2.2",
      "Diagnostic-Code: smtp; 552 5.2.2 mailbox full", "--b--", "",
    ]
    servers.deliver(Data(lines.joined(separator: "\r\n").utf8))
  }
}
