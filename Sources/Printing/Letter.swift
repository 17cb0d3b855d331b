import CPango
import Foundation

/// A letter on A4 for a window envelope: the pupil's bag reaches parents whom no mail does.
package struct Letter: Sendable, Hashable {
  /// The sender's name, above the letter.
  package var sender: String
  /// Behind the window: `Aan de ouders van …`, a line each; at most five are printed.
  package var recipient: [String]
  package var date: String
  package var subject: String
  /// Paragraphs are parted by an empty line; a line break within one stays.
  package var body: String

  /// Characters of the body that are printed.
  package static let longestBody = 20_000

  package init(sender: String, recipient: [String], date: String, subject: String, body: String) {
    self.sender = sender
    self.recipient = recipient
    self.date = date
    self.subject = subject
    self.body = body
  }

  /// A PDF with the fonts of this machine embedded. Nil where Cairo cannot make one: no memory.
  package func pdf() -> Data? {
    var pdf = Data()
    let isWhole = withUnsafeMutablePointer(to: &pdf) { target in
      let write: cairo_write_func_t = { closure, octets, count in
        guard let closure, let octets else { return CAIRO_STATUS_WRITE_ERROR }
        closure.assumingMemoryBound(to: Data.self).pointee.append(octets, count: Int(count))
        return CAIRO_STATUS_SUCCESS
      }
      let surface = cairo_pdf_surface_create_for_stream(write, target, Page.width, Page.height)
      defer { cairo_surface_destroy(surface) }
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, subject)
      guard let context = cairo_create(surface) else { return false }
      draw(Page(context: context))
      cairo_destroy(context)
      cairo_surface_finish(surface)
      return cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS
    }
    return isWhole ? pdf : nil
  }

  private func draw(_ page: Page) {
    page.text(sender, x: Page.margin, y: Page.top, size: 11, isBold: true)
    // DIN 680 and NEN 3162 put the window within 20 to 110 mm from the left and 45 to 90 mm from the top.
    page.text(recipient.prefix(5).joined(separator: "\n"), x: Page.windowLeft, y: Page.windowTop)
    var y = page.text(date, x: Page.margin, y: Page.letterTop)
    y = page.text(subject, x: Page.margin, y: y + 14, isBold: true)
    page.flow(String(body.prefix(Self.longestBody)), y: y + 14)
  }
}

/// A4 in points (1/72 inch), drawn from above.
private struct Page {
  static let millimetre = 72 / 25.4
  static let width = 210 * millimetre
  static let height = 297 * millimetre
  static let margin = 25 * millimetre
  static let top = 20 * millimetre
  static let bottom = height - 25 * millimetre
  static let windowLeft = 25 * millimetre
  static let windowTop = 52 * millimetre
  static let letterTop = 98 * millimetre
  static let unit = Double(PANGO_SCALE)

  let context: OpaquePointer

  /// - Returns: where it ends.
  @discardableResult
  func text(_ text: String, x: Double, y: Double, size: Double = 10.5, isBold: Bool = false) -> Double {
    layout(text, size: size, isBold: isBold) { layout in
      cairo_move_to(context, x, y)
      pango_cairo_show_layout(context, layout)
      var (width, height): (Int32, Int32) = (0, 0)
      pango_layout_get_size(layout, &width, &height)
      return y + Double(height) / Self.unit
    } ?? y
  }

  /// Line by line, on as many pages as it takes.
  func flow(_ text: String, y start: Double) {
    _ = layout(text, size: 10.5, isBold: false) { layout in
      guard let lines = pango_layout_get_iter(layout) else { return }
      defer { pango_layout_iter_free(lines) }
      var y = start
      repeat {
        var logical = PangoRectangle()
        pango_layout_iter_get_line_extents(lines, nil, &logical)
        let height = Double(logical.height) / Self.unit
        if y + height > Self.bottom {
          cairo_show_page(context)
          y = Self.top
        }
        // Of the line's own box: the baseline is told from the top of the whole.
        let ascent = Double(pango_layout_iter_get_baseline(lines) - logical.y) / Self.unit
        cairo_move_to(context, Self.margin, y + ascent)
        pango_cairo_show_layout_line(context, pango_layout_iter_get_line_readonly(lines))
        y += height
      } while pango_layout_iter_next_line(lines) != 0
    }
  }

  private func layout<Result>(
    _ text: String, size: Double, isBold: Bool, _ use: (OpaquePointer) -> Result
  ) -> Result? {
    guard let layout = pango_cairo_create_layout(context), let font = pango_font_description_new() else { return nil }
    defer {
      pango_font_description_free(font)
      g_object_unref(UnsafeMutableRawPointer(layout))
    }
    pango_font_description_set_family(font, "DejaVu Sans, Sans")
    pango_font_description_set_size(font, gint(size * Self.unit))
    if isBold { pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD) }
    pango_layout_set_font_description(layout, font)
    pango_layout_set_width(layout, Int32((Self.width - 2 * Self.margin) * Self.unit))
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    pango_layout_set_spacing(layout, Int32(2 * Self.unit))
    pango_layout_set_text(layout, text, -1)
    return use(layout)
  }
}
