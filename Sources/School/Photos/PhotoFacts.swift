import Foundation

/// What a mail on photos is about. Which photos it shows is read when it is sent, as with class lists: what was taken
/// back meanwhile, or whose consent was, is not sent any more.
package struct PhotoFacts: Sendable, Hashable, Codable {
  /// What a receipt to staff tells.
  package enum Stage: String, Sendable, Hashable, Codable, CaseIterable {
    case filed, removed, restored, cleared, asked
    /// Consent came, and these go along with the others.
    case released
    /// Consent was withdrawn or refused, and these are shown no longer.
    case revoked
  }

  /// One photo as staff are told of it.
  package struct Line: Sendable, Hashable, Codable {
    package var number: Int
    package var name: String
    /// The children for whom consent is missing.
    package var children: [String]

    package init(number: Int, name: String, children: [String] = []) {
      self.number = number
      self.name = name
      self.children = children
    }
  }

  /// An album of a list.
  package struct AlbumLine: Sendable, Hashable, Codable {
    package var album: AlbumID
    package var title: String
    package var group: String?
    package var count: Int

    package init(album: AlbumID, title: String, group: String?, count: Int) {
      self.album = album
      self.title = title
      self.group = group
      self.count = count
    }
  }

  /// A child with what was said of each purpose: by one's own account, or in sum for staff.
  package struct ChildLine: Sendable, Hashable, Codable {
    package var name: String
    package var consents: [ConsentLine]

    package init(name: String, consents: [ConsentLine]) {
      self.name = name
      self.consents = consents
    }
  }

  package struct ConsentLine: Sendable, Hashable, Codable {
    package var purpose: ConsentPurpose
    package var state: Consent

    package init(purpose: ConsentPurpose, state: Consent) {
      self.purpose = purpose
      self.state = state
    }
  }

  package var album: AlbumID?
  package var title: String?
  package var audience: Audience?
  package var group: String?
  package var author: String?
  /// What a mail to parents may show.
  package var photos: [PhotoID]?
  /// The numbers of those that were asked for and do not come along.
  package var left: [Int]?
  /// Asked for, and not there.
  package var missing: [Int]?
  /// Which of several mails this is, and of how many.
  package var part: Int?
  package var parts: Int?
  package var stage: Stage?
  package var lines: [Line]?
  package var held: [Line]?
  package var refused: [RefusedPhoto]?
  package var albums: [AlbumLine]?
  package var children: [ChildLine]?
  /// Whether a teacher asked for the parent's answer.
  package var isRequest: Bool?

  package init(album: PhotoAlbum? = nil, in directory: Directory? = nil, stage: Stage? = nil) {
    self.album = album?.id
    title = album?.title
    audience = album?.audience
    group = album.flatMap { directory?.groupName($0.audience) }
    self.stage = stage
  }
}
