import Foundation
import Packing
import Testing

@Suite("A zip of files")
struct ZIPTests {
  @Test("What is packed comes out again, whatever its name and size")
  func roundTrip() throws {
    let files = [
      ZIP.File("data.json", Data("{}".utf8)), ZIP.File("files/lijst.txt", Data(repeating: 65, count: 50_000)),
      ZIP.File("files/tekening é 🎨.txt", Data("kleur".utf8)), ZIP.File("leeg", Data()),
    ]
    let zip = try #require(ZIP.octets(files, limit: 1 << 20))
    #expect(zip.prefix(2) == Data("PK".utf8) && zip.count < 10_000)
    #expect(Unpacked.files(zip).prefix(2).map(\.count) == [2, 50_000])
    #expect(zip.range(of: Data("tekening é 🎨.txt".utf8)) != nil)
  }

  @Test("What is larger than the limit is not made at all", arguments: [0, 10, 5_000])
  func limit(octets: Int) {
    let random = Data((0..<20_000).map { _ in UInt8.random(in: 0...255) })
    #expect(ZIP.octets([ZIP.File("a", random)], limit: octets) == nil)
  }
}
