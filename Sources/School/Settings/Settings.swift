/// One's own settings as a mail tells them.
package struct SettingsFacts: Sendable, Hashable, Codable {
  package var now: PersonalSettings
  /// Of a receipt: what they were.
  package var before: PersonalSettings?
  package var address: String
  /// Where mail goes meanwhile.
  package var newAddress: String?
  /// Everybody behind the account who is responsible for a child.
  package var carers: [CarerLine]

  package struct CarerLine: Sendable, Hashable, Codable {
    package var name: String
    package var children: [Child]

    package init(name: String, children: [Child]) {
      self.name = name
      self.children = children
    }
  }

  package struct Child: Sendable, Hashable, Codable {
    package var name: String
    /// Their names; empty where the school does not tell them this by itself.
    package var groups: [String]
    package var authority: ParentalAuthority

    package init(name: String, groups: [String], authority: ParentalAuthority) {
      self.name = name
      self.groups = groups
      self.authority = authority
    }
  }

  package init(
    now: PersonalSettings, before: PersonalSettings? = nil, address: String, newAddress: String? = nil,
    carers: [CarerLine] = []
  ) {
    self.now = now
    self.before = before
    self.address = address
    self.newAddress = newAddress
    self.carers = carers
  }
}

/// What is written down of somebody's settings.
package enum SettingsWrite: Sendable, Hashable {
  case put(PersonalSettings)
  /// All that is kept of them will be sent.
  case requestData
  /// It was, or cannot be.
  case endDataRequest
}

extension Question {
  func settings(_ request: SettingsRequest) -> Decision {
    guard let account = directory.accounts[actor] else { return help() }
    let further = furtherChanges(request)
    let words = further.isAllRead ? Decision() : support()
    switch request {
    case .show: return showSettings(account)
    case .changeAddress(let address): return changeAddress(to: address).and(words)
    case .change(let change):
      let settings = further.changes.reduce(change.applied(to: account.settings)) { $1.applied(to: $0) }
      return put(settings, account).and(words)
    case .newKeys: return Decision(changes: [.rotateKeys(actor)], notices: [toActor(.newKeys)]).and(words)
    case .myData: return Decision(changes: [.settings(actor, .requestData)]).and(words)
    }
  }

  /// What the lines below the first change as well; what is none of it is for a person.
  private func furtherChanges(_ request: SettingsRequest) -> (changes: [SettingsChange], isAllRead: Bool) {
    // A client writes what it likes below `stop`.
    guard case .settings = command.act, request != .show else { return ([], true) }
    let own = Set(directory.names(of: actor).flatMap(Glossary.words))
    let lines = Written.withoutClosing(Written.lines(String(Glossary.withoutGreeting(command.body.text)))).dropFirst()
    var (changes, isAllRead): ([SettingsChange], Bool) = ([], true)
    for line in lines.prefix(SchoolPolicy.mostCommandLines) where !own.isSuperset(of: Glossary.words(line)) {
      if line.utf8.count <= 200, case .change(let change)? = SettingsRequest(line[...]), case .change = request {
        changes.append(change)
      } else {
        isAllRead = false
      }
    }
    return (changes, isAllRead && lines.count <= SchoolPolicy.mostCommandLines)
  }

  /// `herstel` takes a change back, and nothing that was changed since.
  func answerSettingsReceipt() -> Decision {
    guard command.word == .retract else { return command.word == .help ? help() : support() }
    guard let account = directory.accounts[actor], let receipt = state.settingsReceipt, let before = receipt.before
    else { return refuse(.tooLateToRetract) }
    return put(account.settings.reverting(from: before, to: receipt.now), account)
  }

  private func put(_ settings: PersonalSettings, _ account: Account) -> Decision {
    // Nothing to take back.
    if settings == account.settings { return showSettings(account) }
    var facts = NoticeFacts()
    facts.settings = SettingsFacts(
      now: settings, before: account.settings, address: account.address, newAddress: account.newAddress)
    return Decision(
      changes: [.settings(actor, .put(settings))],
      notices: [toActor(.settingsReceipt, replyTarget: .settingsReceipt, facts: facts)])
  }

  private func showSettings(_ account: Account) -> Decision {
    // Words that were not understood are shown, so that nobody thinks that something was done.
    let isUnread = command.act == .settings(.show) && !command.body.text.allSatisfy(\.isWhitespace)
    var facts = NoticeFacts(excerpt: isUnread ? command.body.excerpt : nil)
    facts.settings = SettingsFacts(
      now: account.settings, address: account.address, newAddress: account.newAddress,
      carers: directory.carers(of: actor).map(line))
    return Decision(notices: [toActor(.settings, replyTarget: .settings, facts: facts)])
  }

  private func line(_ carer: Carer) -> SettingsFacts.CarerLine {
    let children = carer.authority.keys.compactMap { directory.pupils[$0] }.sorted { $0.id < $1.id }
    return SettingsFacts.CarerLine(
      name: carer.name,
      children: children.map { pupil in
        let authority = carer.authority[pupil.id] ?? .none
        let groups = authority == .full ? pupil.groups.compactMap { directory.groups[$0]?.name }.sorted() : []
        return SettingsFacts.Child(name: pupil.name, groups: groups, authority: authority)
      })
  }
}

/// The archive of all that is kept of somebody, on its way to them; nil for one that is too large for a mail.
package func sendData(to account: AccountID, archive: StoredFile?) -> Decision {
  var facts = NoticeFacts()
  facts.file = archive
  facts.isAnswer = true
  return Decision(
    changes: [.settings(account, .endDataRequest)],
    notices: [Notice(archive == nil ? .myDataTooLarge : .myData, to: .account(account), facts: facts)])
}
