import School

/// Where a mail is meant to go: what stands before the `@`, or behind the `+`.
package enum RouteAddress: Sendable, Hashable {
  /// `nieuws.groep5`: a word and what follows it.
  case route(RouteWord, detail: String?)
  /// `r.KEY`
  case reply(key: String)
  /// `b.KEY`
  case bounce(key: String)
  /// Nothing that the gateway knows, in lower case.
  case unknown(String)

  /// Reads a word with an optional detail; `+` and `.` both separate, case does not matter. Titles before a teacher's
  /// name (`postvak.juf.anna`) are left out.
  package init(_ text: String) {
    let parts = text.lowercased().split(whereSeparator: { $0 == "." || $0 == "+" }).map(String.init)
    let detail = parts.dropFirst()
    switch parts.first {
    case "r" where detail.count == 1: self = .reply(key: parts[1])
    case "b" where detail.count == 1: self = .bounce(key: parts[1])
    case let word?:
      guard let route = RouteWord(word) else {
        self = .unknown(text.lowercased())
        return
      }
      let name = Glossary.withoutTitle(Array(detail)).joined(separator: ".")
      self = .route(route, detail: name.isEmpty ? nil : name)
    case nil: self = .unknown("")
    }
  }

  package var text: String {
    switch self {
    case .route(let word, let detail): [word.canonical, detail].compactMap(\.self).joined(separator: ".")
    case .reply(let key): "r.\(key)"
    case .bounce(let key): "b.\(key)"
    case .unknown(let text): text
    }
  }
}
