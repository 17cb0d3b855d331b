import Foundation
import Yams

/// `postplein.yaml` as a tree of sections with keys.
struct ConfigurationFile {
  private let sections: [String: Node.Mapping]
  /// Where each section stands.
  private let sectionLines: [String: Int]
  /// What can be said without knowing a value: unknown keys, and sections that are none.
  let problems: [ConfigurationProblem]

  /// Reads the text; the keys are those that may stand in it.
  ///
  /// - Throws: where the text is no YAML at all.
  init(yaml: String, keys: [any AnyConfigurationKey]) throws(ConfigurationProblem) {
    let root = try Self.compose(yaml)
    let words = Dictionary(grouping: keys, by: \.section).mapValues { Set($0.map(\.word)) }
    var sections: [String: Node.Mapping] = [:]
    var lines: [String: Int] = [:]
    var problems: [ConfigurationProblem] = []
    for (key, value) in root {
      let name = key.string ?? ""
      guard let known = words[name] else {
        problems.append(.unknownKey(name, line: key.mark?.line, known: Array(words.keys), all: keys.map(\.path)))
        continue
      }
      lines[name] = key.mark?.line
      if value.isNothing { continue }
      guard let section = value.mapping else {
        problems.append(.notASection(name, line: key.mark?.line))
        continue
      }
      sections[name] = section
      for (key, _) in section where !known.contains(key.string ?? "") {
        problems.append(
          .unknownKey(
            "\(name).\(key.string ?? "")", line: key.mark?.line, known: known.map { "\(name).\($0)" },
            all: keys.map(\.path)))
      }
    }
    (self.sections, sectionLines, self.problems) = (sections, lines, problems)
  }

  private static func compose(_ yaml: String) throws(ConfigurationProblem) -> Node.Mapping {
    do {
      guard let node = try Yams.compose(yaml: yaml), !node.isNothing else { return Node.Mapping([]) }
      if let mapping = node.mapping { return mapping }
    } catch {
      throw ConfigurationProblem(error)
    }
    throw ConfigurationProblem(
      message: "The file holds no sections", advice: "begin with the example, deploy/postplein.example.yaml")
  }

  private func node(_ key: any AnyConfigurationKey) -> Node? {
    sections[key.section]?[key.word].flatMap { $0.isNothing ? nil : $0 }
  }

  /// Where the key stands, or else its section.
  func line(_ key: any AnyConfigurationKey) -> Int? { node(key)?.mark?.line ?? sectionLines[key.section] }

  func has(_ key: any AnyConfigurationKey) -> Bool { node(key) != nil }

  /// The value, or what holds where it is not given; nil for an optional one that is not there.
  func valueIfPresent<Value>(_ key: ConfigurationKey<Value>) throws(ConfigurationProblem) -> Value? {
    guard let node = node(key) else {
      if case .fallback(let value) = key.presence { return value }
      return nil
    }
    guard let value = key.form.read(node) else {
      throw problem(key, "is not as it must be", "write \(key.form.name)")
    }
    return value
  }

  /// As `valueIfPresent`; a value that is not there is a problem.
  func value<Value>(_ key: ConfigurationKey<Value>) throws(ConfigurationProblem) -> Value {
    if let value = try valueIfPresent(key) { return value }
    throw problem(key, "is missing", "add it to the section \(key.section): \(key.form.name)")
  }

  func problem(_ key: any AnyConfigurationKey, _ message: String, _ advice: String) -> ConfigurationProblem {
    ConfigurationProblem(key: key.path, line: line(key), message: message, advice: advice)
  }
}

extension Node {
  /// A key that has nothing behind its colon.
  fileprivate var isNothing: Bool { null != nil }
}

extension ConfigurationProblem {
  fileprivate static func unknownKey(_ path: String, line: Int?, known: [String], all: [String]) -> Self {
    let word = path.split(separator: ".").last.map(String.init) ?? ""
    let advice =
      if ["password", "pass", "wachtwoord"].contains(word.lowercased()) {
        "keep it out of this file: give password-env (the name of a variable) or password-file (a file only you can read)"
      } else if let near = Spelling.nearest(to: path, among: known.sorted()) {
        "did you mean \(near)?"
      } else if let elsewhere = all.first(where: { $0.hasSuffix(".\(word)") }) {
        "did you mean \(elsewhere)?"
      } else {
        "remove it, or take one of: \(known.sorted().joined(separator: ", "))"
      }
    return Self(key: path, line: line, message: "is no key of this file", advice: advice)
  }

  fileprivate static func notASection(_ name: String, line: Int?) -> Self {
    Self(key: name, line: line, message: "is a section", advice: "put its keys below it, each on a line of its own")
  }

  /// What Yams says of a text that is no YAML.
  fileprivate init(_ error: any Error) {
    let advice = "mend the line; YAML wants spaces before a key, never tabs, and quotes around text with a colon"
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(line: mark.line, message: "The file is no YAML: \(problem)", advice: advice)
    case .duplicatedKeysInMapping(let names, let context):
      self.init(
        key: names.joined(separator: ", "), line: context.mark.line, message: "stands there twice",
        advice: "keep one of the two")
    default: self.init(message: "The file is no YAML", advice: advice)
    }
  }
}

/// Finds what somebody may have meant.
enum Spelling {
  /// The path whose last word differs in the fewest letters, where these are few.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let last = { (path: String) in path.split(separator: ".").last.map(String.init) ?? path }
    let far = max(1, min(3, last(word).count / 2))
    let near = candidates.map { ($0, distance(last(word), last($0))) }.min { $0.1 < $1.1 }
    return near.flatMap { $0.1 <= far ? $0.0 : nil }
  }

  /// Levenshtein's: letters put in, left out or changed.
  static func distance(_ one: String, _ other: String) -> Int {
    let (rows, columns) = (Array(one.lowercased().prefix(100)), Array(other.lowercased().prefix(100)))
    var previous = Array(0...columns.count)
    for (row, letter) in rows.enumerated() {
      var current = [row + 1]
      for (column, otherLetter) in columns.enumerated() {
        let change = previous[column] + (letter == otherLetter ? 0 : 1)
        current.append(min(change, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[columns.count]
  }
}
