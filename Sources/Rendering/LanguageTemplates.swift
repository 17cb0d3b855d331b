import Mustache
import Synchronization

/// A template as its file has it.
struct TemplateSource: Sendable {
  var path: String
  var text: String

  /// Plain mail needs no escaping. A line of its own, so that a tag on the first line stands alone as well.
  private static let pragma = "{{% CONTENT_TYPE:TEXT}}\n"

  /// Throws what is wrong, with its place.
  func parsed(named name: String) throws(TemplateError) -> MustacheTemplate {
    let isText = name.hasSuffix(".txt")
    do {
      return try MustacheTemplate(string: isText ? Self.pragma + text : text)
    } catch let error as MustacheTemplate.ParserError {
      let line = error.context.lineNumber - (isText ? 1 : 0)
      throw TemplateError(problems: ["\(path):\(line): \(error.error); see mustache.github.io/mustache.5"])
    } catch { throw TemplateError(problems: ["\(path): \(error)"]) }
  }
}

/// The templates of one language, each parsed when it is first rendered: the gateway waits for all at its start, and a
/// post needs five of them.
final class LanguageTemplates: Sendable {
  private struct State {
    var library = MustacheLibrary()
    var waiting: [String: (source: TemplateSource, parts: [String])] = [:]
  }

  private let state: Mutex<State>

  /// - Throws: `TemplateError` with all that is wrong.
  init(_ sources: [String: TemplateSource]) throws(TemplateError) {
    var state = State()
    var problems: [String] = []
    let names = Set(sources.keys)
    for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
      let scan = TemplateScan(source.text)
      problems += (scan.problems + scan.missing(of: names)).map { "\(source.path):\($0)" }
      state.waiting[name] = (source, scan.parts.keys.sorted())
      guard !scan.isPlain else { continue }
      do throws(TemplateError) { _ = try source.parsed(named: name) } catch { problems += error.problems }
    }
    guard problems.isEmpty else { throw TemplateError(problems: problems) }
    self.state = Mutex(state)
  }

  /// Empty for a name that is none.
  func render(_ name: String, _ values: [String: Any]) -> String {
    let library = state.withLock { state in
      Self.parse(name, &state)
      return state.library
    }
    return library.render(values, withTemplate: name) ?? ""
  }

  /// With all that it uses.
  private static func parse(_ name: String, _ state: inout State) {
    guard let (source, parts) = state.waiting.removeValue(forKey: name) else { return }
    do throws(TemplateError) {
      state.library.register(try source.parsed(named: name), named: name)
    } catch { preconditionFailure("a template that was found to be sound is not: \(error)") }
    for part in parts { parse(part, &state) }
  }
}
