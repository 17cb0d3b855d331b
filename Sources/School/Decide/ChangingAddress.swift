/// A change of address, as a notice tells it.
package struct AddressChange: Sendable, Hashable, Codable {
  package enum Stage: String, Sendable, Hashable, Codable {
    case changed, approved, rejected, reverted
  }

  package var stage: Stage
  package var old: String
  package var new: String

  package init(stage: Stage, old: String, new: String) {
    self.stage = stage
    self.old = old
    self.new = new
  }
}

/// A change of address as support was asked to approve it.
package struct AddressApproval: Sendable, Hashable {
  package var account: AccountID
  package var change: AddressChange

  package init(account: AccountID, change: AddressChange) {
    self.account = account
    self.change = change
  }
}

extension Question {
  /// A parent has a new address, and confirmed it from the registered one: mail goes there at once. The user name stays
  /// what it was until support approves, and both addresses are told.
  func changeAddress(to new: String) -> Decision {
    guard let account = directory.accounts[actor] else { return help() }
    if directory.isStaff(actor) { return refuse(.staffAddress, asked: new) }
    if directory.carers(of: actor).count > 1 { return refuse(.sharedAddress, asked: new) }
    guard new != account.mailAddress, !isTaken(new) else { return refuse(.addressTaken, asked: new) }
    // Back to the user name needs nobody's approval.
    if new == account.address { return settle(account, .reverted, [.setNewAddress(actor, nil)]) }
    let change = AddressChange(stage: .changed, old: account.address, new: new)
    let approvals = supportDesk.filter { $0 != actor }.map { approval(of: change, actor, $0) }
    return Decision(changes: [.setNewAddress(actor, new)], notices: tell(change) + approvals)
  }

  private func approval(of change: AddressChange, _ owner: AccountID, _ supporter: AccountID) -> Notice {
    Notice(
      .addressApproval, to: .account(supporter), replyTarget: .addressApproval,
      facts: NoticeFacts(about: owner, addressChange: change))
  }

  /// Its owner says that it was not them.
  func answerAddressChange(_ id: AccountID) -> Decision {
    guard let account = directory.accounts[id] else { return support() }
    // Which address they mean a mail to its owner does not tell.
    if actor != id {
      guard supportDesk.contains(actor), WrittenVerdict(command.body.text) != nil, let new = account.newAddress else {
        return support()
      }
      return Decision(notices: [approval(of: AddressChange(stage: .changed, old: account.address, new: new), id, actor)]
      )
    }
    switch command.word {
    case .notMe: return settle(account, .reverted, [.setNewAddress(id, nil), .rotateKeys(id)])
    case .help: return help()
    default: return support()
    }
  }

  /// Support says akkoord or niet akkoord, to the address that they were asked about and no later one, and never to
  /// their own. What they write with it is for the parent; where it is neither they are asked again.
  func answerAddressApproval() -> Decision {
    guard supportDesk.contains(actor), let asked = state.addressApproval, asked.account != actor,
      let account = directory.accounts[asked.account]
    else { return support() }
    if command.word == .help { return help() }
    guard let new = account.newAddress else { return refuse(.nothingHeld) }
    guard new == asked.change.new else { return refuse(.changedSince, asked: asked.change.new) }
    guard let verdict = WrittenVerdict(command.body.text) else {
      let others = supportDesk.contains { $0 != actor } ? support() : Decision()
      return others.and(Decision(notices: [approval(of: asked.change, account.id, actor)]))
    }
    guard !verdict.isApproved || !isTaken(new, except: account.id) else { return refuse(.addressTaken, asked: new) }
    let settled =
      verdict.isApproved
      ? settle(account, .approved, [.approveAddress(account.id)])
      : settle(account, .rejected, [.setNewAddress(account.id, nil)])
    return command.hasWords(beside: verdict, names: directory.names(of: actor))
      ? settled.and(openPrivate(.support, with: [account.id], about: nil)) : settled
  }

  /// Ends a change that waits, and tells the person at both addresses, and support.
  private func settle(_ account: Account, _ stage: AddressChange.Stage, _ changes: [Change]) -> Decision {
    guard let new = account.newAddress else { return refuse(.nothingHeld) }
    let change = AddressChange(stage: stage, old: account.address, new: new)
    let desk = supportDesk.filter { $0 != account.id }.map {
      Notice(
        .addressApproval, to: .account($0), facts: NoticeFacts(about: account.id, addressChange: change))
    }
    return Decision(changes: changes, notices: tell(change, account.id) + desk)
  }

  private func tell(_ change: AddressChange, _ account: AccountID? = nil) -> [Notice] {
    let account = account ?? actor
    return [change.old, change.new].map {
      Notice(
        .addressChange, to: .account(account), replyTarget: .addressChange(account),
        facts: NoticeFacts(addressChange: change, atAddress: $0))
    }
  }

  /// Not by an account that is nobody's: whoever wrote to support from their new address made one.
  private func isTaken(_ address: String, except id: AccountID? = nil) -> Bool {
    directory.accounts.values.contains { account in
      account.id != (id ?? actor)
        && (account.newAddress == address || account.address == address && isOfSchool(account.id))
    }
  }
}
