import School
import Store

/// What a Message-ID belongs to.
enum AnsweredMessage: Sendable, Hashable {
  /// A mail of ours.
  case delivery(DeliveryRecord)
  /// A mail of theirs that became an entry.
  case entry(ThreadEntry)
}

extension Store {
  /// The message that a mail answers; nil for one that nobody knows here, or no longer.
  func answered(messageID: String, _ keys: KeyRing) async throws(StoreError) -> AnsweredMessage? {
    if let id = keys.delivery(messageID: messageID) { return try await delivery(id).map { .delivery($0) } }
    return try await entry(messageID: messageID).map { .entry($0) }
  }
}
