import Foundation
import Mail
import Rendering
import School
import Store

/// What the mails of albums show: read when they are sent, so that what was taken back meanwhile is not in them, and
/// nothing goes to who may not see it any more.
struct AlbumMail: Sendable {
  let gateway: SchoolGateway

  /// Nil for a mail that shows no photos.
  func notice(
    _ facts: NoticeFacts, for reader: Reader, _ directory: Directory
  ) async throws(StoreError) -> AlbumNotice? {
    guard let photos = facts.photos, let wanted = photos.photos, let id = photos.album else { return nil }
    let album = try await gateway.store.album(id).flatMap { album in
      reader.account.map { directory.isFor(album, $0.id) } == true ? album : nil
    }
    let shown = (album?.shown ?? []).filter { wanted.contains($0.id) }
    let batches = Set(shown.map(\.batch))
    return AlbumNotice(
      photos: shown.map {
        AlbumNotice.Photo(number: $0.number, caption: $0.caption, screen: $0.screen, thumbnail: $0.thumbnail)
      },
      text: (album?.batches ?? []).filter { batches.contains($0.id) }.map(\.text).filter { !$0.isEmpty }
        .joined(separator: "\n\n"))
  }

  /// The small pictures within the text, or the larger ones as files.
  func files(_ context: NoticeContext) async throws(StoreError) -> [OutgoingAttachment] {
    guard let album = context.album else { return [] }
    var files: [OutgoingAttachment] = []
    for photo in album.photos {
      let name = "\(PhotoWord.photo.offered(in: context.language))-\(photo.number).jpg"
      let isSmall = context.kind == .album
      files.append(
        OutgoingAttachment(
          fileName: name, mediaType: "image/jpeg",
          data: try await gateway.store.content(of: isSmall ? photo.thumbnail : photo.screen),
          contentID: isSmall ? photo.contentID : nil))
    }
    return files
  }
}
