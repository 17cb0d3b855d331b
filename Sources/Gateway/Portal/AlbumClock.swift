import Foundation
import Logging
import School
import Store

/// Mails parents of an album when a while has passed since its last photo. Which photos were told of stands in the
/// store with the mails of them, so that each is told of once, whatever died when.
package struct AlbumClock: Sendable {
  static let interval: Duration = .seconds(2)

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    while !Task.isCancelled {
      do throws(StoreError) { try await doDue() } catch {
        gateway.log.error("albums not looked after", metadata: ["error": "\(error)"])
      }
      await pause(Self.interval)
    }
  }

  package func doDue() async throws(StoreError) {
    let last = gateway.now().addingTimeInterval(-gateway.settings.photos.pause)
    let due = try await gateway.store.albumsToAnnounce(before: last)
    try await gateway.forEach(due, "album not looked after") { id throws(StoreError) in
      let (done, _) = try await gateway.commit { () async throws(StoreError) in
        let revision = try await gateway.store.photoRevision()
        let directory = try await gateway.store.directory()
        let album = try await gateway.store.album(id)
        let policy = gateway.settings.policy(directory)
        let decision = album.map {
          announcing($0, directory: directory, policy: policy, revision: revision, now: gateway.now())
        }
        return Outcome(inbound: nil, label: "album", decision: decision ?? Decision(), at: gateway.now())
      }
      gateway.log.info("album told of", metadata: ["album": "\(id)", "notices": "\(done.deliveries.count)"])
    }
  }
}
