import Foundation
import TestServers
import Testing

@testable import Pictures

@Suite("What the first octets of a picture say")
struct PictureHeaderTests {
  @Test("A photo of a telephone is known by what it wrote; a drawing has none of it", .timeLimit(.minutes(6)))
  func camera() throws {
    let photo = try #require(PictureHeader(try Photograph.make(width: 300, height: 200)))
    #expect(photo.form == .jpeg && photo.pixels == 60_000 && photo.hasExif)
    let png = try #require(PictureHeader(try Photograph.make(.png, width: 300, height: 200)))
    #expect(png.form == .png && png.pixels == 60_000 && png.hasExif)
    let drawn = try #require(PictureHeader(try Photograph.black(width: 40, height: 30)))
    #expect(drawn.form == .png && drawn.pixels == 1_200 && !drawn.hasExif)
    #expect(PictureHeader(try Photograph.make(.heic, width: 64, height: 64)) == nil)
  }

  @Test(
    "By hand: GIF, a JPEG without EXIF, sizes that overflow, and what ends too early",
    arguments: [
      ("474946383961 0300 0200", 6), ("FFD8 FFE0 0004 0000 FFFF C000 0B08 0005 0007 01", 35),
      ("89504E470D0A1A0A 0000000D 49484452 FFFFFFFF FFFFFFFF 08", Int.max), ("474946383961 03", nil), ("FFD8", nil),
      ("FFD8 FFE0 0000 FFE0", nil), ("89504E470D0A1A0A 0000", nil), ("", nil), ("5249464600000000", nil),
    ] as [(String, Int?)])
  func hand(octets: String, pixels: Int?) {
    let digits = Array(octets.filter { $0 != " " })
    let data = Data(
      stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
    let header = PictureHeader(data)
    #expect(header?.pixels == pixels && header?.hasExif != true)
    for count in 0..<data.count { _ = PictureHeader(data.prefix(count)) }
  }
}
