import Foundation

/// A line of a plan that cannot be, or what a plan lacks; and why.
package struct ConferenceProblem: Sendable, Hashable, Codable {
  package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
    /// It is none of what a plan is made of.
    case unknownLine = "unknown-line"
    /// No group, teacher or room is called so.
    case unknownName = "unknown-name"
    case badDay = "bad-day"
    /// The date is not a day of that name.
    case wrongWeekday = "wrong-weekday"
    case dayPast = "day-past"
    case dayTooFar = "day-too-far"
    case overlap
    case badMinutes = "bad-minutes"
    /// It is past, or comes after the first conversation.
    case badClosing = "bad-closing"
    case noTeacher = "no-teacher"
    case noPupils = "no-pupils"
    /// A group at two desks.
    case groupTwice = "group-twice"
    case tooMuch = "too-much"
    case noDays = "no-days"
    case noMinutes = "no-minutes"
    case noDesks = "no-desks"
    case noClosing = "no-closing"
  }

  package var line: String
  package var reason: Reason

  package init(_ line: String, _ reason: Reason) {
    self.line = line.excerpt(120)
    self.reason = reason
  }
}

/// Reads a plan, a line a thing: `di 8 december 15:30-17:30`, `10 minuten`, `Groep 5, lokaal 5`, `wensen tot 1
/// december` or `direct`. A greeting, and all from a farewell on, is left alone; every other line must be understood.
struct ConferencePlanReader {
  let directory: Directory
  let now: Date
  let zone: TimeZone
  private(set) var problems: [ConferenceProblem] = []
  private var windows: [ConferencePlan.Window] = []
  private var minutes: Int?
  private var desks: [ConferencePlan.Desk] = []
  private var closesAt: Date?
  private var isDirect = false
  private let dates = WrittenDateReader()
  private let times = WrittenTimeReader()

  /// Lines that are looked at, and octets of one that names groups.
  static let mostLines = 200
  static let longestLine = 1_000

  init(directory: Directory, now: Date, zone: TimeZone) {
    self.directory = directory
    self.now = now
    self.zone = zone
  }

  /// The plan, or nil and why not.
  static func read(
    _ text: String, directory: Directory, now: Date, zone: TimeZone
  ) -> (plan: ConferencePlan?, problems: [ConferenceProblem]) {
    var reader = ConferencePlanReader(directory: directory, now: now, zone: zone)
    var isFirst = true
    let lines = text.split(whereSeparator: \.isNewline)
    for line in lines.prefix(mostLines) {
      let written = line.trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "-*•>")))
      let words = words(written)
      if isFarewell(line, words) { break }
      if !words.isEmpty, !(isFirst && Glossary.greetings.contains(words[0])) { reader.take(written, words) }
      if !words.isEmpty { isFirst = false }
    }
    if lines.count > mostLines { reader.problems.append(ConferenceProblem(String(lines[mostLines]), .tooMuch)) }
    let plan = reader.whole()
    return (reader.problems.isEmpty ? plan : nil, reader.problems)
  }

  static func words(_ text: some StringProtocol) -> [String] {
    Glossary.plain(text).split { $0.isWhitespace || ",;()".contains($0) }
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ".:!?")) }.filter { !$0.isEmpty }
  }

  private static func isFarewell(_ line: Substring, _ words: [String]) -> Bool {
    line.hasPrefix("--") || Glossary.isFarewell(words)
  }

  private mutating func take(_ line: String, _ words: [String]) {
    if takeDay(line, words) || takeMinutes(line, words) || takeClosing(line, words) { return }
    if Glossary.directPhrases.contains(words.joined(separator: " ")) {
      isDirect = true
      return
    }
    guard line.utf8.count <= Self.longestLine else { return problems.append(ConferenceProblem(line, .unknownLine)) }
    takeDesk(line)
  }

  // MARK: Days

  private mutating func takeDay(_ line: String, _ words: [String]) -> Bool {
    guard let (days, afterDays) = dates.days(at: line[...], today: CalendarDay(now, in: zone)) else {
      guard line.first?.isNumber == true, line.contains(/^\d{1,4}[-\/.]\d{1,2}/) else { return false }
      problems.append(ConferenceProblem(line, .badDay))
      return true
    }
    guard let days, let found = windows(days, afterDays) else {
      problems.append(ConferenceProblem(line, .badDay))
      return true
    }
    if let named = words.first.flatMap(Glossary.weekday), days.first == days.last, named != weekday(days.first) {
      problems.append(ConferenceProblem(line, .wrongWeekday))
    } else if found.contains(where: { $0.start <= now }) {
      problems.append(ConferenceProblem(line, .dayPast))
    } else if found.contains(where: { $0.start > now + Double(SchoolPolicy.farthestDays) * 86_400 }) {
      problems.append(ConferenceProblem(line, .dayTooFar))
    } else if Self.overlap(windows + found) {
      problems.append(ConferenceProblem(line, .overlap))
    } else {
      windows += found
    }
    return true
  }

  /// Whether two of them do, those of one line too.
  private static func overlap(_ windows: [ConferencePlan.Window]) -> Bool {
    let sorted = windows.sorted { $0.start < $1.start }
    return zip(sorted, sorted.dropFirst()).contains { $0.end > $1.start }
  }

  /// Each day of some with each of the times behind them. Nil where they are not understood to the end.
  private func windows(_ days: WrittenDays, _ text: Substring) -> [ConferencePlan.Window]? {
    var rest = text
    var hours: [WrittenTime] = []
    while hours.count <= ConferencePlan.mostDays, let (time, after) = times.time(at: rest), let time, time.end != nil {
      hours.append(time)
      rest = after.drop { " ,;&+".contains($0) }
      for word in ["en ", "and "] where rest.hasPrefix(word) { rest = rest.dropFirst(word.count) }
    }
    guard !hours.isEmpty, rest.allSatisfy({ " .,uoerUOER".contains($0) }), days.first <= days.last else { return nil }
    var found: [ConferencePlan.Window] = []
    var day = days.first
    while day <= days.last, found.count <= ConferencePlan.mostDays {
      for time in hours {
        guard let end = time.end, let start = day.moment(hour: time.hour, minute: time.minute, in: zone),
          let finish = day.moment(hour: end.hour, minute: end.minute, in: zone), finish > start
        else { return nil }
        found.append(.init(start: start, end: finish))
      }
      day = day.adding(days: 1)
    }
    return found
  }

  private func weekday(_ day: CalendarDay) -> Int {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    // Foundation counts from Sunday as 1.
    return (calendar.component(.weekday, from: day.start(in: zone)) + 5) % 7
  }

  // MARK: Minutes and closing

  private mutating func takeMinutes(_ line: String, _ words: [String]) -> Bool {
    let split = words.flatMap { word -> [String] in
      let digits = word.prefix { $0.isNumber }
      return digits.isEmpty || digits.count == word.count
        ? [word] : [String(digits), String(word.dropFirst(digits.count))]
    }
    let numbers = split.compactMap { Int($0) }
    guard numbers.count == 1, split.contains(where: Glossary.minuteWords.contains),
      split.allSatisfy({
        Int($0) != nil || Glossary.minuteWords.contains($0) || Glossary.minuteFillers.contains($0)
      })
    else { return false }
    if (ConferencePlan.shortest...ConferencePlan.longest).contains(numbers[0]), minutes == nil {
      minutes = numbers[0]
    } else {
      problems.append(ConferenceProblem(line, .badMinutes))
    }
    return true
  }

  private mutating func takeClosing(_ line: String, _ words: [String]) -> Bool {
    guard let until = words.firstIndex(where: { Glossary.untilWords.contains($0) }),
      words[..<until].allSatisfy({ Glossary.closingLeads.contains($0) })
    else { return false }
    if let date = ClosingDate.read(Array(words[(until + 1)...]), now: now, timeZone: zone), closesAt == nil {
      closesAt = date
    } else {
      problems.append(ConferenceProblem(line, .badClosing))
    }
    return true
  }

  // MARK: Desks

  private mutating func takeDesk(_ line: String) {
    let names = DeskNames(directory)
    let parts = line.split { ",;:&+/|".contains($0) }.flatMap { $0.split(separator: /\s(?:en|and|mei)\s/) }
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    if parts.contains(where: { Glossary.allGroups.contains(Self.words($0).joined(separator: " ")) }) {
      guard parts.count == 1 else { return problems.append(ConferenceProblem(line, .unknownLine)) }
      desks += names.all
      return
    }
    var (groups, teachers, room): ([GroupID], [StaffID], String?) = ([], [], nil)
    for part in parts {
      if let group = names.group(part) {
        groups.append(group)
      } else if let teacher = names.teacher(part) {
        teachers.append(teacher)
      } else if let first = Self.words(part).first, Glossary.roomWords.contains(first), room == nil {
        room = String(part.prefix(ConferencePlan.longestRoom))
      } else {
        let isLine = parts.count == 1 && part.contains(" ")
        return problems.append(ConferenceProblem(isLine ? line : part, isLine ? .unknownLine : .unknownName))
      }
    }
    guard let desk = names.desk(groups: groups, teachers: teachers, room: room) else {
      return problems.append(ConferenceProblem(line, groups.isEmpty && teachers.isEmpty ? .unknownLine : .noTeacher))
    }
    if desk.groups.isEmpty { problems.append(ConferenceProblem(line, .noPupils)) }
    desks.append(desk)
  }

  // MARK: The whole

  private mutating func whole() -> ConferencePlan {
    windows.sort { $0.start < $1.start }
    for (isMissing, reason) in [
      (windows.isEmpty, ConferenceProblem.Reason.noDays), (minutes == nil, .noMinutes), (desks.isEmpty, .noDesks),
      (closesAt == nil && !isDirect, .noClosing),
    ] where isMissing && !problems.contains(where: { $0.reason.stands(for: reason) }) {
      problems.append(ConferenceProblem("", reason))
    }
    let plan = ConferencePlan(
      windows: windows, minutes: minutes ?? ConferencePlan.longest, desks: desks, closesAt: isDirect ? nil : closesAt)
    if let closesAt, let first = windows.first, closesAt <= now || closesAt >= first.start {
      problems.append(ConferenceProblem("", .badClosing))
    }
    let isLong = windows.count > ConferencePlan.mostDays || plan.slots.count > ConferencePlan.mostSlots
    if isLong || desks.count > ConferencePlan.mostDesks { problems.append(ConferenceProblem("", .tooMuch)) }
    if problems.isEmpty, plan.slots.isEmpty { problems.append(ConferenceProblem("", .badMinutes)) }
    var seen: Set<GroupID> = []
    for group in desks.flatMap(\.groups) where !seen.insert(group).inserted {
      problems.append(ConferenceProblem(directory.groups[group]?.name ?? "", .groupTwice))
    }
    return plan
  }
}

extension ConferenceProblem.Reason {
  /// A line that was meant for it could not be read: that it is missing need not be said as well.
  fileprivate func stands(for missing: Self) -> Bool {
    switch missing {
    case .noDays: [.badDay, .wrongWeekday, .dayPast, .dayTooFar, .overlap].contains(self)
    case .noMinutes: self == .badMinutes
    case .noDesks: [.unknownName, .noTeacher, .noPupils].contains(self)
    case .noClosing: self == .badClosing
    default: false
    }
  }
}

/// Finds groups and teachers by what a plan calls them.
private struct DeskNames {
  let directory: Directory

  init(_ directory: Directory) { self.directory = directory }

  func group(_ text: String) -> GroupID? {
    let word = Self.key(text)
    return directory.groups.values.first { Self.key($0.name) == word || $0.routeWord == word }?.id
  }

  /// By the whole name, the word in an address, or a first name that only one has; titles do not count.
  func teacher(_ text: String) -> StaffID? {
    let words = Glossary.withoutTitle(ConferencePlanReader.words(text))
    let name = words.joined(separator: " ")
    let all = directory.staff.values.sorted { $0.id < $1.id }
    let plain = { (member: StaffMember) in ConferencePlanReader.words(member.name) }
    if let whole = all.first(where: { plain($0).joined(separator: " ") == name || $0.routeWord == name }) {
      return whole.id
    }
    let first = words.count == 1 ? all.filter { plain($0).first == words[0] } : []
    return first.count == 1 ? first[0].id : nil
  }

  func teachers(of groups: [GroupID]) -> [StaffID] {
    directory.staff.values.filter { !$0.groups.isDisjoint(with: groups) }.map(\.id).sorted()
  }

  /// Nil where nobody sits at it.
  func desk(groups: [GroupID], teachers: [StaffID], room: String?) -> ConferencePlan.Desk? {
    let sitting = teachers.isEmpty ? self.teachers(of: groups) : teachers
    guard !sitting.isEmpty else { return nil }
    let theirs = Set(sitting.compactMap { directory.staff[$0] }.flatMap(\.groups)).sorted()
    return ConferencePlan.Desk(
      name: sitting.compactMap { directory.staff[$0]?.name }.joined(separator: " & "), teachers: sitting,
      groups: groups.isEmpty ? theirs : groups, room: room)
  }

  /// A desk for each group that has teachers; groups with the same teachers share one.
  var all: [ConferencePlan.Desk] {
    let groups = directory.groups.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map(\.id)
    var desks: [ConferencePlan.Desk] = []
    for group in groups {
      guard let desk = desk(groups: [group], teachers: [], room: nil) else { continue }
      if let same = desks.firstIndex(where: { $0.teachers == desk.teachers }) {
        desks[same].groups.append(group)
      } else {
        desks.append(desk)
      }
    }
    return desks
  }

  private static func key(_ text: String) -> String { Glossary.plain(text).filter { $0.isLetter || $0.isNumber } }
}
