import Foundation

/// Given by the store. One mail of a member of staff that adds photos, or takes some away, is one batch.
package typealias AlbumID = Identifier<PhotoAlbum, Int64>
package typealias PhotoID = Identifier<Photo, Int64>
package typealias PhotoBatchID = Identifier<PhotoAlbum.Batch, Int64>

/// Photos under one title, for a group or the school. Mails with the same title join it for a while.
package struct PhotoAlbum: Sendable, Hashable, Identifiable {
  /// What a member of staff wrote with some of the photos.
  package struct Batch: Sendable, Hashable {
    package var id: PhotoBatchID
    package var author: AccountID
    /// Without captions.
    package var text: String

    package init(id: PhotoBatchID, author: AccountID, text: String) {
      self.id = id
      self.author = author
      self.text = text
    }
  }

  package var id: AlbumID
  package var audience: Audience
  package var title: String
  /// Who sent the first photos: answers in words go there.
  package var author: AccountID
  package var openedAt: Date
  /// In order of their numbers.
  package var photos: [Photo]
  package var batches: [Batch]

  package init(
    id: AlbumID, audience: Audience, title: String, author: AccountID, openedAt: Date, photos: [Photo] = [],
    batches: [Batch] = []
  ) {
    self.id = id
    self.audience = audience
    self.title = title
    self.author = author
    self.openedAt = openedAt
    self.photos = photos
    self.batches = batches
  }

  /// Those that parents get.
  package var shown: [Photo] { photos.filter { $0.state == .shown } }
  /// Those that wait for a consent.
  package var held: [Photo] { photos.filter { $0.state == .held } }

  /// What parents must have agreed to for a child that is named with a photo of it.
  package var purpose: ConsentPurpose { audience == .school ? .school : .group }

  /// Of which it was decided how it stands.
  package static let revision = "photos"
}

/// One photo: what was made of it, and never the original, which only lies in the mail that brought it.
package struct Photo: Sendable, Hashable, Identifiable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    case shown
    /// It names a child for whom consent is missing.
    case held
    /// It was taken back, or never shown.
    case removed
  }

  package var id: PhotoID
  /// In its album, from 1; never given again.
  package var number: Int
  package var state: State
  /// Which mail brought it.
  package var batch: PhotoBatchID
  /// Which mail took it away.
  package var removedBy: PhotoBatchID?
  /// The name of its file, for who sent it alone: it may name a child.
  package var name: String
  /// What its sender wrote beside it.
  package var caption: String
  /// The children whom its name, its caption or the words around it name.
  package var named: Set<PupilID>
  package var screen: StoredFile
  package var thumbnail: StoredFile
  /// Whether parents were mailed of it.
  package var isAnnounced: Bool

  package init(
    id: PhotoID, number: Int, state: State = .shown, batch: PhotoBatchID, removedBy: PhotoBatchID? = nil, name: String,
    caption: String = "", named: Set<PupilID> = [], screen: StoredFile, thumbnail: StoredFile, isAnnounced: Bool = false
  ) {
    self.id = id
    self.number = number
    self.state = state
    self.batch = batch
    self.removedBy = removedBy
    self.name = name
    self.caption = caption
    self.named = named
    self.screen = screen
    self.thumbnail = thumbnail
    self.isAnnounced = isAnnounced
  }
}

/// A photo that a mail brought, after pictures were made of it.
package struct IncomingPhoto: Sendable, Hashable {
  /// Among all photos of its mail, from 0: also those of which no picture was made have a number for who sent them.
  package var place: Int
  package var name: String
  package var screen: StoredFile
  package var thumbnail: StoredFile

  package init(place: Int, name: String, screen: StoredFile, thumbnail: StoredFile) {
    self.place = place
    self.name = name
    self.screen = screen
    self.thumbnail = thumbnail
  }
}

/// A file of a mail to the albums of which no picture was made.
package struct RefusedPhoto: Sendable, Hashable, Codable {
  package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
    case unknownForm = "unknown-form"
    case tooLarge = "too-large"
    case tooManyPixels = "too-many-pixels"
    case damaged
    /// There were as many as one mail or album may have.
    case tooMany = "too-many"
    /// The same pixels are in the album already.
    case known
    /// It looks like the logo of a signature.
    case signature
  }

  package var name: String
  package var reason: Reason

  package init(name: String, reason: Reason) {
    self.name = name
    self.reason = reason
  }
}

/// What a decision on photos looks at.
package struct PhotoState: Sendable, Hashable {
  /// Those that the command is about.
  package var albums: [PhotoAlbum] = []
  /// What parents said of the children whom it may concern.
  package var consents: [ConsentRecord] = []
  package var incoming: [IncomingPhoto] = []
  /// Of all photos of the mail, by their places in it.
  package var fileNames: [String] = []
  package var refused: [RefusedPhoto] = []
  /// Read before the rest.
  package var revision: Revision

  package init(revision: Revision) { self.revision = revision }
}

/// What becomes different among the photos. All that one decision adds and removes is one batch.
package enum PhotoChange: Sendable, Hashable {
  package struct New: Sendable, Hashable {
    package var number: Int
    package var name: String
    package var caption: String
    package var named: Set<PupilID>
    package var state: Photo.State
    package var screen: StoredFile
    package var thumbnail: StoredFile

    package init(
      number: Int, name: String, caption: String = "", named: Set<PupilID> = [], state: Photo.State = .shown,
      screen: StoredFile, thumbnail: StoredFile
    ) {
      self.number = number
      self.name = name
      self.caption = caption
      self.named = named
      self.state = state
      self.screen = screen
      self.thumbnail = thumbnail
    }
  }

  /// A new album; photos that are added to none come into it.
  case open(title: String, audience: Audience, by: AccountID)
  case add([New], to: AlbumID?, text: String, by: AccountID)
  case remove([PhotoID], of: AlbumID, by: AccountID)
  case restore([PhotoID], Photo.State)
  /// Photos that are there wait for a consent, or do no longer.
  case set([PhotoID], Photo.State)
  /// Somebody says that no child can be recognised on them whose parents do not agree; with who stays named.
  case clear([PhotoID: Set<PupilID>], by: AccountID)
  /// Parents are mailed of them.
  case announce([PhotoID])
  /// What parents say, for good.
  case consent([ConsentRecord])
}

extension SchoolPolicy {
  /// See `albumPause`.
  package static let usualAlbumPause: TimeInterval = 600
  /// How long after its last photo an album takes more under the same title, in seconds.
  package static let albumOpen: TimeInterval = 30 * 86_400
  /// Photos of one mail, and of one album.
  package static let mostPhotosOfMail = 100
  package static let mostPhotos = 200
  /// Lines of one mail that each say something of consent.
  static let mostConsentLines = 50
  /// Lines of other mails that are read as commands.
  static let mostCommandLines = 20
  /// Octets of the pictures that one mail to a parent brings; in mail they grow by a third.
  package static let photoMailOctets = 10 << 20
  /// Mails that answer one request for photos; what does not fit is asked for again.
  package static let mostPhotoMails = 5
  /// Albums that one mail lists.
  package static let mostAlbums = 50
  /// Characters of a caption.
  package static let longestCaption = 200
  /// A picture within the text with fewer octets belongs to a signature.
  package static let signatureOctets = 30 << 10
  /// So does one to which the text refers and no camera wrote: as PNG or GIF with fewer octets than this, as JPEG with
  /// fewer pixels.
  package static let logoOctets = 300 << 10
  package static let logoPixels = 250_000
}
