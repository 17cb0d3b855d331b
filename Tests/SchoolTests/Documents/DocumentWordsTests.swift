import Testing

@testable import School

@Suite("What people ask of documents, and what comes near it")
struct DocumentWordsTests {
  typealias Ask = DocumentRequest.Ask

  @Test(
    "A command stands in the first line or in the subject; else the subject may be a title",
    arguments: [
      ("", "document luizenprotocol", Ask.find("luizenprotocol")),
      ("", "Hallo,\n\ndocument gids, graag", .find("gids")),
      ("", "\n  Document: “Luizenprotocol”!\nGroet", .find("Luizenprotocol")),
      ("dokumint lúzeprotokol", "", .find("lúzeprotokol")), ("Dokument gids", "Kunt u dat sturen?", .find("gids")),
      ("documenten", "", .list), ("", "Dokuminten", .list), ("", "documents", .list), ("", "document", .list),
      ("", "documenten groep 5", .find("groep 5")), ("x", "weg Luizenprotocol", .remove("Luizenprotocol")),
      ("", "verwijder document gids 2026", .remove("gids 2026")), ("", "remove guide", .remove("guide")),
      ("luizenprotocol", "", .perhaps("luizenprotocol")), ("", "luizenprotocol", .perhaps("luizenprotocol")),
      ("", "", .list), ("", "\n \n", .list), ("", "weg", .perhaps("weg")),
      ("", String(repeating: "a", count: 300), .list), ("Vraag", "Hoi juf", .perhaps("Vraag")),
    ])
  func read(subject: String, text: String, ask: DocumentRequest.Ask) {
    #expect(Ask.read(subject: subject, text: text, hasFiles: false) == ask)
  }

  @Test("A mail with files files them, and needs a proven sender; an answer is a command or nothing")
  func levels() {
    let filed = Ask.read(subject: "document gids", text: "document gids", hasFiles: true)
    #expect(filed == .file(title: "gids") && DocumentRequest(filed).level == .proven)
    #expect(DocumentRequest(.find("gids")).level == .person && DocumentRequest(.remove("x")).level == .proven)
    #expect(Ask.answer("document gids") == .find("gids") && Ask.answer("documenten\n> oud") == .list)
    #expect(Ask.answer("Dank u wel!") == nil && Ask.answer("") == nil)
  }

  static let titles = [
    "Luizenprotocol", "Pestprotocol", "Schoolgids 2026-2027", "Weekbrief 12", "Weekbrief 13", "Vakanties",
  ]

  @Test(
    "Typos, parts, accents and joined words find the one that is meant",
    arguments: [
      ("luizenprotocol", "Luizenprotocol"), ("LUIZEN protocol", "Luizenprotocol"), ("luizneprotocol", "Luizenprotocol"),
      ("luisenprotokol", "Luizenprotocol"), ("luizen", "Luizenprotocol"), ("het lúizenprotocol", "Luizenprotocol"),
      ("schoolgids", "Schoolgids 2026-2027"), ("shoolgids", "Schoolgids 2026-2027"), ("gids", "Schoolgids 2026-2027"),
      ("weekbrief 13", "Weekbrief 13"), ("vakantie", "Vakanties"), ("luizenprotocol graag", "Luizenprotocol"),
      (String(repeating: "luizen ", count: 400), "Luizenprotocol"),
      // Not clear, or nothing.
      ("protocol", nil), ("weekbrief", nil), ("weekbrief 14", nil), ("rapport", nil), ("", nil), ("!!!", nil),
    ] as [(String, String?)])
  func finds(asked: String, title: String?) {
    let ranked = Likeness(asked).ranked(Self.titles.map { (name: $0, value: $0) })
    #expect(Likeness.clear(ranked) == title, "\(ranked)")
  }

  @Test("What is not clear comes with the nearest first; what is not like anything with nothing")
  func nearest() {
    let near = { (asked: String) in Likeness(asked).ranked(Self.titles.map { (name: $0, value: $0) }).map(\.value) }
    #expect(near("protocol").prefix(2) == ["Luizenprotocol", "Pestprotocol"])
    #expect(Set(near("weekbrief 14").prefix(2)) == ["Weekbrief 12", "Weekbrief 13"])
    #expect(near("xyzzy").isEmpty)
  }

  @Test("Titles are the same but for case, accents and punctuation")
  func keys() {
    #expect(Document.key("Luizen-protocol!") == Document.key("luizenprótocol"))
    #expect(Document.key("!!!") != Document.key("???") && !Document.key("!!!").isEmpty)
  }
}
