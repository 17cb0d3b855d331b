import Foundation
import Mail
import Rendering
import School
import Store

/// The files that go out with a notice: those of the entry that it brings, the document
/// that was asked for, and those that are made for it.
struct NoticeFiles: Sendable {
  let gateway: SchoolGateway

  /// - Throws: `.notFound` or `.damaged` where the store lacks a file.
  func files(
    of delivery: DeliveryRecord, for reader: Reader, context: NoticeContext
  ) async throws(StoreError) -> [OutgoingAttachment] {
    var files = made(for: delivery, context)
    if let calendar = CalendarMail(gateway: gateway, reader: reader, delivery: delivery).file { files.append(calendar) }
    files += await ConferenceMail(gateway: gateway, reader: reader, delivery: delivery).files(context)
    if delivery.kind == .classList {
      files += await ClassListSheets(gateway: gateway).files(context, at: delivery.createdAt)
    }
    files += try await AlbumMail(gateway: gateway).files(context)
    for file in (context.entry?.files ?? []) + [delivery.facts.file].compactMap(\.self) {
      files.append(try await kept(file))
    }
    // The lines of other notices name files that do not come along.
    if delivery.kind == .document, let file = delivery.facts.documents?.lines.first?.file {
      files.append(try await kept(file))
    }
    return files
  }

  private func made(for delivery: DeliveryRecord, _ context: NoticeContext) -> [OutgoingAttachment] {
    switch delivery.kind {
    case .activation:
      [OutgoingAttachment(fileName: "school.vcf", mediaType: "text/vcard", data: Data(gateway.settings.vCard.utf8))]
    case .offerState: offerTable(context).map { [$0] } ?? []
    default: []
    }
  }

  private func kept(_ file: StoredFile) async throws(StoreError) -> OutgoingAttachment {
    OutgoingAttachment(
      fileName: file.name, mediaType: file.mediaType, data: try await gateway.store.content(of: file))
  }
}
