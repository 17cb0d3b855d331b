import Foundation

/// Photos as phones make them, and a look at what is written in a picture beside its pixels. By vips and exiftool, which
/// are nobody's code here.
package enum Photograph {
  package enum Form: String, CaseIterable, Sendable {
    case jpeg = "jpg"
    case png, heic, webp
  }

  /// Where the photo says that it was made.
  package static let latitude = "53.2012"
  package static let words = "geheim-onderschrift"

  /// - Parameter orientation: as EXIF has it: 6 is a telephone held upright.
  package static func make(
    _ form: Form = .jpeg, width: Int = 900, height: Int = 600, orientation: Int = 1, seed: Int = 0
  ) throws -> Data {
    try inFolder { folder in
      var pixels = Data("P6\n\(width) \(height)\n255\n".utf8)
      // Grain, as every sensor has it; else a photo would be as small as a logo.
      var grain = UInt32(seed + 1)
      for row in 0..<height {
        for column in 0..<width {
          grain = grain &* 1_664_525 &+ 1_013_904_223
          let (dot, light) = (Int(grain >> 28), column * 200 / width)
          pixels.append(contentsOf: [
            UInt8(light + dot), UInt8(row * 200 / height + dot), UInt8((seed * 40) % 200 + dot),
          ])
        }
      }
      let (plain, photo) = (folder.appending(path: "in.ppm"), folder.appending(path: "out.\(form.rawValue)"))
      try pixels.write(to: plain)
      _ = try run("vips", "copy", plain.path, photo.path)
      _ = try run(
        "exiftool", "-q", "-overwrite_original", "-GPSLatitude=\(latitude)", "-GPSLatitudeRef=N",
        "-GPSLongitude=5.7999",
        "-GPSLongitudeRef=E", "-Make=Telefoon", "-DateTimeOriginal=2026:11:18 10:00:00", "-XMP:Creator=Anna",
        "-XMP:Description=\(words)", "-Orientation#=\(orientation)", photo.path)
      if form == .jpeg {
        _ = try run(
          "exiftool", "-q", "-overwrite_original", "-Comment=\(words)", "-IPTC:Caption-Abstract=\(words)", photo.path)
      }
      return try Data(contentsOf: photo)
    }
  }

  /// A picture that is one colour, of so many pixels, and a small file.
  package static func black(width: Int, height: Int) throws -> Data {
    try inFolder { folder in
      let file = folder.appending(path: "black.png")
      _ = try run("vips", "black", file.path, "\(width)", "\(height)")
      return try Data(contentsOf: file)
    }
  }

  /// What exiftool finds in it, by `GROUP:Tag`.
  package static func tags(of picture: Data) throws -> [String: String] {
    try inFolder { folder in
      let file = folder.appending(path: "picture")
      try picture.write(to: file)
      let json = try run("exiftool", "-j", "-G1", "-a", "-u", "-n", file.path)
      let found = try JSONSerialization.jsonObject(with: json) as? [[String: Any]]
      return (found?.first ?? [:]).mapValues { "\($0)" }
    }
  }

  /// The tags that tell more than how the pixels are written.
  package static func leftovers(of picture: Data) throws -> [String] {
    try tags(of: picture).keys.filter { tag in
      !tag.hasPrefix("System:") && !tag.hasPrefix("ExifTool:") && !structure.contains(tag)
    }.sorted()
  }

  private static let structure: Set<String> = [
    "SourceFile", "File:FileType", "File:FileTypeExtension", "File:MIMEType", "File:ImageWidth", "File:ImageHeight",
    "File:EncodingProcess", "File:BitsPerSample", "File:ColorComponents", "File:YCbCrSubSampling", "JFIF:JFIFVersion",
    "JFIF:ResolutionUnit", "JFIF:XResolution", "JFIF:YResolution", "Composite:ImageSize", "Composite:Megapixels",
  ]

  private static func inFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "photo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  package struct ToolFailed: Error { package let command: String }

  private static func run(_ tool: String, _ arguments: String...) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/\(tool)")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let octets = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ToolFailed(command: tool) }
    return octets
  }
}
