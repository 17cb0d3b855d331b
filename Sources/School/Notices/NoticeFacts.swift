import Foundation

/// What a notice says beyond its thread and entry. Stored with the outbox row as JSON.
package struct NoticeFacts: Sendable, Hashable, Codable {
  /// Families that a publication goes to.
  package var count: Int?
  package var refusal: RefusalReason?
  package var refusedFiles: [RefusedFile]?
  /// A short piece of the person's own words, to recognise the mail by.
  package var excerpt: String?
  @Apart package var held: HeldSummary?
  /// What the person asked for: the route word or name that was not found.
  package var asked: String?
  /// The address word that comes nearest to it.
  package var nearest: String?
  /// Until when `herstel` works, or `JA` to a question that does not count for ever.
  package var retractableUntil: Date?
  /// The entries of a digest.
  package var digestEntries: [EntryID]?
  /// The name of the parent in whose thread a forward was filed.
  package var filedFor: String?
  /// Whose address a notice to support is about, and why mail to it failed.
  package var about: AccountID?
  @Apart package var failure: AddressFailure?
  @Apart package var loopTest: LoopTest?
  /// Those whom a notice to support names.
  package var accounts: [AccountID]?
  /// When what a notice tells of began.
  package var since: Date?
  /// Those whom a report names, each with why mail does not reach them.
  package var unreached: [UnreachedAccount]?
  @Apart package var addressChange: AddressChange?
  /// Its `since` is when its reader was told before, and `count` how many mails came back after that; without it,
  /// how many children nobody's address is known of.
  @Apart package var urgent: DeliveryTally?
  /// Children whom a notice to staff names.
  package var pupils: [PupilID]?
  /// Its `accounts` are who may approve it, or who answered.
  package var broadcast: BroadcastStage?
  package var flood: Flood?
  package var damage: [DamagedRow]?
  package var digestAnswer: DigestAnswer?
  @Apart package var settings: SettingsFacts?
  @Apart package var why: WhyFacts?
  @Apart package var moderation: ModerationFacts?
  /// A file that was made for the notice and lies in the store.
  @Apart package var file: StoredFile?
  /// Whether its reader just wrote what it answers, and so is awake.
  package var isAnswer: Bool?
  /// By what name somebody wrote of whom the school knows no name, as their mail gave it: nothing proves it.
  package var givenName: String?
  /// To a stranger who reported a child: nothing was noted.
  package var isUnnoted: Bool?
  /// Where the notice goes, where that is not the account's own address of now.
  package var atAddress: String?
  package var documents: DocumentFacts?
  package var classList: ClassListFacts?
  @Apart package var offer: OfferFacts?
  package var calendar: CalendarFacts?
  @Apart package var conference: ConferenceFacts?
  @Apart package var results: ResultsFacts?
  @Apart package var absence: AbsenceFacts?
  @Apart package var photos: PhotoFacts?

  package init(
    count: Int? = nil, refusal: RefusalReason? = nil, refusedFiles: [RefusedFile]? = nil, excerpt: String? = nil,
    asked: String? = nil, retractableUntil: Date? = nil, digestEntries: [EntryID]? = nil, filedFor: String? = nil,
    about: AccountID? = nil, failure: AddressFailure? = nil,
    loopTest: LoopTest? = nil, accounts: [AccountID]? = nil, since: Date? = nil,
    unreached: [UnreachedAccount]? = nil, addressChange: AddressChange? = nil,
    urgent: DeliveryTally? = nil, broadcast: BroadcastStage? = nil, flood: Flood? = nil, atAddress: String? = nil,
    documents: DocumentFacts? = nil, classList: ClassListFacts? = nil, offer: OfferFacts? = nil,
    calendar: CalendarFacts? = nil, conference: ConferenceFacts? = nil
  ) {
    self.count = count
    self.refusal = refusal
    self.refusedFiles = refusedFiles
    self.excerpt = excerpt
    self.asked = asked
    self.retractableUntil = retractableUntil
    self.digestEntries = digestEntries
    self.filedFor = filedFor
    self.about = about
    self.failure = failure
    self.loopTest = loopTest
    self.accounts = accounts
    self.since = since
    self.unreached = unreached
    self.addressChange = addressChange
    self.urgent = urgent
    self.broadcast = broadcast
    self.flood = flood
    self.atAddress = atAddress
    self.documents = documents
    self.classList = classList
    self.offer = offer
    self.calendar = calendar
    self.conference = conference
  }
}
