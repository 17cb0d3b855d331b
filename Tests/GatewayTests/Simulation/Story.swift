import Foundation
import TestRandom

/// Who writes and reads in a simulated school: a teacher, a colleague who approves what she writes to the whole
/// school, and three families.
enum Person: String, Sendable {
  case anna = "anna@school.test"
  case bas = "bas@school.test"
  case els = "els@ouders.test"
  case fatima = "fatima@kpn.test"
  case gerrit = "gerrit@hotmail.com"

  static let parents: [Person] = [.els, .fatima, .gerrit]
  static let readers: [Person] = [.anna] + parents
}

/// One thing that happens in a simulated school. Each can stand by itself: what it refers to is found by counting
/// round what there is then, so a story stays one when another thing is left out of it.
enum Happening: Sendable, Hashable {
  enum Letter: String, CaseIterable, Sendable {
    case news, broadcast, urgent, schoolyard, mailbox, help, event, absence
    /// Of conferences.
    case plan
    /// A place of a help request, a time of a conference, a colleague's `akkoord`: not written of one's own accord.
    case claim, slot, approval

    /// Whether parents write it.
    var isOfParents: Bool { self == .mailbox || self == .absence }
    /// What all can read, and answer so.
    var isPublic: Bool { self == .schoolyard || self == .help }
    /// Whether it stands in a thread. Else it is a word to the school, which has one answer.
    var isEntry: Bool { ![.absence, .plan, .claim, .slot, .approval].contains(self) }
    static let ownAccord: [Letter] = allCases.filter { ![.claim, .slot, .approval].contains($0) }
  }
  enum Way: String, CaseIterable, Sendable {
    case sameOctets = "once more"
    case otherOctets = "once more, by another way"
  }
  enum Call: String, CaseIterable, Sendable { case list, fetch, move }
  /// What the mail server makes of the next mail.
  enum Answer: Sendable, Hashable {
    case reply(Int, String)
    case lostBefore, lostAfter
  }

  case write(Person, Letter)
  /// To the nth of the mails that this person has.
  case answer(Person, Int)
  /// A place of the nth of the help requests that this person has.
  case claim(Person, Int)
  /// A time, by the nth of the invitations to conferences that this person has.
  case choose(Person, Int)
  /// Of the nth of the messages to the whole school that Bas was asked about.
  case approve(Int)
  case again(Int, Way)
  case bounce(Int)
  case renumber
  case cut(Call, isDone: Bool)
  case server([Answer])
  /// At the nth step that the gateway takes from here.
  case crash(Int)
  /// So many parts of the gateway have a turn.
  case work(Int)
  case pass(minutes: Int)
  case turnClock(hours: Int)
}

extension Happening: CustomStringConvertible {
  var description: String {
    switch self {
    case .write(let person, let letter): "\(person) writes: \(letter.rawValue)"
    case .answer(let person, let number): "\(person) answers mail \(number)"
    case .claim(let person, let number): "\(person) takes a place of help request \(number)"
    case .choose(let person, let number): "\(person) chooses a time by invitation \(number)"
    case .approve(let number): "bas approves message \(number)"
    case .again(let number, let way): "mail \(number) comes \(way.rawValue)"
    case .bounce(let number): "accepted mail \(number) comes back: mailbox full"
    case .renumber: "the mailbox is renumbered"
    case .cut(let call, let isDone):
      "the IMAP connection breaks \(isDone ? "after" : "before") the next \(call.rawValue)"
    case .server(let answers): "the mail server answers: \(answers.map(\.description).joined(separator: ", "))"
    case .crash(let number): "the gateway dies at step \(number) from here"
    case .work(let turns): "the gateway works for \(turns) turns"
    case .pass(let minutes): "\(minutes) minutes pass"
    case .turnClock(let hours): "the clock jumps \(hours) hours"
    }
  }
}

extension Happening.Answer: CustomStringConvertible {
  var description: String {
    switch self {
    case .reply(let code, let text): "\(code) \(text)"
    case .lostBefore: "connection lost"
    case .lostAfter: "accepted, and the connection lost before it says so"
    }
  }
}

extension [Happening] {
  static let daysOfStory = 5
  private static let replies: [Happening.Answer] = [
    .reply(421, "4.3.2 going down"), .reply(450, "4.2.1 busy"), .reply(451, "4.3.0 later"), .reply(452, "4.2.2 full"),
    .reply(550, "5.7.1 not wanted"), .reply(554, "5.6.0 no"), .lostBefore, .lostAfter,
  ]

  /// Some days as this seed has them.
  static func days(seed: UInt64) -> [Happening] {
    var random = SeededRandom(seed: seed)
    var story: [Happening] = []
    for _ in 0..<daysOfStory {
      for _ in 0..<random.below(14) {
        story.append(happening(&random))
        if random.below(3) > 0 { story.append(.work(1 + random.below(7))) }
        if random.below(4) == 0 { story.append(.pass(minutes: random.one(of: [1, 5, 20, 90]))) }
      }
      story.append(.pass(minutes: 1_080))
    }
    return story
  }

  private static func happening(_ random: inout SeededRandom) -> Happening {
    switch random.below(25) {
    case 0..<6:
      let letter = random.one(of: Happening.Letter.ownAccord)
      return .write(letter.isOfParents ? random.one(of: Person.parents) : .anna, letter)
    case 6..<9: return .answer(random.one(of: Person.readers), random.below(20))
    case 9..<11: return .again(random.below(20), random.one(of: Happening.Way.allCases))
    case 11: return .bounce(random.below(20))
    case 12: return .renumber
    case 13: return .cut(random.one(of: Happening.Call.allCases), isDone: random.below(2) == 0)
    case 14, 15: return .server((0...random.below(3)).map { _ in random.one(of: replies) })
    case 16: return .turnClock(hours: random.one(of: [24, -24]))
    case 17, 18: return .claim(random.one(of: Person.parents), random.below(20))
    case 19, 20: return .choose(random.one(of: Person.parents), random.below(20))
    case 21: return .approve(random.below(20))
    default: return .crash(1 + random.below(random.one(of: [5, 20, 80])))
    }
  }

  /// One a line, as a failing test prints it.
  var told: String { enumerated().map { "  \($0.offset + 1). \($0.element)" }.joined(separator: "\n") }
}
