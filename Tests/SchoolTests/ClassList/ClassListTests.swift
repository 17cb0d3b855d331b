import Testing

@testable import School

@Suite("Class lists")
struct ClassListTests {
  typealias S = SmallSchool
  typealias Ask = ClassListRequest.Ask

  /// The small school in which everybody has a phone and an address, and these show something.
  static func school(_ shown: [CarerID: [PupilID: Set<ContactField>]] = [:]) -> Directory {
    let carers = S.directory.carers.values.map { carer in
      var carer = carer
      carer.contact = ContactDetails(
        phone: "06 of \(carer.name)", street: "Straat of \(carer.name)", postcode: "9001 AB", city: "Grou")
      carer.shown = shown[carer.id] ?? [:]
      return carer
    }
    return Directory(
      accounts: Array(S.directory.accounts.values), groups: Array(S.directory.groups.values),
      pupils: Array(S.directory.pupils.values), carers: carers, staff: Array(S.directory.staff.values))
  }

  static let noor = PupilID("p3")
  static let sanne = PupilID("p1")
  static let els = CarerID("c3")
  static let frank = CarerID("c4")

  static func decision(
    _ actor: AccountID, _ ask: Ask, group: String? = nil, _ directory: Directory = school(), text: String = ""
  ) -> Decision {
    decide(
      Command(
        actor: actor, act: .classList(ClassListRequest(ask, group: group)), subject: "", body: MessageBody(text: text)),
      SchoolState(directory: directory, policy: S.policy), now: S.now)
  }

  private func groups(_ decision: Decision) -> [String] {
    decision.notices.first?.facts.classList?.groups.map(\.rawValue) ?? []
  }

  // MARK: Words

  @Test(
    "Show or hide, a field, and perhaps a child: in the first line or the subject; anything else asks for the list",
    arguments: [
      ("", "verberg telefoon", Ask.set(shows: false, [.phone], child: nil)),
      ("", "Toon e-mail Noor", .set(shows: true, [.mail], child: "Noor")),
      ("toon adres van Noor de Wit", "", .set(shows: true, [.address], child: "Noor de Wit")),
      ("Re", "Toon mijn mobiel nummer voor Noor.", .set(shows: true, [.phone], child: "Noor")),
      ("", "toan telefoan", .set(shows: true, [.phone], child: nil)),
      ("", "lit sjen e-mailadres", .set(shows: true, [.mail], child: nil)),
      ("", "FERBERCH ADRES SANNE", .set(shows: false, [.address], child: "SANNE")),
      ("", "show e mail", .set(shows: true, [.mail], child: nil)),
      ("", "hide everything", .set(shows: false, [.phone, .mail, .address], child: nil)),
      ("", "verberg alles", .set(shows: false, [.phone, .mail, .address], child: nil)),
      ("", "", .list), ("klassenlijst", "Graag de lijst", .list), ("", "toon", .list),
      ("", "toon alles!!", .set(shows: true, ContactField.allCases, child: nil)),
      ("", "verberg de sleutel", .list), ("", "toont telefoon", .list),
    ])
  func words(subject: String, text: String, ask: Ask) {
    #expect(Ask.read(subject: subject, text: text) == ask)
  }

  @Test("An answer to a list is a command or for support; what a mail offers is read back in each language")
  func answers() {
    #expect(Ask.answer("Dank u") == nil && Ask.answer("klassenlijst") == .list)
    for language in Language.allCases {
      for field in ContactField.allCases {
        let show = "\(ClassListWord.show.offered(in: language)) \(field.offered(in: language)) Noor"
        #expect(Ask.answer(show) == .set(shows: true, [field], child: "Noor"), "\(show)")
        let hide = "\(ClassListWord.hide.offered(in: language)) \(field.offered(in: language)) Noor"
        #expect(Ask.answer(hide) == .set(shows: false, [field], child: "Noor"), "\(hide)")
      }
    }
    #expect(Act.classList(ClassListRequest(.list)).level == .proven)
  }

  @Test("Every line counts, the last of two that differ; other words are for a person")
  func lines() {
    let text = "Hoi,\ntoon adres tim\ntoon telefoon sanne\nverberg adres tim\n\nGroet, Jan"
    let two = Self.decision(S.deVries, Ask.read(subject: "", text: text), text: text)
    #expect(two.notices.first?.facts.classList?.steps.map(\.shows) == [true], "Tim's address was hidden and stays so")
    #expect(two.notices.first?.facts.classList?.steps.map(\.field) == [.phone])
    #expect(two.readers(of: .supportMessage).isEmpty)
    let both = "toon adres\ntoon telefoon sanne\nMijn nummer is veranderd: 06-1"
    let words = Self.decision(S.deVries, Ask.read(subject: "", text: both), text: both)
    #expect(words.notices.first?.facts.classList?.steps.count == 3 && words.readers(of: .supportMessage) == [S.dirk])
    let news = "Mijn telefoonnummer is veranderd: 06-12345678"
    let list = Self.decision(S.els, Ask.read(subject: "", text: news), text: news)
    #expect(groups(list) == ["g5"] && list.readers(of: .supportMessage) == [S.dirk])
    for mere in ["", "Graag de klassenlijst", "Mag ik de lijst van groep 5?", "Groet, Els", "Hallo,\nklassenlijst aub"]
    {
      let list = Self.decision(S.els, Ask.read(subject: "", text: mere), text: mere)
      #expect(groups(list) == ["g5"] && list.readers(of: .supportMessage).isEmpty, "\(mere)")
    }
    #expect(Ask.answer("de klassenlijst graag") == .list)
  }

  // MARK: Who gets which list

  @Test("Parents get the lists of their own groups, teachers those of theirs, heads all; others nothing")
  func whose() {
    #expect(groups(Self.decision(S.els, .list)) == ["g5"] && groups(Self.decision(S.deVries, .list)) == ["g5", "g7"])
    #expect(groups(Self.decision(S.cor, .list)) == ["g7"] && groups(Self.decision(S.dirk, .list)) == ["g5", "g7"])
    #expect(Self.decision(S.els, .list, group: "groep7").refusal == .notYourGroup)
    #expect(Self.decision(S.anna, .list, group: "groep7").refusal == .notYourGroup)
    #expect(groups(Self.decision(S.dirk, .list, group: "groep7")) == ["g7"])
    #expect(Self.decision(S.els, .list, group: "groep9").refusal == .unknownGroup)
    #expect(Self.decision(S.onRequest, .list).refusal == .noChildHere)
    #expect(Self.decision(S.onRequest, .list, group: "groep5").refusal == .notYourGroup)
    #expect(Self.decision(AccountID(99), .list).refusal == .noChildHere)
  }

  // MARK: What stands on it

  @Test("By itself only the children's names; a parent's name stands beside what they show")
  func hidden() throws {
    let group = try #require(S.directory.groups[S.group5])
    #expect(Self.school().classList(of: group).rows.map(\.pupil) == ["Noor", "Sanne de Vries"])
    #expect(Self.school().classList(of: group).rows.allSatisfy { $0.carers.isEmpty })
    let shown = Self.school([Self.els: [Self.noor: [.phone]], Self.frank: [Self.noor: [.mail, .address]]])
    let row = try #require(shown.classList(of: group).rows.first)
    #expect(
      row.carers == [
        ClassList.Entry(name: "Els", phone: "06 of Els"),
        ClassList.Entry(
          name: "Frank", mail: "frank@ouders.test", address: "Straat of Frank, 9001 AB Grou"),
      ])
    let many = Directory(
      groups: [group],
      pupils: (0..<120).map { Pupil(id: PupilID("\($0)"), name: "Kind \($0)", groups: [group.id]) })
    #expect(many.classList(of: group).rows.count == ClassList.mostRows && many.classList(of: group).more == 20)
  }

  @Test("Authority on request, and authority that ended, stand on no list, whatever was shown before")
  func authority() throws {
    let group = try #require(S.directory.groups[S.group5])
    let shown = Self.school([CarerID("c5"): [Self.noor: Set(ContactField.allCases)]])
    #expect(shown.classList(of: group).rows.allSatisfy { $0.carers.isEmpty })
  }

  // MARK: Showing and hiding

  @Test("A parent changes their own fields, beside one child or all; the other parent's stay as they are")
  func changes() {
    let shows = Self.decision(S.els, .set(shows: true, [.phone], child: "noor"))
    #expect(
      shows.changes
        == [.classList(ClassListChange(carers: [Self.els], pupil: Self.noor, field: .phone, shows: true))])
    #expect(shows.notices.first?.facts.classList?.steps.map(\.shows) == [true])
    #expect(shows.notices.map(\.kind) == [.classListReceipt] && shows.notices.first?.replyTarget == .classList)
    let both = Self.decision(S.deVries, .set(shows: true, [.mail], child: nil))
    #expect(both.changes.count == 2, "both children, and both parents behind the address")
    #expect(Self.decision(S.deVries, .set(shows: true, [.mail], child: "Tim")).changes.count == 1)
    let shown = Self.school([Self.frank: [Self.noor: [.phone]]])
    #expect(Self.decision(S.els, .set(shows: false, [.phone], child: nil), shown).changes.isEmpty)
    #expect(Self.decision(S.frank, .set(shows: false, [.phone], child: nil), shown).changes.count == 1)
  }

  @Test("Nobody shows anything beside a child that is not theirs, or that they have no full authority over")
  func notTheirs() {
    #expect(Self.decision(S.els, .set(shows: true, [.phone], child: "Sanne")).refusal == .unknownChild)
    #expect(Self.decision(S.onRequest, .set(shows: true, [.phone], child: "Noor")).refusal == .noChildHere)
    #expect(Self.decision(S.anna, .set(shows: true, [.phone], child: nil)).refusal == .noChildHere)
  }

  @Test("One's own settings tell what is shown, and never what is hidden, not even to oneself")
  func settings() {
    let shown = Self.school([Self.els: [Self.noor: [.phone]], Self.frank: [Self.noor: [.address]]])
    let own = shown.classListSettings(of: S.els).children
    #expect(own.map(\.pupil.id) == [Self.noor])
    #expect(own.first?.fields.map(\.isShown) == [true, false, false])
    #expect(own.first?.fields.map(\.value) == ["06 of Els", nil, nil])
    #expect(shown.classListSettings(of: S.onRequest).children.isEmpty)
  }
}
