import Foundation
import Mail
import School
import Synchronization

/// A mail's subject and bodies, ready to be composed.
package struct RenderedNotice: Sendable, Hashable {
  /// One line.
  package var subject: String
  package var textBody: BodyText
  package var htmlBody: BodyText
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
  private let languages: [Language: LanguageTemplates]
  private let moulds = Moulds()

  /// The longest subject, in characters; RFC 5322 asks for lines of at most 998 octets.
  static let longestSubject = 200
  /// The largest template file, in octets.
  static let fileOctets = 256 << 10

  /// - Parameter overrides: a school's own folder of the same form, with any of the files; nil for none.
  /// - Throws: `TemplateError` with everything that is wrong.
  package static func load(directory: URL, overrides: URL? = nil) throws(TemplateError) -> Templates {
    guard FileManager.default.fileExists(atPath: directory.path) else {
      throw TemplateError(
        problems: ["\(directory.path) is not there: give the templates' folder, or install them again"])
    }
    let languages = Language.allCases
    let read = Mutex<[Language: Result<LanguageTemplates, TemplateError>]>([:])
    // Beside each other: the gateway waits for it at its start.
    DispatchQueue.concurrentPerform(iterations: languages.count) { place in
      let result = Result { () throws(TemplateError) in try templates(of: languages[place], directory, overrides) }
      read.withLock { $0[languages[place]] = result }
    }
    var (found, problems) = ([Language: LanguageTemplates](), [String]())
    for (language, result) in read.withLock({ $0 }).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      do throws(TemplateError) { found[language] = try result.get() } catch { problems += error.problems }
    }
    guard problems.isEmpty else { throw TemplateError(problems: problems) }
    return Templates(languages: found)
  }

  private static func templates(
    of language: Language, _ directory: URL, _ overrides: URL?
  ) throws(TemplateError) -> LanguageTemplates {
    var problems: [String] = []
    let folder = directory.appending(path: language.rawValue)
    var sources = read(folder, &problems)
    // One sentence for all that is missing by it.
    if sources.isEmpty, problems.isEmpty { problems.append("\(folder.path) holds no templates: install them again") }
    guard !sources.isEmpty else { throw TemplateError(problems: problems) }
    if let overrides {
      let own = read(overrides.appending(path: language.rawValue), &problems)
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
    do throws(TemplateError) {
      let templates = try LanguageTemplates(sources)
      if problems.isEmpty { return templates }
    } catch { problems += error.problems }
    throw TemplateError(problems: problems)
  }

  private static let required =
    NoticeKind.allCases.flatMap { ["\($0.rawValue).txt", "\($0.rawValue).html"] }
    + [
      "advice.txt", "letter.txt", "phone-line.txt", "loop-test-lines.txt", "todo.txt", "steps.txt", "reason.txt",
      "provider-label.txt",
      "report.html", "timeline.html", "class-list-sheet.txt", "conference-sheet.txt",
    ]

  private static func read(_ folder: URL, _ problems: inout [String]) -> [String: TemplateSource] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    var sources: [String: TemplateSource] = [:]
    for name in names where name.hasSuffix(".mustache") {
      let file = folder.appending(path: name)
      guard let data = FileManager.default.contents(atPath: file.path), data.count <= fileOctets,
        let text = String(data: data, encoding: .utf8)
      else {
        problems.append("\(file.path) cannot be read: it must be a UTF-8 file of at most \(fileOctets / 1024) kB")
        continue
      }
      sources[String(name.dropLast(".mustache".count))] = TemplateSource(path: file.path, text: text)
    }
    return sources
  }

  func render(_ name: String, _ values: [String: Any], _ language: Language) -> String {
    languages[language]?.render(name, values) ?? ""
  }

  /// Renders a notice. Pure: the same context always gives the same result.
  package func render(_ context: NoticeContext) -> RenderedNotice {
    let parts = moulds.parts(of: context) { common in
      let values = NoticeModel(context: common, marking: moulds.marking).values
      let kind = common.kind.rawValue
      let plain = render("\(kind).txt", values, common.language)
      let lines = plain.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let mould = { Mould($0, moulds.marking) }
      return Moulds.Parts(
        subject: mould(Self.oneLine(lines.first ?? "")),
        text: mould(Self.withoutBlankEnds(lines.dropFirst().first ?? "") + "\n"),
        html: mould(render("\(kind).html", values, common.language)))
    }
    let subject = parts.subject.filled { Self.oneLine(context.value(of: $0)) }.string
    return RenderedNotice(
      subject: subject.count <= Self.longestSubject ? subject : subject.prefix(Self.longestSubject - 1) + "…",
      textBody: parts.text.filled(context.value),
      htmlBody: parts.html.filled { TextHTML.escape(context.value(of: $0)) })
  }
}

extension Templates {
  /// Words with a space between them.
  fileprivate static func oneLine(_ text: some StringProtocol) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Without line ends before and after; by octets, for Foundation turns all of a text into UTF-16 first.
  fileprivate static func withoutBlankEnds(_ text: Substring) -> String {
    let isEnd = { (octet: UInt8) in octet == 0x0A || octet == 0x0D }
    guard let first = text.utf8.firstIndex(where: { !isEnd($0) }), let last = text.utf8.lastIndex(where: { !isEnd($0) })
    else { return "" }
    return String(text[first...last])
  }
}
