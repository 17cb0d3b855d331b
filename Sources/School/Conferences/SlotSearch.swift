/// Places conversations so that `PlacementValue` is least.
///
/// Families with several conversations are placed by branch and bound, one after the other; for each way in which all
/// of them are placed, the others get what is left by an assignment of least cost, desk by desk, since each of them has
/// one conversation and so meets nobody elsewhere. The bound never exceeds what a branch can reach: where the search
/// ends by itself, no placement is better (`isBest`). Where it is cut short, the best that was found is given, and to
/// whom it leaves out what is free still: then there may be a better one.
package struct SlotSearch {
  /// Steps after which the search is cut short: a placement of one family that is looked at is one, an assignment the
  /// product of its size (`rows² · columns`).
  package static let mostSteps = 5_000_000
  /// Ways to place so many conversations of one family that are looked at, those with the smallest gaps first. Two have
  /// fewer where a desk has up to 100 slots; three have where it has up to 20.
  static let mostShapes = 10_000

  package private(set) var slots: [Int?]
  package private(set) var value: PlacementValue
  /// No placement is better.
  package private(set) var isBest: Bool

  package init(_ problem: SlotProblem, mostSteps: Int = Self.mostSteps) {
    var branching = Branching(problem, mostSteps: mostSteps)
    branching.descend(0, PlacementValue())
    slots = branching.best.slots
    value = branching.best.value
    isBest = branching.isWhole && branching.steps < mostSteps
    if !isBest { fillIn(problem) }
  }

  /// Gives those whom a search that was cut short left out the first slot that is free for them.
  private mutating func fillIn(_ problem: SlotProblem) {
    for (place, wanted) in problem.wanted.enumerated() where slots[place] == nil {
      let others = problem.wanted.indices.filter { other in
        problem.wanted[other].desk == wanted.desk || problem.wanted[other].household == wanted.household
      }
      let taken = Set(others.compactMap { slots[$0] } + (problem.promised[wanted.household] ?? []))
      slots[place] = problem.free[wanted.desk].subtracting(taken).min()
    }
    value = problem.value(slots) ?? value
  }
}

/// The search under way.
private struct Branching {
  /// A family: its places in `wanted`, and the ways to place them, the best first.
  struct Family {
    var places: [Int]
    var promised: [Int]
    var ways: [Way]
    /// What they cost at least, each by itself.
    var least: PlacementValue
  }

  struct Way {
    /// Which of the family's conversations get a slot, as bits.
    var mask: Int
    /// Which of the shapes of so many.
    var shape: Int
    var cost: PlacementValue
  }

  /// Conversations of one family of which any may be left out.
  static let mostMasked = 6
  /// Conversations of one family that are placed together; the rest get what is left. Only an institution has so many.
  static let mostTogether = 20

  let problem: SlotProblem
  let mostSteps: Int
  let shapes: [[[Int]]]
  private(set) var isWhole = true
  private(set) var families: [Family] = []
  /// Of the families from each place on, with what the others cost at least.
  private var rest: [PlacementValue] = []
  /// By desk: of those who have one conversation, their places in `wanted`.
  private var single: [[Int]]
  /// By desk: how many conversations it has more than slots.
  private var short: Int
  private var free: [Set<Int>]
  private var slots: [Int?]
  private(set) var steps = 0
  private(set) var best: (slots: [Int?], value: PlacementValue)

  init(_ problem: SlotProblem, mostSteps: Int) {
    self.problem = problem
    self.mostSteps = mostSteps
    free = problem.free
    slots = [Int?](repeating: nil, count: problem.wanted.count)
    // Nothing placed is a placement too.
    best = (slots, problem.value(slots) ?? PlacementValue())
    let several = problem.several
    let most = min(several.values.map(\.count).max() ?? 0, Self.mostTogether)
    var (shapes, isWhole): ([[[Int]]], Bool) = ([], true)
    for count in 0...most {
      let found = Self.shapes(of: count, problem, most: SlotSearch.mostShapes)
      shapes.append(found.shapes)
      isWhole = isWhole && found.isWhole
    }
    self.shapes = shapes
    self.isWhole = isWhole
    let inFamilies = Set(several.values.joined())
    single = problem.free.indices.map { desk in
      problem.wanted.indices.filter { problem.wanted[$0].desk == desk && !inFamilies.contains($0) }
    }
    short = problem.free.indices.reduce(0) { total, desk in
      total + max(0, problem.wanted.count { $0.desk == desk } - problem.free[desk].count)
    }
    // Those with most conversations first: they have the fewest ways.
    for (household, places) in several.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
      if places.count > Self.mostTogether { self.isWhole = false }
      families.append(
        family(Array(places.prefix(Self.mostTogether)), promised: problem.promised[household, default: []]))
    }
    var bound = PlacementValue()
    for desk in single.indices { bound.wishes += assign(desk).reduce(0) { $0 + problem.wanted[$1.0].rank($1.1) } }
    rest = [bound]
    for family in families.reversed() {
      bound.gap += family.least.gap
      bound.wishes += family.least.wishes
      rest.append(bound)
    }
    rest.reverse()
    steps = 0
  }

  /// All ordered choices of so many different slots, those within the shortest stretch first.
  private static func shapes(of count: Int, _ problem: SlotProblem, most: Int) -> (shapes: [[Int]], isWhole: Bool) {
    let all = problem.starts.indices
    guard count > 0 else { return ([[]], true) }
    guard count <= all.count else { return ([], true) }
    var found: [[Int]] = []
    for length in count...all.count {
      for first in 0...(all.count - length) {
        let last = first + length - 1
        let ends = count == 1 ? [first] : [first, last]
        if count == 1, length > 1 { return (found, true) }
        let within = Array(all[first...last].dropFirst().dropLast())
        for inner in choices(of: count - ends.count, among: within, most: most - found.count) {
          found += orders(ends + inner, most: most - found.count)
          if found.count >= most { return (found, false) }
        }
      }
    }
    return (found, true)
  }

  /// At most so many: a guardian of twelve children has half a billion ways to order their slots.
  private static func choices(of count: Int, among all: [Int], most: Int) -> [[Int]] {
    if count <= 0 { return [[]] }
    var found: [[Int]] = []
    for place in all.indices where place + count <= all.count && found.count < most {
      found += choices(of: count - 1, among: Array(all[(place + 1)...]), most: most - found.count)
        .map { [all[place]] + $0 }
    }
    return found
  }

  private static func orders(_ all: [Int], most: Int) -> [[Int]] {
    if all.count <= 1 { return [all] }
    var found: [[Int]] = []
    for place in all.indices where found.count < most {
      var others = all
      let first = others.remove(at: place)
      found += orders(others, most: most - found.count).map { [first] + $0 }
    }
    return found
  }

  // MARK: Families

  private mutating func family(_ places: [Int], promised: [Int]) -> Family {
    var ways: [Way] = []
    let all = (1 << places.count) - 1
    // Of very many, those that are left out are the last.
    let masks = places.count <= Self.mostMasked ? Array(0...all) : (0...places.count).map { (1 << $0) - 1 }
    for mask in masks {
      let placed = places.indices.filter { mask & (1 << $0) != 0 }
      let most = mask == all ? SlotSearch.mostShapes : max(SlotSearch.mostShapes >> places.count, 1)
      if shapes[placed.count].count > most { isWhole = false }
      for (number, shape) in shapes[placed.count].prefix(most).enumerated() {
        var cost = PlacementValue(lostBySeveral: places.count - placed.count)
        let isFree = zip(placed, shape).allSatisfy { problem.free[problem.wanted[places[$0]].desk].contains($1) }
        guard isFree, promised.allSatisfy({ !shape.contains($0) }) else { continue }
        cost.gap = problem.gap(promised + shape)
        cost.wishes = zip(placed, shape).reduce(0) { $0 + problem.wanted[places[$1.0]].rank($1.1) }
        for left in places.indices where mask & (1 << left) == 0 {
          cost.wishes += problem.wanted[places[left]].rank(nil)
        }
        ways.append(Way(mask: mask, shape: number, cost: cost))
      }
    }
    ways.sort { ($0.cost, $0.mask, $0.shape) < ($1.cost, $1.mask, $1.shape) }
    let least = PlacementValue(
      gap: ways.map(\.cost.gap).min() ?? 0, wishes: ways.map(\.cost.wishes).min() ?? 0)
    return Family(places: places, promised: promised, ways: ways, least: least)
  }

  /// What a branch costs at least. Whoever of a family is left out makes room for one of the others at most.
  private func bound(_ soFar: PlacementValue, from place: Int) -> PlacementValue {
    PlacementValue(
      lostBySeveral: soFar.lostBySeveral, lostByOthers: max(0, short - soFar.lostBySeveral),
      gap: soFar.gap + rest[place].gap, wishes: soFar.wishes + rest[place].wishes)
  }

  mutating func descend(_ place: Int, _ soFar: PlacementValue) {
    guard place < families.count else { return finish(soFar) }
    let family = families[place]
    for way in family.ways {
      steps += 1
      if steps >= mostSteps { return }
      let cost = soFar.adding(way.cost)
      guard bound(cost, from: place + 1) < best.value else { continue }
      let shape = shapes[way.mask.nonzeroBitCount][way.shape]
      var (number, taken): (Int, [(desk: Int, slot: Int)]) = (0, [])
      for (bit, wanted) in family.places.enumerated() where way.mask & (1 << bit) != 0 {
        let (desk, slot) = (problem.wanted[wanted].desk, shape[number])
        guard free[desk].contains(slot) else { break }
        taken.append((desk, slot))
        slots[wanted] = slot
        number += 1
      }
      if number == shape.count {
        for one in taken { free[one.desk].remove(one.slot) }
        descend(place + 1, cost)
        for one in taken { free[one.desk].insert(one.slot) }
      }
      for wanted in family.places { slots[wanted] = nil }
    }
  }

  // MARK: The others

  /// All families are placed: the others get what is left.
  private mutating func finish(_ families: PlacementValue) {
    var (value, placed) = (families, slots)
    for desk in single.indices {
      for (place, slot) in assign(desk) {
        placed[place] = slot
        value.wishes += problem.wanted[place].rank(slot)
        if slot == nil { value.lostByOthers += 1 }
      }
    }
    if value < best.value { best = (placed, value) }
  }

  private mutating func assign(_ desk: Int) -> [(Int, Int?)] {
    let (rows, columns) = (single[desk], free[desk].sorted())
    guard !rows.isEmpty else { return [] }
    // So much that nobody is left out who need not be.
    let lost = rows.count * (ConferencePlan.mostWishes + 2)
    let costs = rows.map { row in
      let one = problem.wanted[row]
      return columns.map { one.rank($0) } + [Int](repeating: lost + one.rank(nil), count: rows.count)
    }
    steps += rows.count * rows.count * (columns.count + rows.count)
    return zip(rows, SlotAssignment.columns(costs)).map { ($0, $1 < columns.count ? columns[$1] : nil) }
  }
}

extension PlacementValue {
  fileprivate func adding(_ other: PlacementValue) -> PlacementValue {
    PlacementValue(
      lostBySeveral: lostBySeveral + other.lostBySeveral, lostByOthers: lostByOthers + other.lostByOthers,
      gap: gap + other.gap, wishes: wishes + other.wishes)
  }
}
