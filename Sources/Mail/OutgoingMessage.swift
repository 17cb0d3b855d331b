import Foundation

/// A file to send along.
package struct OutgoingAttachment: Sendable, Hashable {
  package var fileName: String
  /// `application/pdf`.
  package var mediaType: String
  package var data: Data
  /// Without angle brackets; set for an image that the HTML body shows by `cid:`.
  package var contentID: String?

  package init(fileName: String, mediaType: String, data: Data, contentID: String? = nil) {
    self.fileName = fileName
    self.mediaType = mediaType
    self.data = data
    self.contentID = contentID
  }
}

/// A message to send. The same value always gives the same octets.
package struct OutgoingMessage: Sendable, Hashable {
  package struct Field: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// An iMIP object (RFC 6047), which stands beside the text as its last alternative: there Gmail and Outlook look.
  package struct CalendarPart: Sendable, Hashable {
    /// `REQUEST`, `CANCEL`, …
    package var method: String
    /// iCalendar (RFC 5545).
    package var text: String

    package init(method: String, text: String) {
      self.method = method
      self.text = text
    }
  }

  package var from: NamedAddress
  package var to: [NamedAddress]
  package var replyTo: NamedAddress?
  package var subject: String
  package var date: Date
  /// Whose offset from UTC `Date` shows.
  package var timeZone: TimeZone
  /// Ids without angle brackets, here and below.
  package var messageID: String
  package var inReplyTo: String?
  package var references: [String]
  /// Further fields in their order: `List-Id`, `Auto-Submitted`, … Values are free text or structured ASCII.
  package var extraFields: [Field]
  package var text: BodyText
  package var html: BodyText?
  /// What the message says to a calendar program.
  package var calendar: CalendarPart?
  package var attachments: [OutgoingAttachment]

  package init(
    from: NamedAddress, to: [NamedAddress], replyTo: NamedAddress? = nil, subject: String, date: Date,
    timeZone: TimeZone, messageID: String, inReplyTo: String? = nil, references: [String] = [],
    extraFields: [Field] = [], text: BodyText, html: BodyText? = nil, calendar: CalendarPart? = nil,
    attachments: [OutgoingAttachment] = []
  ) {
    self.from = from
    self.to = to
    self.replyTo = replyTo
    self.subject = subject
    self.date = date
    self.timeZone = timeZone
    self.messageID = messageID
    self.inReplyTo = inReplyTo
    self.references = references
    self.extraFields = extraFields
    self.text = text
    self.html = html
    self.calendar = calendar
    self.attachments = attachments
  }

  /// The octets to send: CRLF lines of at most 998 octets, a MIME message (RFC 5322, RFC 2045). Line breaks in values
  /// of header fields become spaces, so no value starts a field of its own.
  package func composed() -> Data { MessageWriter(self).written() }
}
