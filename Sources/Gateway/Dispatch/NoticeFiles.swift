import Foundation
import Mail
import School
import Store

/// The files that go out with a notice: those of the entry that it brings, and those that are made for it.
struct NoticeFiles: Sendable {
  let gateway: SchoolGateway

  /// - Throws: `.notFound` or `.damaged` where the store lacks a file.
  func files(of delivery: DeliveryRecord, entry: ThreadEntry?) async throws(StoreError) -> [OutgoingAttachment] {
    var files = made(for: delivery)
    for file in entry?.files ?? [] { files.append(try await kept(file)) }
    return files
  }

  private func made(for delivery: DeliveryRecord) -> [OutgoingAttachment] {
    switch delivery.kind {
    case .activation:
      [OutgoingAttachment(fileName: "school.vcf", mediaType: "text/vcard", data: Data(gateway.settings.vCard.utf8))]
    default: []
    }
  }

  private func kept(_ file: StoredFile) async throws(StoreError) -> OutgoingAttachment {
    OutgoingAttachment(
      fileName: file.name, mediaType: file.mediaType, data: try await gateway.store.content(of: file))
  }
}
