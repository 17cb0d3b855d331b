import Foundation
import Gateway
import Mail
import School
import Transport
import TransportIMAP

/// All keys of `postplein.yaml`. `deploy/postplein.example.yaml` is written from here (`postplein check --keys`).
enum ConfigurationKeys {
  static let sections: [(name: String, doc: String)] = [
    ("school", "The school itself."),
    ("address", "How the addresses look that parents and teachers write to."),
    ("imap", "The mailbox in which mail arrives. TLS is always used, and the server's certificate always verified."),
    (
      "smtp",
      "The server through which mail is sent. TLS is always used, and the certificate always verified, but on loopback."
    ),
    ("authentication", "Whose word is believed on who sent a mail."),
    ("people", "Who may do what, beyond the roles of the school's administration. Addresses are those of the import."),
    ("schoolyard", "The schoolplein: what is said where all parents concerned can read it."),
    ("broadcast", "What is sent to the whole school at once; urgent messages are exempt."),
    ("calendar", "The calendar: events that staff mail to agenda."),
    ("conferences", "Conferences of parents with teachers, which staff mail to gesprekken."),
    ("absence", "Absence: who is sick, late or has leave."),
    ("photos", "Photo albums: what staff mail to fotos."),
    ("limits", "What one mail may bring along."),
    ("observation", "What the gateway tells of itself to programs that watch it. Nothing personal stands in it."),
  ]

  static let school: [any AnyConfigurationKey] = [schoolName, language, timeZone, phone]
  static let address: [any AnyConfigurationKey] = [mode, mailbox, routeDomain]
  static let people: [any AnyConfigurationKey] = [
    urgentRoles, urgentSenders, supportDesk, urgentDesk, mailAdmins, parentsMayOpenSchoolyard, activationByMail,
  ]
  static let limits: [any AnyConfigurationKey] = [
    fileMegabytes, filesMegabytes, files, messageMegabytes, attempts, mailsPerHour, strangersPerHour,
  ]
  static let schoolyard: [any AnyConfigurationKey] = [
    undoSeconds, digestHour, digestWeekday, moderators, approveParents,
  ]
  static let broadcast: [any AnyConfigurationKey] = [broadcastCheck, broadcastUndoSeconds, approvers]
  static let calendar: [any AnyConfigurationKey] = [calendarOverview, calendarHour, calendarWeekday]
  static let photos: [any AnyConfigurationKey] = [albumPause]
  static let all: [any AnyConfigurationKey] =
    school + address + imap.all + [inbox, handledFolder, keepDays, attentionFolder, pollSeconds]
    + smtp.all + [connections, messagesPerMinute, heloName] + [authservID, dkimSelectors] + people
    + schoolyard + broadcast + calendar + [conferencesLead] + absence + photos + limits + [observationPort]

  // MARK: school

  static let schoolName = ConfigurationKey(
    "school.name", .text, .required, example: "De Wilgenhof", "The school's name, as its mails show it.")
  static let language = ConfigurationKey<Language>(
    "school.language", .word, .fallback(.dutch), "For everybody whose language is not known, and for strangers.")
  static let timeZone = ConfigurationKey<TimeZone>(
    "school.time-zone", .timeZone, .fallback(TimeZone(identifier: "Europe/Amsterdam") ?? .gmt),
    "In which times are told, and digests sent.")
  static let phone = ConfigurationKey(
    "school.phone", .text, .optional, example: "\"0512 34 56 78\"",
    "Where people can call; stands below every mail. In quotes.")

  // MARK: address

  static let mode = ConfigurationKey<AddressScheme.Mode>(
    "address.mode", .word, .required, example: "subaddress",
    """
    subaddress: one mailbox whose provider delivers + addresses, as ouders+nieuws.groep5@school.nl (Google Workspace, \
    Fastmail, Postfix, Dovecot). domain: a domain whose mail all lands in one mailbox, as nieuws.groep5@ouders.school.nl. \
    plain: one mailbox and nothing else (Microsoft 365); then the subject begins with the route, as "nieuws.groep5: Luizen".
    """)
  static let mailbox = ConfigurationKey<MailAddress>(
    "address.mailbox", .address, .optional, example: "ouders@school.nl",
    """
    The mailbox's own address, from which all mail is sent. Required in modes subaddress and plain; in mode domain it is \
    school@ that domain where it is not given.
    """)
  static let routeDomain = ConfigurationKey(
    "address.domain", .domain, .optional, example: "ouders.school.nl",
    "What stands behind the @. Required in mode domain, and for no other.")

  // MARK: imap and smtp

  static let imap = ServerKeys(
    "imap", host: "imap.school.nl", port: 993, security: .word(TransportSecurity.protected),
    "tls: from the first byte; starttls: before login.")
  static let inbox = ConfigurationKey(
    "imap.inbox", .folder, .fallback(SchoolSettings.Folders().inbox), "The folder in which mail arrives.")
  static let handledFolder = ConfigurationKey(
    "imap.handled-folder", .folder, .fallback(SchoolSettings.Folders().handled),
    "Where mail goes that was handled. It is made where it is missing.")
  static let keepDays = ConfigurationKey(
    "imap.keep-days", .number(7...3_650), .optional, example: "90",
    """
    Mail in the handled folder that arrived more days ago is thrown away, whoever laid it there. Where this is not \
    given, nothing is.
    """)
  static let attentionFolder = ConfigurationKey(
    "imap.attention-folder", .folder, .fallback(SchoolSettings.Folders().attention),
    "Where mail goes that could not be handled, for a person to look at. It is made where it is missing.")
  static let pollSeconds = ConfigurationKey(
    "imap.poll-seconds", .number(5...3_600), .fallback(60),
    "How often to look for mail where the server does not tell by itself (IDLE), in seconds.")

  static let smtp = ServerKeys(
    "smtp", host: "smtp.school.nl", port: 465, security: .word,
    """
    tls: from the first byte; starttls: before login; none: in clear text, and without user, password and certificates, \
    to a relay on this machine alone, as a Postfix at 127.0.0.1.
    """)
  static let connections = ConfigurationKey(
    "smtp.connections", .number(1...64), .fallback(SchoolSettings.Sending().connections),
    """
    Connections at a time. With 20 ms to the server one sends up to 50 mails a second where the server can pipeline, \
    else 12; providers limit the number.
    """)
  static let messagesPerMinute = ConfigurationKey(
    "smtp.messages-per-minute", .number(0...1_000_000), .fallback(0),
    "The most mails in a minute, as the provider allows; urgent ones go first. 0 is no limit.")
  static let heloName = ConfigurationKey(
    "smtp.helo-name", .host, .optional, example: "mail.school.nl",
    "The name by which we greet the server; the machine's own where it is not given.")

  // MARK: authentication

  static let authservID = ConfigurationKey(
    "authentication.authserv-id", .authservID, .optional, example: "mail.school.nl",
    """
    The name by which your own mail server signs the Authentication-Results header it adds to incoming mail (RFC 8601); \
    open a mail's source to see it. That server must remove such headers of others in its name. Where it is not given no \
    sender is believed by the header, and everything teachers publish waits for their confirmation.
    """)

  static let dkimSelectors = ConfigurationKey<[String]>(
    "authentication.dkim-selectors", .list(of: .text, named: "a list of names, as [selector1, selector2]"),
    .fallback([]),
    example: "[selector1]",
    "The selectors of your DKIM keys, for `postplein check --dns`; where none is given it tries the usual ones.")

  // MARK: people

  static let urgentRoles = ConfigurationKey<[String]>(
    "people.urgent-roles", .list(of: .text, named: "a list of roles, as [DIR, ADJ]"),
    .fallback(["DIR", "ADJ", "LOC"]), "Whoever has one of these roles in EDEXML may send urgent messages.")
  static let urgentSenders = addresses("people.urgent", "Others who may send urgent messages.")
  static let supportDesk = addresses("people.support", "Who helps parents when they write to support.")
  static let urgentDesk = addresses(
    "people.urgent-desk", "Who gets the answers to urgent messages; those of people.support where nobody is given.")
  static let mailAdmins = addresses(
    "people.mail-admins",
    "Who looks after your mail server and domain, and is told when a provider refuses your mail; those of people.support "
      + "where nobody is given.")
  static let parentsMayOpenSchoolyard = ConfigurationKey(
    "people.parents-may-open-schoolyard", .yesOrNo, .fallback(false),
    "Whether parents may open items on the schoolplein; answer them they always may.")

  static let activationByMail = ConfigurationKey(
    "people.activation-by-mail", .yesOrNo, .fallback(true),
    """
    Whether new parents are mailed at once and asked to answer JA, so that you know whom mail reaches. Support is told \
    of those who do not answer within three days. Nobody is kept from other mail by it.
    """)

  static func addresses(_ path: String, _ doc: String) -> ConfigurationKey<[MailAddress]> {
    ConfigurationKey(
      path, .list(of: .address, named: "a list of mail addresses, as [an@school.nl, bo@school.nl]"), .fallback([]),
      example: "[directie@school.nl]", doc)
  }

  // MARK: schoolyard

  static let undoSeconds = ConfigurationKey(
    "schoolyard.undo-seconds", .number(0...86_400), .fallback(Int(SchoolSettings.Schoolyard().undoWindow)),
    "How long a comment can be taken back before it is mailed on, in seconds.")
  static let digestHour = ConfigurationKey(
    "schoolyard.digest-hour", .number(0...23), .fallback(SchoolSettings.Schoolyard().digestHour),
    "The hour of the day at which digests are sent.")
  static let digestWeekday = ConfigurationKey(
    "schoolyard.digest-weekday", .number(1...7), .fallback(SchoolSettings.Schoolyard().digestWeekday),
    "The day of weekly digests: 1 is Monday, 7 Sunday.")
  static let moderators = addresses(
    "schoolyard.moderators",
    "Who gets what parents report, and may take comments away as every teacher may; the teachers of the group where "
      + "nobody is given.")

  static let approveParents = ConfigurationKey(
    "schoolyard.approve-parents", .yesOrNo, .fallback(false),
    "Whether an item that a parent opens waits until one of them answers akkoord.")

  // MARK: broadcast

  static let broadcastCheck = ConfigurationKey<SchoolSettings.Broadcast.Check>(
    "broadcast.check", .word, .fallback(SchoolSettings.Broadcast().check),
    """
    undo: its author can take it back for a while before it is mailed. approval: it waits until one of the approvers, \
    and not its author, answers akkoord. none: it is mailed at once.
    """)
  static let broadcastUndoSeconds = ConfigurationKey(
    "broadcast.undo-seconds", .number(5...3_600), .fallback(Int(SchoolSettings.Broadcast().undoWindow)),
    "How long it can be taken back where check is undo, in seconds.")
  static let approvers = addresses(
    "broadcast.approvers", "Who may approve it where check is approval: two at least, since nobody approves their own.")

  // MARK: conferences

  static let conferencesLead = ConfigurationKey(
    "conferences.lead-minutes", .number(0...10_080), .fallback(Int(SchoolSettings.Conferences().lead) / 60),
    "How long before all others families with several conferences are invited, in minutes; 0 for together.")

  // MARK: calendar

  static let calendarOverview = ConfigurationKey(
    "calendar.overview", .yesOrNo, .fallback(SchoolSettings.SchoolCalendar().sendsOverview),
    "Whether parents get the events of the coming week in one mail; none where nothing is planned.")
  static let calendarHour = ConfigurationKey(
    "calendar.overview-hour", .number(0...23), .fallback(SchoolSettings.SchoolCalendar().hour),
    "The hour of the day at which that mail is sent.")
  static let calendarWeekday = ConfigurationKey(
    "calendar.overview-weekday", .number(1...7), .fallback(SchoolSettings.SchoolCalendar().weekday),
    "The day of that mail: 1 is Monday, 7 Sunday. It tells of the seven days after it.")

  // MARK: photos

  static let albumPause = ConfigurationKey(
    "photos.pause-seconds", .number(1...86_400), .fallback(Int(SchoolSettings.Photos().pause)),
    "How long after the last photo of an album its parents get the one mail of it, in seconds.")

  // MARK: limits

  static let fileMegabytes = ConfigurationKey(
    "limits.attachment-megabytes", .number(1...50), .fallback(SchoolSettings.Limits().fileOctets >> 20),
    "The largest file that travels with a message; a larger one is refused by name, the text goes on.")
  static let filesMegabytes = ConfigurationKey(
    "limits.attachments-megabytes", .number(1...50), .fallback(SchoolSettings.Limits().filesOctets >> 20),
    "All files of one message together. In mail they grow by a third; Gmail takes 25 megabytes, others less.")
  static let files = ConfigurationKey(
    "limits.attachments", .number(0...500), .fallback(SchoolSettings.Limits().files), "Files of one message.")
  static let messageMegabytes = ConfigurationKey(
    "limits.message-megabytes", .number(1...64), .fallback(IMAPLimits().messageSize >> 20),
    "The largest mail that is fetched at all; a larger one goes to the attention folder.")
  static let attempts = ConfigurationKey(
    "limits.attempts", .number(1...10), .fallback(SchoolSettings.Limits().attempts),
    "How often a mail may end the program before it is set aside.")
  static let mailsPerHour = ConfigurationKey(
    "limits.mails-per-hour", .number(1...1_000_000), .fallback(SchoolSettings.Limits().mailsPerHour),
    """
    The most mails of one person that are read in an hour. More go to the attention folder unread, and support is told; \
    laid back in the inbox later they are read.
    """)
  static let strangersPerHour = ConfigurationKey(
    "limits.strangers-per-hour", .number(1...1_000_000), .fallback(SchoolSettings.Limits().strangersPerHour),
    """
    The same for all together whom the school does not know, for returned mail that carries no key of ours, and for what \
    machines send (own mail that comes back, reports).
    """)

  // MARK: observation

  static let observationPort = ConfigurationKey(
    "observation.port", .number(1...65_535), .optional, example: "9187",
    """
    A port on 127.0.0.1 where /metrics answers Prometheus, /healthz whether the gateway's parts come round, and /readyz \
    whether mail comes in. Each school has its own; none where it is not given.
    """)
}

/// The keys by which to log in, which both servers have.
struct ServerKeys: Sendable {
  let host: ConfigurationKey<String>
  let port: ConfigurationKey<Int>
  let security: ConfigurationKey<TransportSecurity>
  let user: ConfigurationKey<String>
  let passwordVariable: ConfigurationKey<String>
  let passwordFile: ConfigurationKey<String>
  let certificates: ConfigurationKey<String>

  var all: [any AnyConfigurationKey] {
    [host, port, security, user, passwordVariable, passwordFile, certificates]
  }

  init(
    _ section: String, host: String, port: Int, security: ValueForm<TransportSecurity>, _ securityDoc: String
  ) {
    self.host = ConfigurationKey(
      "\(section).host", .host, .required, example: host, "The server's name, which its certificate must carry.")
    self.port = ConfigurationKey("\(section).port", .number(1...65_535), .fallback(port), "The server's port.")
    self.security = ConfigurationKey("\(section).security", security, .fallback(.implicitTLS), securityDoc)
    user = ConfigurationKey("\(section).user", .text, .required, example: "ouders@school.nl", "The user name.")
    passwordVariable = ConfigurationKey(
      "\(section).password-env", .environmentName, .optional, example: "SCHOOL_\(section.uppercased())_PASSWORD",
      "The environment variable that holds the password. Either this or password-file.")
    passwordFile = ConfigurationKey(
      "\(section).password-file", .path, .optional, example: "mail-password",
      "The file that holds the password, readable by the gateway's user alone. Paths start at this folder.")
    certificates = ConfigurationKey(
      "\(section).certificates", .path, .optional, example: "school-ca.pem",
      "A PEM file of the authorities to trust instead of the system's.")
  }
}
