import Mail
import School
import Store

/// Fetches from the store what a decision looks at.
struct SituationReader: Sendable {
  let store: Store
  let keys: KeyRing
  let settings: SchoolSettings
  let directory: Directory

  func state(for act: Act, actor: AccountID, message: MailMessage) async throws(StoreError) -> SchoolState {
    var state = SchoolState(directory: directory, policy: settings.policy(directory))
    switch act {
    case .answer(.thread(let id)), .answer(.privately(let id)):
      state.thread = try await view(id)
      state.privateThread = try await store.privateThread(about: id, by: actor)
      if state.thread?.thread.kind == .schoolyard {
        state.offer = try await store.offer(id)
        state.isThreadHidden = try await store.isHidden(id)
        // `weg` and `melden` are of the one mail that is answered, never of the newest.
        try await readEntry(&state, try await mails.answered(by: message, actor: actor)?.entry)
      }
    case .answer(.offer(let id)):
      state.offer = try await store.offer(id)
      state.privateThread = try await store.privateThread(about: id, by: actor)
    case .answer(.reported(let id)):
      try await readEntry(&state, id)
      if let thread = state.entry?.thread { state.thread = try await view(thread) }
    case .answer(.entry(let id)), .answer(.broadcast(let id)):
      try await readEntry(&state, id)
      state.entryAwaitsApproval = try await store.awaitsApproval(id)
      guard let thread = state.entry?.thread else { break }
      state.thread = try await view(thread)
      state.offer = try await store.offer(thread)
      state.privateThread = try await store.privateThread(about: thread, by: actor)
    case .answer(.held(let id)): state.heldFor = try await store.held(id)?.account
    case .answer(.digest(let id)), .answer(.posted(let id)): state.digest = try await digest(id, actor)
    case .answer(.settingsReceipt(let id)): state.settingsReceipt = try await store.delivery(id)?.facts.settings
    case .answer(.addressApproval(let id)):
      guard let facts = try await store.delivery(id)?.facts, let account = facts.about, let change = facts.addressChange
      else { break }
      state.addressApproval = AddressApproval(account: account, change: change)
    case .why(let target):
      if let delivery = try await mails.asked(by: message, about: target, actor: actor) {
        state.asked = try await mails.mail(delivery)
      }
    case .file(let words?):
      if let parent = words.address.flatMap({ directory.account(address: $0) }) {
        state.filingThread = try await store.privateThread(with: parent.id, and: actor)
      }
    case .documents: state.shelf = try await store.documentShelf()
    case .answer(.results(let id)):
      guard let mail = try await store.delivery(id), mail.recipient == .account(actor) else { break }
      state.results = mail.facts.results?.pupil
    case .classList, .answer(.documents), .answer(.filing), .answer(.classList): break
    case .publish, .write, .file, .answer(.support), .answer(.activation), .askSupport, .askHelp, .testLoop, .settings,
      .answer(.addressChange), .answer(.settings), .answer(.unsubscribe),
      .calendar, .answer(.event), .answer(.calendarPost), .answer(.calendarWeek), .conferences, .answer(.conference),
      .results, .absence, .answer(.absence), .photos, .answer(.album), .answer(.photoBatch), .answer(.albums),
      .answer(.consent), .unknownRoute:
      break
    }
    return state
  }

  private var mails: AskedMails {
    AskedMails(store: store, keys: keys) { (id) async throws(StoreError) in try await view(id) }
  }

  /// Its revision first: what changes in between is then noticed.
  private func readEntry(_ state: inout SchoolState, _ id: EntryID?) async throws(StoreError) {
    guard let id else { return }
    state.entryRevision = try await store.revision(of: "entry \(id)")
    state.entry = try await store.entry(id)
  }

  private func view(_ id: ThreadID) async throws(StoreError) -> ThreadView? { try await store.view(of: id) }

  private func digest(_ delivery: DeliveryID, _ actor: AccountID) async throws(StoreError) -> [DigestItem] {
    var items: [DigestItem] = []
    guard let facts = try await store.delivery(delivery)?.facts else { return [] }
    let posted = facts.digestAnswer?.posted ?? []
    for (place, id) in (facts.digestEntries ?? []).enumerated() {
      guard let entry = try await store.entry(id), let view = try await view(entry.thread) else { continue }
      let number = posted.dropFirst(place).first?.number ?? place + 1
      var item = DigestItem(number: number, entry: entry, thread: view, offer: try await store.offer(entry.thread))
      if item.offer != nil { item.privateThread = try await store.privateThread(about: entry.thread, by: actor) }
      item.isHidden = try await store.isHidden(entry.thread)
      items.append(item)
    }
    return items
  }
}
