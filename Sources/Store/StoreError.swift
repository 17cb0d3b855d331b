import Foundation
import GRDB

/// Why the store could not do it. `isTemporary` decides whether trying again later can help.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// Another process writes, or the disk is full or gives errors: try again.
    case busy, diskFull, io
    /// The folder cannot be opened: it is not there, or others hold it.
    case unavailable
    /// What the work needs is not installed on this machine: neither the mail nor the store is to blame.
    case notInstalled
    /// Written by a newer version of this program.
    case newerVersion
    /// Written by an older one: whoever may write brings it up to date.
    case olderVersion
    /// A file or row is not what was written.
    case damaged
    /// SQLite's own file is not: nothing in it is to be trusted.
    case corrupt
    /// What was asked for is not there.
    case notFound
  }

  package let kind: Kind
  /// For the log and for `check`: without addresses, keys or text.
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var isTemporary: Bool {
    switch kind {
    case .busy, .diskFull, .io: true
    case .unavailable, .notInstalled, .newerVersion, .olderVersion, .damaged, .corrupt, .notFound: false
    }
  }

  /// Whether it says nothing of the mail in hand, which stays as it is until the store is well again.
  package var isOfStore: Bool { isTemporary || kind == .corrupt || kind == .unavailable }

  package var description: String { "\(kind.rawValue): \(message)" }

  /// Result codes of sqlite.org/rescode.html; messages only, since the SQL's arguments are personal.
  init(_ error: any Error) {
    if let error = error as? StoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.io, error.systemWords)
      return
    }
    // Where a copy fails, GRDB asks the wrong one of the two databases.
    let words = error.message.flatMap { $0 == "not an error" ? nil : $0 } ?? "SQLite \(error.extendedResultCode)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, words)
    case .SQLITE_FULL: self.init(.diskFull, words)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self.init(.corrupt, words)
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH: self.init(.damaged, words)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY: self.init(.unavailable, words)
    // Of a column that json_each takes apart.
    case .SQLITE_ERROR where words == "malformed JSON": self.init(.damaged, words)
    default: self.init(.io, words)
    }
  }
}

extension Error {
  /// The system's own words where they are known: Foundation's are often no more than a number.
  package var systemWords: String {
    if let error = self as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
    let error = self as NSError
    if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(truncatingIfNeeded: error.code))) }
    if let within = error.userInfo[NSUnderlyingErrorKey] as? any Error { return within.systemWords }
    return error.localizedDescription
  }
}
