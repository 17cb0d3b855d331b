import Foundation
import Mail
import School

/// One child's test results as they are when the mail is sent.
package struct ResultsNotice: Sendable, Hashable {
  /// The results of one subject, oldest first.
  package struct Series: Sendable, Hashable {
    package var subject: String
    package var results: [TestResult]
    /// The picture that shows them, where there is one.
    package var chart: Chart?

    package struct Chart: Sendable, Hashable {
      package var contentID: String
      package var alt: String

      package init(contentID: String, alt: String) {
        self.contentID = contentID
        self.alt = alt
      }
    }
  }

  /// Results of one mail: the newest.
  package static let mostResults = 100

  package var child: String
  package var series: [Series]
  /// Older ones that are not in it.
  package var more: Int

  /// - Parameter results: oldest first.
  package init(_ results: [TestResult], child: String) {
    self.child = child
    more = max(0, results.count - Self.mostResults)
    series = []
    for result in results.suffix(Self.mostResults) {
      // As School knows a subject again: by its key without test and day.
      let key = result.key.prefix { $0 != "|" }
      if let place = series.firstIndex(where: { $0.results.first?.key.prefix { $0 != "|" } == key }) {
        series[place].results.append(result)
        series[place].subject = result[.subject]
      } else {
        series.append(Series(subject: result[.subject], results: [result]))
      }
    }
    series.sort { $0.subject.localizedCaseInsensitiveCompare($1.subject) == .orderedAscending }
  }
}

/// The words around a picture of results.
package struct ChartWords: Sendable, Hashable {
  package var title: String
  /// What its line is.
  package var own: String
  /// What the second line is.
  package var group: String
  /// For who does not see it.
  package var alt: String
}

extension Templates {
  /// By `results-chart.txt`: title, the two lines' names and what stands for the picture, a line each.
  package func chartWords(_ series: ResultsNotice.Series, child: String, language: Language) -> ChartWords {
    let values: [String: Any] = ["child": child, "subject": series.subject]
    let lines = render("results-chart.txt", values, language).split(separator: "\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let line = { (place: Int) in place < lines.count ? lines[place] : "" }
    return ChartWords(title: line(0), own: line(1), group: line(2), alt: line(3))
  }

  /// `15-1-2026`, as it stands in tables and below charts.
  package func day(_ day: CalendarDay, language: Language) -> String {
    LocalDate.text(day.start(in: .gmt), .numeric, language, .gmt)
  }
}

/// What templates see of test results.
extension NoticeModel {
  static let resultsNames: Set<String> = [
    "child", "series", "hasSeries", "rows", "day", "test", "score", "level", "average", "note", "teacher", "hasTest",
    "hasLevel", "hasAverage", "notes", "chart", "cid", "alt", "width", "begin", "end", "more", "words", "link", "ask",
  ]

  func addResults(to values: inout [String: Any]) {
    guard let facts = context.facts.results else { return }
    values["child"] = facts.child
    let words = ResultsWord.offered(in: context.language)
    values["ask"] = ["words": words, "link": answerLink(words)] as [String: Any]
    guard let notice = context.results else { return }
    values["begin"] = PrivatePart.begin
    values["end"] = PrivatePart.end
    values["hasSeries"] = !notice.series.isEmpty
    values["series"] = notice.series.map(model)
    if notice.more > 0 { values["more"] = notice.more }
  }

  private func model(_ series: ResultsNotice.Series) -> [String: Any] {
    let has = { (part: TestResult.Part) in series.results.contains { !$0[part].isEmpty } }
    var values: [String: Any] = [
      "subject": series.subject, "rows": series.results.map(row), "hasTest": has(.test), "hasLevel": has(.level),
      "hasAverage": has(.average), "notes": series.results.filter { !$0[.note].isEmpty }.map(row),
    ]
    values["chart"] = series.chart.map { ["cid": $0.contentID, "alt": $0.alt] }
    return values
  }

  /// Empty cells hold a dash, so that columns stay apart.
  private func row(_ result: TestResult) -> [String: Any] {
    let cell = { (part: TestResult.Part) in result[part].isEmpty ? "–" : result[part] }
    var values: [String: Any] = [
      "day": LocalDate.text(result.day.start(in: .gmt), .numeric, context.language, .gmt), "test": cell(.test),
      "score": cell(.score), "level": cell(.level), "average": cell(.average), "note": result[.note],
    ]
    values["teacher"] = result[.teacher].isEmpty ? nil : result[.teacher]
    return values
  }
}
