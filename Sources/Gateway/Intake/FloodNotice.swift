import School
import Store

extension SchoolGateway {
  /// Tells support of mail that is left unread; once a day for each side, whoever calls how often.
  func tell(_ flood: Flood, from address: String?, count: Int) async throws(StoreError) {
    let policy = settings.policy(try await store.directory())
    let decision = tellOfFlood(flood, from: address, count: count, policy: policy)
    _ = try await commit(Outcome(inbound: nil, label: "flood", decision: decision, at: now()))
  }
}
