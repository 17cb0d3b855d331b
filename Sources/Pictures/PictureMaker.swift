import CVips
import Foundation

/// Makes pictures, one after the other on a thread of their own: decoding takes a tenth of a second and blocks.
package enum PictureMaker {
  private static let thread = DispatchQueue(label: "pictures", qos: .utility)

  /// Whether libvips is there, which is loaded for this. It wants one start before anything else; a global is
  /// initialised once, whatever the number of threads.
  package static let isReady = postplein_vips_start("postplein") == 0

  /// The loaders that may see what a stranger sent, by libvips' own names. HEIC is read by libheif.
  private static let loaders: Set<String> = [
    "VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadHeifBuffer", "VipsForeignLoadWebpBuffer",
  ]

  package static func make(_ photo: Data) async throws(PictureError) -> Picture {
    let result: Result<Picture, PictureError> = await withCheckedContinuation { continuation in
      thread.async { continuation.resume(returning: Result { () throws(PictureError) in try makeNow(photo) }) }
    }
    return try result.get()
  }

  private static func makeNow(_ photo: Data) throws(PictureError) -> Picture {
    guard isReady else { throw .unavailable }
    guard photo.count <= PictureLimits.octets else { throw .tooLarge }
    // What went wrong with one picture is not said of the next.
    defer { postplein_vips_clear_errors() }
    // libvips reads the octets while it decodes: all of that happens within.
    let result = photo.withUnsafeBytes { octets in
      Result { () throws(PictureError) in try make(octets) }
    }
    return try result.get()
  }

  private static func make(_ octets: UnsafeRawBufferPointer) throws(PictureError) -> Picture {
    guard let start = octets.baseAddress, let loader = postplein_vips_loader(start, octets.count),
      loaders.contains(String(cString: loader))
    else { throw .unknownForm }
    guard let header = Image(owning: postplein_vips_header(start, octets.count)) else { throw .damaged }
    let (width, height) = (Int(postplein_vips_width(header.pointer)), Int(postplein_vips_height(header.pointer)))
    guard width > 0, height > 0 else { throw .damaged }
    guard width.multipliedReportingOverflow(by: height).partialValue <= PictureLimits.pixels else {
      throw .tooManyPixels
    }
    guard
      let screen = Image(owning: postplein_vips_thumbnail(start, octets.count, Int32(PictureLimits.screen))),
      // libjpeg fills up with grey what is not there, and only says so.
      !String(cString: postplein_vips_errors()).contains("Premature end of JPEG file"),
      let small = Image(owning: postplein_vips_shrink(screen.pointer, Int32(PictureLimits.thumbnail))),
      let screenOctets = screen.jpeg(), let smallOctets = small.jpeg()
    else { throw .damaged }
    return Picture(screen: screenOctets, thumbnail: smallOctets)
  }
}

/// One counted reference to an image; `deinit` gives it back.
private struct Image: ~Copyable {
  let pointer: UnsafeMutablePointer<VipsImage>

  init?(owning pointer: UnsafeMutablePointer<VipsImage>?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  deinit { postplein_vips_unref(pointer) }

  func jpeg() -> Data? {
    var octets: UnsafeMutableRawPointer?
    var count = 0
    guard postplein_vips_jpeg(pointer, Int32(PictureLimits.quality), &octets, &count) == 0, let octets else {
      return nil
    }
    defer { g_free(octets) }
    return Data(bytes: octets, count: count)
  }
}
