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
    #expect(approval.map(\.recipient) == [.account(S.dirk)] && approval[0].replyTarget == .addressChange(S.els))
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

  @Test("Support approves or rejects it, the owner takes it back; nobody else decides")
  func settle() {
    let answer = { (actor: AccountID, text: String, directory: Directory) in
      self.decision(actor, .answer(.addressChange(S.els)), text, directory: directory)
    }
    let approved = answer(S.dirk, "Akkoord!", Self.changed)
    #expect(approved.changes == [.approveAddress(S.els)])
    #expect(
      approved.notices.filter { $0.kind == .addressChange }.map(\.facts.atAddress) == ["els@ouders.test", Self.new])
    #expect(answer(S.dirk, "niet akkoord", Self.changed).changes == [.setNewAddress(S.els, nil)])
    let reverted = answer(S.els, "Dit was ik niet", Self.changed)
    #expect(reverted.changes == [.setNewAddress(S.els, nil), .rotateKeys(S.els)])
    #expect(reverted.notices.contains { $0.kind == .addressApproval && $0.facts.addressChange?.stage == .reverted })
    #expect(refusal(answer(S.dirk, "akkoord", S.directory)) == .nothingHeld, "nothing waits")
    for (actor, text) in [(S.els, "akkoord"), (S.frank, "akkoord"), (S.frank, "dit was ik niet")] {
      let changes = answer(actor, text, Self.changed).changes
      #expect(!changes.contains(.approveAddress(S.els)) && !changes.contains(.setNewAddress(S.els, nil)))
    }
    let back = decision(S.els, .settings(.changeAddress("els@ouders.test")), directory: Self.changed)
    #expect(back.changes == [.setNewAddress(S.els, nil)], "back to the user name needs no approval")
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
