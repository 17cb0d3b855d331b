import School
import Store

extension SchoolGateway {
  /// Tells support of mail that is left unread or stays where it was; once a day for each side, however often it is
  /// called.
  func tell(_ flood: Flood, from address: String?, count: Int) async throws(StoreError) {
    let directory = try await store.directory()
    let isKnown = address.map { directory.account(address: $0) != nil } ?? false
    let decision = tellOfFlood(
      flood, from: address, isKnown: isKnown, count: count, policy: settings.policy(directory))
    _ = try await commit(Outcome(inbound: nil, label: "flood", decision: decision, at: now()))
  }
}
