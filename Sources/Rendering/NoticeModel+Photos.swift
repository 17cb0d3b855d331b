import School

/// The photos of a notice as they are when it is sent: what was taken back meanwhile is not among them.
package struct AlbumNotice: Sendable, Hashable {
  package struct Photo: Sendable, Hashable {
    package var number: Int
    package var caption: String
    package var screen: StoredFile
    package var thumbnail: StoredFile

    package init(number: Int, caption: String, screen: StoredFile, thumbnail: StoredFile) {
      self.number = number
      self.caption = caption
      self.screen = screen
      self.thumbnail = thumbnail
    }

    /// By which the HTML names the small picture.
    package var contentID: String { "photo-\(number)@album" }
  }

  package var photos: [Photo]
  /// What teachers wrote with them.
  package var text: String

  package init(photos: [Photo], text: String) {
    self.photos = photos
    self.text = text
  }
}

/// What templates see of photos and consent.
extension NoticeModel {
  static let photoNames = Set([
    "photos", "hasPhotos", "caption", "cid", "first", "held", "hasHeld", "hasLines", "children", "child", "consents",
    "yes", "no", "withdraw", "request", "part", "parts", "rest", "missing", "without", "notPictured", "ask",
    "unreadable", "hasUnreadable", "isGiven", "isRefused", "isUnknown", "canAsk", "take",
  ]).union(PhotoFacts.Stage.allCases.map(\.rawValue)).union(ConsentPurpose.allCases.map(\.templateName))
    .union(RefusedPhoto.Reason.allCases.map { AdviceContext.camel($0.rawValue) })

  func addPhotos(_ facts: PhotoFacts, to values: inout [String: Any]) {
    values["title"] = facts.title ?? ""
    values["group"] = Self.known(facts.group)
    values["author"] = facts.author
    values["request"] = facts.isRequest == true
    if let album = context.album { add(album, facts, to: &values) }
    if let albums = facts.albums {
      values["lines"] = albums.map(albumLine)
      values["found"] = !albums.isEmpty
    }
    if let children = facts.children {
      values["children"] = children.map(childLine)
      values["found"] = !children.isEmpty
    }
    if let stage = facts.stage { addReceipt(stage, facts, to: &values) }
  }

  private func offer(_ words: String) -> [String: Any] { ["words": words, "link": answerLink(words)] }

  private func word(_ word: PhotoWord) -> String { word.offered(in: context.language) }

  private func add(_ album: AlbumNotice, _ facts: PhotoFacts, to values: inout [String: Any]) {
    values["hasPhotos"] = !album.photos.isEmpty
    values["photos"] = album.photos.map { photo -> [String: Any] in
      [
        "number": photo.number, "caption": Self.known(photo.caption), "cid": photo.contentID,
        "take": offer("\(word(.photo)) \(photo.number)"), "size": size(photo.screen.size),
      ]
    }
    values["first"] = album.photos.first?.number ?? 1
    values["all"] = offer(word(.all))
    if !album.text.isEmpty {
      values["text"] = album.text
      values["textHTML"] = TextHTML.of(album.text)
    }
    if let part = facts.part, let parts = facts.parts { (values["part"], values["parts"]) = (part, parts) }
    if let left = facts.left, !left.isEmpty {
      values["rest"] = offer("\(word(.photo)) \(left.map(String.init).joined(separator: " "))")
    }
    if let missing = facts.missing, !missing.isEmpty {
      values["missing"] = missing.map(String.init).joined(separator: ", ")
    }
  }

  private func albumLine(_ line: PhotoFacts.AlbumLine) -> [String: Any] {
    [
      "title": line.title, "group": Self.known(line.group), "count": line.count, "one": line.count == 1,
      "take": offer("\(word(.album)) \(line.album)"),
    ]
  }

  // MARK: Receipts for staff

  private func addReceipt(_ stage: PhotoFacts.Stage, _ facts: PhotoFacts, to values: inout [String: Any]) {
    values["stage"] = Self.only(stage)
    values["lines"] = (facts.lines ?? []).map(photoLine)
    values["hasLines"] = facts.lines?.isEmpty == false
    values["held"] = (facts.held ?? []).map(photoLine)
    values["hasHeld"] = facts.held?.isEmpty == false
    values["canAsk"] = facts.held?.isEmpty == false && stage != .asked
    values["ask"] = offer(word(.ask))
    values["hasUnreadable"] = facts.refused?.isEmpty == false
    if let refused = facts.refused {
      values["unreadable"] = refused.map { photo -> [String: Any] in
        ["name": photo.name, "reason": Self.only(photo.reason)]
      }
    }
    values["undo"] = stage == .filed && (facts.lines ?? []) + (facts.held ?? []) != [] || stage == .removed
  }

  private func photoLine(_ line: PhotoFacts.Line) -> [String: Any] {
    [
      "number": line.number, "name": line.name,
      "children": line.children.isEmpty ? false : line.children.joined(separator: ", "),
      "without": offer("\(PhotoWord.without(in: context.language)) \(line.number)"),
      "notPictured": offer("\(word(.notPictured)) \(line.number)"),
    ]
  }

  // MARK: Consent

  private func childLine(_ line: PhotoFacts.ChildLine) -> [String: Any] {
    [
      "child": line.name,
      "consents": line.consents.map { consent -> [String: Any] in
        let offer = { (answer: ConsentAnswer) in
          self.offer("\(ConsentAsk.offered(consent.purpose, answer, in: context.language)) \(line.name)")
        }
        var values: [String: Any] = [
          "yes": offer(.given), "no": offer(.refused), "withdraw": offer(.withdrawn),
          "isGiven": consent.state == .given, "isRefused": consent.state == .refused,
          "isUnknown": consent.state == .unknown,
        ]
        for purpose in ConsentPurpose.allCases { values[purpose.templateName] = purpose == consent.purpose }
        return values
      },
    ]
  }

  /// Each case by its name, and whether it is the one: Mustache would take what is missing from around.
  private static func only<Case: RawRepresentable & CaseIterable & Equatable>(_ one: Case) -> [String: Any]
  where Case.RawValue == String {
    Dictionary(uniqueKeysWithValues: Case.allCases.map { (AdviceContext.camel($0.rawValue), $0 == one) })
  }
}

extension ConsentPurpose {
  /// `group` is a value of its own in most mails.
  fileprivate var templateName: String { "for" + rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
