import Foundation
import Gateway
import Store

/// A school's store, and the secret by which its keys are made. They are made together, the store first. So a secret
/// without a store says that the store is lost, or its disk not mounted: an empty one in its place would know nobody,
/// answer parents as strangers, and give the ids in old keys to other things. A store that made mails, without its
/// secret, would know none of their answers.
enum SchoolStore {
  /// Makes both where the school is new.
  static func open(folder: URL, access: Store.Access) async throws(CommandFailure) -> (store: Store, keys: KeyRing) {
    try requireThere(folder)
    let place = SchoolConfiguration.storeFolder(in: folder)
    do {
      if access == .shared { try SchoolOption.requireOwner(folder) }
      let store = try await Store.open(folder: place, access: access, makes: !SchoolSecret.exists(folder: folder))
      try await requireSecret(folder, store)
      return (store, try SchoolSecret.loadOrMake(folder: folder))
    } catch { throw CommandFailure(of: error) }
  }

  /// For who only looks at what would change: nil where the school is new, and knows nobody.
  static func openToRead(folder: URL) async throws(CommandFailure) -> Store? {
    try requireThere(folder)
    let place = SchoolConfiguration.storeFolder(in: folder)
    do {
      try await requireSecret(folder)
      return try Store.isThere(in: place) ? await Store.open(folder: place, access: .readOnly) : nil
    } catch { throw CommandFailure(of: error) }
  }

  /// Whether the school had a store, which is not there now.
  static func isLost(_ folder: URL) throws -> Bool {
    let hasStore = try Store.isThere(in: SchoolConfiguration.storeFolder(in: folder))
    return try !hasStore && SchoolSecret.exists(folder: folder)
  }

  static func requireThere(_ folder: URL) throws(CommandFailure) {
    do { guard try isLost(folder) else { return } } catch { throw CommandFailure(of: error) }
    throw CommandFailure(
      Exit.unavailable,
      "store: \(SchoolConfiguration.storeFolder(in: folder).path) \(lost)\n     → \(lostAdvice)")
  }

  /// As `requireThere`, of the secret.
  static func requireSecret(_ folder: URL) async throws {
    let place = SchoolConfiguration.storeFolder(in: folder)
    guard try !SchoolSecret.exists(folder: folder), try Store.isThere(in: place) else { return }
    let store: Store
    do throws(StoreError) { store = try await Store.open(folder: place, access: .readOnly) } catch {
      // It is looked at again when it was brought up to date.
      if error.kind == .olderVersion { return }
      throw error
    }
    try await requireSecret(folder, store)
  }

  private static func requireSecret(_ folder: URL, _ store: Store) async throws {
    guard try await isSecretLost(folder, store) else { return }
    throw CommandFailure(Exit.unavailable, "secret: \(folder.path) \(lostSecret)\n     → \(lostSecretAdvice)")
  }

  /// Whether mails were made by a secret that is not there now.
  static func isSecretLost(_ folder: URL, _ store: Store) async throws -> Bool {
    guard try !SchoolSecret.exists(folder: folder) else { return false }
    return try await store.hasDeliveries()
  }

  static let lostSecret =
    "holds no \(SchoolSecret.fileName), though mails went out whose reply addresses were made by it"
  static let lostSecretAdvice =
    "put it back from a backup; where there is none, make another by `(umask 077; openssl rand -hex 32 > secret)`: "
    + "answers to earlier mails are not known by it, and go to the folder for the eye"
  static let lost = "holds no store, though the school has been served: its secret is there"
  static let lostAdvice =
    "mount its disk, or put a backup there by `postplein store restore`; to begin anew, move `secret` away too"
}
