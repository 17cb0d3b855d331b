/// What an import of results would change, for a person to read and for a decision to be made of.
package struct ResultsPlan: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, Codable { case added, corrected, withdrawn }

  package struct Difference: Sendable, Hashable {
    package var kind: Kind
    package var result: TestResult
    /// Of a correction: what is different.
    package var parts: [TestResult.Part]
  }

  package var differences: [Difference] = []
  /// Rows that are known as they are.
  package var unchanged = 0

  package init() {}

  /// Each key counts once; what is known and not in the file stays.
  ///
  /// - Parameters:
  ///   - known: what stands now, by pupil and key.
  ///   - withdraws: the results of the file are taken back.
  package static func of(
    _ results: [TestResult], against known: [PupilID: [String: TestResult]], withdraws: Bool = false
  ) -> ResultsPlan {
    var plan = ResultsPlan()
    for result in results {
      let before = known[result.pupil]?[result.key]
      if withdraws {
        if let before { plan.differences.append(Difference(kind: .withdrawn, result: before, parts: [])) }
        continue
      }
      guard let before else {
        plan.differences.append(Difference(kind: .added, result: result, parts: []))
        continue
      }
      let parts = TestResult.Part.allCases.filter { before[$0] != result[$0] }
      if parts.isEmpty {
        plan.unchanged += 1
      } else {
        plan.differences.append(Difference(kind: .corrected, result: result, parts: parts))
      }
    }
    return plan
  }
}

/// What is written down of results.
package enum ResultsChange: Sendable, Hashable {
  /// What stood under its key before is kept as its history.
  case put(TestResult)
  /// It does not stand any more.
  case withdraw(TestResult)
}

extension ResultsPlan {
  /// The subject of the revision: whoever imports decides on what stands.
  package static let revision = "test results"

  /// What it changes; and each account with full authority over a child with something new is told so, once a child,
  /// and no more than that.
  package func decision(basis: Revision, directory: Directory) -> Decision {
    guard !differences.isEmpty else { return Decision() }
    let news = Set(differences.filter { $0.kind != .withdrawn }.map(\.result.pupil))
      .compactMap { directory.pupils[$0] }.sorted { $0.id < $1.id }
    return Decision(
      changes: differences.map { .results($0.kind == .withdrawn ? .withdraw($0.result) : .put($0.result)) },
      notices: news.flatMap { pupil in
        Set(directory.carers(withFullAuthorityOver: pupil.id).map(\.account)).sorted().map { account in
          var facts = NoticeFacts()
          facts.results = ResultsFacts(pupil: pupil.id, child: pupil.name)
          return Notice(.resultsNews, to: .account(account), lane: .bulk, replyTarget: .results, facts: facts)
        }
      }, basis: basis)
  }
}
