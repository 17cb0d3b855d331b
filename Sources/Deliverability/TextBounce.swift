import Foundation
import Mail

/// Bounces that are no DSN, or a mangled one: what Exim, qmail, Exchange, Gmail, gateways and scripts write for people.
/// Every server has its words, but all tell an address, and beside it why; so the text is read for that, and no server
/// by its name.
enum TextBounce {
  /// Octets of the text that are looked at, and addresses taken from it.
  static let textOctets = 64 << 10
  static let mostAddresses = 50
  /// Octets of one line that is searched for addresses, and octets kept of what is said of one.
  static let lineOctets = 400
  static let longestWords = 2_000

  /// Where no address can be told, one failure of nobody: the words still say why.
  static func read(_ message: MailMessage) -> DeliveryStatusNotification {
    var report = ReportText(message)
    if report.fields.holds("-recipient:") || report.fields.holds("-Recipient:"),
      let status = DeliveryStatusNotification.read(Data(report.fields.utf8), of: message)
    {
      return status
    }
    let original = OriginalMessage(message, report)
    report.returnedSubject = original.subject
    var recipients = report.failures(excluding: original.senders(message), among: original.addressees)
    if recipients.isEmpty { recipients = failedRecipients(message, report) }
    // Who writes to an own address gets the own address returned.
    if recipients.isEmpty { recipients = report.failures(excluding: []) }
    if recipients.isEmpty, !report.lines.isEmpty {
      recipients = original.recipients.map { report.failure(of: $0, lines: report.lines[...]) }
    }
    if recipients.isEmpty { recipients = [report.failure(of: nil, lines: report.lines[...])] }
    return DeliveryStatusNotification(
      reportingMTA: nil, recipients: Array(recipients.prefix(mostAddresses)), originalMessageID: original.messageID)
  }

  /// Exim's own field.
  private static func failedRecipients(_ message: MailMessage, _ report: ReportText)
    -> [DeliveryStatusNotification.Recipient]
  {
    let value = message.header["X-Failed-Recipients"] ?? ""
    return value.split { $0 == "," || $0.isWhitespace }.compactMap { MailAddress(String($0)) }
      .map { report.failure(of: $0, lines: report.lines[...]) }
  }
}

/// The words of the server that returned the mail, line by line, without the mail that it returned.
struct ReportText {
  private(set) var lines: [String] = []
  /// The same as it came: a field may go on in an indented line.
  private(set) var fields = ""
  /// What stands below: the returned mail, or its header.
  private(set) var below = ""
  /// Of the returned mail: what it says is not the server's word, wherever it stands.
  var returnedSubject: String?

  init(_ message: MailMessage) {
    let text = message.readableText
    let untrimmed = text.prefix(octets: TextBounce.textOctets).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    )
    let all = untrimmed.map { $0.trimmingCharacters(in: .whitespaces) }
    let end = all.indices.first { Self.beginsOriginal(all, $0) } ?? all.count
    lines = Array(all[..<end])
    fields = untrimmed[..<end].joined(separator: "\n")
    below = all[end...].joined(separator: "\n")
  }

  /// A divider, or two fields of a header on lines of their own.
  private static func beginsOriginal(_ lines: [String], _ index: Int) -> Bool {
    guard !lines[index].isEmpty, lines[index].utf8.count <= TextBounce.lineOctets else { return false }
    let line = lines[index].lowercased()
    if ReturnPhrases.isDivider(line) { return true }
    guard isField(line) else { return false }
    return lines[(index + 1)...].prefix(4).contains { isField($0.lowercased()) }
  }

  /// Whether the header of the returned mail stands below.
  var showsHeader: Bool {
    below.prefix(octets: 4_096).split(whereSeparator: \.isNewline).contains {
      Self.isField($0.trimmingCharacters(in: CharacterSet(charactersIn: "> \t")).lowercased())
    }
  }

  private static func isField(_ line: String) -> Bool {
    ["received:", "return-path:", "message-id:", "mime-version:", "dkim-signature:", "x-mailer:"].contains {
      line.hasPrefix($0)
    }
  }

  // MARK: Addresses

  /// The addresses that failed. What begins a line, alone or before a colon, is what servers list; where none does,
  /// every address of the text counts.
  ///
  /// - Parameter addressees: of the returned mail; where the text tells of some of them, all others are explanation.
  func failures(excluding others: Set<MailAddress>, among addressees: Set<MailAddress> = [])
    -> [DeliveryStatusNotification.Recipient]
  {
    let listed = lines.indices.compactMap { index in
      (Self.listed(lines[index]) ?? Self.expanded(lines[index])).map { (index, $0) }
    }.filter { !others.contains($0.1) }
    // A server names itself beside those that failed.
    let people = listed.filter { !Self.isServer($0.1) }
    if !listed.isEmpty { return failures(at: people.isEmpty ? listed : people) }
    let said = lines.indices.flatMap { index in
      Self.isField(lines[index].lowercased()) ? [] : Self.addresses(lines[index]).map { (index, $0) }
    }.filter { !others.contains($0.1) && !Self.isServer($0.1) }
    // What the returned mail was addressed to counts where nothing else is told.
    let failed = said.filter { !Self.isAddressing(lines[$0.0]) }
    let told = failed.isEmpty ? said : failed
    let sent = told.filter { addressees.contains($0.1) }
    if !sent.isEmpty { return failures(at: sent) }
    let advised = advisedAddresses
    return failures(at: told.filter { !advised.contains($0.1) })
  }

  private func failures(at found: [(index: Int, address: MailAddress)]) -> [DeliveryStatusNotification.Recipient] {
    var recipients: [DeliveryStatusNotification.Recipient] = []
    for (place, (index, address)) in found.enumerated() {
      if recipients.count == TextBounce.mostAddresses { break }
      guard !recipients.contains(where: { $0.finalRecipient == address }) else { continue }
      let next = found[(place + 1)...].first { $0.address != address }?.index ?? lines.count
      // Of the first address, what stands above it counts too: many say why before they say who.
      let isOnly = !found.contains { $0.address != address }
      let above = place > 0 ? found[place - 1].index + 1 : 0
      let range = isOnly ? lines[...] : lines[(start(of: index, from: above))..<max(next, index + 1)]
      recipients.append(failure(of: address, lines: range))
    }
    return recipients
  }

  /// In a transcript the server's answer stands above the address that could not be served for it, but below the
  /// command that names the address.
  private func start(of index: Int, from above: Int) -> Int {
    guard above < index, lines[index].firstMatch(of: Patterns.rcpt.regex) == nil,
      lines[above..<index].contains(where: { $0.hasPrefix("<<<") })
    else { return index }
    return above
  }

  /// All that the text says; nil where it says nothing.
  var words: String? {
    let words = words(of: lines[...])
    return words.isEmpty ? nil : words
  }

  /// What the server says in them, without what it repeats of the returned mail.
  private func words(of range: ArraySlice<String>) -> String {
    let words = range.filter { !$0.isEmpty && !Self.repeatsSubject($0) }.joined(separator: " ")
    return Self.without(returnedSubject, words).prefix(octets: TextBounce.longestWords)
  }

  /// - Parameter subject: of the returned mail; a single short word may well be the server's own.
  static func without(_ subject: String?, _ words: String) -> String {
    guard let subject, subject.count >= 12 || subject.contains(" ") else { return words }
    return words.replacing(subject, with: "…")
  }

  /// `Subject: …`, as servers repeat the header of what they return.
  private static func repeatsSubject(_ line: String) -> Bool {
    line.utf8.count <= TextBounce.lineOctets && line.prefixMatch(of: Patterns.subject.regex) != nil
  }

  func failure(of address: MailAddress?, lines range: ArraySlice<String>) -> DeliveryStatusNotification.Recipient {
    let words = words(of: range)
    let key = words.lowercased()
    let isDelay = ReturnPhrases.delays.contains { key.holds($0) }
    return DeliveryStatusNotification.Recipient(
      finalRecipient: address, originalRecipient: nil, action: isDelay ? .delayed : .failed,
      status: EnhancedStatusCode.first(in: words), diagnostic: words, remoteMTA: nil)
  }

  /// `<someone@example.org>:`, `someone@example.org`, `- someone@example.org: …`, `RCPT TO:<someone@example.org>`
  private static func listed(_ line: String) -> MailAddress? {
    guard line.utf8.contains(0x40), line.utf8.count <= TextBounce.lineOctets else { return nil }
    if let match = line.firstMatch(of: Patterns.rcpt.regex) {
      return MailAddress(String(match.1))
    }
    // An address may stand as the name of another one.
    if let match = line.firstMatch(of: Patterns.named.regex) { return MailAddress(String(match.1)) }
    return line.firstMatch(of: Patterns.listed.regex).flatMap { MailAddress(String($0.1)) }
  }

  /// `(expanded from: someone@example.org)`: what was written to before an alias was followed.
  private static func expanded(_ line: String) -> MailAddress? {
    line.hasPrefix("(expanded from:") ? addresses(line).first : nil
  }

  /// Addresses that stand only in sentences that tell what to try, or whom to ask.
  private var advisedAddresses: Set<MailAddress> {
    var advised: Set<MailAddress> = []
    var others: Set<MailAddress> = []
    for paragraph in lines.split(whereSeparator: \.isEmpty) {
      for sentence in paragraph.joined(separator: " ").split(separator: Patterns.sentenceEnd.regex) {
        let found = Self.addresses(String(sentence.prefix(TextBounce.lineOctets)))
        let key = sentence.lowercased()
        if ReturnPhrases.advice.contains(where: { key.holds($0) }) {
          advised.formUnion(found)
        } else {
          others.formUnion(found)
        }
      }
    }
    return advised.subtracting(others)
  }

  /// `To: …`, as servers repeat the header of what they return.
  private static func isAddressing(_ line: String) -> Bool {
    line.firstMatch(of: Patterns.addressing.regex) != nil
  }

  static func addresses(_ line: String) -> [MailAddress] {
    guard line.utf8.contains(0x40), line.utf8.count <= TextBounce.lineOctets else { return [] }
    return line.matches(of: Patterns.address.regex).compactMap { match in
      // `smtp=someone@example.org`; and a path of a file is no address.
      let text = match.0.hasPrefix("smtp=") || match.0.hasPrefix("SMTP=") ? match.0.dropFirst(5) : match.0
      guard !text.hasPrefix("/") else { return nil }
      return MailAddress(String(text).trimmingCharacters(in: CharacterSet(charactersIn: ".-'`*")))
    }
  }

  /// An address to write to, not one that failed.
  private static func isServer(_ address: MailAddress) -> Bool {
    let name = address.localPart.lowercased()
    return ["postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "noreply", "no-reply"].contains {
      name.hasPrefix($0)
    }
  }
}

private enum Patterns {
  static let listed = Pattern(
    /^[\s>*•\-–]*(?:[245]\d\d[ \-]\s*)?(?:(?i:recipient|user|address|empfänger|final-recipient|original-recipient|failed recipient)\s*:\s*)?(?:(?i:rfc822|smtp)\s*[;:=]\s*)?["'<\[(]*([^\s<>"'()\[\],;:]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,})["'>\])]*\s*(?:$|[:;,(=]|\.\.\.|-\s|\s{2,}|\s+(?:on|at|because|due|by)\b)/
  )
  static let rcpt = Pattern(/(?i)^(?:>>>\s*)?rcpt to:\s*<?([^>\s]+@[^>\s]+)/)
  static let named = Pattern(/^["']?[^\s<>]+@[^\s<>]+\s+<([^<>\s]+@[^<>\s]+)>\s*(?:$|:)/)
  static let address = Pattern(/[A-Za-z0-9._%+=\/\-!#$&'*?^`{|}~]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}/)
  static let received = Pattern(/(?i)\sfor\s+<?([^<>\s;]+@[^<>\s;]+)/)
  static let sentenceEnd = Pattern(/[.!?]\s+/)
  static let subject = Pattern(/(?i)[\s*\-]*(?:message |mail )?(?:subject|onderwerp|betreff|objet|asunto|oggetto)\s*:/)
  static let addressing = Pattern(/(?i)^[\s*\-]*(?:to|cc|aan|an|from|van)\s*:/)
}

/// What is left of the mail that came back.
struct OriginalMessage {
  private var header: MailMessage?

  /// - Parameter report: looked at only where the mail came back within the text.
  init(_ message: MailMessage, _ report: @autoclosure () -> ReportText) {
    header = message.attachedMessages.first
    if header == nil {
      let part = message.root.allParts.first {
        ["text/rfc822-headers", "message/global-headers", "message/rfc822"].contains($0.contentType.mediaType)
      }
      if let data = part?.data ?? part?.text.map({ Data($0.utf8) }) {
        header = MailMessage.parse(data.prefix(DeliveryStatusNotification.statusOctets))
      }
    }
    if header == nil {
      // Below the divider, perhaps after empty lines.
      let lines = report().below.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropFirst()
        .map { $0.hasPrefix(">") ? $0.dropFirst() : $0 }
        .drop { $0.first?.isLetter != true }
      guard !lines.isEmpty else { return }
      header = MailMessage.parse(Data(lines.joined(separator: "\n").utf8))
    }
  }

  /// Whether it is a mail of the very address that this one came to.
  func isReturned(to receivers: [MailAddress]) -> Bool {
    guard let header else { return false }
    let writers = header.from.map(\.address) + [header.returnPath?.address].compactMap(\.self)
    return writers.contains(where: receivers.contains)
  }

  var messageID: String? { header?.messageID }
  var subject: String? { header?.subject }
  var recipients: [MailAddress] { header?.to.map(\.address) ?? [] }

  /// Whom it was on its way to, as its header and the servers on its way tell.
  var addressees: Set<MailAddress> {
    let received = (header?.header.all("Received") ?? []).flatMap { field in
      field.value.firstMatch(of: Patterns.received.regex).flatMap { MailAddress(String($0.1)) }.map { [$0] } ?? []
    }
    return Set((header?.to ?? []).map(\.address) + (header?.cc ?? []).map(\.address) + received)
  }

  /// Who wrote it, and who returned it: nobody of them failed.
  func senders(_ message: MailMessage) -> Set<MailAddress> {
    var senders = Set(message.from.map(\.address) + message.to.map(\.address))
    senders.formUnion(header?.from.map(\.address) ?? [])
    if let path = header?.returnPath?.address { senders.insert(path) }
    // Where a list takes its commands.
    for name in ["List-Subscribe", "List-Unsubscribe", "List-Help", "List-Owner"] {
      senders.formUnion(message.header.all(name).flatMap { ReportText.addresses($0.value) })
    }
    return senders
  }
}

/// Phrases of reports. Sources: the documentation and source of Exim, qmail, Postfix, sendmail, Exchange, Courier, and
/// public mail of providers.
enum ReturnPhrases {
  /// Whether the line says that the returned mail follows.
  static func isDivider(_ line: String) -> Bool {
    let line = line.lowercased()
    return line.count < 120 && !line.holds(" not ") && dividers.contains { line.holds($0) }
  }

  static let dividers = [
    "this is a copy of the message", "below this line is a copy of the message", "original message follows",
    "original message:", "-original message-", "- original message", "returned message follows",
    "returned message below",
    "header of the original message", "original mail header", "message header follows", "message headers follow",
    "unsent message below", "unsent message follows", "text of message follows", "undelivered message follows",
    "content of the message follows", "the following is the original message", "start of returned message",
    "original headers", "oorspronkelijk bericht", "originele berichtkoppen", "oorspronkelijke berichtkoppen",
    "ursprüngliche nachricht", "forwarded message", "message contents follow",
    "copy of your message", "included below", "original mail as follows", "original message as received",
  ]
  static let introductions = [
    "could not be delivered", "could not deliver", "did not reach the following", "was not delivered to",
    "delivery to the following", "delivery has failed", "wasn't able to deliver", "unable to deliver",
    "not be delivered",
    "kon niet worden bezorgd", "kan niet worden bezorgd", "kon niet worden afgeleverd", "is niet bezorgd",
    "konnte nicht zugestellt", "n'a pas pu", "couldn't be delivered", "can't be delivered",
    "geadresseerden of groepen", "fehler bei der nachrichtenzustellung", "was not delivered to",
  ]
  /// Words of servers' templates that no person types; of Domino two together.
  static let templates: [[String]] = [
    ["to these recipients or groups"], ["geadresseerden of groepen"], ["was not delivered to:", "because:"],
  ]
  /// Single words before a server's own that show a person.
  static let ofPeople: Set<String> = [
    "ik", "mijn", "my", "hoi", "juf", "meester", "groet", "groetjes", "groeten", "beste", "dag", "hallo",
    "goedemorgen", "goedemiddag", "goedenavond", "bedankt",
  ]
  /// Of sentences whose addresses did not fail.
  static let advice = [
    "contact ", "e-mail us", "email us", "write to", "please try", "try sending", "try emailing", "try mailing", "e.g.",
    "for example", "recommended action", "standard form", "for help", "for assistance", "further information",
    "more information",
    "neem contact op", "bijvoorbeeld", "meer informatie", "helpdesk", "wenden sie sich", "kontaktieren", "contactez",
  ]
  /// Of a mailbox that refuses by itself (Pigeonhole and Dovecot's LDA).
  static let refusals = ["rejected", "refused", "geweigerd", "abgelehnt", "refusé"]
  /// Of the programs of mailing lists.
  static let listRefusals = [
    "you are not a member", "is not a member of", "are not allowed to post", "not permitted to post",
    "duplicated message-id",
  ]
  static let delays = [
    "will be retried", "will keep trying", "still trying", "will continue to try", "delivery attempts will continue",
    "no action is required on your part", "you do not need to resend", "you need not resend", "has been delayed",
    "temporarily delayed", "wordt later opnieuw geprobeerd", "this is a warning message only", "delivery is delayed",
    "will try again", "not yet been delivered", "is vertraagd", "nog niet bezorgd", "nog geprobeerd",
    "wird verzögert", "verzögert sich", "hat sich verzögert", "wurde verzögert", "noch nicht zugestellt",
    "versucht es noch", "versucht weiterhin", "a été retardée", "est retardée", "pas encore été remis",
    "probeert het nog", "nog niet afgeleverd", "blijft het proberen",
  ]
}
