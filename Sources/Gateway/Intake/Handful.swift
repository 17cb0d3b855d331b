import Foundation
import Store
import Transport

/// A mail of the inbox that is in the store.
struct TakenMail: Sendable {
  var uid: UID
  var record: InboundRecord
  /// What it is, where it was recorded just now and its reading counts as begun.
  var mail: ReceivedMail?
}

/// A handful as it was fetched, and is to be recorded.
struct FetchedHandful: Sendable {
  var listings: [MessageListing] = []
  /// What the store had already, or is never read.
  var known: [TakenMail] = []
  var new: [IncomingMail] = []
  /// False where one could not be written down, or was not given.
  var isWhole = true

  /// One that is never read; nil where that could not be written down.
  mutating func add(_ record: InboundRecord?, uid: UID) {
    if let record { known.append(TakenMail(uid: uid, record: record)) } else { isWhole = false }
  }
}

/// What became of mails that still lie in the inbox.
struct ReadHandful: Sendable {
  var uids: [UID] = []
  var statuses: [InboundRecord.Status] = []
}

/// Mails that are fetched and recorded together.
struct Handful: Sendable {
  /// So many mails, or fewer that are as large as this together, in octets; three handfuls are in memory at a time.
  static let most = 50
  static let octets = 8 << 20
  /// Mails up to this long, in octets, are fetched by one command.
  static let short = 64 << 10

  var mails: [TakenMail] = []
  /// False where one could not be recorded.
  var isWhole = true

  static func split(_ listings: [MessageListing]) -> [[MessageListing]] {
    var (handfuls, size) = ([[MessageListing]](), 0)
    for listing in listings {
      if let last = handfuls.last, last.count < most, size + listing.size <= octets {
        handfuls[handfuls.count - 1].append(listing)
        size += listing.size
      } else {
        handfuls.append([listing])
        size = listing.size
      }
    }
    return handfuls
  }
}
