import Foundation
import Mustache
import School
import Synchronization

/// A mail's subject and bodies, ready to be composed.
package struct RenderedNotice: Sendable, Hashable {
  /// One line.
  package var subject: String
  package var text: String
  package var html: String
}

/// What is wrong with the templates: each with its file, its line where that is known, and what to do.
package struct TemplateError: Error, Sendable, CustomStringConvertible {
  package let problems: [String]
  package var description: String { problems.joined(separator: "\n") }
}

/// All templates of all languages, read and checked once: what `load` accepted always renders.
///
/// A folder a language (`nl`, `fy`, `en`), and in it for each kind of notice `NAME.txt.mustache`, whose first line is
/// the subject, and `NAME.html.mustache`; `layout.html.mustache` and other names are parts that these use.
package struct Templates: Sendable {
  private let libraries: [Language: MustacheLibrary]
  private let moulds = Moulds()

  /// The longest subject, in characters; RFC 5322 asks for lines of at most 998 octets.
  static let longestSubject = 200
  /// The largest template file, in octets.
  static let fileOctets = 256 << 10

  /// - Parameter overrides: a school's own folder of the same form, with any of the files; nil for none.
  /// - Throws: `TemplateError` with everything that is wrong.
  package static func load(directory: URL, overrides: URL? = nil) throws(TemplateError) -> Templates {
    let languages = Language.allCases
    let read = Mutex<[Language: (library: MustacheLibrary, problems: [String])]>([:])
    // Beside each other: the gateway waits for it at its start.
    DispatchQueue.concurrentPerform(iterations: languages.count) { place in
      let language = languages[place]
      var problems: [String] = []
      let library = library(of: language, directory, overrides, &problems)
      read.withLock { $0[language] = (library, problems) }
    }
    let found = read.withLock { $0 }
    let problems = languages.flatMap { found[$0]?.problems ?? [] }
    guard problems.isEmpty else { throw TemplateError(problems: problems) }
    return Templates(libraries: found.mapValues(\.library))
  }

  private static func library(
    of language: Language, _ directory: URL, _ overrides: URL?, _ problems: inout [String]
  ) -> MustacheLibrary {
    var sources = read(directory.appending(path: language.rawValue), isOverride: false, &problems)
    if let overrides {
      let own = read(overrides.appending(path: language.rawValue), isOverride: true, &problems)
      for (name, source) in own {
        if sources[name] == nil {
          problems.append("\(source.path): there is no template \(name) to override; remove it or correct its name")
        }
        sources[name] = source
      }
    }
    for name in required where sources[name] == nil {
      problems.append("\(directory.path)/\(language.rawValue)/\(name).mustache is missing: install it again")
    }
    return library(sources, &problems)
  }

  private static let required =
    NoticeKind.allCases.flatMap { ["\($0.rawValue).txt", "\($0.rawValue).html"] }
    + [
      "advice.txt", "letter.txt", "phone-line.txt", "loop-test-lines.txt", "todo.txt", "steps.txt", "reason.txt",
      "provider-label.txt",
      "report.html", "timeline.html", "class-list-sheet.txt", "conference-sheet.txt",
    ]

  /// Plain mail needs no escaping. A line of its own, so that a tag on the first line stands alone as well.
  private static let pragma = "{{% CONTENT_TYPE:TEXT}}\n"

  private struct Source {
    var path: String
    var text: String
  }

  private static func read(_ folder: URL, isOverride: Bool, _ problems: inout [String]) -> [String: Source] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    if names.isEmpty, !isOverride { problems.append("\(folder.path) holds no templates: install them again") }
    var sources: [String: Source] = [:]
    for name in names where name.hasSuffix(".mustache") {
      let file = folder.appending(path: name)
      guard let data = FileManager.default.contents(atPath: file.path), data.count <= fileOctets,
        let text = String(data: data, encoding: .utf8)
      else {
        problems.append("\(file.path) cannot be read: it must be a UTF-8 file of at most \(fileOctets / 1024) kB")
        continue
      }
      sources[String(name.dropLast(".mustache".count))] = Source(path: file.path, text: text)
    }
    return sources
  }

  private static func library(_ sources: [String: Source], _ problems: inout [String]) -> MustacheLibrary {
    var library = MustacheLibrary()
    for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
      problems += TemplateTags.problems(in: source.text, parts: Set(sources.keys)).map { "\(source.path):\($0)" }
      do {
        let isText = name.hasSuffix(".txt")
        library.register(
          try MustacheTemplate(string: isText ? pragma + source.text : source.text), named: name)
      } catch let error as MustacheTemplate.ParserError {
        let line = error.context.lineNumber - (name.hasSuffix(".txt") ? 1 : 0)
        problems.append("\(source.path):\(line): \(error.error); see mustache.github.io/mustache.5")
      } catch { problems.append("\(source.path): \(error)") }
    }
    return library
  }

  func render(_ name: String, _ values: [String: Any], _ language: Language) -> String {
    libraries[language]?.render(values, withTemplate: name) ?? ""
  }

  /// Renders a notice. Pure: the same context always gives the same result.
  package func render(_ context: NoticeContext) -> RenderedNotice {
    let mould = moulds.mould(for: context) { common in
      let values = NoticeModel(context: common, marking: moulds.marking).values
      let kind = common.kind.rawValue
      return Moulds.Pair(
        text: Mould(render("\(kind).txt", values, common.language), moulds.marking),
        html: Mould(render("\(kind).html", values, common.language), moulds.marking))
    }
    let plain = mould.text.filled(context.value)
    let lines = plain.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let subject = (lines.first ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return RenderedNotice(
      subject: subject.count <= Self.longestSubject ? subject : subject.prefix(Self.longestSubject - 1) + "…",
      text: Self.withoutBlankEnds(lines.dropFirst().first ?? "") + "\n",
      html: mould.html.filled { TextHTML.escape(context.value(of: $0)) })
  }
}

extension Templates {
  /// Without line ends before and after; by octets, for Foundation turns all of a text into UTF-16 first.
  fileprivate static func withoutBlankEnds(_ text: Substring) -> String {
    let isEnd = { (octet: UInt8) in octet == 0x0A || octet == 0x0D }
    guard let first = text.utf8.firstIndex(where: { !isEnd($0) }), let last = text.utf8.lastIndex(where: { !isEnd($0) })
    else { return "" }
    return String(text[first...last])
  }
}
