import TestRandom
import Testing

@testable import School

@Suite("Conversations get the best slots that there are")
struct SlotSearchTests {
  /// Two desks, four slots with a break between the second and the third, three households.
  private func smallCase(_ random: inout SeededRandom) -> SlotProblem {
    let wanted = (0..<Int.random(in: 2...6, using: &random)).map { _ in
      SlotProblem.Wanted(
        household: Int.random(in: 0...3, using: &random), desk: Int.random(in: 0...1, using: &random),
        wishes: Array((0..<4).shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))))
    }
    let free = (0...1).map { _ in Set((0..<4).filter { _ in Int.random(in: 0..<8, using: &random) > 0 }) }
    let promised = Int.random(in: 0..<4, using: &random) == 0 ? [0: [Int.random(in: 0..<4, using: &random)]] : [:]
    return SlotProblem(starts: [0, 10, 60, 70], minutes: 10, wanted: wanted, free: free, promised: promised)
  }

  /// Tries everything.
  private func best(_ problem: SlotProblem) -> PlacementValue? {
    var best: PlacementValue?
    var slots = [Int?](repeating: nil, count: problem.wanted.count)
    func choose(_ place: Int) {
      guard place < slots.count else {
        if let value = problem.value(slots), best.map({ value < $0 }) ?? true { best = value }
        return
      }
      for slot in [nil] + problem.free[problem.wanted[place].desk].sorted().map(Optional.some) {
        slots[place] = slot
        choose(place + 1)
      }
    }
    choose(0)
    return best
  }

  @Test("As few left out, as small gaps and as dear wishes as trying everything finds", arguments: 0..<12)
  func bruteForce(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    for _ in 0..<12 {
      let problem = smallCase(&random)
      let search = SlotSearch(problem)
      #expect(search.isBest, "so small a case is searched to its end")
      #expect(problem.value(search.slots) == search.value, "it is judged as it is: \(problem)")
      #expect(search.value == best(problem), "seed \(seed): \(problem)")
    }
  }

  @Test("A family with several conversations goes without a gap, though another wished that slot more")
  func gaps() {
    let problem = SlotProblem(
      starts: [0, 10, 20], minutes: 10,
      wanted: [
        .init(household: 1, desk: 0, wishes: [0]), .init(household: 1, desk: 1, wishes: [2]),
        .init(household: 2, desk: 0, wishes: [1]),
      ], free: [[0, 1, 2], [0, 1, 2]])
    let search = SlotSearch(problem)
    #expect(search.value.gap == 0 && search.value.lostBySeveral == 0)
    #expect(problem.value([0, 2, 1])?.gap == 10, "their own wishes leave a gap")
    #expect(problem.value(search.slots)?.gap == 0)
  }

  @Test("Where there are too few slots, who goes with more stays, then who wished; a slot is never given twice")
  func tooFew() {
    let problem = SlotProblem(
      starts: [0, 10], minutes: 10,
      wanted: [
        .init(household: 1, desk: 0), .init(household: 2, desk: 0, wishes: [0]), .init(household: 3, desk: 0),
        .init(household: 3, desk: 1),
      ], free: [[0, 1], [0, 1]])
    let search = SlotSearch(problem)
    #expect(search.slots[0] == nil && search.slots[1] != nil && search.slots[2] != nil && search.slots[3] != nil)
    #expect(Set([search.slots[1], search.slots[2]]).count == 2)
    #expect(problem.value([0, 0, nil, nil]) == nil, "given twice")
    #expect(problem.value([nil, nil, 0, 0]) == nil, "at two desks at a time")
    #expect(problem.value([nil, nil, nil, 5]) == nil, "not free")
  }

  @Test("What was promised stays, and the rest of that family joins it")
  func promised() {
    let problem = SlotProblem(
      starts: [0, 10, 20, 30], minutes: 10, wanted: [.init(household: 1, desk: 0)], free: [[0, 1, 3]],
      promised: [1: [2]])
    let search = SlotSearch(problem)
    #expect(search.value.gap == 0 && [1, 3].contains(search.slots[0]))
  }

  @Test("A search that is cut short says so, and what it found holds")
  func cutShort() {
    var random = SeededRandom(seed: 99)
    let wanted = (0..<60).map { one in
      SlotProblem.Wanted(
        household: one / 3, desk: one % 4, wishes: Array((0..<20).shuffled(using: &random).prefix(3)))
    }
    let problem = SlotProblem(
      starts: (0..<20).map { $0 * 10 }, minutes: 10, wanted: wanted, free: [Set<Int>](repeating: Set(0..<20), count: 4))
    let search = SlotSearch(problem, mostSteps: 50_000)
    #expect(!search.isBest)
    #expect(problem.value(search.slots) == search.value && search.value.lostBySeveral == 0)
    let none = SlotSearch(problem, mostSteps: 1)
    #expect(!none.isBest && none.slots.allSatisfy { $0 != nil }, "what is free is given all the same")
    #expect(problem.value(none.slots) == none.value)
  }

  @Test("A guardian of very many children is placed in no time", arguments: [12, 63])
  func many(children: Int) {
    let problem = SlotProblem(
      starts: (0..<80).map { $0 * 10 }, minutes: 10,
      wanted: (0..<children).map { .init(household: 1, desk: $0 % 4) },
      free: [Set<Int>](repeating: Set(0..<80), count: 4))
    let began = ContinuousClock.now
    let search = SlotSearch(problem)
    let slots = search.slots.compactMap(\.self)
    #expect(slots.count == children && Set(slots).count == slots.count && !search.isBest)
    #expect(ContinuousClock.now - began < .seconds(30))
  }

  @Test("Nothing wanted, no desk free")
  func empty() {
    #expect(SlotSearch(SlotProblem(starts: [], minutes: 10, wanted: [], free: [])).isBest)
    let full = SlotProblem(starts: [0], minutes: 10, wanted: [.init(household: 1, desk: 0)], free: [[]])
    #expect(SlotSearch(full).slots == [nil] && SlotSearch(full).value.lostByOthers == 1)
  }

  @Test("The assignment costs least, against every permutation", arguments: 0..<40)
  func assignment(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed) + 1_000)
    let (rows, width) = (Int.random(in: 1...4, using: &random), Int.random(in: 4...5, using: &random))
    let costs = (0..<rows).map { _ in (0..<width).map { _ in Int.random(in: 0...20, using: &random) } }
    let columns = SlotAssignment.columns(costs)
    #expect(Set(columns).count == rows)
    func least(_ row: Int, _ taken: Set<Int>) -> Int {
      guard row < rows else { return 0 }
      return (0..<width).filter { !taken.contains($0) }.map { costs[row][$0] + least(row + 1, taken.union([$0])) }
        .min() ?? 0
    }
    #expect(zip(costs, columns).reduce(0) { $0 + $1.0[$1.1] } == least(0, []))
  }
}
