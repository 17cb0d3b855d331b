/// The assignment problem: each row gets a column of its own so that the total of their costs is least. The shortest
/// augmenting paths of Jonker and Volgenant (Computing 38, 1987), in O(rows² · columns).
enum SlotAssignment {
  /// - Parameter costs: a row each, of the same length; at least as many columns as rows.
  /// - Returns: the column of each row.
  static func columns(_ costs: [[Int]]) -> [Int] {
    guard let width = costs.first?.count else { return [] }
    precondition(width >= costs.count, "more rows than columns")
    // The last column stands for none: the row that is being placed begins there.
    var rowOf = [Int?](repeating: nil, count: width + 1)
    var (rowPrice, columnPrice) = ([Int](repeating: 0, count: costs.count), [Int](repeating: 0, count: width + 1))
    for row in costs.indices {
      rowOf[width] = row
      var (column, from) = (width, [Int](repeating: width, count: width))
      var (distance, isDone) = ([Int](repeating: .max, count: width), [Bool](repeating: false, count: width + 1))
      while let current = rowOf[column] {
        isDone[column] = true
        var (step, next) = (Int.max, width)
        for other in 0..<width where !isDone[other] {
          let reduced = costs[current][other] - rowPrice[current] - columnPrice[other]
          if reduced < distance[other] { (distance[other], from[other]) = (reduced, column) }
          if distance[other] < step { (step, next) = (distance[other], other) }
        }
        for other in 0...width {
          if isDone[other], let row = rowOf[other] {
            rowPrice[row] += step
            columnPrice[other] -= step
          } else if other < width, distance[other] != .max {
            distance[other] -= step
          }
        }
        column = next
      }
      while column != width {
        rowOf[column] = rowOf[from[column]]
        column = from[column]
      }
    }
    var columns = [Int](repeating: 0, count: costs.count)
    for column in 0..<width { if let row = rowOf[column] { columns[row] = column } }
    return columns
  }
}
