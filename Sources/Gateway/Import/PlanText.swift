import School

extension RosterPlan {
  /// The differences as a person reads them: a line each, `+` new, `~` changed, `-` gone; and a count.
  package var text: String {
    let marks: [Difference.Kind: String] = [.added: "+", .changed: "~", .removed: "-"]
    var lines = differences.map { difference in
      let details = difference.details.isEmpty ? "" : ": " + difference.details.joined(separator: "; ")
      return "\(marks[difference.kind] ?? " ") \(difference.subject.rawValue) \(difference.name)\(details)"
    }
    let count = { (kind: Difference.Kind) in differences.filter { $0.kind == kind }.count }
    lines.append("\(count(.added)) new, \(count(.changed)) changed, \(count(.removed)) gone")
    return lines.joined(separator: "\n")
  }
}
