import Foundation
import Mail
import Pictures
import School
import Store

extension MailContents {
  /// What a mail to the albums, or an answer to one of their mails, asks; nil for words that are for support, and for
  /// the question why a mail came.
  func photoAct(_ act: Act) -> Act? {
    let text = text(for: act)
    if case .answer = act, CommandWord.isWhy(text) { return nil }
    switch act {
    case .photos(let request):
      if case .consent = request.ask {
        let ask = ConsentAsk.answer(Self.firstLine(text)) ?? ConsentAsk.answer(subject) ?? .show
        return .photos(PhotoRequest(.consent(ask), group: request.group))
      }
      let hasFiles = !PhotoFiles.of(mail.message).isEmpty
      return .photos(.read(subject: subject, text: text, hasFiles: hasFiles, group: request.group))
    case .answer(.album(let album)): return .photos(.answer(text, to: .album(album)))
    case .answer(.photoBatch(let batch)): return .photos(.answer(text, to: .batch(batch)))
    case .answer(.albums):
      let request = PhotoRequest.read(subject: "", text: text, hasFiles: false, group: nil)
      return request.ask == .list ? nil : .photos(request)
    case .answer(.consent):
      if CommandWord(firstLineOf: text) == .help { return nil }
      // What is no choice goes to a person, and the choices come back.
      return .photos(PhotoRequest(.consent(ConsentAsk.answer(Self.firstLine(text)) ?? .show)))
    default: return nil
    }
  }

  private static func firstLine(_ text: String) -> String {
    Glossary.firstLine(of: text).map(String.init) ?? ""
  }
}

/// The files of a mail that may be photos. Phones put photos within the text; so do signatures with their logo.
struct PhotoFiles {
  /// Those that are taken for photos.
  var photos: [Attachment] = []
  /// Larger ones that are not, since they look like a logo: their sender is told.
  var logos: [Attachment] = []

  static func of(_ message: MailMessage) -> [Attachment] { PhotoFiles(message).photos }

  init(_ message: MailMessage) {
    for file in message.attachments where !(file.isInline && file.data.count < SchoolPolicy.signatureOctets) {
      if Self.isDrawn(file), Self.isSmall(file) { logos.append(file) } else { photos.append(file) }
    }
  }

  /// The text shows it, and no camera wrote anything into it.
  static func isDrawn(_ file: Attachment) -> Bool { file.isShown && PictureHeader(file.data)?.hasExif == false }

  private static func isSmall(_ file: Attachment) -> Bool {
    guard let header = PictureHeader(file.data) else { return false }
    return header.form == .jpeg
      ? header.pixels < SchoolPolicy.logoPixels : file.data.count < SchoolPolicy.logoOctets
  }
}

/// Fetches what a decision on photos looks at; from a mail of staff with photos, the pictures that are made of them.
struct PhotoSituation: Sendable {
  let gateway: SchoolGateway
  let mail: ReceivedMail
  private var store: Store { gateway.store }

  /// Leaves the state as it is for an act that is not about photos.
  func fill(_ state: inout SchoolState, for act: Act, actor: AccountID) async throws(StoreError) {
    guard case .photos(let request) = act else { return }
    let directory = state.directory
    var photos = PhotoState(revision: try await store.photoRevision())
    switch request.ask {
    case .list:
      photos.albums = try await store.albums(
        for: directory.albumAudiences(of: actor), since: state.policy.schoolYear(gateway.now()),
        limit: SchoolPolicy.mostAlbums)
    case .consent:
      let pupils = Set(directory.pupils(of: actor).map(\.id))
      photos.albums = try await store.albums(naming: pupils)
    case .file(let title):
      guard directory.isStaff(actor), let audience = audience(request.group, directory) else { break }
      let open = gateway.now().addingTimeInterval(-SchoolPolicy.albumOpen)
      let known = title.isEmpty ? RouteWord.photos.canonical : String(title.prefix(SchoolPolicy.longestTitle))
      photos.albums = try await store.openAlbum(known, for: audience, since: open).map { [$0] } ?? []
      try await readPictures(of: actor, &photos)
    case .show, .send, .remove, .notPictured, .askParents, .undo, .words:
      photos.albums = try await album(request.album).map { [$0] } ?? []
    }
    photos.consents = try await store.consents(of: pupils(concerned: photos, request, actor, directory))
    state.photos = photos
  }

  private func audience(_ word: String?, _ directory: Directory) -> Audience? {
    guard let word else { return .school }
    return directory.group(routeWord: word).map { .group($0.id) }
  }

  private func album(_ reference: PhotoRequest.Reference?) async throws(StoreError) -> PhotoAlbum? {
    switch reference {
    case .album(let id): try await store.album(id)
    case .batch(let id): try await store.album(of: id)
    case nil: nil
    }
  }

  /// The children whose consents may matter: one's own, those named with the photos, and all in the group of new ones.
  private func pupils(
    concerned photos: PhotoState, _ request: PhotoRequest, _ actor: AccountID, _ directory: Directory
  ) -> Set<PupilID> {
    if case .file = request.ask, let audience = audience(request.group, directory) {
      return Set(directory.pupils(in: audience).map(\.id))
    }
    if case .consent = request.ask, directory.isStaff(actor) { return Set(directory.pupils.keys) }
    return photos.albums.flatMap(\.photos).reduce(into: Set(directory.pupils(of: actor).map(\.id))) {
      $0.formUnion($1.named)
    }
  }

  // MARK: Pictures

  /// One after the other: of a mail of 60 MB only one photo is decoded at a time.
  private func readPictures(of sender: AccountID, _ state: inout PhotoState) async throws(StoreError) {
    try store.needsTime()
    let files = PhotoFiles(mail.message)
    state.fileNames = files.photos.map(\.fileName)
    state.refused = files.logos.map { RefusedPhoto(name: $0.fileName, reason: .signature) }
    for (place, file) in files.photos.enumerated() {
      guard state.incoming.count < SchoolPolicy.mostPhotosOfMail else {
        state.refused.append(RefusedPhoto(name: file.fileName, reason: .tooMany))
        continue
      }
      do {
        let picture = try await PictureMaker.make(file.data)
        // What comes with more than one mail of theirs is no photo of the day.
        if PhotoFiles.isDrawn(file),
          try await store.hasSent(file.data, orPhoto: picture.screen, by: sender, beside: mail.message.fingerprint)
        {
          state.refused.append(RefusedPhoto(name: file.fileName, reason: .signature))
          continue
        }
        state.incoming.append(
          IncomingPhoto(
            place: place, name: file.fileName, screen: try await keep(picture.screen),
            thumbnail: try await keep(picture.thumbnail)))
      } catch let error as PictureError {
        guard let reason = error.reason else {
          throw StoreError(.notInstalled, "photos cannot be read before libvips is installed")
        }
        state.refused.append(RefusedPhoto(name: file.fileName, reason: reason))
      } catch {
        throw error as? StoreError ?? StoreError(.io, "\(error)")
      }
    }
  }

  private func keep(_ jpeg: Data) async throws(StoreError) -> StoredFile {
    try await store.keep(file: jpeg, name: "", mediaType: "image/jpeg")
  }
}

extension PictureError {
  /// Nil where it is not the photo's fault.
  fileprivate var reason: RefusedPhoto.Reason? {
    switch self {
    case .unknownForm: .unknownForm
    case .tooLarge: .tooLarge
    case .tooManyPixels: .tooManyPixels
    case .damaged: .damaged
    case .unavailable: nil
    }
  }
}
