import CPango
import Foundation

/// A document under way, in the memory that it takes.
enum PDF {
  /// - Parameter made: stands in the file; nil for now. With it the same drawing gives the same octets.
  /// - Returns: nil where Cairo cannot make one: no memory.
  static func make(title: String, made: Date? = nil, draw: (Page) -> Void) -> Data? {
    var pdf = Data()
    let isWhole = withUnsafeMutablePointer(to: &pdf) { target in
      let write: cairo_write_func_t = { closure, octets, count in
        guard let closure, let octets else { return CAIRO_STATUS_WRITE_ERROR }
        closure.assumingMemoryBound(to: Data.self).pointee.append(octets, count: Int(count))
        return CAIRO_STATUS_SUCCESS
      }
      let surface = cairo_pdf_surface_create_for_stream(write, target, Page.width, Page.height)
      defer { cairo_surface_destroy(surface) }
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
      if let made {
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made.ISO8601Format())
      }
      guard let context = cairo_create(surface) else { return false }
      draw(Page(context: context))
      cairo_destroy(context)
      cairo_surface_finish(surface)
      return cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS
    }
    return isWhole ? pdf : nil
  }
}

/// A4 in points (1/72 inch), drawn from above.
struct Page {
  static let millimetre = 72 / 25.4
  static let width = 210 * millimetre
  static let height = 297 * millimetre
  static let margin = 25 * millimetre
  static let top = 20 * millimetre
  static let bottom = height - 25 * millimetre
  static let unit = Double(PANGO_SCALE)

  let context: OpaquePointer

  /// - Parameter width: in points; nil for what is between the margins.
  /// - Returns: where it ends.
  @discardableResult
  func text(
    _ text: String, x: Double, y: Double, size: Double = 10.5, isBold: Bool = false, width: Double? = nil
  ) -> Double {
    layout(text, size: size, isBold: isBold, width: width) { layout in
      cairo_move_to(context, x, y)
      pango_cairo_show_layout(context, layout)
      return y + Self.height(of: layout)
    } ?? y
  }

  /// How high a text is, in points.
  func height(_ text: String, size: Double, isBold: Bool = false, width: Double) -> Double {
    layout(text, size: size, isBold: isBold, width: width) { Self.height(of: $0) } ?? 0
  }

  /// How wide a text is on one line, in points.
  func width(_ text: String, size: Double, isBold: Bool) -> Double {
    layout(text, size: size, isBold: isBold, width: 10_000) { layout in
      var (width, height): (Int32, Int32) = (0, 0)
      pango_layout_get_size(layout, &width, &height)
      return Double(width) / Self.unit
    } ?? 0
  }

  private static func height(of layout: OpaquePointer) -> Double {
    var (width, height): (Int32, Int32) = (0, 0)
    pango_layout_get_size(layout, &width, &height)
    return Double(height) / unit
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

  /// A grey box, 0 for black to 1 for white.
  func fill(x: Double, y: Double, width: Double, height: Double, grey: Double) {
    cairo_set_source_rgb(context, grey, grey, grey)
    cairo_rectangle(context, x, y, width, height)
    cairo_fill(context)
    cairo_set_source_rgb(context, 0, 0, 0)
  }

  func end() { cairo_show_page(context) }

  private func layout<Result>(
    _ text: String, size: Double, isBold: Bool, width: Double? = nil, _ use: (OpaquePointer) -> Result
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
    pango_layout_set_width(layout, Int32((width ?? Self.width - 2 * Self.margin) * Self.unit))
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    // A hyphen within a mail address would be read as part of it.
    if let attributes = pango_attr_list_new() {
      pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
      pango_layout_set_attributes(layout, attributes)
      pango_attr_list_unref(attributes)
    }
    pango_layout_set_spacing(layout, Int32(2 * Self.unit))
    pango_layout_set_text(layout, text, -1)
    return use(layout)
  }
}
