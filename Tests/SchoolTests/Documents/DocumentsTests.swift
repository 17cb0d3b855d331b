import Foundation
import Testing

@testable import School

@Suite("Documents for parents")
struct DocumentsTests {
  typealias S = SmallSchool

  static func file(_ name: String) -> StoredFile {
    StoredFile(digest: "digest of \(name)", name: name, mediaType: "application/pdf", size: 1_000)
  }

  static func document(
    _ id: Int64, _ title: String, _ audience: Audience = .school, versions: [String?] = ["a.pdf"]
  ) -> Document {
    Document(
      id: DocumentID(id), audience: audience, title: title,
      versions: versions.enumerated().map { place, name in
        DocumentVersion(
          filing: FilingID(id * 10 + Int64(place)), author: S.anna, file: name.map(file),
          at: S.now.addingTimeInterval(Double(place) - 1_000))
      })
  }

  static let shelf = [
    document(1, "Luizenprotocol"), document(2, "Pestprotocol"), document(3, "Weekbrief", .group(S.group5)),
    document(4, "Weekbrief", .group(S.group7)), document(5, "Oude gids", versions: ["a.pdf", nil]),
  ]

  static func decision(
    _ actor: AccountID, _ ask: DocumentRequest.Ask, group: String? = nil, subject: String = "",
    files: [StoredFile] = [],
    shelf: [Document] = shelf
  ) -> Decision {
    var state = S.state()
    state.shelf = DocumentShelf(documents: shelf, revision: Revision(subject: DocumentShelf.subject, number: 3))
    return decide(
      Command(
        actor: actor, act: .documents(DocumentRequest(ask, group: group)), subject: "x",
        body: MessageBody(text: "", files: files)), state, now: S.now)
  }

  private func lines(_ decision: Decision) -> [String] {
    decision.notices.first?.facts.documents?.lines.map { "\($0.title) \($0.group ?? "school")" } ?? []
  }

  // MARK: Asking

  @Test("A list shows what is for the school and for one's own groups, and what was removed to nobody")
  func lists() {
    #expect(
      lines(Self.decision(S.els, .list)) == ["Luizenprotocol school", "Pestprotocol school", "Weekbrief Groep 5"])
    #expect(lines(Self.decision(S.deVries, .list)).count == 4)
    #expect(lines(Self.decision(S.dirk, .list)).count == 4)
    #expect(lines(Self.decision(S.els, .list, group: "groep5")) == ["Weekbrief Groep 5"])
    #expect(Self.decision(S.els, .list, group: "groep7").refusal == .notYourGroup)
    #expect(Self.decision(S.els, .list, group: "groep9").refusal == .unknownGroup)
  }

  @Test("What was for a group that is gone is on nobody's list")
  func goneGroup() {
    let shelf = [Self.document(1, "Oud", .group(GroupID("g8"))), Self.document(2, "Gids")]
    #expect(lines(Self.decision(S.dirk, .list, shelf: shelf)) == ["Gids school"])
    #expect(lines(Self.decision(S.deVries, .find("oud"), shelf: shelf)).isEmpty)
  }

  @Test("Who has authority on request alone gets what is for the school; without any, and without child, nothing")
  func onRequest() {
    #expect(lines(Self.decision(S.onRequest, .list)) == ["Luizenprotocol school", "Pestprotocol school"])
    #expect(lines(Self.decision(S.onRequest, .find("weekbrief"))).isEmpty)
    #expect(Self.decision(AccountID(99), .list).refusal == .noChildHere)
    #expect(Self.decision(AccountID(99), .find("luizenprotocol")).refusal == .noChildHere)
  }

  @Test("What is asked comes as a file; what is not clear as the nearest, each with words for exactly that one")
  func finds() {
    let found = Self.decision(S.els, .find("luizenprotokol"))
    #expect(found.notices.map(\.kind) == [.document] && found.changes.isEmpty && found.basis == nil)
    #expect(found.notices.first?.facts.documents?.lines.first?.file == Self.file("a.pdf"))
    #expect(found.notices.first?.replyTarget == .documents)
    let unclear = Self.decision(S.deVries, .find("weekbrief"))
    #expect(unclear.notices.map(\.kind) == [.documentList])
    let words = unclear.notices.first?.facts.documents?.lines.map(\.words) ?? []
    #expect(words == ["Weekbrief groep5", "Weekbrief groep7"])
    for (asked, group) in zip(words, ["Groep 5", "Groep 7"]) {
      let one = Self.decision(S.deVries, .find(asked))
      #expect(one.notices.map(\.kind) == [.document] && lines(one) == ["Weekbrief \(group)"])
    }
    #expect(Self.decision(S.els, .find("weekbrief")).notices.map(\.kind) == [.document], "there is one for her")
    #expect(lines(Self.decision(S.els, .find("oude gids"))).isEmpty)
    // No command: only a title that comes near is taken as one.
    #expect(lines(Self.decision(S.els, .perhaps("Goedemorgen"))).count == 3)
    #expect(Self.decision(S.els, .perhaps("luizenprotocol")).notices.map(\.kind) == [.document])
  }

  @Test("A list names a hundred, the nearest are three, and the rest is counted")
  func limits() {
    let many = (1...120).map { Self.document(Int64($0), "Brief \($0)") }
    let list = Self.decision(S.els, .list, shelf: many).notices.first?.facts.documents
    #expect(list?.lines.count == SchoolPolicy.mostListed && list?.more == 20)
    let near = Self.decision(S.els, .find("brief"), shelf: many).notices.first?.facts.documents
    #expect(near?.lines.count == SchoolPolicy.mostNearest && near?.isNearest == true)
    let full = (1...Int64(SchoolPolicy.mostDocuments)).map { Self.document($0, "Brief \($0)") }
    let files = [Self.file("n.pdf")]
    #expect(Self.decision(S.anna, .file(title: "Nieuw"), files: files, shelf: full).refusal == .shelfFull)
    #expect(Self.decision(S.anna, .file(title: "Brief 7"), files: files, shelf: full).refusal == nil)
    let long = Self.decision(S.anna, .file(title: String(repeating: "a", count: 500)), files: files)
    #expect(long.notices.first?.facts.documents?.lines.first?.title.count == SchoolPolicy.longestTitle)
  }

  // MARK: Filing

  @Test("One file stands under the subject; several under their names; parents file nothing")
  func files() {
    let one = Self.decision(S.anna, .file(title: "Regels"), group: "groep5", files: [Self.file("r.pdf")])
    #expect(
      one.changes
        == [.documents(.put(Self.file("r.pdf"), title: "Regels", audience: .group(S.group5), by: S.anna))])
    #expect(one.notices.first?.replyTarget == .filing && one.basis?.number == 3)
    let names = ["luizen_protocol.pdf", "gids.pdf", "gids.docx", "gids.pdf"].map(Self.file)
    let several = Self.decision(S.anna, .file(title: "Papieren"), files: names)
    #expect(
      several.notices.first?.facts.documents?.lines.map(\.title)
        == ["luizen protocol", "gids.pdf", "gids.docx", "gids.pdf 2"])
    let unnamed = Self.decision(S.anna, .file(title: ""), files: [Self.file("gym_rooster.pdf")])
    #expect(unnamed.notices.first?.facts.documents?.lines.map(\.title) == ["gym rooster"])
    #expect(Self.decision(S.els, .file(title: "x"), files: names).refusal == .notStaff)
    #expect(Self.decision(S.anna, .file(title: "x")).refusal == .empty)
    #expect(Self.decision(S.anna, .file(title: "x"), group: "groep9", files: names).refusal == .unknownGroup)
  }

  @Test(
    "The same title for the same readers is a new version; for others it is another document; the same file nothing")
  func versions() {
    let line = { (decision: Decision) in decision.notices.first?.facts.documents?.lines.first }
    let new = Self.decision(S.bas, .file(title: "luizen protocol"), files: [Self.file("b.pdf")])
    #expect(line(new)?.change == .replaced && line(new)?.before == S.now.addingTimeInterval(-1_000))
    let other = Self.decision(S.bas, .file(title: "Luizenprotocol"), group: "groep5", files: [Self.file("b.pdf")])
    #expect(line(other)?.change == .filed)
    let same = Self.decision(S.bas, .file(title: "Luizenprotocol"), files: [Self.file("a.pdf")])
    #expect(line(same)?.change == .same && same.changes.isEmpty && same.notices.first?.replyTarget == .documents)
    let again = Self.decision(S.bas, .file(title: "Oude gids"), files: [Self.file("a.pdf")])
    #expect(line(again)?.change == .filed, "it was removed before")
  }

  @Test("Staff remove what they name exactly; what only comes near is asked about")
  func removes() {
    let removed = Self.decision(S.dirk, .remove("LUIZENPROTOCOL"))
    #expect(removed.changes == [.documents(.remove(DocumentID(1), by: S.dirk))])
    #expect(removed.notices.first?.replyTarget == .filing)
    let unsure = Self.decision(S.dirk, .remove("luizen"))
    #expect(unsure.changes.isEmpty && unsure.notices.first?.facts.documents?.isRemoval == true)
    #expect(Self.decision(S.dirk, .remove("weekbrief")).changes.isEmpty)
    #expect(Self.decision(S.dirk, .remove("weekbrief groep7")).changes.count == 1)
    #expect(Self.decision(S.els, .remove("Luizenprotocol")).refusal == .notStaff)
  }

  @Test("A filing is taken back while it is the latest: the version before counts again, or the document is gone")
  func restores() {
    let shelf = [
      Self.document(1, "Gids", versions: ["a.pdf", "b.pdf"]), Self.document(2, "Los"),
      Self.document(3, "Weg", versions: ["a.pdf", nil]),
    ]
    for (filing, step) in [(11, DocumentStep.restored), (20, .withdrawn), (31, .restored)] as [(Int64, DocumentStep)] {
      let back = Self.decision(S.anna, .restore(FilingID(filing)), shelf: shelf)
      #expect(back.changes == [.documents(.withdraw(FilingID(filing), of: [DocumentID(filing / 10)]))])
      #expect(back.notices.first?.facts.documents?.lines.map(\.change) == [step] && back.basis != nil)
    }
    #expect(Self.decision(S.anna, .restore(FilingID(10)), shelf: shelf).refusal == .replacedSince)
    #expect(Self.decision(S.bas, .restore(FilingID(11)), shelf: shelf).refusal == .replacedSince, "not his")
    #expect(Self.decision(S.els, .restore(FilingID(11)), shelf: shelf).refusal == .notStaff)
  }
}
