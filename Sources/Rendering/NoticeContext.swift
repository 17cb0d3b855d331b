import Foundation
import Mail
import School

/// All that a mail can say, as School's values. What of it is said, and how, is for the templates.
package struct NoticeContext: Sendable, Equatable {
  package var kind: NoticeKind
  package var facts: NoticeFacts
  package var language: Language
  /// Everybody behind the account, to greet; empty for a stranger.
  package var recipientNames: [String]
  package var recipientIsStaff: Bool
  package var isStranger: Bool
  package var schoolName: String
  /// Where people can call; nil where the school does not say.
  package var schoolPhone: String?
  package var timeZone: TimeZone
  package var thread: SchoolThread?
  package var entry: ThreadEntry?
  /// Who wrote the entry, as others may know them.
  package var authorName: String?
  /// The group that the thread is for; nil for the whole school and for private threads.
  package var groupName: String?
  /// Whether the recipient has an earlier mail of this conversation.
  package var isAnswer: Bool
  package var digest: [DigestLine]
  /// Text that is made before the notice: advice, what a test saw, a list of people.
  package var prepared: Prepared?
  package var classLists: ClassListNotice?
  package var results: ResultsNotice?
  package var album: AlbumNotice?
  /// The names of those whom the facts name, as the reader may know them.
  package var people: [AccountID: String] = [:]
  package var addresses: NoticeAddresses
  /// The folder of the mailbox in which mail lies that a person must look at.
  package var attentionFolder = ""

  package struct Prepared: Sendable, Hashable {
    package var names: String
    package var address: String
    package var text: String
    /// Children of whom nobody's address is known.
    package var pupils: String

    package init(names: String, address: String, text: String, pupils: String = "") {
      self.names = names
      self.address = address
      self.text = text
      self.pupils = pupils
    }
  }

  /// One item of a digest.
  package struct DigestLine: Sendable, Hashable {
    package var subject: String
    package var authorName: String
    package var text: String

    package init(subject: String, authorName: String, text: String) {
      self.subject = subject
      self.authorName = authorName
      self.text = text
    }
  }

  package init(
    kind: NoticeKind, facts: NoticeFacts = NoticeFacts(), language: Language, recipientNames: [String] = [],
    recipientIsStaff: Bool = false, isStranger: Bool = false, schoolName: String, schoolPhone: String? = nil,
    timeZone: TimeZone,
    thread: SchoolThread? = nil, entry: ThreadEntry? = nil, authorName: String? = nil, groupName: String? = nil,
    isAnswer: Bool = false,
    digest: [DigestLine] = [], addresses: NoticeAddresses
  ) {
    self.kind = kind
    self.facts = facts
    self.language = language
    self.recipientNames = recipientNames
    self.recipientIsStaff = recipientIsStaff
    self.isStranger = isStranger
    self.schoolName = schoolName
    self.schoolPhone = schoolPhone
    self.timeZone = timeZone
    self.thread = thread
    self.entry = entry
    self.authorName = authorName
    self.groupName = groupName
    self.isAnswer = isAnswer
    self.digest = digest
    self.addresses = addresses
  }
}

/// Where one can write to. A subject prefix carries the route where the address cannot (mode `plain`).
package struct NoticeAddresses: Sendable, Hashable {
  package struct Target: Sendable, Hashable {
    package var address: MailAddress
    package var subjectPrefix: String?

    package init(_ address: MailAddress, subjectPrefix: String? = nil) {
      self.address = address
      self.subjectPrefix = subjectPrefix
    }

    /// A link that writes there with subject and text filled in (RFC 6068).
    package func link(subject: String? = nil, body: String? = nil) -> String {
      var fields: [String] = []
      let line = (subjectPrefix ?? "") + (subject ?? "")
      if !line.isEmpty { fields.append("subject=\(Self.percentEncoded(line))") }
      if let body { fields.append("body=\(Self.percentEncoded(body))") }
      let query = fields.isEmpty ? "" : "?" + fields.joined(separator: "&")
      return "mailto:\(Self.percentEncoded(address.description))\(query)"
    }

    /// All but what RFC 3986, section 2.3, leaves as it is, and the sign of an address.
    static func percentEncoded(_ text: String) -> String {
      var result: [UInt8] = []
      result.reserveCapacity(text.utf8.count * 3)
      for octet in text.utf8 {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x40: result.append(octet)
        default:
          result.append(UInt8(ascii: "%"))
          result.append(octet.hexadecimalDigits.0)
          result.append(octet.hexadecimalDigits.1)
        }
      }
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// Where an answer goes.
  package var reply: Target
  /// The private way beside a public answer.
  package var privateReply: Target?
  /// The school's routes, without detail.
  package var routes: [RouteWord: Target]

  package init(reply: Target, privateReply: Target? = nil, routes: [RouteWord: Target]) {
    self.reply = reply
    self.privateReply = privateReply
    self.routes = routes
  }
}
