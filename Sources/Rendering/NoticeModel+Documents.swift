import School

/// What templates see of documents.
extension NoticeModel {
  static let documentNames = Set([
    "lines", "title", "nearest", "removal", "more", "step", "before", "fileName", "found", "link", "words", "undo",
    "all",
  ]).union(DocumentStep.allCases.map(\.rawValue))

  func addDocuments(_ facts: DocumentFacts, to values: inout [String: Any]) {
    values["lines"] = facts.lines.map { line($0, isRemoval: facts.isRemoval) }
    values["found"] = !facts.lines.isEmpty
    values["nearest"] = facts.isNearest
    values["removal"] = facts.isRemoval
    if facts.more > 0 { values["more"] = facts.more }
    let all = DocumentWord.documents.offered(in: context.language)
    values["all"] = ["words": all, "link": answerLink(all)]
    // The name of the one that comes along.
    values["title"] = facts.lines.first?.title
    let undone: Set<DocumentStep?> = [.filed, .replaced, .removed]
    values["undo"] = facts.lines.contains { undone.contains($0.change) }
  }

  /// What is not there is said not to be: Mustache would take it from around.
  static func known(_ text: String?) -> Any { text.flatMap { $0.isEmpty ? nil : $0 } ?? false }

  /// Every name has its value: what a line lacks must not be taken from around it.
  private func line(_ line: DocumentFacts.Line, isRemoval: Bool) -> [String: Any] {
    let command = (isRemoval ? DocumentWord.remove : .document).offered(in: context.language)
    let words = "\(command) \(line.words)"
    return [
      "title": line.title, "group": Self.known(line.group), "fileName": Self.known(line.file?.name),
      "size": Self.known(line.file.map { size($0.size) }), "date": Self.known(line.at.map { format($0) }),
      "before": Self.known(line.before.map { format($0) }), "words": words, "link": answerLink(words),
      "step": line.change.map { [$0.rawValue: true] } ?? [:],
    ]
  }
}
