import Foundation
import Mail

/// The header fields and phrases by which machines are known: the union of RFC 3834, RFC 5230 and what servers and
/// clients use beside them. Data: a new sign is a row.
package struct MachineSigns {
  private let message: MailMessage
  private let subject: String

  init(_ message: MailMessage) {
    self.message = message
    subject = message.subject.lowercased()
  }

  private func value(_ name: String) -> String? {
    message.header[name]?.trimmingCharacters(in: .whitespaces).lowercased()
  }

  private var hasNullReturnPath: Bool { message.returnPath == .null }

  // MARK: Bounces

  var isBounce: Bool {
    if message.header.first("X-Failed-Recipients") != nil || returnsOwnMail { return true }
    if message.from.contains(where: { $0.address.localPart.lowercased() == "mailer-daemon" }) { return true }
    if isServer {
      return hasNullReturnPath || saysSo || isReport || message.returnPath?.address.map(isProgram) ?? true
    }
    // Gateways return mail in the name of an administrator.
    return (hasNullReturnPath || isReport) && saysSo || opensAsBounce || isListRefusal
  }

  /// The subject begins as a server's, so does the text, and in it stands what only machines write: people write that
  /// something was not delivered, too, and who passes on a bounce writes before both. Some servers put their words
  /// behind the subject of what they return.
  private var opensAsBounce: Bool {
    // What nearly all subjects do not hold they neither begin nor end with; to trim them takes longer.
    guard saysSo else { return false }
    let begins = Self.bounceSubjects.contains { subject.hasPrefix($0) }
    let end = subject.trimmingCharacters(in: .punctuationCharacters.union(.whitespaces))
    guard begins || Self.bounceSubjects.contains(where: { end.hasSuffix($0) }) else { return false }
    // What a person quotes is no server's to them.
    let opening = message.readableText.prefix(600).lowercased().split(separator: "\n").filter { !$0.hasPrefix(">") }
      .joined(separator: "\n")
    guard let begin = ReturnPhrases.introductions.compactMap({ opening.firstRange(of: $0)?.lowerBound }).min() else {
      return false
    }
    let before = opening[..<begin]
    // Who answers or forwards writes a line above; a server begins.
    let line = SubjectLine(message.subject)
    if line.isReply || line.isForward,
      before.split(separator: "\n").count(where: { $0.contains(where: \.isLetter) }) > 1
    {
      return false
    }
    let isPersons =
      before.contains("?") || before.split { !$0.isLetter }.contains { ReturnPhrases.ofPeople.contains(String($0)) }
    return !isPersons && (begins || WrittenText(of: message).forwarded == nil) && showsMachine
  }

  /// The answer of a server with its code, a frame about its words, words that no person types, or the header of the
  /// mail that came back.
  private var showsMachine: Bool {
    let report = ReportText(message)
    let lines = report.lines.filter { $0.utf8.count <= TextBounce.lineOctets }
    let text = lines.joined(separator: "\n").lowercased()
    return report.showsHeader || !message.attachedMessages.isEmpty
      || ReturnPhrases.templates.contains { $0.allSatisfy { text.contains($0) } }
      || lines.contains { line in
        line.contains(Self.answer.regex) || Self.isFrame(line)
          || line.contains(Self.code.regex) && FailurePhrases.isKnown(line.lowercased())
      }
  }

  /// `--- Non-Delivery Report ---`, `******************************`; people draw lines too, but shorter ones.
  private static func isFrame(_ line: String) -> Bool {
    guard ["***", "---"].contains(where: { line.hasPrefix($0) && line.hasSuffix($0) }) else { return false }
    return line.contains(where: \.isLetter) ? !ReturnPhrases.isDivider(line) : line.count >= 30 && line.hasPrefix("*")
  }

  /// `550 5.1.1`, `Status: 5.1.1`, `(#5.1.1)`.
  private static let answer = Pattern(
    /(?i)\b[45][0-57]\d[ \-]+#?[245]\.\d{1,3}\.\d{1,3}\b|\bstatus: *[45]\.\d|\(#[45]\.\d|#[45][0-57]\d [45]\.\d/)
  /// `550 `, at the beginning of a line or behind a colon: people have numbers there as well.
  private static let code = Pattern(/(?:^|:)[\s>*<"'(]*[45][0-57]\d[ \-]/)

  /// The program of a mailing list does not pass on what was written to the list.
  private var isListRefusal: Bool {
    guard Self.listFields.contains(where: { message.header.first($0) != nil }) else { return false }
    let isProgram = message.from.contains { from in
      Self.listAddresses.contains { from.address.localPart.lowercased().hasSuffix($0) }
    }
    let opening = message.readableText.prefix(600).lowercased()
    return isProgram && ReturnPhrases.listRefusals.contains { opening.contains($0) }
  }

  /// Of fml, Mailman, ezmlm and Sympa.
  private static let listFields = ["X-MLServer", "X-Mailman-Version", "Mailing-List", "List-Id"]
  private static let listAddresses = ["-admin", "-owner", "-bounces", "-request", "-return"]

  /// A program sends back a mail of the address that it sends to.
  private var returnsOwnMail: Bool {
    let isProgram =
      hasNullReturnPath || message.from.contains { Self.isSilent($0.address) }
    guard isProgram, !message.attachedMessages.isEmpty else { return false }
    return OriginalMessage(message, ReportText(message)).isReturned(to: message.to.map(\.address))
  }

  /// Who sends and reads nothing.
  package static func isSilent(_ address: MailAddress) -> Bool { silent.contains(address.localPart.lowercased()) }

  private static let silent: Set<String> = ["no-reply", "noreply", "donotreply", "do-not-reply"]

  /// Whether a server wrote it, as it says, or nobody who could be answered.
  var isByServer: Bool { hasNullReturnPath || isServer }

  private var saysSo: Bool { Self.bounceSubjects.contains { subject.holds($0) } }

  private var isReport: Bool { message.root.contentType.mediaType == "multipart/report" }

  private var isServer: Bool {
    let from = message.header["From"]?.lowercased() ?? ""
    return (message.from + [message.sender].compactMap(\.self)).contains { Self.isServer($0.address) }
      || message.from.isEmpty && Self.servers.contains { from.hasPrefix($0) || from.hasPrefix("<\($0)") }
  }

  /// A postmaster is a person as well (RFC 2142, section 5), who seldom sends a mail back.
  private func isProgram(_ address: MailAddress) -> Bool {
    Self.isServer(address) && (address.localPart.lowercased() != "postmaster" || !message.attachedMessages.isEmpty)
  }

  private static func isServer(_ address: MailAddress) -> Bool {
    let name = address.localPart.lowercased()
    return servers.contains { name.hasPrefix($0) }
  }

  /// From the documentation and source of Postfix, Exim, qmail, sendmail, Exchange, MDaemon and James.
  private static let servers = [
    "mailer-daemon", "postmaster", "post_master", "mail-daemon", "mailerdaemon", "microsoftexchange", "mdaemon",
    "mail.delivery.system", "maildelivery",
  ]
  private static let bounceSubjects = [
    "undeliver", "delivery status notification", "mail delivery failed", "delivery failure", "returned mail",
    "failure notice", "delivery has failed", "returned to sender", "returning to sender", "mail delivery system",
    "warning: message", "could not be delivered", "mail not delivered", "non-delivery", "nondeliverable", "failed mail",
    "delivery warning", "error sending your mail", "delivery error", "mail failed", "delivery problem",
    "message not delivered", "not be delivered", "onbestelbaar", "niet bezorgd", "niet afgeleverd", "kon niet worden",
    "unzustellbar", "non remis", "delivery delayed", "vertraagd", "delivery failed", "mail system error",
  ]

  // MARK: Automatic answers

  /// A subject alone never makes a mail automatic, unless it begins as only programs begin it: parents write "afwezig"
  /// too.
  var isAutoReply: Bool {
    if let submitted = value("Auto-Submitted"), !submitted.hasPrefix("no") { return true }
    if ["Precedence", "X-Precedence"].contains(where: { value($0) == "auto_reply" }) { return true }
    if Self.autoReplyFields.contains(where: { value($0).map { $0 != "no" } ?? false }) { return true }
    // Exchange says of what its inbox rules answered that no person did; but they pass on mail of people, too.
    if value("X-MS-Exchange-Generated-Message-Source")?.contains("rules agent") == true, !isPassedOn { return true }
    if value("X-Apple-Action")?.contains("vacation") == true { return true }
    return hasNullReturnPath || saysAutomatic || isOfOwnRule || isDoubtful && answersSomething
  }

  /// An inbox rule of the sender's own answered, and asks not to be answered.
  private var isOfOwnRule: Bool {
    asksForSilence && value("X-MS-Exchange-Inbox-Rules-Loop") != nil && !isPassedOn
  }

  private var asksForSilence: Bool {
    value("X-Auto-Response-Suppress").map { $0.contains("all") || $0.contains("oof") } ?? false
  }

  private var isPassedOn: Bool {
    let owner = value("X-MS-Exchange-Inbox-Rules-Loop")
    return SubjectLine(message.subject).isForward
      || owner.map { owner in !message.from.contains { $0.address.canonical == owner } } ?? false
  }

  private var saysAutomatic: Bool {
    let subject = unlabelledSubject
    // vacation(1)
    return subject == "away from my mail" || Self.autoReplyPrefixes.contains { subject.hasPrefix($0) }
      || Self.autoReplyEndings.contains { subject.hasSuffix($0) }
  }

  /// Without the label that a filter put before it: `[EXTERN] `.
  private var unlabelledSubject: Substring {
    guard subject.hasPrefix("["), let end = subject.prefix(30).firstIndex(of: "]") else { return subject[...] }
    return subject[subject.index(after: end)...].drop { $0.isWhitespace }
  }

  private var isDoubtful: Bool {
    let subject = unlabelledSubject
    let begins = Self.doubtfulPrefixes.contains { prefix in
      subject.hasPrefix(prefix) && subject.dropFirst(prefix.count).first?.isLetter != true
    }
    return begins && (asksForSilence || isBulk && message.header.first("List-Id") == nil)
  }

  private var answersSomething: Bool {
    let fields = ["In-Reply-To", "References"]
    return subject.contains(" re:") || fields.contains { message.header.first($0) != nil }
  }

  private static let autoReplyFields = [
    "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply",
    "X-FC-MachineGenerated", "X-POST-MessageClass", "X-Autogenerated", "X-Cron-Env", "X-Vacation",
    "X-Amazon-Auto-Reply", "X-KMail-Vacation", "X-Autoresponse",
  ]
  /// Dutch, Frisian, English, German and French, as clients write them before the answered subject.
  private static let autoReplyPrefixes = [
    "automatisch antwoord:", "automatisch bericht:", "automatysk antwurd:",
    "ôfwêzigensberjocht:", "automatic reply:", "automatic response:", "auto-reply:", "auto reply:", "autoreply:",
    "autoresponse:", "auto-response:", "autorespons:", "autoresponder:", "out of office:", "out of office autoreply:",
    "out of office reply:", "automatische antwort:", "automatische rückantwort:", "abwesenheitsnotiz:",
    "automatische reactie:", "réponse automatique :", "réponse automatique:", "réponse automatique\u{A0}:",
    "respuesta automática:", "risposta automatica:", "resposta automática:", "odpowiedź automatyczna:",
    "automatisk svar:", "autosvar:",
  ]
  private static let autoReplyEndings = [
    "(automatic response)", "(auto response)", "(automatisch antwoord)", "(autoreply)", "(out of office)",
  ]
  /// What a parent may write as well ("Afwezig: Noor"): counts in answer to something only, beside Exchange's field or
  /// where a program says that it is bulk mail.
  private static let doubtfulPrefixes = [
    "afwezig", "afwezigheid", "afwezigheidsbericht", "niet op kantoor", "auto", "absent", "vakantie", "net oanwêzich",
    "ôfwêzich", "out of office", "abwesend", "abwesenheit", "absence",
  ]

  // MARK: Read receipts

  /// Exchange's own words about a mail, where its report (RFC 8098) was lost on the way: what it was, and below that
  /// that it was read.
  var isReadReceipt: Bool {
    guard Self.receiptPrefixes.contains(where: { subject.hasPrefix($0) }) else { return false }
    let words = message.readableText.prefix(600).lowercased()
    return Self.receiptPhrases.contains { words.contains($0) } && Self.receiptLabels.contains { words.contains($0) }
  }

  private static let receiptPrefixes = [
    "gelezen:", "niet gelezen:", "ongelezen verwijderd:", "read:", "not read:", "gelesen:", "ungelesen:", "lu :",
    "lu\u{A0}:",
  ]
  private static let receiptPhrases = [
    "is gelezen op", "werd gelezen op", "zonder te zijn gelezen", "was read on", "without being read",
    "wurde am", "wurde gelesen", "ungelesen gelöscht", "a été lu le", "sans être lu",
  ]
  /// What it says of the mail, on lines of their own.
  private static let receiptLabels = ["onderwerp:", "subject:", "betreff:", "objet :", "objet\u{A0}:", "objet:"]

  // MARK: Challenges

  /// A service asks the sender to prove to be a person before it delivers (RFC 3834, section 1, calls them so).
  var isChallenge: Bool {
    let domains = message.from.map { $0.address.domain.split(separator: ".").suffix(2).joined(separator: ".") }
    if domains.contains(where: Self.challengers.contains) { return true }
    if Self.challengeFields.contains(where: { message.header.first($0) != nil }) { return true }
    // The cheaper first.
    return Self.challengeSubjects.contains { subject.holds($0) } && (isAutoReply || hasNullReturnPath)
  }

  /// Services that do nothing else.
  private static let challengers: Set<String> = [
    "boxbe.com", "spamarrest.com", "mailinblack.com", "vaderetro.com", "bluebottle.com", "sendio.com", "bitbounce.com",
    "knowspam.net", "digiportal.com",
  ]
  private static let challengeFields = ["X-Boxbe-Challenge", "X-TMDA-Confirm", "X-ChoiceMail-Registration-Request"]
  private static let challengeSubjects = [
    "please confirm your message", "confirm your email to", "verify your email to", "message verification",
    "bevestig uw bericht", "bevestig uw e-mail", "verificatie van uw bericht", "bestätigen sie ihre nachricht",
    "confirmez votre message", "authentification de votre message", "confirmation required",
  ]

  // MARK: Bulk

  /// Whether it went to many (RFC 2369, RFC 2919).
  package static func isOfList(_ message: MailMessage) -> Bool {
    ["List-Id", "List-Unsubscribe"].contains { message.header.first($0) != nil }
  }

  var isBulk: Bool {
    if let precedence = value("Precedence"), ["bulk", "junk", "list"].contains(precedence) { return true }
    // Not X-Loop: services that forward a parent's mail add it.
    return message.header.first("List-Id") != nil
  }
}
