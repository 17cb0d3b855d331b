import Foundation

/// What the first octets of a picture say of it: cheap, and without decoding it.
package struct PictureHeader: Sendable, Hashable {
  package enum Form: Sendable { case jpeg, png, gif }

  package let form: Form
  /// Width times height.
  package let pixels: Int
  /// Whether somebody wrote into it by what and when it was taken (EXIF), as cameras and telephones do.
  package let hasExif: Bool

  /// Nil for what is none of these, or says too little.
  package init?(_ data: Data) {
    let octets = [UInt8](data.prefix(Self.most))
    guard let read = Self.png(octets) ?? Self.gif(octets) ?? Self.jpeg(octets) else { return nil }
    self = read
  }

  /// Octets that are looked at: EXIF takes 64 kB of a JPEG at most, and stands before its size.
  private static let most = 256 << 10

  private init(_ form: Form, _ width: Int, _ height: Int, hasExif: Bool) {
    self.form = form
    let (pixels, isTooMuch) = width.multipliedReportingOverflow(by: height)
    self.pixels = isTooMuch ? .max : pixels
    self.hasExif = hasExif
  }

  private static func number(_ octets: [UInt8], at place: Int, _ count: Int) -> Int? {
    guard place >= 0, place + count <= octets.count else { return nil }
    return octets[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// PNG specification, 5.3 and 11.2.2: chunks with a length and a name, the first of them IHDR.
  private static func png(_ octets: [UInt8]) -> Self? {
    guard octets.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
      let width = number(octets, at: 16, 4), let height = number(octets, at: 20, 4)
    else { return nil }
    var hasExif = false
    var place = 8
    while let length = number(octets, at: place, 4), place + 8 <= octets.count {
      let name = octets[place + 4..<place + 8]
      if name.elementsEqual("IDAT".utf8) { break }
      if name.elementsEqual("eXIf".utf8) { hasExif = true }
      place += length + 12
    }
    return Self(.png, width, height, hasExif: hasExif)
  }

  /// GIF89a, 18.
  private static func gif(_ octets: [UInt8]) -> Self? {
    guard octets.starts(with: "GIF8".utf8), octets.count >= 10 else { return nil }
    let (width, height) = (Int(octets[7]) << 8 | Int(octets[6]), Int(octets[9]) << 8 | Int(octets[8]))
    return Self(.gif, width, height, hasExif: false)
  }

  /// ITU-T T.81, B.1.1: segments with a marker and a length; the size stands in the frame header (SOF).
  private static func jpeg(_ octets: [UInt8]) -> Self? {
    guard octets.starts(with: [0xFF, 0xD8]) else { return nil }
    var hasExif = false
    var place = 2
    while let marker = number(octets, at: place, 2), marker >> 8 == 0xFF, let length = number(octets, at: place + 2, 2)
    {
      let isFrame = 0xC0...0xCF ~= marker & 0xFF && ![0xC4, 0xC8, 0xCC].contains(marker & 0xFF)
      if isFrame, let height = number(octets, at: place + 5, 2), let width = number(octets, at: place + 7, 2) {
        return Self(.jpeg, width, height, hasExif: hasExif)
      }
      if marker == 0xFFE1, octets[(place + 4)...].starts(with: "Exif".utf8) { hasExif = true }
      // Filled up with 0xFF.
      place += marker == 0xFFFF ? 1 : max(length, 2) + 2
    }
    return nil
  }
}
