import Foundation

/// A row or element that could not be taken, by its line; the others go on.
package struct ImportProblem: Sendable, Hashable, Codable {
  /// In the file, from 1.
  package var line: Int
  /// What is wrong and what to do, without the person's data.
  package var reason: String
}

/// A column that says nothing to us; the file is taken all the same.
package struct UnusedColumn: Sendable, Hashable, Codable {
  package var title: String
  /// The name of a column that is known, from which the title differs in few letters.
  package var near: String?
}

/// A file that cannot be read at all.
package struct ImportFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String
}

/// What an import may cost.
package enum ImportLimits {
  /// Characters of a phone number, and of each part of a postal address.
  package static let contactCharacters = 200
  /// Octets of the file.
  package static let fileOctets = 64 << 20
  /// Rows, or elements.
  static let elements = 2_000_000
  static let rows = 100_000
  /// How deep elements may stand within elements.
  static let depth = 64
  /// Octets of one value.
  static let valueOctets = 4_096
  /// Problems that are told; the rest is counted.
  static let problems = 1_000
}
