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
    var judged: Int?
    await gateway.repeatedly(.albums, every: Self.interval, complaint: "albums not looked after") {
      () async throws(StoreError) in
      try await judgeAnew(since: &judged)
      try await doDue()
    }
  }

  /// Looks at all photos beside which a child is named, where people changed since: an import may have changed who has
  /// a say, and it may have been made by another process, or while no gateway was there.
  ///
  /// - Parameter judged: the directory that was looked at last; nil for none.
  package func judgeAnew(since judged: inout Int?) async throws(StoreError) {
    let version = try await gateway.store.directoryVersion()
    guard version != judged else { return }
    let albums = try await gateway.store.albums(naming: nil).map(\.id)
    try await gateway.forEach(albums, "album not judged anew") { id throws(StoreError) in
      guard try await judgement(of: id) != Decision() else { return }
      let (done, _) = try await gateway.commit { () async throws(StoreError) in
        Outcome(inbound: nil, label: "album-judged", decision: try await judgement(of: id), at: gateway.now())
      }
      gateway.log.info("album judged anew", metadata: ["album": "\(id)", "notices": "\(done.deliveries.count)"])
    }
    judged = version
  }

  private func judgement(of id: AlbumID) async throws(StoreError) -> Decision {
    let revision = try await gateway.store.photoRevision()
    guard let album = try await gateway.store.album(id) else { return Decision() }
    let directory = try await gateway.store.directory()
    let named = album.photos.reduce(into: Set()) { $0.formUnion($1.named) }
    let decision = judging(
      album, consents: try await gateway.store.consents(of: named), directory: directory,
      policy: gateway.settings.policy(directory), revision: revision, now: gateway.now())
    return decision.changes.isEmpty ? Decision() : decision
  }

  package func doDue() async throws(StoreError) {
    let last = gateway.now().addingTimeInterval(-gateway.settings.photos.pause)
    let due = try await gateway.store.albumsToAnnounce(before: last)
    try await gateway.forEach(due, "album not looked after") { id throws(StoreError) in
      let (done, _) = try await gateway.commit { () async throws(StoreError) in
        // Photos that were filed while people changed were judged by who they were before.
        let judged = try await judgement(of: id)
        guard judged == Decision() else {
          return Outcome(inbound: nil, label: "album-judged", decision: judged, at: gateway.now())
        }
        let revision = try await gateway.store.photoRevision()
        let directory = try await gateway.store.directory()
        let album = try await gateway.store.album(id)
        let policy = gateway.settings.policy(directory)
        let decision = album.map {
          announcing($0, directory: directory, policy: policy, revision: revision, now: gateway.now())
        }
        return Outcome(inbound: nil, label: "album", decision: decision ?? Decision(), at: gateway.now())
      }
      gateway.log.info("album looked after", metadata: ["album": "\(id)", "notices": "\(done.deliveries.count)"])
    }
  }
}
