import CPango
import Foundation

/// A picture under way.
enum PNG {
  /// - Parameters:
  ///   - width: in pixels of CSS, and `height` too; the picture has twice as many each way.
  ///   - comment: ASCII; stands in the file as its `Comment`.
  /// - Returns: nil where Cairo cannot make one: no memory.
  static func make(width: Int, height: Int, comment: String, draw: (Page) -> Void) -> Data? {
    let scale = 2
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width * scale), Int32(height * scale))
    else { return nil }
    defer { cairo_surface_destroy(surface) }
    guard let context = cairo_create(surface) else { return nil }
    cairo_scale(context, Double(scale), Double(scale))
    draw(Page(context: context))
    cairo_destroy(context)
    var png = Data()
    let status = withUnsafeMutablePointer(to: &png) { target in
      let write: cairo_write_func_t = { closure, octets, count in
        guard let closure, let octets else { return CAIRO_STATUS_WRITE_ERROR }
        closure.assumingMemoryBound(to: Data.self).pointee.append(octets, count: Int(count))
        return CAIRO_STATUS_SUCCESS
      }
      return cairo_surface_write_to_png_stream(surface, write, target)
    }
    guard status == CAIRO_STATUS_SUCCESS, png.count > endOctets else { return nil }
    png.insert(contentsOf: chunk("tEXt", Data("Comment\0\(comment)".utf8)), at: png.count - endOctets)
    return png
  }

  /// The last chunk, IEND, which holds nothing.
  private static let endOctets = 12

  /// Length, type, content and their CRC (PNG, third edition, section 5.3).
  private static func chunk(_ type: String, _ content: Data) -> Data {
    let body = Data(type.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(crc(body))
  }

  private static func bigEndian(_ number: UInt32) -> Data { withUnsafeBytes(of: number.bigEndian) { Data($0) } }

  /// Of ISO 3309, as PNG (annex D) has it.
  private static func crc(_ data: Data) -> UInt32 {
    var crc = UInt32.max
    for octet in data {
      crc ^= UInt32(octet)
      for _ in 0..<8 {
        let low = crc & 1
        crc = crc >> 1
        if low == 1 { crc ^= 0xEDB8_8320 }
      }
    }
    return ~crc
  }
}

/// What charts draw, in pixels of CSS.
extension Page {
  typealias Spot = (x: Double, y: Double)
  typealias Colour = (red: Double, green: Double, blue: Double)

  func colour(_ red: Double, _ green: Double, _ blue: Double) { cairo_set_source_rgb(context, red, green, blue) }

  func box(x: Double, y: Double, width: Double, height: Double) {
    cairo_rectangle(context, x, y, width, height)
    cairo_fill(context)
  }

  func path(_ spots: [Spot], colour: Colour, dashed: Bool) {
    guard let first = spots.first else { return }
    self.colour(colour.red, colour.green, colour.blue)
    cairo_set_line_width(context, 2.5)
    let dashes = dashed ? [6.0, 4.0] : []
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    cairo_move_to(context, first.x, first.y)
    for spot in spots.dropFirst() { cairo_line_to(context, spot.x, spot.y) }
    cairo_stroke(context)
  }

  func dot(_ spot: Spot, colour: Colour) {
    self.colour(colour.red, colour.green, colour.blue)
    cairo_new_path(context)
    cairo_arc(context, spot.x, spot.y, 5, 0, 2 * .pi)
    cairo_fill(context)
  }

  func square(_ spot: Spot, colour: Colour) {
    self.colour(colour.red, colour.green, colour.blue)
    box(x: spot.x - 4.5, y: spot.y - 4.5, width: 9, height: 9)
  }

  // MARK: One line of text

  func line(_ text: String, at x: Double, y: Double, size: Double, width: Double) {
    self.text(text, x: x, y: y, size: size, width: max(1, width))
  }

  func line(_ text: String, centredAt x: Double, y: Double, size: Double, isBold: Bool = false) {
    let width = width(text, size: size, isBold: isBold)
    self.text(text, x: x - width / 2, y: y, size: size, isBold: isBold, width: width + 1)
  }

  func line(_ text: String, endingAt x: Double, y: Double, size: Double) {
    let width = width(text, size: size, isBold: false)
    self.text(text, x: x - width, y: y, size: size, width: width + 1)
  }
}
