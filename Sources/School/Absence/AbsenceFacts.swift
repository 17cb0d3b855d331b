import Foundation

/// What a mail on absence tells, as it was when the mail was decided on.
package struct AbsenceFacts: Sendable, Hashable, Codable {
  package enum Stage: String, Sendable, Hashable, Codable, CaseIterable {
    /// To who reported: what was noted; also to the other parents.
    case noted
    case recovered
    /// There is nothing that they could end.
    case nothing
    /// What was noted is taken back.
    case retracted
    /// Which child is meant?
    case which
    /// A person of the school reads it; nothing is noted.
    case passed
    case leaveAsked = "leave-asked"
    case leaveGranted = "leave-granted"
    case leaveRejected = "leave-rejected"
    case leaveWithdrawn = "leave-withdrawn"
    /// To staff: who is away, at the hour of the board or on request.
    case list
    /// What came after it.
    case addition
    /// To the parents of a child who is missed: why?
    case question
    /// To the teacher who misses a child: they are asked; they answered; they did not, phone them.
    case asked, answered, phone
    /// The child is at school after all.
    case present
  }

  package struct Item: Sendable, Hashable, Codable {
    /// Nil until the store has given it, and where nothing is noted.
    package var id: AbsenceID?
    /// Of a new one: which of the decision's it is, from 0.
    package var place: Int?
    package var pupil: PupilID
    package var name: String
    /// The names of its groups, for staff.
    package var group: String?
    package var kind: AbsenceKind
    package var first: CalendarDay
    package var last: CalendarDay?
    package var minute: Int?
    /// When it was reported.
    package var at: Date?
    /// Why, for those who need to know.
    package var words: String?
    /// Who reported it, and by which account, for staff.
    package var reporter: String?
    package var by: AccountID?
    /// Who reported it has no full authority over the child: staff are told.
    package var isDoubtful: Bool?

    package init(_ report: AbsenceReport, of pupil: Pupil, id: AbsenceID? = nil, place: Int? = nil, at: Date? = nil) {
      self.id = id
      self.place = place
      self.pupil = pupil.id
      name = pupil.name
      kind = report.kind
      first = report.first
      last = report.last
      minute = report.minute
      self.at = at
    }
  }

  package var stage: Stage
  package var items: [Item]
  /// The day that a list is for.
  package var day: CalendarDay?
  package var at: Date
  /// What the reader wrote, or what the head wrote with an answer.
  package var words: String?
  /// What is asked about a child that is still to be named.
  package var claim: AbsenceClaim?
  /// It was written where all can read, and was not posted.
  package var isUnposted: Bool?
  /// Who is to be phoned.
  package var parents: [String]
  /// Children whom a teacher may miss with one tap.
  package var pupils: [String]
  /// Those that are left out.
  package var more: Int

  package init(
    _ stage: Stage, items: [Item] = [], day: CalendarDay? = nil, at: Date, words: String? = nil,
    claim: AbsenceClaim? = nil, parents: [String] = [], pupils: [String] = [], more: Int = 0
  ) {
    self.stage = stage
    self.items = items
    self.day = day
    self.at = at
    self.words = words
    self.claim = claim
    self.parents = parents
    self.pupils = pupils
    self.more = more
  }

  /// Puts in the identities that the store gave to the decision's new reports, in their order.
  package mutating func assign(_ ids: [AbsenceID]) {
    for index in items.indices where items[index].id == nil {
      if let place = items[index].place, ids.indices.contains(place) { items[index].id = ids[place] }
    }
  }
}

extension AbsenceFacts.Item {
  /// Without what other parents must not learn: why, by whom, and when.
  var forParents: Self {
    var item = self
    (item.words, item.reporter, item.by, item.isDoubtful, item.at, item.group) = (nil, nil, nil, nil, nil, nil)
    return item
  }

  /// Without why and by whom: for a list that lies on a desk.
  var withoutWords: Self {
    var item = self
    (item.words, item.reporter, item.by) = (nil, nil, nil)
    return item
  }
}
