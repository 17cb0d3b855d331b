import Foundation
import School
import Store
import Testing

/// A school with one teacher and one family, for commands that look at who is who.
struct SmallSchool {
  static let teacher = "dirk@school.test"
  static let parent = "els@ouders.test"

  let folder: SchoolFolder
  let store: Store

  init(_ more: String = "") async throws {
    folder = try SchoolFolder(SchoolFolder.least + more)
    store = try await Store.open(folder: folder.url.appending(path: "store"), access: .shared)
    let group = GroupID("g5")
    let pupil = Pupil(id: PupilID("p"), name: "Jelle", groups: [group])
    try await store.apply(
      [
        .putGroup(SchoolGroup(id: group, name: "Groep 5", routeWord: "groep5")), .putPupil(pupil),
        .putStaff(
          RosterStaff(
            id: StaffID("s"), name: "Meester Dirk", address: Self.teacher, routeWord: "dirk", roles: ["LRK"],
            groups: [group])),
        .putCarer(
          RosterCarer(
            id: CarerID("c"), name: "Els de Vries", address: Self.parent, language: nil, authority: [pupil.id: .full])),
      ], defaultLanguage: .dutch)
  }

  func run(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) async throws
    -> Binary.Result
  {
    let own = SchoolFolder.environment.merging(["POSTPLEIN_SCHOOL": folder.url.path]) { $1 }
    return try await Binary.run(arguments, environment: own.merging(environment) { $1 }, in: folder.url, input: input)
  }

  static func objects(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }
}
