import Foundation
import School

@testable import Rendering

/// What the notices of albums and consent say, for goldens.
enum PhotoNotices {
  static let file = StoredFile(digest: "", name: "", mediaType: "image/jpeg", size: 345_678)

  static let album = AlbumNotice(
    photos: [
      .init(number: 3, caption: "Op de <glijbaan> & verder", screen: file, thumbnail: file),
      .init(number: 7, caption: "", screen: file, thumbnail: file),
    ], text: "Beste ouders,\n\nHet was <leuk> & koud.")

  private static let kept = PhotoAlbum(
    id: AlbumID(12), audience: .group(GroupID("g5")), title: "Naar het <bos> & terug", author: AccountID(1),
    openedAt: Notices.at)

  private static func photos(_ stage: PhotoFacts.Stage? = nil) -> PhotoFacts {
    var facts = PhotoFacts(album: kept, stage: stage)
    facts.group = "Groep 5"
    facts.author = "Anna <x>"
    facts.photos = [PhotoID(1), PhotoID(2)]
    return facts
  }

  private static let lines = [PhotoFacts.Line(number: 1, name: "IMG <1>.HEIC"), .init(number: 2, name: "bos.jpg")]
  private static let held = [PhotoFacts.Line(number: 3, name: "noor & ada.jpg", children: ["Noor <x>", "Ada"])]

  private static func children(_ name: String) -> PhotoFacts.ChildLine {
    let states: [Consent] = [.given, .refused, .unknown, .unknown]
    return PhotoFacts.ChildLine(
      name: name,
      consents: zip(ConsentPurpose.allCases, states).map { PhotoFacts.ConsentLine(purpose: $0, state: $1) })
  }

  private static func notice(_ facts: PhotoFacts, count: Int? = nil) -> NoticeFacts {
    var notice = NoticeFacts(count: count)
    notice.photos = facts
    return notice
  }

  /// Nil for what is not about photos.
  static func facts(_ kind: NoticeKind) -> NoticeFacts? {
    var facts = photos()
    switch kind {
    case .album: break
    case .photos:
      (facts.part, facts.parts, facts.left, facts.missing) = (2, 2, [11, 12], [9])
    case .albumList:
      facts = PhotoFacts()
      facts.albums = [
        .init(album: AlbumID(12), title: "Naar het <bos>", group: "Groep 5", count: 12),
        .init(album: AlbumID(9), title: "Feest & meer", group: nil, count: 1),
      ]
    case .photoReceipt:
      facts = photos(.filed)
      (facts.lines, facts.held) = (lines, held)
      facts.refused = RefusedPhoto.Reason.allCases.map { RefusedPhoto(name: "stuk <1>.jpg", reason: $0) }
    case .consent:
      facts = PhotoFacts()
      facts.isRequest = true
      facts.children = [children("Noor <x>")]
    case .consentReceipt:
      facts = PhotoFacts()
      facts.children = [children("Noor <x>")]
    case .consentList:
      facts = PhotoFacts()
      facts.group = "Groep 5"
      facts.children = [children("Ada"), children("Noor <x>")]
    default: return nil
    }
    return notice(facts)
  }

  /// A receipt of each stage; what one settles without having been asked; and an album that was taken back.
  static var variants: [(name: String, kind: NoticeKind, facts: NoticeFacts)] {
    let stages = PhotoFacts.Stage.allCases.dropFirst().map { stage in
      var facts = photos(stage)
      if stage == .asked || stage == .restored { facts.held = held }
      if stage != .asked { facts.lines = stage == .revoked ? held : lines }
      return (name: "photo-receipt-\(stage)", kind: NoticeKind.photoReceipt, facts: notice(facts, count: 2))
    }
    var own = PhotoFacts()
    own.children = [children("Noor <x>"), children("Ada")]
    var nothing = PhotoFacts()
    nothing.albums = []
    return stages + [("consent-own", .consent, notice(own)), ("album-list-empty", .albumList, notice(nothing))]
  }
}
