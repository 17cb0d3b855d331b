import Foundation
import Testing

@testable import School

@Suite("Changing an address by mail, and what support asks by mail")
struct ChangingAddressTests {
  typealias S = SmallSchool
  static let new = "els@ziggo.test"
  static let policy = SchoolPolicy(supportDesk: [S.dirk], timeZone: .gmt)

  /// The school in which Els's mail goes to a new address already.
  static var changed: Directory {
    let accounts = S.directory.accounts.values.map { account in
      var account = account
      if account.id == S.els { account.newAddress = new }
      return account
    }
    return Directory(
      accounts: accounts, groups: Array(S.directory.groups.values), pupils: Array(S.directory.pupils.values),
      carers: Array(S.directory.carers.values), staff: Array(S.directory.staff.values))
  }

  private func decision(
    _ actor: AccountID, _ act: Act, _ text: String = "", directory: Directory = S.directory
  ) -> Decision {
    decide(
      Command(actor: actor, act: act, subject: "", body: MessageBody(text: text)),
      SchoolState(directory: directory, policy: Self.policy), now: S.now)
  }

  private func refusal(_ decision: Decision) -> RefusalReason? { decision.notices.first?.facts.refusal }

  @Test("It must always be confirmed from the registered address, however well the sender is proven")
  func level() {
    let act = Act.settings(.changeAddress(Self.new))
    let proven = Evidence(writer: S.els, keyOwner: S.els, isProven: true)
    #expect(Standing.judge(proven, for: act.level) == .held(S.els, .mustConfirm))
    #expect(Standing.judge(Evidence(writer: S.els, isConfirmed: true), for: act.level) == .granted(S.els))
  }

  @Test("Mail goes to the new address at once; both addresses and support are told")
  func change() {
    let decision = decision(S.els, .settings(.changeAddress(Self.new)))
    #expect(decision.changes == [.setNewAddress(S.els, Self.new)])
    let told = decision.notices.filter { $0.kind == .addressChange }
    #expect(told.map(\.facts.atAddress) == ["els@ouders.test", Self.new])
    #expect(told.allSatisfy { $0.facts.addressChange?.stage == .changed && $0.recipient == .account(S.els) })
    let approval = decision.notices.filter { $0.kind == .addressApproval }
    #expect(approval.map(\.recipient) == [.account(S.dirk)] && approval[0].replyTarget == .addressApproval)
  }

  @Test("It is refused where the address is known, shared by two people, or of staff")
  func refused() {
    let to = { (actor: AccountID, address: String) in
      self.refusal(self.decision(actor, .settings(.changeAddress(address))))
    }
    #expect(to(S.els, "frank@ouders.test") == .addressTaken && to(S.els, "els@ouders.test") == .addressTaken)
    #expect(to(S.deVries, Self.new) == .sharedAddress && to(S.anna, Self.new) == .staffAddress)
    let frank = decision(S.frank, .settings(.changeAddress(Self.new)), directory: Self.changed)
    #expect(refusal(frank) == .addressTaken, "also one that waits for approval")
  }

  /// What somebody answers to the mail that asks support.
  private func answerApproval(
    _ actor: AccountID, _ text: String, of new: String = new, in directory: Directory = changed,
    desk: [AccountID] = [S.dirk]
  ) -> Decision {
    var state = SchoolState(directory: directory, policy: SchoolPolicy(supportDesk: desk, timeZone: .gmt))
    let change = AddressChange(stage: .changed, old: "els@ouders.test", new: new)
    state.addressApproval = AddressApproval(account: S.els, change: change)
    let act = Act.answer(.addressApproval(DeliveryID(3)))
    return decide(Command(actor: actor, act: act, subject: "", body: MessageBody(text: text)), state, now: S.now)
  }

  @Test("Support approves or rejects it, the owner takes it back; nobody else decides")
  func settle() {
    let approved = answerApproval(S.dirk, "Akkoord!")
    #expect(approved.changes == [.approveAddress(S.els)])
    #expect(
      approved.notices.filter { $0.kind == .addressChange }.map(\.facts.atAddress) == ["els@ouders.test", Self.new])
    #expect(answerApproval(S.dirk, "niet akkoord").changes == [.setNewAddress(S.els, nil)])
    #expect(refusal(answerApproval(S.dirk, "akkoord", in: S.directory)) == .nothingHeld, "nothing waits")
    let owner = { (actor: AccountID, text: String) in
      self.decision(actor, .answer(.addressChange(S.els)), text, directory: Self.changed)
    }
    let reverted = owner(S.els, "Dit was ik niet")
    #expect(reverted.changes == [.setNewAddress(S.els, nil), .rotateKeys(S.els)])
    #expect(reverted.notices.contains { $0.kind == .addressApproval && $0.facts.addressChange?.stage == .reverted })
    let others = [
      answerApproval(S.els, "akkoord"), answerApproval(S.frank, "akkoord"), owner(S.els, "akkoord"),
      owner(S.dirk, "akkoord"), owner(S.frank, "dit was ik niet"),
      answerApproval(S.els, "akkoord", desk: [S.els, S.dirk]),
    ]
    for changes in others.map(\.changes) {
      #expect(!changes.contains(.approveAddress(S.els)) && !changes.contains(.setNewAddress(S.els, nil)))
    }
    let back = decision(S.els, .settings(.changeAddress("els@ouders.test")), directory: Self.changed)
    #expect(back.changes == [.setNewAddress(S.els, nil)], "back to the user name needs no approval")
  }

  @Test("What support writes with it is for the parent; an answer that says neither is asked again, and never helped")
  func words() {
    let approved = answerApproval(S.dirk, "Akkoord, heb ik aangepast in ESIS.")
    #expect(approved.changes.first == .approveAddress(S.els) && approved.readers(of: .supportMessage) == [S.els])
    let rejected = answerApproval(S.dirk, "Niet akkoord.\nDit adres ken ik niet.")
    #expect(rejected.changes.first == .setNewAddress(S.els, nil) && rejected.readers(of: .supportMessage) == [S.els])
    #expect(answerApproval(S.dirk, "Akkoord\n\nGroet, Dirk").readers(of: .supportMessage).isEmpty)
    for text in ["Komt in orde, dank", "Akkoord, maar eerst bellen"] {
      let asked = answerApproval(S.dirk, text)
      #expect(asked.changes.isEmpty && asked.readers(of: .addressApproval) == [S.dirk], "\(text)")
      #expect(asked.notices.allSatisfy { $0.kind != .help && $0.onceADay == nil })
    }
  }

  @Test(
    "A plain yes answers a question, and a plain no; what limits it does not",
    arguments: [
      ("Ja dat ben ik", HeldAnswer.mine), ("Ja hoor, prima!", .mine), ("Hallo,\nja dat was ik", .mine), ("JA", .mine),
      ("Ja, doe maar", .mine), ("Nee, dat was ik niet", .notMine), ("Dit was ik niet, wie wel?", .notMine),
      ("Nee liever niet", .other), ("Ja, maar ik schreef dit niet", .other), ("Ja? Wat is dit?", .other),
      ("Ja ik heb dit gisteren gestuurd aan de juf", .other),
    ])
  func plainAnswers(text: String, answer: HeldAnswer) { #expect(HeldAnswer(text) == answer, "\(text)") }

  @Test("Whatever begins with a yes proves an address; what it says beyond that is read")
  func activated() {
    let answer = { (text: String) in self.decision(S.els, .answer(.activation), text) }
    for text in ["Ja hoor, is aangekomen!", "Yes please"] {
      #expect(answer(text).changes == [.setActivation(S.els, .active)], "\(text)")
    }
    for text in ["Ja, maar hij stond wel bij de spam van mijn man", "Ja, wie zijn jullie?"] {
      let more = answer(text)
      #expect(more.changes.first == .setActivation(S.els, .active) && more.readers(of: .supportMessage) == [S.dirk])
      #expect(more.readers(of: .activated) == [S.els])
    }
    #expect(!answer("Wie is dit?").changes.contains(.setActivation(S.els, .active)))
  }

  @Test("Support approves the address that they were asked about, and not one that came after it")
  func newer() {
    for word in ["akkoord", "niet akkoord"] {
      let late = answerApproval(S.dirk, word, of: "els@eerder.test")
      #expect(late.changes.isEmpty && refusal(late) == .changedSince)
    }
  }

  @Test("The new address is known as theirs before it is approved")
  func known() {
    #expect(Self.changed.account(address: Self.new)?.id == S.els)
    #expect(Self.changed.account(address: "els@ouders.test")?.mailAddress == Self.new)
  }

  @Test("Support has an activation mail sent by mail; of others the same words are a question to support")
  func activation() {
    let asked = decision(S.dirk, .askSupport, "Nieuwe activatie els@ouders.test")
    #expect(asked.changes == [.setActivation(S.els, .asked)])
    #expect(
      asked.notices.map(\.kind) == [.activation, .activationSent] && asked.notices[1].facts.asked == "els@ouders.test")
    #expect(refusal(decision(S.dirk, .answer(.support), "nieuwe activatie x@y.test")) == .unknownAddress)
    #expect(refusal(decision(S.dirk, .askSupport, "nieuwe activatie anna@school.test")) == .unknownAddress)
    let parent = decision(S.frank, .askSupport, "nieuwe activatie els@ouders.test")
    #expect(parent.notices.map(\.kind) == [.supportMessage])
  }

  @Test(
    "A command with an address is read in any case and with what clients put around it; nothing else is one",
    arguments: [
      ("adres Els@Ziggo.nl", CommandWord.changeAddress, "els@ziggo.nl"),
      ("\nMijn nieuwe adres is: <els@ziggo.nl>.", .changeAddress, "els@ziggo.nl"),
      ("NIEUWE ACTIVATIE els@ziggo.nl", .newActivation, "els@ziggo.nl"), ("els@ziggo.nl", nil, ""),
      ("adres", nil, ""), ("adres a@x.nl b@x.nl", nil, ""), ("els@ziggo.nl is mijn adres", nil, ""),
      ("Het adres van Jan is jan@x.nl", nil, ""),
    ] as [(String, CommandWord?, String)])
  func addressed(text: String, word: CommandWord?, address: String) {
    let read = AddressedCommand(firstLineOf: text)
    #expect(read?.word == word && (read?.address ?? "") == address)
  }
}
