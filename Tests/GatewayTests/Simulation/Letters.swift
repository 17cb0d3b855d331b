import Foundation
import Mail
import School
import Store

@testable import Gateway

/// What the people of a simulated school put into its mailbox.
extension SimulatedSchool {
  func write(_ person: Person, _ letter: Happening.Letter) {
    let marker = newMarker
    let (route, due, text): (String, [Person], String) =
      switch letter {
      case .news: ("nieuws.groep5", Person.parents, "Dit is \(marker).")
      case .broadcast: ("nieuws", Person.parents, "Dit is \(marker).")
      case .urgent: ("spoed.groep5", Person.parents, "Dit is \(marker).")
      case .schoolyard: ("schoolplein.groep5", Person.parents, "Dit is \(marker).")
      case .mailbox: ("postvak.anna", [.anna], "Dit is \(marker).")
      case .help:
        (
          "schoolplein.groep5", Person.parents,
          "Dit is \(marker).\r\n\r\nHulp gevraagd (tot 23 november):\r\n- Taart (\(Self.places))\r\n- Koffie (2)"
        )
      case .event: ("agenda.groep5", Person.parents, "29-11-2026 19:00-20:30 Avond \(marker), hal")
      case .plan: ("gesprekken", [], "2-12-2026 15:30-16:00\r\n10 minuten\r\nGroep 5\r\ndirect")
      case .absence, .claim, .slot, .approval: ("ziek", [], "ziek Noor")
      }
    put(Sent(marker: marker, author: person, letter: letter, due: Set(due)), to: "\(route)@ouders.school.test", text)
  }

  /// How many can bake a cake: fewer than would.
  static let places = 2

  private var newMarker: String { "merk-\(sent.count + 10_000)" }

  /// Answers as a client does. News, urgent and private messages are answered to who wrote; on the schoolplein all read
  /// it, at once or in their digest.
  func answer(_ person: Person, _ number: Int) async throws {
    let kinds: Set<NoticeKind> = [.news, .urgent, .mailboxMessage, .schoolyardItem, .schoolyardComment, .offerItem]
    guard let (mail, original) = try await answerable(person, kinds, number) else { return }
    let isPublic = original.letter.isPublic
    let due = isPublic ? Set(Person.readers).subtracting([person]) : [original.author]
    let one = Sent(marker: newMarker, author: person, letter: isPublic ? .schoolyard : .mailbox, due: due)
    put(one, to: mail, "Dit is \(one.marker).")
  }

  func claim(_ person: Person, _ number: Int) async throws {
    guard let (mail, _) = try await answerable(person, [.offerItem], number) else { return }
    put(Sent(marker: newMarker, author: person, letter: .claim, due: []), to: mail, "ja 1")
  }

  /// Times that one family after the other would have.
  private static let times = ["15:30", "15:40", "15:50"]

  func choose(_ person: Person, _ number: Int) async throws {
    let invitations = try await mails(of: person, [.conferenceInvitation])
    guard !invitations.isEmpty else { return }
    put(
      Sent(marker: newMarker, author: person, letter: .slot, due: []), to: invitations[number % invitations.count],
      Self.times[number % Self.times.count])
  }

  func approve(_ number: Int) async throws {
    guard let (mail, original) = try await answerable(.bas, [.broadcastQuestion], number) else { return }
    approved.insert(original.marker)
    put(Sent(marker: newMarker, author: .bas, letter: .approval, due: []), to: mail, "akkoord")
  }

  private func answerable(
    _ person: Person, _ kinds: Set<NoticeKind>, _ number: Int
  ) async throws -> (mail: MailMessage, original: Sent)? {
    let found = try await mails(of: person, kinds).compactMap { mail in
      sent.first { mail.readableText.contains($0.marker) }.map { (mail, $0) }
    }
    return found.isEmpty ? nil : found[number % found.count]
  }

  /// What this person has of these kinds.
  private func mails(of person: Person, _ kinds: Set<NoticeKind>) async throws -> [MailMessage] {
    var found: [MailMessage] = []
    for accepted in servers.accepted where accepted.to == person.rawValue {
      guard let delivery = try await store.delivery(messageID: accepted.messageID), kinds.contains(delivery.kind)
      else { continue }
      found.append(MailMessage.parse(accepted.octets))
    }
    return found
  }

  private func put(_ one: Sent, to mail: MailMessage, _ text: String) {
    guard let to = mail.replyTo.first?.address.description, let id = mail.messageID else { return }
    put(one, to: to, text, fields: ["In-Reply-To: <\(id)>"])
  }

  private func put(_ one: Sent, to: String, _ text: String, fields: [String] = []) {
    let number = one.marker.dropFirst("merk-".count)
    var one = one
    one.header =
      [
        "From: \(one.author.rawValue)", "To: \(to)", "X-Original-To: \(to)", "Subject: Bericht \(number)",
        "Authentication-Results: mail.school.test; auth=pass smtp.auth=\(one.author.rawValue)",
        "Date: Wed, 18 Nov 2026 10:00:00 +0100",
      ] + fields
    one.text = text
    one.messageID = "\(number)@client.test"
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
    let lines = before + one.header + ["Message-ID: <\(id)>", "", one.text, ""]
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
