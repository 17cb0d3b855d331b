/// A regular expression that is compiled once: a literal within a function is parsed at each call.
///
/// Unchecked, because `Regex` is not Sendable: some hold closures. Those made here are literals without any, and a
/// Regex never changes.
struct Pattern<Output>: @unchecked Sendable {  // a Regex never changes; these hold no closure
  let regex: Regex<Output>

  init(_ regex: Regex<Output>) { self.regex = regex }
}
