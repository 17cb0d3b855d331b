import Foundation

/// What somebody asks of the school, after it was found out who they are and that they may ask it.
package struct Command: Sendable, Hashable {
  package var actor: AccountID
  package var act: Act
  package var subject: String
  package var body: MessageBody
  /// The name beside the address that it came from.
  package var givenName: String?

  package init(actor: AccountID, act: Act, subject: String, body: MessageBody, givenName: String? = nil) {
    self.actor = actor
    self.act = act
    self.subject = subject
    self.body = body
    self.givenName = givenName
  }

  /// Whether more stands behind a command, or below the lines that answer, than how their writer takes leave.
  ///
  /// - Parameters:
  ///   - names: the writer's own.
  ///   - lines: how many answer, of those with letters or digits.
  func hasWordsBelow(names: [String], lines answering: Int = 1) -> Bool {
    let own = Set(names.flatMap(Glossary.words))
    let lines = Glossary.withoutGreeting(body.text).split(whereSeparator: \.isNewline).map { Glossary.words($0) }
      .filter { !$0.isEmpty }
    let behind = answering > 0 ? Glossary.words(CommandWord.leading(body.text)?.rest ?? "") : []
    let said = ([behind].filter { !$0.isEmpty } + lines.dropFirst(answering)).prefix { !Glossary.isFarewell($0) }
    return said.contains { !$0.allSatisfy(own.contains) }
  }

  /// Whether more was written with a verdict: beside its word, or as `hasWordsBelow`.
  func hasWords(beside verdict: WrittenVerdict?, names: [String]) -> Bool {
    verdict?.saysMore == true || hasWordsBelow(names: names)
  }
}

/// The acts, by route and by what is answered.
package enum Act: Sendable, Hashable {
  /// News, an urgent message or a schoolplein item: to the group whose route word this is, or to the whole school.
  case publish(Publication, to: String?)
  /// A private message to the teacher or the teachers of the group with this route word.
  case write(to: String?)
  /// A forwarded mail for its parent's thread; nil where nothing in it was recognised as forwarded.
  case file(ForwardedWords?)
  case answer(ReplyTarget)
  case askSupport
  case askHelp
  /// What was seen of the mail itself; nil before that was read.
  case testLoop(LoopTest?)
  /// One's own settings.
  case settings(SettingsRequest)
  /// Why a mail was sent to who answers it, which was to be answered so.
  case why(ReplyTarget)
  case documents(DocumentRequest)
  case classList(ClassListRequest)
  /// Events of a group or of the whole school: made known, or asked for.
  case calendar(to: String?)
  /// A plan for conferences, or how they stand.
  case conferences
  /// A route nobody knows, or one that is not there yet.
  case unknownRoute(String)
  /// The test results of one's own children.
  case results
  /// Of a child: what the address says by itself, `ziek` or `verlof`.
  case absence(AbsenceWord)
  /// Photo albums, and what parents agree to.
  case photos(PhotoRequest)

  /// How sure the school must be of who asks.
  package var level: AuthorityLevel {
    switch self {
    case .askHelp, .testLoop, .unknownRoute: .anyone
    case .settings(let request): request.level
    case .documents(let request): request.level
    // What these answers change goes to many.
    case .answer(.broadcast), .answer(.reported), .answer(.calendarPost): .proven
    case .conferences, .answer(.conference): .proven
    case .write, .answer, .askSupport, .why, .absence: .person
    case .publish, .file, .classList, .calendar: .proven
    case .results: .challenged
    case .photos(let request): request.level
    }
  }
}

package enum Publication: Sendable, Hashable, CaseIterable {
  case news, urgent, schoolyard

  var threadKind: ThreadKind {
    switch self {
    case .news: .news
    case .urgent: .urgent
    case .schoolyard: .schoolyard
    }
  }

  var noticeKind: NoticeKind {
    switch self {
    case .news: .news
    case .urgent: .urgent
    case .schoolyard: .schoolyardItem
    }
  }

  var lane: Lane { self == .urgent ? .urgent : .bulk }
}

/// The original mail in a forward, as far as it could be recovered.
package struct ForwardedWords: Sendable, Hashable {
  package var name: String?
  package var address: String?
  package var subject: String?
  package var date: Date?
  package var text: String

  package init(name: String?, address: String?, subject: String?, date: Date?, text: String) {
    self.name = name
    self.address = address
    self.subject = subject
    self.date = date
    self.text = text
  }
}

/// What a decision looks at. The gateway fills in what the command is about.
package struct SchoolState: Sendable, Hashable {
  package var directory: Directory
  package var policy: SchoolPolicy
  /// The thread that is answered.
  package var thread: ThreadView?
  /// Of the schoolplein: what opened it was taken back, or waits for approval.
  package var isThreadHidden = false
  /// The private thread in which this actor answered that thread before.
  package var privateThread: SchoolThread?
  /// The entry whose receipt is answered.
  package var entry: ThreadEntry?
  /// Whether that entry's copies wait for a colleague's approval.
  package var entryAwaitsApproval = false
  /// How often something was decided on what becomes of that entry.
  package var entryRevision: Revision?
  /// What the answered digest, or the receipt of an answer to one, held, in its order.
  package var digest: [DigestItem]
  /// The mail that somebody asks about; nil where it is not known any more, or was not theirs.
  package var asked: AskedMail?
  /// What a receipt of changed settings told.
  package var settingsReceipt: SettingsFacts?
  /// The change of address that support was asked to approve, and whose it is.
  package var addressApproval: AddressApproval?
  /// The newest private thread between the actor and the original sender of a forward.
  package var filingThread: SchoolThread?
  /// Whether the message that a confirmation asked about still waits, and for whom.
  package var heldFor: AccountID?
  /// Where the command is about documents.
  package var shelf: DocumentShelf?
  /// The help request or poll that the answered thread holds.
  package var offer: OfferState?
  package var calendar: CalendarState?
  package var conference: ConferenceSituation?
  /// The child that the answered mail on results was about.
  package var results: PupilID?
  package var absence: AbsenceState?
  package var photos: PhotoState?

  package init(
    directory: Directory, policy: SchoolPolicy, thread: ThreadView? = nil, privateThread: SchoolThread? = nil,
    entry: ThreadEntry? = nil, digest: [DigestItem] = [], filingThread: SchoolThread? = nil, heldFor: AccountID? = nil,
    offer: OfferState? = nil
  ) {
    self.directory = directory
    self.policy = policy
    self.thread = thread
    self.privateThread = privateThread
    self.entry = entry
    self.digest = digest
    self.filingThread = filingThread
    self.heldFor = heldFor
    self.offer = offer
  }
}

/// A thread and everybody who wrote in it.
package struct ThreadView: Sendable, Hashable {
  package var thread: SchoolThread
  package var participants: Set<AccountID>

  package init(_ thread: SchoolThread, participants: Set<AccountID>) {
    self.thread = thread
    self.participants = participants
  }
}

/// One line of a digest.
package struct DigestItem: Sendable, Hashable {
  /// By which people name it, from 1.
  package var number: Int
  package var entry: ThreadEntry
  package var thread: ThreadView
  /// The help request or poll that the thread holds.
  package var offer: OfferState?
  /// What who answers has said in private of the help request or poll.
  package var privateThread: SchoolThread?
  /// As `SchoolState.isThreadHidden`.
  package var isHidden = false

  package init(number: Int, entry: ThreadEntry, thread: ThreadView, offer: OfferState? = nil) {
    self.number = number
    self.entry = entry
    self.thread = thread
    self.offer = offer
  }
}
