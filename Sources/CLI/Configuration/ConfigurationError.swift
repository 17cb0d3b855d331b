import Foundation

/// One thing that is wrong with a school's configuration.
struct ConfigurationProblem: Error, Sendable, Hashable, Encodable {
  /// `imap.port`; nil where it concerns a whole file.
  var key: String?
  /// In the configuration file, counted from 1; nil where no line is to blame.
  var line: Int?
  /// What is wrong, without the value: it may be a password that stands in the wrong place.
  var message: String
  /// What to do.
  var advice: String

  /// The order in which they are shown: that of the file, what is missing first.
  static func isBefore(_ left: Self, _ right: Self) -> Bool { (left.line ?? 0) < (right.line ?? 0) }
}

/// Everything that is wrong with a school's configuration, at once.
struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  let file: URL
  let problems: [ConfigurationProblem]

  init(file: URL, problems: [ConfigurationProblem]) {
    self.file = file
    var seen: Set<ConfigurationProblem> = []
    self.problems = problems.filter { seen.insert($0).inserted }.sorted(by: ConfigurationProblem.isBefore)
  }

  var description: String {
    problems.map { problem in
      let place = [file.path, problem.line.map(String.init)].compactMap(\.self).joined(separator: ":")
      return "\(place): \(problem.sentence)\n     → \(problem.advice)"
    }.joined(separator: "\n")
  }
}

extension ConfigurationProblem {
  /// The key and what is wrong with it.
  var sentence: String { key.map { "\($0) \(message)" } ?? message }
}
