import Foundation
import TestServers
import Testing

@testable import Pictures

@Suite("Pictures made of photos", .timeLimit(.minutes(6)))
struct PictureTests {
  @Test("Nothing is left of a photo but its pixels, whatever its form", arguments: Photograph.Form.allCases)
  func stripped(form: Photograph.Form) async throws {
    let photo = try Photograph.make(form, width: 2_000, height: 1_000)
    #expect(try Photograph.leftovers(of: photo).contains { $0.hasSuffix("GPSLatitude") }, "exiftool sees what is there")
    let picture = try await PictureMaker.make(photo)
    for (octets, width, height) in [(picture.screen, "1600", "800"), (picture.thumbnail, "240", "120")] {
      let tags = try Photograph.tags(of: octets)
      #expect(tags["File:FileType"] == "JPEG")
      #expect(tags["File:ImageWidth"] == width && tags["File:ImageHeight"] == height)
      #expect(try Photograph.leftovers(of: octets) == [])
      #expect(octets.range(of: Data(Photograph.words.utf8)) == nil)
    }
    #expect(picture.thumbnail.count < 20_000)
  }

  @Test("A photo taken upright stands upright, and a small one stays as small as it was")
  func upright() async throws {
    let picture = try await PictureMaker.make(try Photograph.make(orientation: 6))
    let tags = try Photograph.tags(of: picture.screen)
    #expect(tags["File:ImageWidth"] == "600" && tags["File:ImageHeight"] == "900")
    #expect(try Photograph.tags(of: picture.thumbnail)["File:ImageHeight"] == "240")
  }

  @Test("What is no photo, is broken or costs too much is refused, and says why")
  func refused() async throws {
    let jpeg = try Photograph.make()
    let heic = try Photograph.make(.heic)
    let svg = #"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>"#
    let rows: [(Data, PictureError)] = [
      (Data(), .unknownForm), (Data("hallo".utf8), .unknownForm), (Data(svg.utf8), .unknownForm),
      (Data("P6 9 9 255\n".utf8), .unknownForm), (Data("GIF89a\u{9}\0\u{9}\0".utf8), .unknownForm),
      (Data("%PDF-1.4\n".utf8), .unknownForm), (jpeg.prefix(jpeg.count / 2), .damaged), (jpeg.prefix(40), .damaged),
      (heic.prefix(heic.count / 2), .damaged), (Data(count: PictureLimits.octets + 1), .tooLarge),
      (try Photograph.black(width: 10_000, height: 8_000), .tooManyPixels),
    ]
    for (place, row) in rows.enumerated() {
      await #expect(throws: row.1, "row \(place)") { try await PictureMaker.make(row.0) }
    }
    _ = try await PictureMaker.make(jpeg)
  }

  @Test("Several ask at a time, and each gets its own")
  func several() async throws {
    let photos = try (0..<6).map { try Photograph.make(width: 300 + 10 * $0, height: 200) }
    let widths = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
      for (place, photo) in photos.enumerated() {
        group.addTask {
          (place, try Photograph.tags(of: try await PictureMaker.make(photo).screen)["File:ImageWidth"])
        }
      }
      return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    #expect(widths == Dictionary(uniqueKeysWithValues: (0..<6).map { ($0, "\(300 + 10 * $0)") }))
  }
}
