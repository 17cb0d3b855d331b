import Foundation
import Mail
import Printing
import Rendering
import School
import Store

/// What a mail with a child's test results holds, read when it is sent.
struct ResultsMail: Sendable {
  /// Charts of one mail; what comes after them has its table.
  static let mostCharts = 12

  let gateway: SchoolGateway
  let reader: Reader
  let delivery: DeliveryRecord

  /// Nil for another mail. For who has no authority over the child any more there is nothing in it.
  func made(_ directory: Directory) async throws(StoreError) -> (notice: ResultsNotice, charts: [OutgoingAttachment])? {
    guard delivery.kind == .testResults, let facts = delivery.facts.results, let account = reader.account?.id
    else { return nil }
    let mayRead = directory.pupils(of: account).contains { $0.id == facts.pupil }
    let results = mayRead ? try await gateway.store.testResults(of: facts.pupil) : []
    var notice = ResultsNotice(results, child: facts.child)
    let pictures = await pictures(notice)
    var charts: [OutgoingAttachment] = []
    for (place, picture) in pictures.enumerated() {
      guard let picture else { continue }
      let name = "\(RouteWord.results.canonical)-\(place + 1)"
      let id = "\(name).\(delivery.id)@\(gateway.settings.scheme.domain)"
      notice.series[place].chart = .init(contentID: id, alt: picture.alt)
      charts.append(
        OutgoingAttachment(fileName: "\(name).png", mediaType: "image/png", data: picture.png, contentID: id))
    }
    return (notice, charts)
  }

  private typealias Picture = (png: Data, alt: String)

  /// One for each series, in their order; nil where no score is a number.
  private func pictures(_ notice: ResultsNotice) async -> [Picture?] {
    let drawn = notice.series.prefix(Self.mostCharts).map { series in
      let words = gateway.templates.chartWords(series, child: notice.child, language: reader.language)
      return (chart(series, words), words.alt)
    }
    return await withCheckedContinuation { continuation in
      // Cairo and Pango read fonts from disk.
      DispatchQueue.global().async {
        continuation.resume(returning: drawn.map { chart, alt in chart.png().map { ($0, alt) } })
      }
    }
  }

  private func chart(_ series: ResultsNotice.Series, _ words: ChartWords) -> LineChart {
    let points = series.results.compactMap { result in
      TestResult.number(result[.score]).map { score in
        LineChart.Point(
          label: gateway.templates.day(result.day, language: reader.language), value: score, text: result[.score],
          other: TestResult.number(result[.average]))
      }
    }
    return LineChart(
      title: words.title, own: words.own, other: words.group, points: points, comment: PrivatePart.pictureMark)
  }
}
