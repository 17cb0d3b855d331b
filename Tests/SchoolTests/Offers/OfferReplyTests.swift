import Testing

@testable import School

@Suite("Answers to help requests and polls, as parents write them")
struct OfferReplyTests {
  static let help = OfferTerms(
    kind: .help, lines: [.init("Maandag", places: 3), .init("Dinsdag", places: 2), .init("Woensdag", places: 1)])
  static let one = OfferTerms(kind: .help, lines: [.init("Maandag", places: 3)])
  static let trip = OfferTerms(
    kind: .poll,
    lines: ["De Efteling in Kaatsheuvel", "Dierenpark Emmen", "Café Zeezicht", "Emmen, het dorp"].map { .init($0) })
  static let days = OfferTerms(
    kind: .poll, lines: ["Dinsdag 8 december", "Dinsdag 9 december", "Ja", "Nee, nooit"].map { .init($0) })
  static let numbers = OfferTerms(kind: .poll, lines: ["2 dagen", "3", "1 dag"].map { .init($0) })

  @Test(
    "To a help request a number, or ja with numbers, claims; nee gives back; all else is a comment",
    arguments: [
      ("2", OfferReply.take([2])), ("ja 2", .take([2])), ("Ja, 2 en 3!", .take([2, 3])),
      ("yes 1 and 3", .take([1, 3])),
      ("\n\n> 2\n", .take([2])), ("2\n\nGroet, Els\n06-12345678", .take([2])), ("3 2 3", .take([2, 3])),
      ("nummer 2", .take([2])),
      ("nee 2", .giveBack([2])), ("no 1, 2", .giveBack([1, 2])), ("Nee", .giveBack([])), ("Afmelden", .giveBack([])),
      ("afmelden 2", .giveBack([2])), ("herstel", .retract),
      ("Hoi juf,\n\nja 1", .take([1])), ("Herstel, verkeerde dag", .retract), ("herstel 2", .unclear),
      ("Undo.", .retract),
      ("stand", .state), ("sluiten", .close), ("ja", .unclear), ("4", .unclear), ("ja 2 nee 3", .unclear),
      ("0", .unclear),
      ("nee, toch 2", .unclear), ("toch niet 2", .giveBack([2])), ("Nee, 2 toch niet", .giveBack([2])),
      ("Ja 1, maar pas om 10 uur", .take([1])), ("ja 1 en 2 maar alleen samen met Jan", .take([1, 2])),
      ("ja 2 mar net let", .take([2])),
      ("nee 3; mijn auto is stuk", .comment), ("ja 4, graag met de auto", .unclear),
      ("ja 2, 3 kinderen komen mee", .comment), ("Groep 2, wat leuk!", .comment),
      ("2-3", .unclear), ("1 of 2", .unclear), ("06 12345678", .unclear), ("99999999999999999999", .unclear),
      ("ja 2 kinderen willen wel", .comment),
      ("Ik kan 2 keer", .comment), ("2 taarten neem ik mee", .comment), ("Wat leuk!", .comment), ("", .comment),
      ("ja graag tot dan", .comment),
      ("Ik kan niet\n2", .comment), (String(repeating: "2 ", count: 200), .comment),
    ])
  func help(text: String, wanted: OfferReply) { #expect(OfferReply(text, terms: Self.help) == wanted, "\(text)") }

  @Test("What stands behind an answer with numbers, and below it, is a note to the organiser")
  func notes() {
    #expect(OfferReply.note("Ja 1, maar pas om 10 uur\n\nGroet, Els") == "maar pas om 10 uur\n\nGroet, Els")
    #expect(OfferReply.note("ja 1 en 2\nmet taart") == "met taart" && OfferReply.note("ja 1, 2.") == nil)
    #expect(OfferReply.note("nee 2, niet 3") == nil)
  }

  @Test("Who gives back a task by afmelden does not leave the schoolyard")
  func signsOff() {
    #expect(SettingsRequest.isStop("Afmelden") && !SettingsRequest.isStop("Afmelden", isOffer: true))
    #expect(SettingsRequest.isStop("stop", isOffer: true))
  }

  @Test("Where there is one task, ja is enough")
  func single() { #expect(OfferReply("Ja, graag!", terms: Self.one) == .take([1])) }

  @Test(
    "A vote names an option by number or by its text: forgiving, and never a guess",
    arguments: [
      ("2", OfferReply.take([2])), ("stem 2", .take([2])), ("Ja 2", .take([2])),
      ("Ik stem voor de Efteling in Kaatsheuvel", .take([1])),
      ("Efteling", .take([1])), ("EFTELING!", .take([1])), ("eftelling", .take([1])), ("Eftelign", .take([1])),
      ("cafe zeezicht", .take([3])),
      ("Dierenpark", .take([2])), ("dierenpark emmen\n\nGroet, Els", .take([2])), ("Emmen", .unclear),
      ("emmne", .unclear), ("5", .unclear),
      ("1 2", .unclear), ("ja", .unclear), ("nee", .unclear), ("ik stem niet", .unclear), ("nee, toch 1", .unclear),
      ("stem", .unclear),
      ("Niet de Efteling!", .comment), ("De Efteling is veel te duur", .comment), ("Leuk!", .comment),
      ("herstel", .retract), ("", .comment),
    ])
  func trip(text: String, wanted: OfferReply) { #expect(OfferReply(text, terms: Self.trip) == wanted, "\(text)") }

  @Test(
    "Numbers in an option must be the same, and an option may be called ja, or by a number",
    arguments: [
      (days, "dinsdag 8 december", OfferReply.take([1])), (days, "dinsdg 8 december", .take([1])),
      (days, "dinsdag 7 december", .comment),
      (days, "dinsdag", .unclear), (days, "ja", .take([3])), (days, "nee", .take([4])), (days, "ja 1", .take([1])),
      (numbers, "3", .unclear), (numbers, "2 dagen", .take([1])), (numbers, "optie 3", .take([3])),
      (numbers, "1 dag", .take([3])),
    ])
  func exact(terms: OfferTerms, text: String, wanted: OfferReply) {
    #expect(OfferReply(text, terms: terms) == wanted, "\(text)")
  }

  static let outing = ["Museum", "Duinen Zathe", "Een bon", "2 bloemen en een kaart"].map { OfferTerms.Line($0) }

  @Test(
    "A vote in ordinary words counts, open or secret, where it names one option and asks nothing else",
    arguments: [
      ("1 museum", 1), ("Hoi,\n\n3\n\nGroetnis Jelle", 3), ("1 and thank you for organising", 1),
      ("Een bon lijkt me het leukst", 3), ("Museum lijkt ons leuk", 1), ("We vote for duinen zathe", 2),
      ("Hallo juf Anna! Duinen Zathe graag", 2), ("2, wij zijn er die dag zelf helaas al weg", 2),
      ("Us liket it museum moai", 1), ("bloemen groetjes Els", 4), ("Graag muséum!", 1), ("4 2 bloemen", 4),
      ("De 2e lijkt ons het leukst", 2),
    ])
  func votes(text: String, option: Int) {
    for isSecret in [false, true] {
      let reply = OfferReply(text, terms: OfferTerms(kind: .poll, lines: Self.outing, isSecret: isSecret))
      #expect(reply == .take([option]), "\(text)")
    }
  }

  @Test(
    "What may tell a secret vote is asked about, and never posted; of an open one what seems to vote",
    arguments: [
      ("Museum of Duinen Zathe", true), ("Liever geen museum", true), ("2, maar alleen in juni", true),
      ("3 museum", true), ("Ik kies voor het museum als het regent", true), ("7 lijkt me leuk", true),
      ("Het museum is veel te duur", false), ("Wij zijn op de 12e op vakantie", false), ("Museum, of niet?", true),
      ("Wat leuk!\nWij gaan voor Duinen Zathe", false), ("Wat leuk!\nDank, wij kiezen 2", false), ("herstel 2", true),
    ])
  func asked(text: String, isAskedInOpen: Bool) {
    let reply = { OfferReply(text, terms: OfferTerms(kind: .poll, lines: Self.outing, isSecret: $0)) }
    #expect(reply(true) == .unclear && reply(false) == (isAskedInOpen ? .unclear : .comment), "\(text)")
  }

  @Test("Of a closed poll what names an option is a comment again", arguments: [false, true])
  func closed(isSecret: Bool) {
    let terms = OfferTerms(kind: .poll, lines: Self.outing, isSecret: isSecret)
    #expect(OfferReply("Jammer, museum leek ons leuker", terms: terms, isOpen: false) == .comment)
    #expect(OfferReply("2", terms: terms, isOpen: false) == .take([2]), "and is refused")
  }

  @Test("A comment that names no option and no number stays one", arguments: [false, true])
  func comments(isSecret: Bool) {
    let terms = OfferTerms(kind: .poll, lines: Self.outing, isSecret: isSecret)
    for text in [
      "Wat leuk bedacht!", "Leuk!\n\nGroet, Els\n06-12345678", "Hoi allemaal,\n\nBedankt voor het regelen.\n\nEls",
      "Wanneer is het?",
    ] {
      #expect(OfferReply(text, terms: terms) == .comment, "\(text)")
    }
  }

  @Test("What stands behind a vote is a note, as what stands below it is")
  func voteNotes() {
    #expect(OfferReply.note("Hoi,\n2, wij zijn er niet bij", of: .poll) == "wij zijn er niet bij")
    #expect(OfferReply.note("Hallo Anna,\n2\n", of: .poll) == nil)
  }

  @Test("What one tap sends is read as what it says, in every language")
  func oneTap() {
    for language in Language.allCases {
      #expect(OfferReply(OfferReply.take(2, of: .help, language), terms: Self.help) == .take([2]))
      #expect(OfferReply(OfferReply.giveBack(2, language), terms: Self.help) == .giveBack([2]))
      #expect(OfferReply(OfferReply.decline(language), terms: Self.help) == .giveBack([]))
      #expect(OfferReply(OfferReply.take(2, of: .poll, language), terms: Self.trip) == .take([2]))
      for (word, wanted) in [(CommandWord.state, OfferReply.state), (.close, .close), (.retract, .retract)] {
        #expect(OfferReply(word.offered(in: language), terms: Self.trip) == wanted)
      }
    }
  }
}
