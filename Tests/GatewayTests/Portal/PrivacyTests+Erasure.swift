import Foundation
import School
import Store
import Testing

@testable import Gateway

extension PrivacyTests {
  /// Els is erased from a store with mails of nearly every kind: her address, her name and her words stand in no file of
  /// it, and what others wrote does.
  static func erase(from school: P) async throws {
    let els = try #require(try await school.store.directory().account(address: P.els)?.id)
    #expect(try stands(P.els, in: school) && stands("geheim-els-postvak", in: school))
    let report = try await school.store.erase(els, at: school.now, settling: .zero)
    #expect(report.traces > 5)
    for words in [P.els, "Els Bakker", "geheim-els-postvak", "geheim-els-antwoord"] {
      #expect(try !stands(words, in: school), "\(words) is left")
    }
    #expect(try stands("geheim-frank-antwoord", in: school) && stands(P.frank, in: school))
    #expect(try await school.store.verification().isSound)
  }

  /// What parents wrote to Anna is theirs, and stays so when she works there no longer.
  static func archives(of school: P) async throws {
    func told(_ address: String, _ words: PersonArchive.Words) async throws -> String {
      let account = try #require(try await school.store.directory().account(address: address)?.id)
      let archive = try await PersonArchive.make(of: account, store: school.store, words: words)
      return String(decoding: try #require(archive.files.first { $0.path == "data.json" }).data, as: UTF8.self)
    }
    let secret = "geheim-els-postvak"
    #expect(try await told(P.els, .own).contains(secret))
    #expect(try await !told(P.anna, .own).contains(secret))
    #expect(try await told(P.anna, .all).contains(secret), "for who reads it first")
    let anna = try #require(try await school.store.directory().staff.values.first { $0.name.hasPrefix("Anna") })
    try await school.store.apply([.removeStaff(anna.id)], defaultLanguage: .dutch)
    #expect(try await !told(P.anna, .own).contains(secret))
    let els = try #require(try await school.store.directory().account(address: P.els)?.id)
    let small = try await PersonArchive.make(of: els, store: school.store, words: .own, limit: 1_000)
    #expect(small.isTooLarge && small.files.count == 1)
  }

  private static func stands(_ words: String, in school: P) throws -> Bool {
    let walk = try #require(FileManager.default.enumerator(atPath: school.folder.path))
    return walk.compactMap { $0 as? String }.contains { name in
      let octets = (try? Data(contentsOf: school.folder.appending(path: name))) ?? Data()
      return octets.range(of: Data(words.utf8)) != nil
    }
  }
}
