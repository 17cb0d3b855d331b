import Foundation

/// A table on A4: its head on every page, a row never on two, a page's number below. Columns in which nothing stands
/// are left out, and the others get their room.
package struct PrintedTable: Sendable, Hashable {
  package struct Column: Sendable, Hashable {
    package var title: String
    /// Its share of the page.
    package var width: Double

    package init(title: String, width: Double) {
      self.title = title
      self.width = width
    }
  }

  package var title: String
  /// Below the title.
  package var note: String
  package var columns: [Column]
  /// A row is one or more lines of cells; the first cell of its first line is bold.
  package var rows: [[[String]]]
  /// At the foot of every page.
  package var footer: String
  package var made: Date

  /// Rows that are printed.
  package static let mostRows = 500
  /// Characters of a cell.
  package static let longestCell = 200

  package init(
    title: String, note: String, columns: [Column], rows: [[[String]]], footer: String, made: Date
  ) {
    self.title = title
    self.note = note
    self.columns = columns
    self.rows = rows
    self.footer = footer
    self.made = made
  }

  /// A PDF with the fonts of this machine embedded. Nil where Cairo cannot make one: no memory.
  package func pdf() -> Data? { PDF.make(title: title, made: made, draw: draw) }

  private func draw(_ page: Page) {
    let sheet = Sheet(self, page)
    let pages = sheet.pages()
    for (number, lines) in pages.enumerated() {
      if number > 0 { page.end() }
      sheet.draw(lines, number: number + 1, of: pages.count)
    }
  }
}

/// The table laid out.
private struct Sheet {
  static let left = 12 * Page.millimetre
  static let room = Page.width - 2 * left
  static let bottom = Page.height - 22 * Page.millimetre
  static let padding = 1.2 * Page.millimetre
  /// Pango takes a point for 1/72 of 96 dots: 8.8 points on paper.
  static let size = 6.6

  typealias Line = [String]
  let table: PrintedTable
  let page: Page
  let titles: [String]
  let widths: [Double]
  let rows: [[Line]]

  init(_ table: PrintedTable, _ page: Page) {
    self.table = table
    self.page = page
    let shown = table.columns.indices.filter { column in
      column == 0 || table.rows.contains { $0.contains { column < $0.count && !$0[column].isEmpty } }
    }
    let total = shown.reduce(0) { $0 + table.columns[$1].width }
    titles = shown.map { table.columns[$0].title }
    widths = shown.map { table.columns[$0].width / total * Self.room }
    rows = table.rows.prefix(PrintedTable.mostRows).map { row in
      row.map { line in
        shown.map { $0 < line.count ? String(line[$0].prefix(PrintedTable.longestCell)) : "" }
      }
    }
  }

  private func height(_ line: Line, isBold: Bool = false) -> Double {
    let cells = zip(line, widths).enumerated().map { place, cell in
      page.height(cell.0, size: Self.size, isBold: isBold || place == 0, width: cell.1 - 2 * Self.padding)
    }
    return (cells.max() ?? 0) + 2 * Self.padding
  }

  private var headEnd: Double {
    let title = Page.top + page.height(table.title, size: 13, isBold: true, width: Self.room) + 4
    return title + page.height(table.note, size: Self.size, width: Self.room) + 10
  }

  /// The rows of each page; never none.
  func pages() -> [[[Line]]] {
    let start = headEnd + height(titles, isBold: true)
    var pages: [[[Line]]] = [[]]
    var y = start
    for row in rows {
      let height = row.reduce(0) { $0 + self.height($1) }
      if y + height > Self.bottom, !pages[pages.count - 1].isEmpty {
        pages.append([])
        y = start
      }
      pages[pages.count - 1].append(row)
      y += height
    }
    return pages
  }

  func draw(_ rows: [[Line]], number: Int, of count: Int) {
    var y = page.text(table.title, x: Self.left, y: Page.top, size: 13, isBold: true, width: Self.room) + 4
    page.text(table.note, x: Self.left, y: y, size: Self.size, width: Self.room)
    y = headEnd
    let head = height(titles, isBold: true)
    page.fill(x: Self.left, y: y, width: Self.room, height: head, grey: 0.85)
    draw(titles, y: y, isBold: true)
    y += head
    for row in rows {
      for line in row {
        draw(line, y: y)
        y += height(line)
      }
      page.fill(x: Self.left, y: y, width: Self.room, height: 0.5, grey: 0.6)
    }
    let foot = count > 1 ? "\(table.footer)  \(number)/\(count)" : table.footer
    page.text(foot, x: Self.left, y: Self.bottom + 4 * Page.millimetre, size: 6.6, width: Self.room)
  }

  private func draw(_ line: Line, y: Double, isBold: Bool = false) {
    var x = Self.left
    for (place, (cell, width)) in zip(line, widths).enumerated() {
      page.text(
        cell, x: x + Self.padding, y: y + Self.padding, size: Self.size, isBold: isBold || place == 0,
        width: width - 2 * Self.padding)
      x += width
    }
  }
}
