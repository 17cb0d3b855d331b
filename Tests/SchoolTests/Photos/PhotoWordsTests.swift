import Foundation
import Testing

@testable import School

@Suite("What people write about photos")
struct PhotoWordsTests {
  typealias Ask = PhotoRequest.Ask

  @Test(
    "Answers to an album",
    arguments: [
      ("foto 3 7", Ask.send(.some([3, 7]))), ("3, 7 en 9", .send(.some([3, 7, 9]))),
      ("Foto 3-6.", .send(.some([3, 4, 5, 6]))),
      ("foto 3 t/m 5", .send(.some([3, 4, 5]))), ("photo 2", .send(.some([2]))),
      ("graag foto's 2 en 2", .send(.some([2]))),
      ("Hoi juf,\n\nfoto 1 aub", .send(.some([1]))), ("Mag ik foto 1 in het groot?", .send(.some([1]))),
      ("Could I have photo 2 please", .send(.some([2]))), ("Mag ik alle foto's hebben?", .send(.all)),
      ("alle foto's", .send(.all)), ("Alle foto’s graag", .send(.all)), ("all photos", .send(.all)),
      ("foto", .show), ("album", .show), ("zonder 3", .remove(.some([3]))), ("weg 3 en 4", .remove(.some([3, 4]))),
      ("weg", .remove(.all)), ("fuort 2", .remove(.some([2]))), ("vraag", .askParents), ("freegje", .askParents),
      ("niet in beeld 3", .notPictured(.some([3]))), ("net yn byld 3", .notPictured(.some([3]))),
      ("not pictured 2-3", .notPictured(.some([2, 3]))), ("herstel", .undo), ("werom", .undo),
      ("toestemming", .consent(.show)),
      // Words to who placed them.
      ("", .words), ("Wat leuk, foto 3!", .words), ("Mag foto 3 weg?", .words), ("niet in beeld", .words),
      ("Noor staat op 3", .words), (String(repeating: "3 ", count: 200), .words), ("2 taarten", .words),
      ("foto 9-2", .send(.some([2, 9]))), ("foto 1-99999", .send(.some([1, 99_999]))), ("foto -3", .words),
      ("foto 99999999999999999999", .words),
    ])
  func answers(text: String, ask: Ask) {
    #expect(PhotoRequest.answer(text, to: .album(AlbumID(4))) == PhotoRequest(ask, album: .album(AlbumID(4))))
  }

  @Test("A mail to the route files photos, or asks")
  func routes() {
    let read = { PhotoRequest.read(subject: $0, text: $1, hasFiles: $2, group: "groep5") }
    #expect(read("Naar het bos", "foto 3", true).ask == .file(title: "Naar het bos"))
    #expect(read("", "", false) == PhotoRequest(.list, group: "groep5"))
    #expect(read("Vraag", "Welke foto's zijn er?", false).ask == .list)
    #expect(read("", "album 12", false) == PhotoRequest(.show, album: .album(AlbumID(12))))
    #expect(read("toestemming", "", false).ask == .consent(.show))
    #expect(read("x", "Toestemming groep ja Noor", false).ask == .consent(.set([.group], .given, child: "Noor")))
  }

  @Test(
    "Consent",
    arguments: [
      ("toestemming groep ja Noor", ConsentAsk.set([.group], .given, child: "Noor")),
      ("Nee website", .set([.website], .refused, child: nil)),
      ("ja voor groep en nieuwsbrief, Sanne de Vries", .set([.group, .newsletter], .given, child: "Sanne Vries")),
      ("tastimming skoalle nee Noor", .set([.school], .refused, child: "Noor")),
      ("consent newsletter yes Noor", .set([.newsletter], .given, child: "Noor")),
      ("alles nee", .set(ConsentPurpose.allCases, .refused, child: nil)),
      ("tastimming webside ynlûke Noor", .set([.website], .withdrawn, child: "Noor")), ("herstel", .undo),
    ])
  func consent(text: String, ask: ConsentAsk) { #expect(ConsentAsk.answer(text) == ask) }

  @Test("What could mean two things, or nothing, sets nothing", arguments: ["ja", "groep", "ja nee groep", "Noor", ""])
  func noConsent(text: String) { #expect(ConsentAsk.answer(text) == nil) }

  @Test("What a mail offers is read back as what it says", arguments: Language.allCases)
  func offered(language: Language) {
    let album = PhotoRequest.Reference.album(AlbumID(1))
    let asks: [(String, Ask)] = [
      ("\(PhotoWord.photo.offered(in: language)) 3", .send(.some([3]))),
      (PhotoWord.all.offered(in: language), .send(.all)),
      ("\(PhotoWord.remove.offered(in: language)) 3", .remove(.some([3]))),
      ("\(PhotoWord.without(in: language)) 3", .remove(.some([3]))),
      ("\(PhotoWord.notPictured.offered(in: language)) 3", .notPictured(.some([3]))),
      (PhotoWord.ask.offered(in: language), .askParents),
    ]
    for (text, ask) in asks { #expect(PhotoRequest.answer(text, to: album).ask == ask, "\(text)") }
    for purpose in ConsentPurpose.allCases {
      for answer in ConsentAnswer.allCases {
        let text = ConsentAsk.offered(purpose, answer, in: language) + " Noor"
        #expect(ConsentAsk.answer(text) == .set([purpose], answer, child: "Noor"), "\(text)")
        #expect(PhotoRequest.answer(text, to: album).ask == .consent(.set([purpose], answer, child: "Noor")))
      }
    }
  }
}

@Suite("Children whom words name")
struct PhotoNamingTests {
  static let children = [
    ("p1", "Sanne de Vries"), ("p2", "Noor Smit"), ("p3", "Jan-Willem Bos"), ("p4", "Tim"), ("p5", "Élodie"),
    ("p6", "Anna"),
  ].map { Pupil(id: PupilID($0), name: $1, groups: []) }
  static let named = NamedChildren(children, authorNames: ["Anna de Boer"], staffNames: ["Noor Jansen"])

  @Test(
    "A name is found as people write it, also nearly right",
    arguments: [
      ("Sanne op de glijbaan", ["p1"]), ("sanne", ["p1"]), ("Sane en NOOR", ["p1", "p2"]), ("Noors verjaardag", ["p2"]),
      ("Noor's taart", ["p2"]), ("Noortje", ["p2"]), ("Jan-Willem", ["p3"]), ("janwillem", ["p3"]), ("Elodie", ["p5"]),
      ("Elodi", ["p5"]), ("Annie is jarig", []), ("Anna is jarig", ["p6"]), ("juf Anna leest voor", []),
      ("Anna", ["p6"]), ("Lieve Anna", ["p6"]), ("Groepsfoto met juf, Noor en Sem", ["p2"]), ("juf Noor", []),
      ("Hear Tim sing!", ["p4"]), ("We miss Sanne", ["p1"]), ("mevr. Noor", []),
      ("Timmeren in de klas", []), ("in de noord", []), ("", []),
      ("sannes", ["p1"]), ("zandbak", []), ("spannend", []),
    ])
  func words(text: String, pupils: [String]) {
    #expect(Self.named.named(in: text).map(\.rawValue).sorted() == pupils, "\(text)")
  }

  @Test(
    "At the end of a mail the author's own name is no child's; below a list of names it may be",
    arguments: [
      ("Dag!\nAnna", []), ("Mooi weer\n\nAnna", []), ("Mooi weer\nGroetjes,\njuf Anna\nLeerkracht groep 5", []),
      ("Op de foto:\nSanne\nAnna", ["p1", "p6"]), ("Anna", ["p6"]), ("Anna\n\nGroet, Anna", ["p6"]),
      ("Anna lacht.\n\nAnna de Boer", ["p6"]), ("Groetjes, juf Anna", []),
    ])
  func letter(text: String, pupils: [String]) {
    let found = Self.named.named(inLetter: text, isAfterCaptions: false)
    #expect(found.map(\.rawValue).sorted() == pupils, "\(text)")
    if text == "Anna" { #expect(Self.named.named(inLetter: text, isAfterCaptions: true).isEmpty) }
  }

  @Test("A child of another group is meant where its very name stands, and nobody of the group has it")
  func others() {
    let others = [("q1", "Sanne Bos"), ("q2", "Milan Vos")].map { Pupil(id: PupilID($0), name: $1, groups: []) }
    let named = NamedChildren(Self.children, orElse: others, authorNames: [])
    for (text, pupils) in [("Sanne", ["p1"]), ("Met Milan", ["q2"]), ("Milans bal", ["q2"]), ("Milaan, milan", [])] {
      #expect(named.named(in: text).map(\.rawValue).sorted() == pupils, "\(text)")
    }
  }

  @Test(
    "In the name of a file words stand close together",
    arguments: [
      ("IMG_0012.HEIC", []), ("noor_2.jpg", ["p2"]), ("NoorEnSanne.jpg", ["p1", "p2"]),
      ("noorsanne.jpg", ["p1", "p2"]),
      ("20261118_sane.jpeg", ["p1"]), ("sanne", ["p1"]), ("tim-gym.png", ["p4"]), ("timmeren.png", []), (".jpg", []),
    ])
  func files(name: String, pupils: [String]) {
    #expect(Self.named.named(inFileName: name).map(\.rawValue).sorted() == pupils, "\(name)")
  }

  @Test("A line beside a photo is its caption; the rest is said of all")
  func captions() {
    let names = ["IMG_1.HEIC", "strand.jpg", "IMG_3.jpg"]
    let texts = PhotoTexts(
      "Beste ouders,\n\n1: Op weg\nfoto 3) Moe\nstrand.jpg: Zee\nIMG_1: samen\n8:30 vertrek\n9: niets\n2:\nGroet",
      names: names)
    #expect(texts.captions == [0: "Op weg samen", 1: "Zee", 2: "Moe"])
    #expect(texts.text == "Beste ouders,\n\n8:30 vertrek\n9: niets\n2:\nGroet")
    #expect(PhotoTexts("", names: []) == PhotoTexts("", names: names))
    #expect(PhotoTexts("\(Int.min): x\n0: y", names: names).captions.isEmpty)
    #expect(PhotoTexts("1: " + String(repeating: "a", count: 900), names: names).captions[0]?.count == 200)
  }
}
