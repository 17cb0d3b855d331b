import Foundation

/// What a parent answers to anything on conferences.
package enum ConferenceReply: Sendable, Hashable {
  /// Slots for conversations, the dearest first.
  case slots([TalkID: [Int]])
  /// All that was proposed.
  case takeProposal
  case cancel([TalkID])
  case decline([TalkID])
  /// No slot: any.
  case wait([TalkID: [Int]])
  /// Nil where nothing says of what.
  case retract(ConferenceRetraction?)
  case state
  /// It means to choose, and could mean more than one thing, or no slot that there is.
  case unclear
  /// Words to a person.
  case words
}

/// Reads answers: `di 15:40`, `1: di 15:40, 2: do 16:00`, `Sanne 8-12 15:40`, `ruil di 15:40`, `afzeggen`,
/// `wachtlijst`. Tolerant of how a time is written; what could be two slots is asked.
package struct ConferenceReplyReader: Sendable {
  /// The conversations of who answers, each with the words that name its child.
  let talks: [(id: TalkID, names: Set<String>)]
  let slots: [Date]
  let zone: TimeZone

  /// Lines that are looked at.
  static let mostLines = 20

  private enum Verb { case choose, cancel, wait, decline }

  /// One slot that is named, as far as it is.
  private struct Mention {
    var rank: Int?
    var talk: TalkID?
    var slot: Int
  }

  /// What was read so far.
  private struct Reading {
    var verb = Verb.choose
    var talk: TalkID?
    var named: [TalkID] = []
    var rank: Int?
    var weekday: Int?
    var date: (day: Int, month: Int)?
    /// The weekday was of a slot before.
    var isUsed = false
    var mentions: [Mention] = []
    var isUnclear = false
    var hasTime = false

    mutating func take(day: Int, month: Int) {
      date = (day, month)
      if isUsed { weekday = nil }
    }
  }

  /// - Returns: the answer, and how many lines with letters or digits it takes: none where the first says more as well.
  package func read(_ text: String) -> (reply: ConferenceReply, lines: Int) {
    if let command = command(text) { return (command, 1) }
    if let answer = plainly(text) { return (answer, WrittenYesNo.words(beside: text) == nil ? 1 : 0) }
    let said = Glossary.withoutGreeting(text)
    let lines = said.split(whereSeparator: \.isNewline).filter { $0.contains { $0.isLetter || $0.isNumber } }
    if let line = lines.first, let reply = called(off: line) { return (reply, 0) }
    if let line = lines.first, let reply = chosen(line, of: lines) { return (reply, 1) }
    var reading = Reading()
    var taken = 0
    for line in lines.prefix(Self.mostLines) {
      var next = reading
      guard line.count <= 200, take(line, &next, isFirst: taken == 0) else {
        if taken > 0 { break }
        if let reply = calledOffInWords(line) { return (reply, 0) }
        return (next.hasTime || next.verb != .choose ? .unclear : .words, 1)
      }
      reading = next
      taken += 1
    }
    return (reply(reading), taken)
  }

  /// What the first line says by itself.
  private func command(_ text: String) -> ConferenceReply? {
    let first = Glossary.command(firstLineOf: text) ?? ""
    switch CommandWord.ofReceipt(text) {
    case .retract where !first.contains(where: \.isNumber): return .retract(nil)
    case .state: return .state
    default: if let what = Self.retraction(first) { return .retract(what) }
    }
    if Glossary.proposalPhrases.contains(first) || takesProposal(text) { return .takeProposal }
    return Glossary.declinePhrases.contains(first) ? .decline(talks.map(\.id)) : nil
  }

  /// A yes or no in a sentence. `Ja, voor Sanne`, `ja, donderdag` say more than that.
  private func plainly(_ text: String) -> ConferenceReply? {
    let words = Glossary.words(Glossary.firstLine(of: text) ?? "")
    let isOfSome = words.contains { named($0) != nil || Glossary.weekday($0) != nil }
    guard !isOfSome, let answer = WrittenYesNo(text) else { return nil }
    return answer == .yes ? .takeProposal : .decline(talks.map(\.id))
  }

  // MARK: Sentences

  /// `Het voorstel is prima`: a line that says nothing else, and limits nothing.
  private func takesProposal(_ text: String) -> Bool {
    guard let line = Glossary.firstLine(of: text), !line.contains(where: { $0 == "?" || $0.isNumber }) else {
      return false
    }
    let words = Glossary.withoutPoliteness(Glossary.words(line))
    let isSaid = words.count { Glossary.proposalWords.contains($0) } == 1
    return isSaid && !Glossary.reserves(line)
      && words.allSatisfy { Glossary.proposalWords.contains($0) || Glossary.proposalFillers.contains($0) }
  }

  /// `Helaas moet ik afzeggen, Noor is ziek`; of several children it must name which.
  private func calledOffInWords(_ line: Substring) -> ConferenceReply? {
    let (head, rest) = Glossary.parted(line) ?? (line, line.suffix(0))
    let words = Glossary.words(head)
    guard line.count <= 200, !line.contains(where: { $0.isNumber || $0 == "?" }),
      Glossary.but.union(Glossary.alternatives).isDisjoint(with: Glossary.words(rest)),
      words.count(where: Glossary.cancelWords.contains) == 1
    else { return nil }
    let said = words.filter { !Glossary.cancelWords.contains($0) && !Glossary.cancelFillers.contains($0) }
    let meant = said.compactMap(named)
    guard meant.count == said.count, talks.count == 1 || !meant.isEmpty else { return nil }
    return .cancel(meant.isEmpty ? talks.map(\.id) : Set(meant).sorted())
  }

  /// `Afzeggen, ik ben dan aan het werk`: behind the mark is why, and nothing that asks for something else.
  private func called(off line: Substring) -> ConferenceReply? {
    guard line.count <= 200, let (head, rest) = Glossary.parted(line), rest.contains(where: \.isLetter),
      !rest.contains(where: { $0.isNumber || $0 == "?" }),
      Glossary.but.union(Glossary.alternatives).isDisjoint(with: Glossary.words(rest))
    else { return nil }
    var reading = Reading()
    guard take(head, &reading, isFirst: true), reading.verb == .cancel, reading.mentions.isEmpty else { return nil }
    return reply(reading)
  }

  /// `Donderdag 19:00 is prima`: of an only child the one slot of a sentence that limits nothing, where no other line
  /// holds a time.
  private func chosen(_ line: Substring, of lines: [Substring]) -> ConferenceReply? {
    let words = Glossary.words(line)
    guard talks.count == 1, line.count <= 200, !line.contains("?"), !Glossary.reserves(line),
      Glossary.timeLimits.union(Glossary.orWords).isDisjoint(with: words),
      !lines.dropFirst().prefix(Self.mostLines).contains(where: Self.holdsTime)
    else { return nil }
    var (whole, reading) = (Reading(), Reading())
    guard !take(line, &whole, isFirst: true) else { return nil }
    let parts = Self.parts(line)
    var place = 0
    while place < parts.count {
      let taken = take(parts[place], place + 1 < parts.count ? parts[place + 1] : nil, &reading, isStart: false)
      // "Bel mij donderdag om 20:00" wishes nothing.
      guard taken > 0 || Glossary.slotAssents.contains(parts[place]) else { return nil }
      place += max(1, taken)
    }
    guard reading.verb == .choose, reading.mentions.count == 1, !reading.isUnclear else { return nil }
    return reply(reading)
  }

  // MARK: Words

  /// `herstel wachtlijst`
  private static func retraction(_ line: String) -> ConferenceRetraction? {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 2 || words.count == 3 && words[2] == "list", CommandWord(firstLineOf: words[0]) == .retract
    else { return nil }
    return ConferenceRetraction(word: words[1])
  }

  private static func parts(_ line: Substring) -> [String] {
    withHours(
      Glossary.plain(line).split { $0.isWhitespace || ",;()|".contains($0) }
        .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "!?\"'“”.")) }.filter { !$0.isEmpty })
  }

  /// False where a word of the line is none of an answer.
  private func take(_ line: Substring, _ reading: inout Reading, isFirst: Bool) -> Bool {
    let words = Self.parts(line)
    reading.rank = nil
    var place = 0
    while place < words.count {
      let next =
        place + 1 < words.count ? words[place + 1].trimmingCharacters(in: CharacterSet(charactersIn: ":")) : nil
      switch take(words[place], next, &reading, isStart: isFirst && place == 0) {
      case 0: return false
      case let count: place += count
      }
    }
    return true
  }

  /// - Returns: how many words were taken.
  private func take(_ word: String, _ next: String?, _ reading: inout Reading, isStart: Bool) -> Int {
    let plain = word.trimmingCharacters(in: CharacterSet(charactersIn: ":)"))
    if Glossary.swapWords.contains(plain) { return 1 }
    if Glossary.cancelWords.contains(plain) {
      reading.verb = .cancel
      return 1
    }
    if Glossary.waitWords.contains(plain) {
      reading.verb = .wait
      return 1
    }
    if let next, Glossary.declinePhrases.contains("\(plain) \(next)") {
      reading.verb = .decline
      return 2
    }
    if let found = named(plain) {
      reading.talk = found
      if !reading.named.contains(found) { reading.named.append(found) }
      return 1
    }
    if let time = Self.time(plain, next) {
      mention(hour: time.hour, minute: time.minute, &reading)
      return time.words
    }
    return takeDate(word, plain, next, &reading)
  }

  private func takeDate(_ word: String, _ plain: String, _ next: String?, _ reading: inout Reading) -> Int {
    if let month = next.flatMap({ word in Glossary.months.firstIndex { $0.contains(word) } }), let day = Int(plain) {
      reading.take(day: day, month: month + 1)
      return 2
    }
    if let match = plain.wholeMatch(of: /(\d{1,2})[-\/](\d{1,2})(?:[-\/]\d{2,4})?/), let day = Int(match.1),
      let month = Int(match.2)
    {
      reading.take(day: day, month: month)
      return 1
    }
    if let match = word.wholeMatch(of: /(\d)(?:[:).e]|ste|de|st|nd|rd|th)?/), let rank = Int(match.1), next != nil {
      reading.rank = rank
      return 1
    }
    // `to` is Thursday in Frisian; the dates beside it tell as much. Behind a time it may begin another day.
    if plain == "to", reading.isUsed { (reading.weekday, reading.date) = (nil, nil) }
    if Glossary.slotFillers.contains(plain) { return 1 }
    guard let day = Glossary.weekday(plain) else { return 0 }
    (reading.weekday, reading.date, reading.isUsed) = (day, nil, false)
    return 1
  }

  private func named(_ word: String) -> TalkID? {
    let found = talks.filter { $0.names.contains(word) }
    return found.count == 1 ? found[0].id : nil
  }

  /// `15:40`, `15.40`, `15u40`, `16 uur`, `16u`.
  private static func time(_ word: String, _ next: String?) -> (hour: Int, minute: Int, words: Int)? {
    if let match = word.wholeMatch(of: /(\d{1,2})[:.uh](\d{2})(?:u|uur|h)?/), let hour = Int(match.1),
      let minute = Int(match.2)
    {
      let isFollowed = next.map { Glossary.hours.contains($0) } ?? false
      return (hour, minute, isFollowed ? 2 : 1)
    }
    if let match = word.wholeMatch(of: /(\d{1,2})(?:u|uur|h)/), let hour = Int(match.1) { return (hour, 0, 1) }
    if let hour = Int(word), let next, Glossary.hours.contains(next) { return (hour, 0, 2) }
    return nil
  }

  // MARK: Slots

  private func mention(hour: Int, minute: Int, _ reading: inout Reading) {
    reading.hasTime = true
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let (weekday, date) = (reading.weekday, reading.date)
    let found = { (hour: Int) in
      slots.indices.filter { slot in
        let parts = calendar.dateComponents([.month, .day, .hour, .minute, .weekday], from: slots[slot])
        let isDay = weekday.map { ($0 + 1) % 7 + 1 == parts.weekday } ?? true
        let isDate = date.map { $0.day == parts.day && $0.month == parts.month } ?? true
        return parts.hour == hour && parts.minute == minute && isDay && isDate
      }
    }
    // `4 uur` in the afternoon.
    let matches = hour < 12 && found(hour).isEmpty ? found(hour + 12) : found(hour)
    guard matches.count == 1 else {
      reading.isUnclear = true
      return
    }
    reading.mentions.append(Mention(rank: reading.rank, talk: reading.talk, slot: matches[0]))
    (reading.rank, reading.isUsed) = (nil, true)
  }

  private func reply(_ reading: Reading) -> ConferenceReply {
    let all = talks.map(\.id)
    if reading.isUnclear { return .unclear }
    if reading.mentions.isEmpty {
      let meant = reading.named.isEmpty ? all : reading.named
      switch reading.verb {
      case .cancel: return .cancel(meant)
      case .decline: return .decline(meant)
      case .wait: return .wait(Dictionary(uniqueKeysWithValues: meant.map { ($0, []) }))
      case .choose: return reading.named.isEmpty ? .words : .unclear
      }
    }
    guard reading.verb == .choose || reading.verb == .wait else { return .unclear }
    var found: [TalkID: [Mention]] = [:]
    for mention in reading.mentions {
      guard let talk = mention.talk ?? (all.count == 1 ? all[0] : nil) else { return .unclear }
      found[talk, default: []].append(mention)
    }
    let slots = found.mapValues { mentions -> [Int] in
      let isRanked = mentions.allSatisfy { $0.rank != nil }
      let ordered = isRanked ? mentions.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) } : mentions
      var seen: Set<Int> = []
      return Array(ordered.map(\.slot).filter { seen.insert($0).inserted }.prefix(ConferencePlan.mostWishes))
    }
    return reading.verb == .wait ? .wait(slots) : .slots(slots)
  }
}

extension ConferenceReplyReader {
  /// What one tap sends for a slot, in the language of its reader: `Sanne di 8-12 15:40`.
  package static func words(_ slot: Date, label: String?, zone: TimeZone, language: Language) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents([.month, .day, .hour, .minute, .weekday], from: slot)
    let day = Glossary.shortDays(language)[((parts.weekday ?? 1) + 5) % 7]
    let minute = parts.minute ?? 0
    let time = "\(day) \(parts.day ?? 0)-\(parts.month ?? 0) \(parts.hour ?? 0):\(minute < 10 ? "0" : "")\(minute)"
    return label.map { "\($0) \(time)" } ?? time
  }

  /// What names each conversation: nothing where there is one, else the shortest part of the child's name that only one
  /// has; with the teachers' names where one child has several.
  static func labels(_ talks: [Talk], _ state: ConferenceState, _ directory: Directory) -> [TalkID: String] {
    guard talks.count > 1 else { return [:] }
    let name = { (talk: Talk) in directory.pupils[talk.pupil]?.name ?? talk.pupil.rawValue }
    return Dictionary(
      uniqueKeysWithValues: talks.map { talk in
        let first = name(talk).split(separator: " ").first.map(String.init) ?? name(talk)
        let sameFirst = talks.filter { name($0).hasPrefix(first) }
        if sameFirst.count == 1 { return (talk.id, first) }
        let same = talks.filter { name($0) == name(talk) }
        let desk = state.plan.desks[talk.desk].name
        return (talk.id, same.count == 1 ? name(talk) : "\(name(talk)) (\(desk))")
      })
  }

  init(_ talks: [Talk], _ state: ConferenceState, _ directory: Directory, zone: TimeZone) {
    let words = { (talk: Talk) -> Set<String> in
      let desk = state.plan.desks[talk.desk].name
      let pupil = directory.pupils[talk.pupil]?.name ?? ""
      let words = Glossary.plain("\(pupil) \(desk)").split { !$0.isLetter }.map(String.init)
      // Short words are parts of family names; first names may be short.
      return Set(words.prefix(1) + words.filter { $0.count > 2 })
    }
    let all = talks.map { ($0.id, words($0)) }
    // A word that names two of them names none.
    self.init(
      talks: all.map { id, own in
        (id: id, names: own.filter { word in !all.contains { $0.0 != id && $0.1.contains(word) } })
      }, slots: state.plan.slots, zone: zone)
  }
}
