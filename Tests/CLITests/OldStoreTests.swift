import Foundation
import Testing

@testable import CLI
@testable import Store

@Suite("A store of an older version, one that cannot be read, and none", .timeLimit(.minutes(6)))
struct OldStoreTests {
  private static let results = "leerlingnummer;vak;datum;score\n101;Rekenen;15-1-2026;9\n"

  private func folder() throws -> SchoolFolder {
    let folder = try SchoolFolder()
    try folder.write(ServeTests.administration, to: "school.xml")
    try folder.write("naam;e-mail;leerlingnummer\nEls;els@ouders.test;101\n", to: "ouders.csv")
    try folder.write(Self.results, to: "toetsen.csv")
    return folder
  }

  private func run(_ arguments: [String], in folder: SchoolFolder) async throws -> Binary.Result {
    try await Binary.run(arguments, environment: SchoolFolder.environment, in: folder.url, input: "")
  }

  private let dryRuns = [
    ["import", "edexml", "school.xml"], ["import", "carers", "ouders.csv"], ["import", "results", "toetsen.csv"],
  ]

  @Test("An import without --apply makes no store and no secret, and knows nobody; with it both are made")
  func dryRun() async throws {
    let folder = try folder()
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    for command in dryRuns {
      let result = try await run(command, in: folder)
      // Nobody is a pupil yet.
      #expect(command[1] == "edexml" ? result.code == 0 : result.code == 1, "\(command): \(result)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == before)
    #expect(try await run(["import", "edexml", "school.xml", "--apply"], in: folder).code == 0)
    let known = try await run(["import", "edexml", "school.xml", "--json"], in: folder)
    #expect(known.code == 0 && known.output.contains("\"differences\":[]"), "\(known)")
    #expect(try await run(["import", "results", "toetsen.csv"], in: folder).output.contains("+ 101 Rekenen"))
  }

  @Test("No command but serve brings an older store up to date: an older program reads it as before")
  func older() async throws {
    let folder = try folder()
    let store = folder.url.appending(path: "store")
    try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
    let file = store.appending(path: "postplein.sqlite")
    try Schema.make(version: "answers in private", at: file.path)
    try folder.write(String(repeating: "ab", count: 32), to: "secret")
    let commands =
      dryRuns + dryRuns.map { $0 + ["--apply"] } + [
        ["threads"], ["digest"], ["store", "expire", "raw", "--days", "9", "--apply"],
        ["send", "--from", "juf@school.test", "--to", "nieuws", "--subject", "x"],
      ]
    for command in commands {
      let result = try await run(command, in: folder)
      #expect(result.code == 69 && result.complaint.contains("serve it once with this one"), "\(command): \(result)")
    }
    await #expect { try await Store.open(folder: store, access: .shared) } throws: {
      ($0 as? StoreError)?.kind == .olderVersion
    }
    _ = try await Store.open(folder: store)
    #expect(try await run(["threads"], in: folder).code == 0)
  }

  @Test("A store or secret that cannot be looked at is not called lost")
  func unreadable() async throws {
    let folder = try folder()
    #expect(try await run(["import", "edexml", "school.xml", "--apply"], in: folder).code == 0)
    let (store, aside) = (folder.url.appending(path: "store"), folder.url.appending(path: "aside"))
    try FileManager.default.moveItem(at: store, to: aside)
    // Root may read everything; what leads round in circles nobody can.
    try FileManager.default.createSymbolicLink(atPath: store.path, withDestinationPath: "store")
    for command in [["threads"], ["serve", "."], ["digest"], ["import", "edexml", "school.xml"]] {
      let result = try await run(command, in: folder)
      #expect(result.code == 74 && result.complaint.contains("cannot be read: Too many levels"), "\(command) \(result)")
      #expect(!result.complaint.contains("secret"))
    }
    let check = try await run(["check", "--offline", "."], in: folder)
    #expect(check.code != 0 && check.output.contains("FAIL store: "), "\(check)")
    #expect(check.output.contains("cannot be read: Too many levels") && !check.output.contains("mount its disk"))
    try FileManager.default.removeItem(at: store)
    try FileManager.default.moveItem(at: aside, to: store)
    let secret = folder.url.appending(path: "secret")
    try FileManager.default.removeItem(at: secret)
    try FileManager.default.createSymbolicLink(atPath: secret.path, withDestinationPath: "secret")
    #expect(throws: ConfigurationProblem.self) { try SchoolSecret.exists(folder: folder.url) }
  }
}
