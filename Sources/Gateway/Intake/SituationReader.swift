import School
import Store

/// Fetches from the store what a decision looks at.
struct SituationReader: Sendable {
  let store: Store
  let settings: SchoolSettings
  let directory: Directory

  func state(for act: Act, actor: AccountID) async throws(StoreError) -> SchoolState {
    var state = SchoolState(directory: directory, policy: settings.policy(directory))
    switch act {
    case .answer(.thread(let id)), .answer(.privately(let id)):
      state.thread = try await view(id)
      state.privateThread = try await store.privateThread(about: id, by: actor)
    case .answer(.entry(let id)): state.entry = try await store.entry(id)
    case .answer(.held(let id)): state.heldFor = try await store.held(id)?.account
    case .answer(.digest(let id)): state.digest = try await digest(id)
    case .file(let words?):
      if let parent = words.address.flatMap({ directory.account(address: $0) }) {
        state.filingThread = try await store.privateThread(with: parent.id, and: actor)
      }
    case .documents: state.shelf = try await store.documentShelf()
    case .classList, .answer(.documents), .answer(.filing), .answer(.classList): break
    case .publish, .write, .file, .answer(.support), .answer(.activation), .askSupport, .askHelp, .testLoop, .settings,
      .answer(.addressChange), .calendar, .answer(.event), .answer(.calendarPost),
      .unknownRoute:
      break
    }
    return state
  }

  private func view(_ id: ThreadID) async throws(StoreError) -> ThreadView? {
    guard let thread = try await store.thread(id) else { return nil }
    return ThreadView(thread, participants: try await store.participants(of: id))
  }

  private func digest(_ delivery: DeliveryID) async throws(StoreError) -> [DigestItem] {
    var items: [DigestItem] = []
    for id in try await store.delivery(delivery)?.facts.digestEntries ?? [] {
      guard let entry = try await store.entry(id), let view = try await view(entry.thread) else { continue }
      items.append(DigestItem(entry: entry, thread: view))
    }
    return items
  }
}
