import School

/// Charts as SVG: drawn here, so that a page needs no script and nothing from elsewhere. Colours differ in lightness
/// too, for printers without colour; what they mean stands in the page's legend.
enum Chart {
  /// Labels below the columns, at most.
  static let mostLabels = 9
  private static let classes = ["accepted", "waiting", "failed"]

  /// One column a period, parts on each other.
  static func columns(_ columns: [(label: String, tally: DeliveryTally)]) -> String {
    let (width, height, left, bottom) = (720.0, 200.0, 44.0, 24.0)
    let most = max(1, columns.map(\.tally.parts).map { $0.reduce(0, +) }.max() ?? 1)
    let top = rounded(most)
    let step = (width - left) / Double(max(1, columns.count))
    let scale = (height - bottom - 10) / Double(top)
    var svg = open(width, height)
    for mark in [0, top / 2, top] where top > 1 || mark != top / 2 {
      let y = height - bottom - Double(mark) * scale
      svg += "<line class=\"grid\" x1=\"\(n(left))\" x2=\"\(n(width))\" y1=\"\(n(y))\" y2=\"\(n(y))\"/>"
      svg += "<text class=\"end\" x=\"\(n(left - 6))\" y=\"\(n(y + 4))\">\(mark)</text>"
    }
    let every = max(1, (columns.count + mostLabels - 1) / mostLabels)
    for (place, column) in columns.enumerated() {
      let x = left + Double(place) * step
      var y = height - bottom
      for (part, name) in zip(column.tally.parts, classes) where part > 0 {
        y -= Double(part) * scale
        svg += bar(name, x: x + step * 0.1, y: y, width: max(0.8, step * 0.8), height: Double(part) * scale)
      }
      if place % every == 0 {
        svg +=
          "<text class=\"middle\" x=\"\(n(x + step / 2))\" y=\"\(n(height - 7))\">\(TextHTML.escape(column.label))</text>"
      }
    }
    return svg + "</svg>"
  }

  /// One bar a line, parts beside each other, with its numbers behind it.
  static func bars(_ bars: [(label: String, tally: DeliveryTally)]) -> String {
    let (width, left, right, line) = (720.0, 180.0, 110.0, 26.0)
    let most = Double(max(1, bars.map(\.tally.parts).map { $0.reduce(0, +) }.max() ?? 1))
    let scale = (width - left - right) / most
    var svg = open(width, Double(bars.count) * line + 4)
    for (place, entry) in bars.enumerated() {
      let y = Double(place) * line + 4
      svg += "<text class=\"end\" x=\"\(n(left - 8))\" y=\"\(n(y + 15))\">\(TextHTML.escape(entry.label))</text>"
      var x = left
      for (part, name) in zip(entry.tally.parts, classes) where part > 0 {
        svg += bar(name, x: x, y: y, width: max(1, Double(part) * scale), height: line - 8)
        x += max(1, Double(part) * scale)
      }
      let numbers = "\(entry.tally.accepted) / \(entry.tally.parts.reduce(0, +))"
      svg += "<text x=\"\(n(x + 6))\" y=\"\(n(y + 15))\">\(numbers)</text>"
    }
    return svg + "</svg>"
  }

  private static func open(_ width: Double, _ height: Double) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(width)) \(n(height))" role="img" aria-hidden="true">
    """
  }

  private static func bar(_ name: String, x: Double, y: Double, width: Double, height: Double) -> String {
    "<rect class=\"\(name)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"/>"
  }

  /// Up to the next number that is easily halved.
  private static func rounded(_ most: Int) -> Int {
    var unit = 1
    while unit * 10 < most { unit *= 10 }
    return [2, 3, 4, 5, 6, 8, 10, 12, 16, 20].map { $0 * unit / 2 }.first {
      $0 >= most && ($0.isMultiple(of: 2) || $0 == 1)
    } ?? most
  }

  /// One decimal: enough for a drawing, and the same on every machine.
  private static func n(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}

extension DeliveryTally {
  /// What charts show: what was taken back is left out.
  fileprivate var parts: [Int] { [accepted, waiting, failed + withheld] }
}
