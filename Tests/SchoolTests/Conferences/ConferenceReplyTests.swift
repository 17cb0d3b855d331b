import Foundation
import Testing

@testable import School

@Suite("What parents answer about conferences")
struct ConferenceReplyTests {
  static let zone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt
  static let (sanne, tim) = (TalkID(1), TalkID(2))

  /// Tuesday 8 December 15:30 to 16:00, and Thursday 10 December 15:30 to 16:00, each ten minutes; the evening of
  /// Thursday at 20:00.
  static let slots: [Date] = {
    let times = [(8, 15, 30), (8, 15, 40), (8, 15, 50), (10, 15, 30), (10, 15, 40), (10, 15, 50), (10, 20, 0)]
    return times.compactMap { day, hour, minute in
      CalendarDay(year: 2026, month: 12, day: day)?.moment(hour: hour, minute: minute, in: zone)
    }
  }()

  private func read(_ text: String, both: Bool = false) -> ConferenceReply {
    var talks: [(id: TalkID, names: Set<String>)] = [(id: Self.sanne, names: Set(["sanne"]))]
    if both { talks.append((id: Self.tim, names: Set(["tim"]))) }
    return ConferenceReplyReader(talks: talks, slots: Self.slots, zone: Self.zone).read(text).reply
  }

  @Test(
    "Times of one conversation, however they are written",
    arguments: [
      ("di 15:40", [1]), ("Dinsdag 15.40 uur graag!", [1]), ("1: di 15:40, 2: do 15:50", [1, 5]),
      ("1) di 15:40\n2) do 15u50", [1, 5]), ("2: do 15:50\n1: di 15:40", [1, 5]), ("di 8-12 15:40", [1]),
      ("8 december om 15:40, anders 10 december 15:30", [1, 3]), ("do 20 uur", [6]), ("20:00", [6]),
      ("liefst donderdag om 8 uur", [6]), ("di 15:40 of 15:50", [1, 2]), ("ruil do 15:30", [3]),
      ("Sanne di 15:30", [0]), ("Tue 8-12 15:40", [1]), ("ti 8-12 15:40 of to 10-12 15:40", [1, 4]),
      ("Donderdag 20:00 is prima", [6]), ("Hallo juf,\n\nWij komen graag di 15.40 uur\n\nGroet, Els", [1]),
      ("swap to Thu 15:40", [4]), ("di 15:40\n\nGroeten,\nEls", [1]), ("di 15:40, di 15:40", [1]),
      ("10-12 15:30, di 8-12 15:30, 10-12 15:40", [3, 0, 4]), ("dinsdag half 4", [0]), ("di half vier graag", [0]),
      ("Donderdag half 4 is prima", [3]),
    ])
  func slots(text: String, expected: [Int]) {
    #expect(read(text) == .slots([Self.sanne: expected]), "\(text)")
  }

  @Test(
    "What could be two slots, or none that there is, is asked",
    arguments: [
      "15:40", "di 15:45", "wo 15:40", "9-12 15:40", "di 15:40 of zoiets", "afzeggen 15:45", "1: 15:40, 2: 15:50",
      "ti 15:40, to 15:50", "ti 15:40 of to 15:40", "Donderdag 20:00 kunnen wij niet", "Afzeggen want ik werk",
      "Afzeggen, maar donderdag 15:30 kan wel",
    ])
  func unclear(text: String) { #expect(read(text) == .unclear, "\(text)") }

  @Test("With two children each time says whose it is")
  func children() {
    #expect(
      read("Sanne di 15:40, Tim di 15:50", both: true) == .slots([Self.sanne: [1], Self.tim: [2]]))
    #expect(
      read("Sanne: 1: di 15:40, 2: do 15:30\nTim: di 15:50", both: true)
        == .slots([Self.sanne: [1, 3], Self.tim: [2]]))
    #expect(read("di 15:40", both: true) == .unclear)
    #expect(read("afzeggen Tim", both: true) == .cancel([Self.tim]))
    #expect(read("afzeggen", both: true) == .cancel([Self.sanne, Self.tim]))
    #expect(read("Sanne", both: true) == .unclear)
    #expect(read("geen gesprek Tim", both: true) == .decline([Self.tim]))
    #expect(read("wachtlijst Tim di 15:40", both: true) == .wait([Self.tim: [1]]))
  }

  @Test(
    "Commands",
    arguments: [
      ("voorstel is prima", .takeProposal), ("Het voorstel is goed!", .takeProposal), ("Voorstel graag", .takeProposal),
      ("Wij nemen het voorstel", .takeProposal), ("Helaas moet ik afzeggen, Noor is ziek.", .cancel([sanne])),
      ("Ik moet het gesprek helaas afzeggen", .cancel([sanne])),
      ("voorstel", ConferenceReply.takeProposal), ("Akkoord!", .takeProposal), ("ja", .takeProposal),
      ("Ja hoor, prima!", .takeProposal), ("Hallo,\nja, graag", .takeProposal), ("Nee liever niet", .decline([sanne])),
      ("Herstel, verkeerde tijd", .retract(nil)), ("Afzeggen, ik ben dan aan het werk", .cancel([sanne])),
      ("afzeggen", .cancel([sanne])), ("ôfsizze", .cancel([sanne])), ("cancel", .cancel([sanne])),
      ("geen gesprek", .decline([sanne])), ("no conversation", .decline([sanne])), ("herstel", .retract(nil)),
      ("Herstel wachtlijst.", .retract(.wait)), ("undo waiting list", .retract(.wait)),
      ("werom winsken", .retract(.wish)),
      ("herstel tijd", .retract(.slot)), ("herstel mij", .words), ("herstel tijd graag", .words),
      ("stand", .state), ("wachtlijst", .wait([sanne: []])), ("waiting list", .wait([sanne: []])),
      ("wachtlijst di 15:40", .wait([sanne: [1]])),
    ])
  func commands(text: String, expected: ConferenceReply) { #expect(read(text) == expected, "\(text)") }

  @Test(
    "Words are words",
    arguments: [
      "Bel mij donderdag 20:00 even", "Kan het donderdag om 20:00?", "Donderdag na 20:00 is prima",
      "Kan het ook telefonisch?", "Kunt u een ander voorstel doen?", "Een voorstel graag", "Het voorstel is niet goed",
      "Moet ik afzeggen als Noor ziek is?", "Helaas moet ik afzeggen, maar volgende week kan wel",
      "Wij willen het gesprek niet afzeggen", "maakt niet uit", "Ja, Sanne", "Ja, maar later", "Wij zijn met vakantie",
      "", "Dank u wel!\ndi 15:40",
    ])
  func words(text: String) { #expect(read(text) == .words, "\(text)") }

  @Test(
    "A letter by which its writer may think that something changed",
    arguments: [
      ("maakt niet uit", true), ("Kunnen we het gesprek verzetten?", true), ("Ik moet helaas annuleren want", true),
      ("liever donderdag", true), ("om half zeven", true), ("Is er ook een ander voorstel?", true),
      ("Dank u wel, tot dan!", false), ("Ik neem zo mijn laptop mee", false), ("Mag oma ook mee?", false),
    ])
  func mayChange(text: String, may: Bool) { #expect(ConferenceReplyReader.mayChange(text) == may, "\(text)") }

  @Test("Of two children it must be said whose conversation is called off")
  func calledOff() {
    #expect(read("Helaas moet ik afzeggen, Tim is ziek", both: true) == .words)
    #expect(read("Helaas moet ik Tim afzeggen", both: true) == .cancel([Self.tim]))
  }

  @Test("What one tap sends is read as that slot, in every language", arguments: Language.allCases)
  func taps(language: Language) {
    for (place, slot) in Self.slots.enumerated() {
      let one = ConferenceReplyReader.words(slot, label: nil, zone: Self.zone, language: language)
      #expect(read(one) == .slots([Self.sanne: [place]]), "\(one)")
      let labelled = ConferenceReplyReader.words(slot, label: "Tim", zone: Self.zone, language: language)
      #expect(read(labelled, both: true) == .slots([Self.tim: [place]]), "\(labelled)")
      let wait = "\(ConferenceWord.wait(nil, language)) \(labelled)"
      #expect(read(wait, both: true) == .wait([Self.tim: [place]]), "\(wait)")
    }
    #expect(read(ConferenceWord.takeProposal.offered(in: language)) == .takeProposal)
    #expect(read(ConferenceWord.noTalk.offered(in: language)) == .decline([Self.sanne]))
    #expect(read(ConferenceWord.giveBack("Tim", language), both: true) == .cancel([Self.tim]))
    #expect(read(ConferenceWord.wait("Tim", language), both: true) == .wait([Self.tim: []]))
  }

  @Test("No more than five wishes, no endless text")
  func limits() {
    let many = "di 15:30, di 15:40, di 15:50, do 15:30, do 15:40, do 15:50"
    #expect(read(many) == .slots([Self.sanne: [0, 1, 2, 3, 4]]))
    #expect(read(String(repeating: "di 15:40 ", count: 200)) == .words)
    #expect(read("di 15:40\n" + String(repeating: "do 15:30\n", count: 10_000)) == .slots([Self.sanne: [1, 3]]))
  }
}
