import Foundation
import Testing

@testable import School

@Suite("What people write of absence")
struct WrittenAbsenceTests {
  typealias S = SmallSchool
  /// A Wednesday.
  static let today = CalendarDay(S.now, in: S.policy.timeZone)
  static let children = [
    Pupil(id: PupilID("a"), name: "Sem Bakker", groups: []), Pupil(id: PupilID("b"), name: "Noor Bakker", groups: []),
  ]
  static let finder = PupilFinder(children, in: S.directory)

  static func read(_ text: String, subject: String = "", route: AbsenceWord? = .sick) -> WrittenAbsence.Reading {
    WrittenAbsence.read(subject: subject, text: text, route: route, today: today, isNamed: finder.names)
  }

  static func words(_ reading: WrittenAbsence.Reading) -> [AbsenceWord]? {
    if case .parts(let parts) = reading { parts.map(\.claim.word) } else { nil }
  }

  @Test(
    "Commands and plain words are understood, in three languages",
    arguments: [
      ("ziek Sem", "", [AbsenceWord.sick]), ("Ziek: Sem!", "", [.sick]), ("ziek", "", [.sick]),
      ("ziek Sem\nte laat Noor 9:15", "", [.sick, .late]), ("siik Sem", "", [.sick]), ("sick Sem", "", [.sick]),
      ("te let Noor 9.15", "", [.late]), ("late Noor 9:15", "", [.late]), ("Beter Sem", "", [.better]),
      ("Sem", "ziek", [.sick]), ("Sem", "Ziekmelding", [.sick]), ("ziek", "Sem Bakker", [.sick]),
      ("Goedemorgen,\n\nSem is ziek vandaag, hij heeft koorts.\n\nGroet, Els", "Afmelding", [.sick]),
      ("Sem en Noor hebben allebei griep", "", [.sick]), ("Noor komt later vanwege de trein", "", [.late]),
      ("Sem is weer beter en komt morgen", "", [.better]), ("Sem kan weer naar school", "", [.better]),
      ("Noor komt maandag weer", "", [.better]), ("Sem is helaas nog niet beter", "", [.sick]),
      ("Sem is nog niet helemaal beter", "", [.sick]),
      ("Sem is wer better", "", [.better]), ("Sem has a fever", "", [.sick]), ("Sem", "", [.sick]),
      ("Sem komt vandaag niet", "", [.sick]), ("", "Sem is ziek", [.sick]),
      ("Sem is gisteren ziek geworden en blijft thuis", "", [.sick]), ("Sem was vannacht ziek", "", [.sick]),
      ("Sem had a fever last night and stays at home", "", [.sick]), ("Sem is sinds gisteren ziek", "", [.sick]),
      ("Hoi juf, ik ben Els. Sem is ziek", "", [.sick]), ("Beste juf Anna, Sem heeft koorts", "", [.sick]),
    ])
  func understood(text: String, subject: String, words: [AbsenceWord]) {
    #expect(Self.words(Self.read(text, subject: subject)) == words)
  }

  @Test(
    "What is not plain goes to a person",
    arguments: [
      "Sem mag nog niet weer naar school", "Kan Sem weer naar school?", "Sem is wat laat vandaag",
      "Sem is niet meer ziek", "Sem heeft zijn gymtas vergeten",
      "Sem moet om 10 uur naar de tandarts", "Wanneer is de schoolreis?", "Sem is niet ziek", "Hallo daar",
      "Sem is ziek geweest maar is weer beter", "Kunt u mij bellen over Sem?", "Sem is vrijdag vrij, is ziek",
      String(repeating: "x", count: 5_000),
      "Moet ik Sem ziek melden als hij snottert?", "Ik ben ziek, Sem wordt door oma gebracht", "Opa is ziek",
      "Juf Anna was gisteren ziek, is ze er weer?", "Zijn zusje is ziek, daarom komt Sem wat later",
      "Sem was gisteren ziek maar komt vandaag weer", "Sem had gisteren hoofdpijn op school",
      "Sem had a fever yesterday but is fine now", "Hopelijk is Sem morgen weer beter",
    ])
  func unclear(text: String) { #expect(Self.read(text) == .unclear) }

  @Test("Nothing at all is told from words; a route that says nothing takes commands alone")
  func empty() {
    #expect(Self.read(" \n ") == .empty)
    #expect(Self.read("Sem is ziek", route: nil) == .unclear)
    #expect(Self.words(Self.read("ziek Sem", route: nil)) == [.sick])
    #expect(!WrittenAbsence.isCommand("Noor is ziek.") && WrittenAbsence.isCommand("\n Te laat: Noor"))
  }

  @Test("However long a mail is, reading it takes no time")
  func long() {
    let began = ContinuousClock.now
    _ = Self.read(String(repeating: "Semm Noorr Ziekk ", count: 100_000))
    _ = Self.finder.find(in: String(repeating: "Nor ", count: 500_000), isCommand: false)
    #expect(ContinuousClock.now - began < .seconds(20))
  }

  @Test(
    "The hour of who is late",
    arguments: [
      ("te laat Sem 9:15", 555), ("te laat Sem, om 9.30 uur", 570), ("te laat Sem 10 uur", 600),
      ("late Sem half 10", 570), ("te laat Sem", nil), ("te laat Sem 25:99", nil),
    ])
  func minutes(text: String, minute: Int?) {
    guard case .parts(let parts) = Self.read(text) else { return #expect(Bool(false), "not read") }
    #expect(parts.first?.claim.minute == minute)
  }

  @Test(
    "Today and tomorrow are days; a greeting is none",
    arguments: [
      ("Sem is morgen ziek", 1), ("Goede morgen, Sem is ziek", nil), ("Morgen, Sem is ziek", nil),
      ("Morgen is Sem ziek", 1), ("Sem is vandaag ziek", 0), ("ziek Sem vandaag en morgen", 0), ("ziek Sem", nil),
      ("Sem is ziek. Ik hoop dat hij morgen weer naar school kan", nil), ("Ziek Sem, komt morgen weer", nil),
      ("Sem is sick today, hopefully back tomorrow", 0), ("Sem is siik, moarn sil er wol wer komme", nil),
      ("Sem is vandaag beter en komt morgen", 1), ("beter Sem, vrijdag komt hij weer", 2), ("beter Sem: woensdag", 0),
      ("Sem is weer beter en komt maandag", 5), ("Sem is sinds maandag weer beter", nil),
      ("beter Sem, hij was maandag nog ziek", nil), ("ziek Sem, komt vrijdag weer", nil),
      ("Sem is deze morgen ziek geworden", nil),
    ])
  func days(text: String, ahead: Int?) {
    guard case .parts(let parts) = Self.read(text) else { return #expect(Bool(false), "not read") }
    #expect(parts.first?.claim.first == ahead.map { Self.today.adding(days: $0) })
  }

  @Test(
    "Leave: one day or a range, with its reason",
    arguments: [
      ("verlof Sem 12-03 t/m 14-03: bruiloft", "2027-03-12", "2027-03-14", "bruiloft"),
      ("verlof 12 maart: bruiloft", "2027-03-12", "2027-03-12", "bruiloft"),
      ("ferlof Sem 21 oant 23 desimber", "2026-12-21", "2026-12-23", nil),
      (
        "Vandaag kregen wij een uitnodiging, mag Sem 11 december vrij?", "2026-12-11", "2026-12-11",
        "Vandaag kregen wij een uitnodiging, mag Sem 11 december vrij?"
      ),
      (
        "Graag verlof voor Sem op vrijdag vanwege een begrafenis", "2026-11-20", "2026-11-20",
        "Graag verlof voor Sem op vrijdag vanwege een begrafenis"
      ),
      ("verlof Sem 9 en 10 december: bruiloft", "2026-12-09", "2026-12-10", "bruiloft"),
      ("verlof Sem 9, 10 en 11 december: bruiloft", "2026-12-09", "2026-12-11", "bruiloft"),
      ("verlof Sem vrijdag 11 en maandag 14 december: feest", "2026-12-11", "2026-12-14", "feest"),
      ("verlof Sem 31-12 en 01-01: feest", "2026-12-31", "2027-01-01", "feest"),
      ("verlof Sem 12 december, 3 nachtjes weg", "2026-12-12", "2026-12-12", "3 nachtjes weg"),
      ("verlof Sem donderdag en vrijdag", "2026-11-19", "2026-11-20", "en vrijdag"),
      ("verlof Sem van vrijdag tot en met dinsdag", "2026-11-20", "2026-11-24", "tot en met dinsdag"),
    ])
  func leave(text: String, first: String, last: String, reason: String?) throws {
    guard case .parts(let parts) = Self.read(text, route: .leave) else { return #expect(Bool(false), "not read") }
    let claim = try #require(parts.first?.claim)
    let text = { (day: CalendarDay?) in day.map { String(format: "%d-%02d-%02d", $0.year, $0.month, $0.day) } }
    #expect(claim.word == .leave && text(claim.first) == first && text(claim.last) == last)
    #expect(claim.words == reason)
  }

  @Test("Leave without a day is for a person; days that are none are refused later")
  func noLeave() {
    #expect(Self.read("Mag Sem vrij?", route: .leave) == .unclear)
    for days in ["9 en 16 december", "dinsdag en vrijdag", "8, 9 en 11 december"] {
      #expect(Self.read("Mag Sem \(days) vrij?", route: .leave) == .unclear, "school days lie between: \(days)")
      guard case .parts(let parts) = Self.read("verlof Sem \(days)") else { return #expect(Bool(false), "not read") }
      #expect(parts.first?.claim.first == nil, "\(days)")
    }
    guard case .parts(let parts) = Self.read("verlof Sem 31-02") else { return #expect(Bool(false), "not read") }
    #expect(parts.first.map { ($0.claim.first ?? Self.today) > ($0.claim.last ?? Self.today) } == true)
  }

  @Test(
    "Children are found by their names, nearly right ones too",
    arguments: [
      ("Sem", true, ["a"], []), ("sem bakker", true, ["a"], []), ("Semm", true, ["a"], []),
      ("Noortje", true, [], ["a", "b"]),
      ("Nor", true, ["b"], []), ("Sem en Noor", false, ["a", "b"], []), ("hij", false, [], ["a", "b"]),
      ("Bakker", true, [], ["a", "b"]),
    ])
  func names(text: String, isCommand: Bool, found: [String], options: [String]) {
    let result = Self.finder.find(in: text, isCommand: isCommand)
    #expect(result.pupils.map(\.id.rawValue) == found && result.options.map(\.id.rawValue) == options)
  }

  @Test(
    "A brother who is well is not reported",
    arguments: [
      ("Sem is ziek. Noor komt wel gewoon naar school.", ["a"]),
      ("Sem is ziek, kan Noor het huiswerk meenemen?", ["a"]),
      ("Sem is ziek en Noor komt wel", ["a"]), ("Ziek Sem. Noor komt wel.", ["a"]), ("ziek Sem: Noor komt wel", ["a"]),
      ("Sem en Noor zijn allebei ziek", ["a", "b"]), ("ziek Sem, Noor", ["a", "b"]),
      ("Sem is ziek, Noor ook", ["a", "b"]),
      ("Sem heeft koorts en Noor heeft buikpijn", ["a", "b"]), ("ziek Sem en Noor", ["a", "b"]),
      ("Sem is weer beter en Noor ook", ["a", "b"]), ("beter Sem, en Noor is ook weer beter", ["a", "b"]),
    ])
  func siblings(text: String, found: [String]) {
    guard case .parts(let parts) = Self.read(text), let part = parts.first else {
      return #expect(Bool(false), "not read")
    }
    #expect(Self.finder.find(in: part.naming, isCommand: part.isCommand).pupils.map(\.id.rawValue) == found)
  }

  @Test(
    "A word for all of one's children counts where they are so many",
    arguments: [
      ("Beide kinderen zijn ziek", 2, true), ("Allebei", 2, true), ("allebei.", 3, false), ("alle drie", 3, true),
      ("Alle drie de kinderen", 3, true), ("alle drie", 2, false), ("beide ouders zijn ziek", 2, false),
      ("beide dagen", 2, false), ("niet beide", 2, false), ("all three are sick", 3, true),
    ])
  func all(text: String, count: Int, isAll: Bool) {
    let children = (1...count).map { Pupil(id: PupilID("a\($0)"), name: ["Sem", "Lotte", "Fien"][$0 - 1], groups: []) }
    let found = PupilFinder(children, in: S.directory).find(in: text, isCommand: true)
    #expect((found.pupils.count == count) == isAll, "\(text)")
  }

  @Test("An only child may be left out, but not where another name is said")
  func onlyChild() {
    let only = PupilFinder([Self.children[0]], in: S.directory)
    #expect(only.find(in: "hij heeft koorts", isCommand: true).pupils.count == 1)
    #expect(only.find(in: "Koorts", isCommand: true).pupils.count == 1)
    #expect(only.find(in: "Piet", isCommand: true).pupils.isEmpty)
    #expect(only.find(in: "Tim heeft koorts", isCommand: false).options.count == 1, "Tim is somebody else's child")
  }

  @Test(
    "The head's answer",
    arguments: [
      ("akkoord", LeaveAnswer.granted(words: nil)), ("Akkoart!", .granted(words: nil)),
      ("Akkoord, veel plezier op de bruiloft!", .granted(words: "veel plezier op de bruiloft!")),
      ("Beste Els,\n\nAkkoord.\nVeel plezier!\n\nGroet, Dirk", .granted(words: "Veel plezier!")),
      ("Ja hoor, prima!", .granted(words: nil)), ("Ja, geniet ervan!", .granted(words: "geniet ervan!")),
      ("Nee liever niet", .rejected(reason: nil)),
      ("afgewezen", .rejected(reason: nil)),
      ("Afgewezen: te kort voor de toets\n\nGroet, Dirk", .rejected(reason: "te kort voor de toets")),
      ("niet akkoord, zie de regels", .rejected(reason: "zie de regels")), ("rejected: no", .rejected(reason: "no")),
      (
        "Helaas niet akkoord, dit is luxe verzuim.",
        .rejected(reason: "Helaas niet akkoord, dit is luxe verzuim")
      ),
      (
        "Nee, dit wordt afgewezen wegens luxe verzuim\n\nGroet, Dirk",
        .rejected(reason: "Nee, dit wordt afgewezen wegens luxe verzuim")
      ),
      ("Beste Roos,\nDat mag helaas niet, Roos.", .rejected(reason: "Dat mag helaas niet, Roos")),
      ("Ik ga hier niet mee akkoord.", .rejected(reason: "Ik ga hier niet mee akkoord")),
      ("Dit kan ik niet toekennen. Bel mij even!", .rejected(reason: "Dit kan ik niet toekennen. Bel mij even!")),
      ("Ik ga akkoord", .granted(words: nil)), ("Ik ga akkoord. Tot maandag!", .granted(words: "Tot maandag!")),
      ("Gecondoleerd, natuurlijk akkoord", .granted(words: "Gecondoleerd, natuurlijk akkoord")),
    ])
  func head(text: String, answer: LeaveAnswer) { #expect(LeaveAnswer(text) == answer) }

  @Test(
    "Other words of the head decide nothing",
    arguments: [
      "", "Hoezo?", "akkoord mits", "\n", "Ik ga akkoord, maar alleen vrijdag", "Ik ga akkoord voor maandag",
      "Ik weet nog niet of dit mag", "Waarom mag dit niet?", "Ik ben niet akkoord. Of toch, akkoord.",
      "Ik wijs niet afgewezen", "Ja, dit is afgewezen", "Nee hoor, dat mag", "Nee, geen bezwaar", "Ja, dit mag niet",
      "Maandag akkoord, dinsdag afgewezen", "Dit mag niet vergeten worden", "Ik ben al akkoord geweest met twee dagen",
    ])
  func undecided(text: String) { #expect(LeaveAnswer(text) == nil) }
}
