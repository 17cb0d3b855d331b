import Foundation
import GRDB
import School

/// How values stand in columns.
extension Date {
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
  init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Identifier: SQLExpressible, StatementBinding, DatabaseValueConvertible
where RawValue: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { rawValue.databaseValue }
  package static func fromDatabaseValue(_ value: DatabaseValue) -> Identifier? {
    RawValue.fromDatabaseValue(value).map { Identifier($0) }
  }
}

/// Straight from the statement: the directory has a hundred thousand of them.
extension Identifier: StatementColumnConvertible where RawValue: StatementColumnConvertible {
  package init?(sqliteStatement: SQLiteStatement, index: CInt) {
    guard let value = RawValue(sqliteStatement: sqliteStatement, index: index) else { return nil }
    self.init(value)
  }
}

/// JSON with its keys in order, so that the same value is the same text.
enum JSONText {
  static func of(_ value: some Encodable) throws -> String {
    // Of most rows, as below.
    if let list = value as? [String], list.isEmpty { return "[]" }
    if let facts = value as? NoticeFacts, facts == NoticeFacts() { return "{}" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A text as JSON has it.
  static func of(text: String) throws -> String {
    var text = text
    let isPlain = text.withUTF8 { octets in
      octets.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
    return isPlain ? "\"\(text)\"" : try of(text)
  }

  static func read<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    // Of most rows; Foundation takes 20 microseconds for it.
    if text == "[]", let empty = (T.self as? any EmptyList.Type)?.init() as? T { return empty }
    if text == "{}", let none = NoticeFacts() as? T { return none }
    do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
      throw StoreError(.damaged, "A row of the store cannot be read as \(type)")
    }
  }
}

/// What `[]` is in JSON.
private protocol EmptyList { init() }
extension Array: EmptyList {}
extension Set: EmptyList {}

extension Database {
  /// A statement that is prepared once.
  func run(_ sql: String, _ arguments: StatementArguments) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

extension Sequence<Row> {
  /// What each row says. One that cannot be read is left out, so that it stops none of the others: `Damage` finds it,
  /// and support is told.
  func readable<T>(_ read: (Row) throws -> T) throws -> [T] {
    try compactMap { row in
      do { return try read(row) } catch let error as StoreError where error.kind == .damaged { return nil }
    }
  }
}

extension Row {
  func json<T: Decodable>(_ type: T.Type, _ column: String) throws -> T {
    try JSONText.read(type, self[column])
  }

  func jsonIfPresent<T: Decodable>(_ type: T.Type, _ column: String) throws -> T? {
    guard let text: String = self[column] else { return nil }
    return try JSONText.read(type, text)
  }

  func date(_ column: String) -> Date { Date(milliseconds: self[column]) }

  /// A word of an enumeration.
  func word<T: RawRepresentable>(_ type: T.Type, _ column: String) throws -> T where T.RawValue == String {
    let text: String = self[column]
    guard let value = T(rawValue: text) else {
      throw StoreError(.damaged, "A row of the store has an unknown \(column)")
    }
    return value
  }
}
