import Foundation
import Gateway
import Store

/// A school's store, and the secret by which its keys are made. They are made together, the store first. So a secret
/// without a store says that the store is lost, or its disk not mounted: an empty one in its place would know nobody,
/// answer parents as strangers, and give the ids in old keys to other things.
enum SchoolStore {
  /// Makes both where the school is new.
  static func open(folder: URL, access: Store.Access) async throws(CommandFailure) -> (store: Store, keys: KeyRing) {
    try requireThere(folder)
    let place = SchoolConfiguration.storeFolder(in: folder)
    do {
      let store = try await Store.open(folder: place, access: access, makes: !SchoolSecret.exists(folder: folder))
      return (store, try SchoolSecret.loadOrMake(folder: folder))
    } catch let error as StoreError {
      throw CommandFailure(error)
    } catch let problem as ConfigurationProblem {
      throw CommandFailure(problem)
    } catch { throw CommandFailure(Exit.failed, "\(error)") }
  }

  /// Whether the school had a store, which is not there now.
  static func isLost(_ folder: URL) -> Bool {
    SchoolSecret.exists(folder: folder) && !Store.isThere(in: SchoolConfiguration.storeFolder(in: folder))
  }

  static func requireThere(_ folder: URL) throws(CommandFailure) {
    guard isLost(folder) else { return }
    throw CommandFailure(
      Exit.unavailable,
      "store: \(SchoolConfiguration.storeFolder(in: folder).path) \(lost)\n     → \(lostAdvice)")
  }

  static let lost = "holds no store, though the school has been served: its secret is there"
  static let lostAdvice =
    "mount its disk, or put a backup there by `postplein store restore`; to begin anew, move `secret` away too"
}
