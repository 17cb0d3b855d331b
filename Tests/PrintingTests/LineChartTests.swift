import Foundation
import Testing

@testable import Printing

@Suite("Charts in mails")
struct LineChartTests {
  static func chart(_ count: Int, title: String = "Rekenen: Noor", value: (Int) -> Double = { 180 + 7 * Double($0) })
    -> LineChart
  {
    LineChart(
      title: title, own: "Noor", other: "gemiddelde van de groep",
      points: (0..<count).map {
        LineChart.Point(
          label: "15-\($0 % 12 + 1)-2026", value: value($0), text: "\(value($0))", other: 190 + Double($0))
      }, comment: "mark")
  }

  static func number(_ png: Data, at place: Int) -> Int {
    png.dropFirst(place).prefix(4).reduce(0) { $0 << 8 | Int($1) }
  }

  @Test("A chart is a PNG of twice its size in pixels, with its mark, and always the same octets")
  func png() throws {
    let png = try #require(Self.chart(5).png())
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(Self.number(png, at: 16) == 880 && Self.number(png, at: 20) == 520)
    #expect(png.range(of: Data("tEXtComment\0mark".utf8)) != nil)
    #expect(Self.chart(5).png() == png && Self.chart(6).png() != png)
    #expect(png.count < 100_000)
  }

  @Test("One point is a chart, none is not; of many the last are drawn, and odd values do no harm")
  func extremes() throws {
    #expect(Self.chart(0).png() == nil)
    #expect(Self.chart(1).png() != nil)
    var many = Self.chart(200)
    let png = many.png()
    many.points.removeFirst(200 - LineChart.mostPoints)
    #expect(many.png() == png)
    for value in [0.0, -5, 1e6, 0.001, 7.5] { #expect(Self.chart(3) { _ in value }.png() != nil) }
    #expect(Self.chart(2, title: String(repeating: "Zeer lang ", count: 100)).png() != nil)
  }
}
