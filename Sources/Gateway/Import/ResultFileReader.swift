import Foundation
import School

/// Reads the school's file of test results: one row a pupil and test, by the pupil's number and never by a name.
package struct ResultFileReader {
  package struct Result: Sendable, Hashable {
    /// Each key once, in the order of the file.
    package var results: [TestResult] = []
    package var problems: [ImportProblem] = []
  }

  /// - Parameters:
  ///   - pupils: those that the school has; a number that none of them has is a problem of its row.
  ///   - today: a test is not of a later day.
  /// - Throws: where no row can be read: no text, or no column for pupil, test or date.
  package static func read(
    _ data: Data, pupils: [PupilID: Pupil], today: CalendarDay
  ) throws(ImportFailure) -> Result {
    guard data.count <= ImportLimits.fileOctets else {
      throw ImportFailure(description: "The file is larger than \(ImportLimits.fileOctets >> 20) MB")
    }
    let table = try CarerTable.read(try CarerTable.decode(data))
    guard table.rows.count <= ImportLimits.rows else {
      throw ImportFailure(description: "The file has more than \(ImportLimits.rows) rows")
    }
    guard let header = table.rows.first else { throw ImportFailure(description: "The file is empty") }
    var reading = ResultReading(columns: try ResultColumns(header: header.fields), pupils: pupils, today: today)
    for row in table.rows.dropFirst() { reading.read(row) }
    return Result(
      results: reading.results,
      problems: Array((table.problems + reading.problems).sorted { $0.line < $1.line }.prefix(ImportLimits.problems)))
  }
}

/// Which column is what, by the names that pupil-tracking systems give them in Dutch and English.
struct ResultColumns {
  enum Field: Hashable, CaseIterable {
    case pupil, day, subject, test, score, level, average, note, teacher
  }

  let places: [Field: Int]

  init(header: [String]) throws(ImportFailure) {
    let titles = header.map(CarerWords.plain)
    places = Self.synonyms.compactMapValues { words in words.lazy.compactMap { titles.firstIndex(of: $0) }.first }
    let hasTest = places[.subject] != nil || places[.test] != nil
    let hasResult = places[.score] != nil || places[.level] != nil || places[.note] != nil
    guard places[.pupil] != nil, places[.day] != nil, hasTest, hasResult else {
      throw ImportFailure(
        description: """
          The first row must name the columns, among them one for the pupil (leerlingnummer), one for the subject or \
          the test (vak, toets), one for the date (datum, afname), and one for the result (score, niveau, opmerking)
          """)
    }
  }

  /// The first that the header has is taken: a scale score says more over time than a raw one.
  private static let synonyms: [Field: [String]] = [
    .pupil: [
      "leerlingnummer", "leerlingnr", "leerlingcode", "leerlingid", "leerlingkey", "leerling", "pupilnumber",
      "pupilid", "pupil", "studentnumber", "studentid", "student",
    ],
    .day: [
      "afnamedatum", "toetsdatum", "datumafname", "datumtoets", "datum", "afname", "testdate", "dateoftest", "date",
    ],
    .subject: ["vak", "vakgebied", "leergebied", "vakonderdeel", "onderdeel", "domein", "subject"],
    .test: ["toets", "toetsnaam", "toetscode", "naamtoets", "test", "testname"],
    .score: [
      "vaardigheidsscore", "schaalscore", "score", "toetsscore", "resultaat", "cijfer", "punten", "ruwescore",
      "scalescore", "result", "grade", "mark",
    ],
    .level: ["niveau", "vaardigheidsniveau", "niveauwaarde", "functioneringsniveau", "level"],
    .average: [
      "groepsgemiddelde", "gemiddeldegroep", "gemiddelde", "groepsscore", "groupaverage", "average", "mean",
    ],
    .note: [
      "opmerking", "opmerkingen", "notitie", "toelichting", "bijzonderheden", "note", "notes", "remark", "comment",
    ],
    .teacher: ["leerkracht", "leraar", "docent", "groepsleerkracht", "teacher"],
  ]
}

/// Takes the rows one by one.
private struct ResultReading {
  let columns: ResultColumns
  let pupils: [PupilID: Pupil]
  let today: CalendarDay
  var results: [TestResult] = []
  var problems: [ImportProblem] = []
  /// By pupil and key: where it stands among the results, and on which line of the file.
  private var taken: [PupilID: [String: (place: Int, line: Int)]] = [:]

  init(columns: ResultColumns, pupils: [PupilID: Pupil], today: CalendarDay) {
    self.columns = columns
    self.pupils = pupils
    self.today = today
  }

  private struct Refusal: Error { let reason: String }

  mutating func read(_ row: CarerTable.Row) {
    do throws(Refusal) { try take(try result(row), line: row.line) } catch {
      problems.append(ImportProblem(line: row.line, reason: error.reason))
    }
  }

  private mutating func take(_ result: TestResult, line: Int) throws(Refusal) {
    let key = result.key
    if let before = taken[result.pupil]?[key] {
      guard results[before.place] != result else { return }
      throw Refusal(
        reason: "the same test of the same pupil and day stands otherwise on line \(before.line): keep one of the two")
    }
    taken[result.pupil, default: [:]][key] = (results.count, line)
    results.append(result)
  }

  private func result(_ row: CarerTable.Row) throws(Refusal) -> TestResult {
    let cell = { (field: ResultColumns.Field) -> String in
      guard let place = columns.places[field], place < row.fields.count else { return "" }
      return row.fields[place].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    guard !cell(.pupil).isEmpty else { throw Refusal(reason: "the pupil's number is missing") }
    guard let pupil = pupils[PupilID(cell(.pupil))] else {
      throw Refusal(
        reason: "pupil \(cell(.pupil).prefix(40)) is not at the school: import EDEXML first, or correct the number")
    }
    guard let day = CalendarDay.read(cell(.day), today: today) else {
      throw Refusal(reason: "the date is none: write it as 15-1-2026")
    }
    guard day <= today else { throw Refusal(reason: "the date is still to come, or has no year") }
    // A file with one of the two calls the line over time by it.
    let (subject, test) = cell(.subject).isEmpty ? (cell(.test), "") : (cell(.subject), cell(.test))
    guard !subject.isEmpty else { throw Refusal(reason: "the subject or the test is missing") }
    let parts: [TestResult.Part: String] = [
      .subject: subject, .test: test, .score: cell(.score), .level: cell(.level), .average: cell(.average),
      .note: cell(.note), .teacher: cell(.teacher),
    ]
    for (part, text) in parts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where text.count > part.longest {
      throw Refusal(reason: "the \(part.rawValue) is longer than \(part.longest) characters")
    }
    guard [.score, .level, .note].contains(where: { parts[$0]?.isEmpty == false }) else {
      throw Refusal(reason: "there is no score, level or note in this row")
    }
    return TestResult(pupil: pupil.id, day: day, parts: parts)
  }
}

extension ResultsPlan {
  /// The differences as a person reads them: a line each, `+` new, `~` corrected, `-` taken back; and a count. No score
  /// stands in it.
  package var text: String {
    let marks: [Kind: String] = [.added: "+", .corrected: "~", .withdrawn: "-"]
    var lines = differences.map { difference in
      let what = [difference.result[.subject], difference.result[.test]].filter { !$0.isEmpty }.joined(separator: " ")
      let parts = difference.parts.isEmpty ? "" : ": " + difference.parts.map(\.rawValue).joined(separator: ", ")
      return
        "\(marks[difference.kind] ?? " ") \(difference.result.pupil) \(what), \(difference.result.day.text)\(parts)"
    }
    let count = { (kind: Kind) in differences.filter { $0.kind == kind }.count }
    lines.append(
      "\(count(.added)) new, \(count(.corrected)) corrected, \(count(.withdrawn)) taken back, \(unchanged) unchanged")
    return lines.joined(separator: "\n")
  }
}
