import Foundation
import Mail
import School
import SwiftCSV

/// Reads the school's file of parents: one row a carer with the numbers of their pupils, or one row a pupil with up to
/// four carers.
package struct CarerFileReader {
  package struct Result: Sendable, Hashable {
    package var carers: [RosterCarer] = []
    package var problems: [ImportProblem] = []
    package var unused: [UnusedColumn] = []
  }

  /// - Parameter pupils: those that the school has; a number that none of them has is a problem of its row.
  /// - Throws: where no row can be read: no text, or no column for addresses or pupils.
  package static func read(_ data: Data, pupils: [PupilID: Pupil]) throws(ImportFailure) -> Result {
    guard data.count <= ImportLimits.fileOctets else {
      throw ImportFailure(description: "The file is larger than \(ImportLimits.fileOctets >> 20) MB")
    }
    let table = try CarerTable.read(try CarerTable.decode(data))
    guard table.rows.count <= ImportLimits.rows else {
      throw ImportFailure(description: "The file has more than \(ImportLimits.rows) rows")
    }
    guard let header = table.rows.first else { throw ImportFailure(description: "The file is empty") }
    let columns = try CarerColumns(header: header.fields)
    var reading = CarerReading(columns: columns, pupils: pupils)
    for row in table.rows.dropFirst() { reading.read(row) }
    return Result(
      carers: reading.carers.values.sorted { $0.id < $1.id },
      problems: Array((table.problems + reading.problems).sorted { $0.line < $1.line }.prefix(ImportLimits.problems)),
      unused: columns.unused)
  }
}

/// The rows of the file, each with the line it begins on.
struct CarerTable {
  struct Row {
    var line: Int
    var fields: [String]
  }

  var rows: [Row] = []
  var problems: [ImportProblem] = []

  /// UTF-8 with or without a mark, UTF-16 with one, else Windows-1252, in which Excel writes.
  static func decode(_ data: Data) throws(ImportFailure) -> String {
    let marks: [([UInt8], String.Encoding)] = [
      ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
    ]
    for (mark, encoding) in marks where data.starts(with: mark) {
      guard let text = String(data: data.dropFirst(mark.count), encoding: encoding) else { break }
      return text
    }
    guard !data.contains(0),
      let text = String(data: data, encoding: .utf8) ?? String(data: data, encoding: .windowsCP1252)
    else { throw ImportFailure(description: "The file is no text: save the sheet as CSV") }
    return text
  }

  /// A quote that is not closed or stands in the wrong place spoils its own line only.
  static func read(_ text: String) throws(ImportFailure) -> CarerTable {
    let delimiter = delimiter(of: text)
    var table = CarerTable()
    if let rows = parse(text, delimiter) {
      var line = 1
      for fields in rows {
        table.add(fields, line: line)
        line += 1 + fields.reduce(0) { $0 + $1.filter(\.isNewline).count }
      }
      return table
    }
    for (place, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if let fields = parse(String(line), delimiter)?.first {
        table.add(fields, line: place + 1)
      } else if !line.isEmpty {
        table.problems.append(
          ImportProblem(line: place + 1, reason: "the quotation marks do not match: correct or remove them"))
      }
    }
    return table
  }

  private mutating func add(_ fields: [String], line: Int) {
    let fields = fields.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    if fields.contains(where: { !$0.isEmpty }) { rows.append(Row(line: line, fields: fields)) }
  }

  private static func parse(_ text: String, _ delimiter: CSVDelimiter) -> [[String]]? {
    try? EnumeratedCSV(string: "\n" + text, delimiter: delimiter, loadColumns: false).rows
  }

  /// The one that the header has most of.
  private static func delimiter(of text: String) -> CSVDelimiter {
    let header = text.prefix { !$0.isNewline }
    let counts: [(CSVDelimiter, Int)] = [(.semicolon, ";"), (.comma, ","), (.tab, "\t")].map { delimiter, character in
      (delimiter, header.filter { $0 == character }.count)
    }
    return counts.max { $0.1 < $1.1 }?.0 ?? .semicolon
  }
}
