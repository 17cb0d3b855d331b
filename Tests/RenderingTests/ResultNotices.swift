import Foundation
import Mail
import School
import Testing

@testable import Rendering

/// Mails on test results, for goldens and checks.
enum ResultNotices {
  static let facts = {
    var facts = NoticeFacts()
    facts.results = ResultsFacts(pupil: PupilID("p1"), child: "Noor <x>")
    return facts
  }()

  static func result(_ day: Int, _ month: Int, _ parts: [TestResult.Part: String]) -> TestResult {
    TestResult(
      pupil: PupilID("p1"),
      day: CalendarDay(year: 2026, month: month, day: day) ?? CalendarDay(Notices.at, in: .gmt), parts: parts)
  }

  static let results = [
    result(
      15, 1,
      [
        .subject: "Rekenen & <meten>", .test: "M5", .score: "212,5", .level: "III", .average: "205",
        .note: "Mooie <sprong> & ga zo door", .teacher: "Anna de Boer",
      ]),
    result(20, 1, [.subject: "Begrijpend lezen", .score: "B", .note: "Leest veel"]),
    result(10, 6, [.subject: "rekenen <meten>", .test: "E5", .score: "220", .level: "II"]),
  ]

  static let notice = {
    var notice = ResultsNotice(results, child: "Noor <x>")
    notice.series[1].chart = .init(contentID: "toetsen-2.7@wilgenhof.test", alt: "Grafiek <van> Noor")
    notice.more = 4
    return notice
  }()
}

@Suite("Mails on test results")
struct ResultTemplateTests {
  let templates: Templates

  init() throws { templates = try TemplateTests.loaded.get() }

  @Test("An announcement says which child, and nothing else; one tap asks", arguments: Language.allCases)
  func announcement(language: Language) throws {
    var context = Notices.context(.resultsNews, language)
    context.results = ResultNotices.notice
    let rendered = templates.render(context)
    for text in [rendered.subject, rendered.text, rendered.html] {
      for word in ["212", "Rekenen", "meten", "egrijpend", "M5", "III"] { #expect(!text.contains(word), "\(word)") }
    }
    let asked = ResultsWord.offered(in: language)
    #expect(rendered.text.contains("Noor <x>") && rendered.text.contains(asked))
    #expect(rendered.html.contains("subject=\(asked)&amp;body=\(asked)"))
  }

  @Test("Results stand between marks, in both texts, and nothing of them outside", arguments: Language.allCases)
  func marked(language: Language) {
    let rendered = templates.render(Notices.context(.testResults, language))
    for text in [rendered.text, rendered.html] {
      let left = PrivatePart.removed(from: text)
      for word in ["212,5", "M5", "sprong", "Leest veel", "220"] {
        #expect(text.contains(word) && !left.contains(word), "\(word)")
      }
    }
    #expect(rendered.html.contains("alt=\"Grafiek &lt;van&gt; Noor\""))
    #expect(!PrivatePart.removed(from: rendered.html).contains("<img"))
    #expect(!rendered.subject.contains("Rekenen"))
  }

  @Test("Without results there is no table, no mark and no picture", arguments: Language.allCases)
  func none(language: Language) {
    var context = Notices.context(.testResults, language)
    context.results = ResultsNotice([], child: "Noor")
    let rendered = templates.render(context)
    for text in [rendered.text, rendered.html] {
      #expect(!text.contains(PrivatePart.begin) && !text.contains("scope="))
    }
    #expect(rendered.html.contains("</p>") && rendered.text.count > 100)
  }

  @Test("The words of a chart are four, in each language their own", arguments: Language.allCases)
  func chart(language: Language) {
    let words = templates.chartWords(ResultNotices.notice.series[1], child: "Noor", language: language)
    #expect(words.title.contains("rekenen <meten>") && words.own == "Noor")
    #expect(words.group.count > 5 && words.alt.contains("Noor") && words.alt.count > 30)
    #expect(
      words.alt != templates.chartWords(ResultNotices.notice.series[1], child: "Noor", language: .frisian).alt
        || language == .frisian)
  }

  @Test("One subject is one line, by the name of its newest; the newest results are told, the others counted")
  func series() {
    #expect(ResultNotices.notice.series.map(\.subject) == ["Begrijpend lezen", "rekenen <meten>"])
    #expect(ResultNotices.notice.series[1].results.map { $0[.test] } == ["M5", "E5"])
    let many = (1...250).map { ResultNotices.result($0 % 28 + 1, 1, [.subject: "Lezen", .score: "\($0)"]) }
    let notice = ResultsNotice(many, child: "Noor")
    #expect(notice.more == 150 && notice.series[0].results.first?[.score] == "151")
  }
}
