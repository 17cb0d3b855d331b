import Foundation

/// What a photo of a child may be used for; parents agree to each for itself. More are added here alone.
package enum ConsentPurpose: String, Sendable, Hashable, Codable, CaseIterable {
  /// The closed album of the child's own group.
  case group
  /// An album for all families of the school.
  case school
  case newsletter, website
}

package enum ConsentAnswer: String, Sendable, Hashable, Codable, CaseIterable {
  case given, refused
  /// What was said before holds no longer.
  case withdrawn
}

/// What one parent said of one child and purpose, as it stands in the ledger: nothing there is ever changed.
package struct ConsentRecord: Sendable, Hashable, Codable {
  package var pupil: PupilID
  package var purpose: ConsentPurpose
  package var account: AccountID
  package var answer: ConsentAnswer
  package var at: Date

  package init(pupil: PupilID, purpose: ConsentPurpose, account: AccountID, answer: ConsentAnswer, at: Date) {
    self.pupil = pupil
    self.purpose = purpose
    self.account = account
    self.answer = answer
    self.at = at
  }
}

/// How it stands for a child and a purpose.
package enum Consent: String, Sendable, Hashable, Codable, CaseIterable {
  case given, refused, unknown
}

/// What all parents say, by their latest words.
package struct Consents: Sendable {
  private struct Key: Hashable {
    var pupil: PupilID
    var purpose: ConsentPurpose
  }

  private var latest: [Key: [AccountID: ConsentRecord]] = [:]
  private let directory: Directory

  /// - Parameter records: in the order in which they were said.
  package init(_ records: [ConsentRecord], directory: Directory) {
    self.directory = directory
    for record in records {
      latest[Key(pupil: record.pupil, purpose: record.purpose), default: [:]][record.account] = record
    }
  }

  /// What one account says; nil for nothing, or no longer.
  package func answer(of account: AccountID, _ pupil: PupilID, _ purpose: ConsentPurpose) -> ConsentAnswer? {
    let answer = latest[Key(pupil: pupil, purpose: purpose)]?[account]?.answer
    return answer == .withdrawn ? nil : answer
  }

  /// Who has authority now decides: one who refuses is enough, and with nobody refusing one who agrees.
  package func state(_ pupil: PupilID, _ purpose: ConsentPurpose) -> Consent {
    let answers = directory.guardians(of: pupil).compactMap { answer(of: $0, pupil, purpose) }
    if answers.contains(.refused) { return .refused }
    return answers.contains(.given) ? .given : .unknown
  }

  /// How it stands for a photo of a child in an album. What others than the families of its own group see needs what an
  /// album of the school needs.
  package func state(_ pupil: PupilID, in album: PhotoAlbum) -> Consent {
    let isOwn = directory.pupils[pupil].map(album.audience.holds) ?? false
    return state(pupil, isOwn ? album.purpose : .school)
  }

  /// The children among these for whom consent is missing.
  package func missing(_ pupils: Set<PupilID>, in album: PhotoAlbum) -> Set<PupilID> {
    pupils.filter { state($0, in: album) != .given }
  }
}

extension Directory {
  /// The pupils that something is for, in order of their ids.
  package func pupils(in audience: Audience) -> [Pupil] {
    pupils.values.filter(audience.holds).sorted { $0.id < $1.id }
  }
}
