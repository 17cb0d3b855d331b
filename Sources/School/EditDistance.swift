/// How far what somebody wrote is from what they may have meant.
package enum EditDistance {
  /// The fewest letters to insert, delete, replace, or swap with their neighbour (optimal string alignment).
  ///
  /// - Parameter anywhere: into whatever part of the other comes nearest (Sellers' variant).
  package static func between<Letter: Equatable>(_ left: [Letter], _ right: [Letter], anywhere: Bool = false) -> Int {
    var before: [Int] = []
    var last = (0...right.count).map { anywhere ? 0 : $0 }
    for row in left.indices {
      var line = [row + 1]
      for column in right.indices {
        var cost = min(
          line[column] + 1, last[column + 1] + 1, last[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, before[column - 1] + 1)
        }
        line.append(cost)
      }
      (before, last) = (last, line)
    }
    return anywhere ? last.min() ?? left.count : last[right.count]
  }
}
