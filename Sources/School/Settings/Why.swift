import Foundation

/// The mail of which somebody asks why they got it.
package struct AskedMail: Sendable, Hashable {
  package var kind: NoticeKind
  package var thread: ThreadView?
  package var at: Date
  package var facts: NoticeFacts

  package init(kind: NoticeKind, thread: ThreadView?, at: Date, facts: NoticeFacts) {
    self.kind = kind
    self.thread = thread
    self.at = at
    self.facts = facts
  }
}

/// Why somebody got a mail: the rule, and for which group and child it holds.
package struct WhyFacts: Sendable, Hashable, Codable {
  package enum Rule: String, Sendable, Hashable, Codable, CaseIterable {
    /// For the families of a group, or of the school.
    case audience
    /// The same, and urgent: nobody can do without.
    case urgent
    /// A conversation that they are in.
    case conversation
    /// A comment on an item that they opened or commented on.
    case takesPart = "takes-part"
    /// It is about a child over whom they have authority.
    case ownChild = "own-child"
    /// Comments of others, as they chose: at once, or as a digest.
    case direct, daily, weekly
    /// They stopped such mail since.
    case stopped
    /// They wrote to the school themselves, and this answers it.
    case ownMail = "own-mail"
    /// It is about their own address, account or keys.
    case account
    /// What they do for the school.
    case task
    /// No rule that can still be told: the mail is not known any more.
    case unknown
  }

  package var rule: Rule
  package var subject: String?
  /// When it was made.
  package var at: Date?
  /// Nil for the whole school, and where no group matters.
  package var group: String?
  package var isForSchool: Bool
  /// One's own children in that group or school, by what the school knows now.
  package var children: [String]
  /// Who else is in the conversation.
  package var others: [String]
  package var canStop: Bool

  package init(
    rule: Rule, subject: String? = nil, at: Date? = nil, group: String? = nil, isForSchool: Bool = false,
    children: [String] = [], others: [String] = [], canStop: Bool = false
  ) {
    self.rule = rule
    self.subject = subject
    self.at = at
    self.group = group
    self.isForSchool = isForSchool
    self.children = children
    self.others = others
    self.canStop = canStop
  }
}

extension Question {
  /// `waarom` in answer to a mail.
  func explain() -> Decision {
    if let decision = explainConference() { return decision }
    var facts = NoticeFacts()
    facts.why = state.asked.map(why) ?? WhyFacts(rule: .unknown)
    return Decision(notices: [toActor(.why, facts: facts)])
  }

  private func why(_ asked: AskedMail) -> WhyFacts {
    let rule = rule(asked)
    let thread = asked.thread?.thread
    let audience =
      thread?.audience ?? asked.facts.photos?.audience ?? (asked.kind == .calendarWeek ? .school : nil)
    let children = audience.map { audience in directory.pupils(of: actor).filter { audience.holds($0) }.map(\.name) }
    let named =
      asked.facts.results.map { [$0.child] } ?? asked.facts.absence?.items.map(\.name)
      ?? asked.facts.photos?.children?.map(\.name)
    let others = rule == .conversation ? (thread?.members ?? []).filter { $0 != actor } : []
    return WhyFacts(
      rule: rule, subject: thread?.subject ?? asked.facts.photos?.title, at: asked.at,
      group: audience.flatMap(directory.groupName),
      isForSchool: audience == .school, children: (rule == .ownChild ? named : children) ?? [],
      others: others.flatMap(directory.names), canStop: asked.kind.subscription != nil && rule != .stopped)
  }

  private func rule(_ asked: AskedMail) -> WhyFacts.Rule {
    if asked.facts.isAnswer == true { return .ownMail }
    if let subscription = asked.kind.subscription,
      directory.accounts[actor]?.settings.isStopped(subscription) == true
    {
      return .stopped
    }
    switch asked.kind {
    case .urgent: return .urgent
    case .news, .schoolyardItem: return .audience
    case .mailboxMessage, .supportMessage: return .conversation
    case .schoolyardComment:
      guard let view = asked.thread else { return .unknown }
      return view.thread.author == actor || view.participants.contains(actor) ? .takesPart : .direct
    case .digest: return directory.accounts[actor]?.digest == .weekly ? .weekly : .daily
    case .confirmation, .foreignKey, .keysRotated, .newKeys, .activation, .activated, .addressChange, .settings,
      .settingsReceipt, .myData, .myDataTooLarge, .why:
      return .account
    case .publishReceipt, .commentReceipt, .retractReceipt, .urgentReplyReceipt, .urgentReceipt, .forwardReceipt, .help,
      .refusal, .digestQuestion, .digestReceipt, .filesRefused, .loopTest, .activationSent, .reportReceipt,
      .broadcastReceipt, .itemReceipt,
      .commentRemoved, .absenceReceipt:
      return .ownMail
    case .resultsNews, .absenceTold, .absentQuestion, .consent: return .ownChild
    case .commentReport, .broadcastQuestion, .itemQuestion: return .task
    case .album, .calendarWeek: return .audience
    default:
      // Of a later feature: what has readers goes to them, what has none to who does that work.
      return asked.thread?.thread.audience == nil ? .task : .audience
    }
  }
}

extension Audience {
  func holds(_ pupil: Pupil) -> Bool {
    switch self {
    case .school: true
    case .group(let group): pupil.groups.contains(group)
    }
  }
}
