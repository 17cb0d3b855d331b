import Foundation

@testable import School

/// A school of two groups: group 5 has the duo Anna and Bas, group 7 has Cor; Dirk is head. The De Vries family has
/// children in both groups; Els and Frank are separated and share one child in group 5.
enum SmallSchool {
  static let anna = AccountID(1)
  static let bas = AccountID(2)
  static let cor = AccountID(3)
  static let dirk = AccountID(4)
  static let deVries = AccountID(11)
  static let els = AccountID(12)
  static let frank = AccountID(13)
  static let onRequest = AccountID(14)
  static let group5 = GroupID("g5")
  static let group7 = GroupID("g7")
  static let now = Date(timeIntervalSince1970: 1_795_020_400)

  static let directory = Directory(
    accounts: [
      account(anna, "anna@school.test"), account(bas, "bas@school.test"), account(cor, "cor@school.test"),
      account(dirk, "dirk@school.test"), account(deVries, "devries@ouders.test"), account(els, "els@ouders.test"),
      account(frank, "frank@ouders.test", .direct), account(onRequest, "opverzoek@ouders.test"),
    ],
    groups: [
      SchoolGroup(id: group5, name: "Groep 5", routeWord: "groep5"),
      SchoolGroup(id: group7, name: "Groep 7", routeWord: "groep7"),
    ],
    pupils: [
      Pupil(id: PupilID("p1"), name: "Sanne de Vries", groups: [group5]),
      Pupil(id: PupilID("p2"), name: "Tim de Vries", groups: [group7]),
      Pupil(id: PupilID("p3"), name: "Noor", groups: [group5]),
    ],
    carers: [
      carer("c1", "Jan de Vries", deVries, [PupilID("p1"): .full, PupilID("p2"): .full]),
      carer("c2", "Marie de Vries", deVries, [PupilID("p1"): .full, PupilID("p2"): .full]),
      carer("c3", "Els", els, [PupilID("p3"): .full]), carer("c4", "Frank", frank, [PupilID("p3"): .full]),
      carer("c5", "Oom", onRequest, [PupilID("p3"): .onRequest]),
    ],
    staff: [
      teacher("s1", "Anna de Boer", anna, "anna", [group5]), teacher("s2", "Bas Visser", bas, "bas", [group5]),
      teacher("s3", "Cor", cor, "cor", [group7]), teacher("s4", "Dirk", dirk, "dirk", [], roles: ["DIR"]),
    ])

  static let policy = SchoolPolicy(timeZone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt)

  static func account(_ id: AccountID, _ address: String, _ digest: DigestChoice = .daily) -> Account {
    Account(id: id, address: address, digest: digest)
  }

  /// The school in which one account has settled this for itself.
  static func with(
    _ id: AccountID, digest: DigestChoice = .daily, quiet: QuietHours? = nil, language: Language = .dutch
  ) -> Directory {
    let accounts = directory.accounts.values.map { account in
      guard account.id == id else { return account }
      return Account(
        id: id, address: account.address, language: language, digest: digest, quietHours: quiet)
    }
    return Directory(
      accounts: accounts, groups: Array(directory.groups.values), pupils: Array(directory.pupils.values),
      carers: Array(directory.carers.values), staff: Array(directory.staff.values))
  }

  static func carer(
    _ id: String, _ name: String, _ account: AccountID, _ authority: [PupilID: ParentalAuthority]
  ) -> Carer {
    Carer(id: CarerID(id), name: name, account: account, authority: authority)
  }

  static func teacher(
    _ id: String, _ name: String, _ account: AccountID?, _ word: String, _ groups: Set<GroupID>,
    roles: Set<String> = ["LRK"]
  ) -> StaffMember {
    StaffMember(id: StaffID(id), name: name, account: account, routeWord: word, roles: roles, groups: groups)
  }

  static func state(
    thread: SchoolThread? = nil, participants: Set<AccountID> = [], privateThread: SchoolThread? = nil,
    entry: ThreadEntry? = nil, digest: [DigestItem] = [], filing: SchoolThread? = nil, heldFor: AccountID? = nil,
    policy: SchoolPolicy = policy
  ) -> SchoolState {
    SchoolState(
      directory: directory, policy: policy, thread: thread.map { ThreadView($0, participants: participants) },
      privateThread: privateThread, entry: entry, digest: digest, filingThread: filing, heldFor: heldFor)
  }

  static func decision(
    _ actor: AccountID, _ act: Act, _ text: String = "Hallo", files: [StoredFile] = [],
    refused: [RefusedFile] = [], in state: SchoolState = state()
  ) -> Decision {
    decide(
      Command(
        actor: actor, act: act, subject: "Onderwerp",
        body: MessageBody(text: text, files: files, refusedFiles: refused)), state, now: now)
  }

  static func thread(
    _ kind: ThreadKind, author: AccountID, audience: Audience? = .group(group5), members: [AccountID] = []
  ) -> SchoolThread {
    SchoolThread(
      id: ThreadID(7), kind: kind, subject: "Uitje", author: author, audience: audience, members: members,
      openedAt: now.addingTimeInterval(-3600))
  }

  static func comment(by author: AccountID, secondsAgo: TimeInterval, retracted: Bool = false) -> ThreadEntry {
    ThreadEntry(
      id: EntryID(70), thread: ThreadID(7), author: author, text: "Leuk!", at: now.addingTimeInterval(-secondsAgo),
      isRetracted: retracted)
  }
}

extension Decision {
  /// The accounts that get a notice of this kind.
  func readers(of kind: NoticeKind) -> [AccountID] {
    notices.compactMap { notice in
      guard notice.kind == kind, case .account(let account) = notice.recipient else { return nil }
      return account
    }
  }

  var refusal: RefusalReason? { notices.first { $0.kind == .refusal }?.facts.refusal }
  var digestReaders: [AccountID] {
    changes.compactMap { if case .queueForDigest(let account, _) = $0 { account } else { nil } }
  }
}
