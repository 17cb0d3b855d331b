import CPango
import Foundation

/// A line over time as a picture for a mail, and a second one to compare it with. The two differ in colour (for all
/// kinds of colour blindness), in stroke and in the form of their points.
package struct LineChart: Sendable, Hashable {
  package struct Point: Sendable, Hashable {
    /// Below it: when.
    package var label: String
    package var value: Double
    /// Above it.
    package var text: String
    /// Of the second line.
    package var other: Double?

    package init(label: String, value: Double, text: String, other: Double? = nil) {
      self.label = label
      self.value = value
      self.text = text
      self.other = other
    }
  }

  package var title: String
  /// What the line is.
  package var own: String
  /// What the second is.
  package var other: String
  package var points: [Point]
  /// Stands in the file.
  package var comment: String

  /// Points that are drawn: the last ones.
  package static let mostPoints = 12
  /// In pixels of CSS; the picture has twice as many each way, for screens that show them.
  package static let width = 440
  package static let height = 260

  package init(title: String, own: String, other: String, points: [Point], comment: String) {
    self.title = title
    self.own = own
    self.other = other
    self.points = points
    self.comment = comment
  }

  /// Nil where there is nothing to draw, or Cairo cannot: no memory. The same chart gives the same octets.
  package func png() -> Data? {
    guard !points.isEmpty else { return nil }
    return PNG.make(width: Self.width, height: Self.height, comment: comment) { page in
      Plot(points: points.suffix(Self.mostPoints), page: page).draw(title, own: own, other: other)
    }
  }
}

/// The chart laid out, in pixels of CSS.
private struct Plot {
  static let (left, right, top, bottom) = (46.0, 18.0, 66.0, 34.0)
  /// Pango takes a point for 4/3 of a pixel: 14 pixels, which a phone still shows well.
  static let size = 10.5
  typealias Colour = (red: Double, green: Double, blue: Double)
  /// Of the palette of Okabe and Ito.
  static let blue: Colour = (0, 0.447, 0.698)
  static let vermilion: Colour = (0.835, 0.369, 0)

  let points: [LineChart.Point]
  let page: Page
  private let ticks: Ticks

  init(points: [LineChart.Point], page: Page) {
    self.points = points
    self.page = page
    ticks = Ticks(points.flatMap { [$0.value, $0.other].compactMap(\.self) })
  }

  private var width: Double { Double(LineChart.width) - Self.left - Self.right }
  private var height: Double { Double(LineChart.height) - Self.top - Self.bottom }

  private func x(_ place: Int) -> Double { Self.left + width * (Double(place) + 0.5) / Double(points.count) }

  private func y(_ value: Double) -> Double {
    Self.top + height * (1 - (value - ticks.first) / (ticks.last - ticks.first))
  }

  func draw(_ title: String, own: String, other: String) {
    page.colour(1, 1, 1)
    page.box(x: 0, y: 0, width: Double(LineChart.width), height: Double(LineChart.height))
    page.colour(0.07, 0.1, 0.14)
    page.line(title, centredAt: Double(LineChart.width) / 2, y: 6, size: Self.size + 1, isBold: true)
    legend(own, other)
    axes()
    let others = points.enumerated().compactMap { place, point in point.other.map { (x(place), y($0)) } }
    page.path(others, colour: Self.vermilion, dashed: true)
    for point in others { page.square(point, colour: Self.vermilion) }
    let values = points.enumerated().map { (x($0), y($1.value)) }
    page.path(values, colour: Self.blue, dashed: false)
    for point in values { page.dot(point, colour: Self.blue) }
    page.colour(0.07, 0.1, 0.14)
    let step = width / Double(points.count)
    let every = sparsely(points.map(\.text), step)
    for (place, point) in points.enumerated() where (points.count - 1 - place) % every == 0 {
      // Below, where a point of the second line lies right above: it would seem to be that one's number.
      let isBelow = point.other.map { $0 >= point.value && y(point.value) - y($0) < 34 } ?? false
      page.line(point.text, centredAt: x(place), y: y(point.value) + (isBelow ? 6 : -26), size: Self.size, isBold: true)
    }
  }

  /// Each so many of them has room; the last always has.
  private func sparsely(_ texts: [String], _ step: Double) -> Int {
    let widest = texts.map { page.width($0, size: Self.size, isBold: true) }.max() ?? 0
    return max(1, Int(((widest + 6) / step).rounded(.up)))
  }

  private func legend(_ own: String, _ other: String) {
    page.path([(Self.left - 20, 43), (Self.left + 4, 43)], colour: Self.blue, dashed: false)
    page.dot((Self.left - 8, 43), colour: Self.blue)
    page.colour(0.07, 0.1, 0.14)
    page.line(own, at: Self.left + 10, y: 33, size: Self.size, width: 150)
    guard points.contains(where: { $0.other != nil }) else { return }
    let start = Self.left + 10 + min(150, page.width(own, size: Self.size, isBold: false)) + 22
    page.path([(start, 43), (start + 26, 43)], colour: Self.vermilion, dashed: true)
    page.square((start + 13, 43), colour: Self.vermilion)
    page.colour(0.07, 0.1, 0.14)
    page.line(other, at: start + 32, y: 33, size: Self.size, width: Double(LineChart.width) - start - 34)
  }

  private func axes() {
    for value in ticks.values {
      page.colour(0.82, 0.85, 0.88)
      page.box(x: Self.left, y: y(value) - 0.5, width: width, height: 1)
      page.colour(0.28, 0.33, 0.37)
      page.line(ticks.text(value), endingAt: Self.left - 8, y: y(value) - 9, size: Self.size - 1)
    }
    let step = width / Double(points.count)
    let every = sparsely(points.map(\.label), step)
    for (place, point) in points.enumerated() where (points.count - 1 - place) % every == 0 {
      page.line(point.label, centredAt: x(place), y: Self.top + height + 8, size: Self.size - 1)
    }
  }
}

/// Round numbers around all values.
private struct Ticks {
  let step: Double
  let first: Double
  let last: Double

  init(_ values: [Double]) {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    // Of one value there is no span; a tenth of it shows where it stands.
    let span = max(high - low, abs(high) / 10, 1e-3)
    let magnitude = pow(10, floor(log10(span / 4)))
    step = ([1, 2, 5, 10].map { $0 * magnitude }.first { span / $0 <= 5 }) ?? 10 * magnitude
    let start = floor((low - span * 0.2) / step) * step
    // Scores begin at nought, and a number may stand below the lowest.
    first = low >= 0 ? max(0, start) : start
    // Room for the number above the highest point.
    last = ceil((high + span * 0.15) / step) * step
  }

  var values: [Double] {
    (0...max(1, Int(((last - first) / step).rounded()))).map { first + Double($0) * step }
  }

  /// Without needless decimals, with a comma as in `7,5`.
  func text(_ value: Double) -> String {
    let decimals = step >= 1 ? 0 : min(3, Int((-log10(step)).rounded(.up)))
    return String(format: "%.\(decimals)f", value).replacing(".", with: ",")
  }
}
