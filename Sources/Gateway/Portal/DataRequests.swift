import Foundation
import Logging
import Packing
import School
import Store

/// Makes the archives that people asked for (`mijn gegevens`) and sends them. Beside the reading of mail: finding what
/// somebody wrote reads all that is kept.
package struct DataRequests: Sendable {
  static let interval: Duration = .seconds(3)
  /// How many times as large as its packed form an archive is thought to be at most; all of it is in memory.
  static let mostPacking = 5

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.dataRequests, every: Self.interval, complaint: "data that was asked for not sent") {
      () async throws(StoreError) in
      try await answer()
    }
  }

  package func answer() async throws(StoreError) {
    let requests = try await gateway.store.dataRequests()
    try await gateway.forEach(requests, "data that was asked for not sent") { account throws(StoreError) in
      // Each reads all that is kept.
      gateway.vitals.beat(.dataRequests, within: Vitals.patience)
      let file = try await archive(of: account)
      _ = try await gateway.commit(
        Outcome(inbound: nil, label: "my-data", decision: sendData(to: account, archive: file), at: gateway.now()))
      gateway.log.notice("data sent", metadata: ["account": "\(account)", "octets": "\(file?.size ?? 0)"])
    }
  }

  /// Nil where it is larger than what a mail may bring.
  private func archive(of account: AccountID) async throws(StoreError) -> StoredFile? {
    let (store, limit) = (gateway.store, gateway.settings.limits.filesOctets)
    let archive = try await PersonArchive.make(
      of: account, store: store, words: .own, limit: limit * Self.mostPacking)
    guard !archive.isTooLarge, let zip = ZIP.octets(archive.files, limit: limit) else { return nil }
    return try await store.keep(file: zip, name: "postplein.zip", mediaType: "application/zip")
  }
}
