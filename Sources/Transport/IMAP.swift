import Foundation
import Mail

/// A message's number within one UIDVALIDITY of one folder (RFC 3501, section 2.3.1.1).
package typealias UID = UInt32

/// What SELECT told of a folder.
package struct IMAPMailboxStatus: Sendable, Hashable {
  package var uidValidity: UInt32
  package var uidNext: UID?
  package var messageCount: Int

  package init(uidValidity: UInt32, uidNext: UID?, messageCount: Int) {
    self.uidValidity = uidValidity
    self.uidNext = uidNext
    self.messageCount = messageCount
  }
}

/// A message as it lies in the folder, before anything was read of it but its size.
package struct MessageListing: Sendable, Hashable {
  package var uid: UID
  /// RFC822.SIZE, in octets.
  package var size: Int

  package init(uid: UID, size: Int) {
    self.uid = uid
    self.size = size
  }
}

/// The raw bytes of one message.
package struct FetchedMessage: Sendable, Hashable {
  package var uid: UID
  package var raw: Data

  package init(uid: UID, raw: Data) {
    self.uid = uid
    self.raw = raw
  }
}

/// One logged-in connection with one folder selected. Its calls are made one at a time, by one task.
package protocol IMAPSession: Sendable {
  /// What SELECT told when the session began.
  var status: IMAPMailboxStatus { get async }

  /// The messages in the folder, in their order; messages flagged \Deleted are left out.
  func list() async throws(TransportError) -> [UID]

  /// These messages, in this order; those that are gone are left out. A server may have to read each of them for it;
  /// the size of one for which it refuses that is 0.
  func listings(_ uids: [UID]) async throws(TransportError) -> [MessageListing]

  /// Fetches by `BODY.PEEK[]`; nil where the message is gone meanwhile.
  ///
  /// - Throws: `.refused` where the server will not give it: the session stays usable.
  func fetch(_ uid: UID) async throws(TransportError) -> FetchedMessage?

  /// The same of several, by one command where that can be. What is gone, or cannot be fetched, is left out.
  func fetch(_ uids: [UID]) async throws(TransportError) -> [UID: FetchedMessage]

  /// The From fields of messages, as octets of a header that holds nothing else; those that are gone, or that the
  /// server refuses, are left out.
  func fromFields(_ uids: [UID]) async throws(TransportError) -> [UID: [UInt8]]

  /// Moves by MOVE (RFC 6851), else COPY, \Deleted and UID EXPUNGE. Does nothing where the message is gone.
  ///
  /// - Throws: `.refused` or `.notFound` where the server will not: the session stays usable.
  func move(_ uid: UID, to folder: String) async throws(TransportError)

  /// The same of several, by one command where that can be.
  func move(_ uids: [UID], to folder: String) async throws(TransportError)

  /// The messages that arrived before that day of UTC, by the dates of the server (RFC 3501, section 6.4.4).
  func list(arrivedBefore day: Date) async throws(TransportError) -> [UID]

  /// Takes these away for good. Does nothing where they are gone.
  ///
  /// - Throws: as `move`.
  func remove(_ uids: [UID]) async throws(TransportError)

  /// Makes the folder where it is not there, and subscribes to it where the server lets us.
  ///
  /// - Throws: `.refused` where it cannot be made: the session stays usable.
  func createFolder(_ folder: String) async throws(TransportError)

  /// Returns when something may have changed: by IDLE (RFC 2177), else after `pollInterval`; at the latest after
  /// `limit`. Returns at once when `close()` is called by another task or the task is cancelled.
  func waitForChange(limit: Duration, pollInterval: Duration) async throws(TransportError)

  /// Logs out. Safe to call more than once and from any task.
  func close() async
}

extension IMAPSession {
  package func fetch(_ uids: [UID]) async throws(TransportError) -> [UID: FetchedMessage] {
    var messages: [UID: FetchedMessage] = [:]
    for uid in uids { messages[uid] = try await fetch(uid) }
    return messages
  }

  package func move(_ uids: [UID], to folder: String) async throws(TransportError) {
    for uid in uids { try await move(uid, to: folder) }
  }
}

/// The port through which mail comes in.
package protocol IMAPConnector: Sendable {
  /// Connects, verifies the certificate and host name, logs in and selects the folder.
  func connect(folder: String) async throws(TransportError) -> any IMAPSession
}
