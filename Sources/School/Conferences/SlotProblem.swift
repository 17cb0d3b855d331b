import Foundation

/// Conversations that need a slot, and what of the plan is free.
package struct SlotProblem: Sendable, Hashable {
  package struct Wanted: Sendable, Hashable {
    /// Who come together; each is at one desk at a time.
    package var household: Int
    package var desk: Int
    /// Slots, the dearest first.
    package var wishes: [Int]

    package init(household: Int, desk: Int, wishes: [Int] = []) {
      self.household = household
      self.desk = desk
      self.wishes = wishes
    }

    /// What a slot costs of their wishes: 0 for the dearest and for who has none, 1 for the next. A slot that was not
    /// wished costs more than any that was, and none at all (nil) still more.
    package func rank(_ slot: Int?) -> Int {
      guard !wishes.isEmpty else { return 0 }
      guard let slot else { return ConferencePlan.mostWishes + 1 }
      return wishes.firstIndex(of: slot) ?? ConferencePlan.mostWishes
    }
  }

  /// When each slot begins, in minutes from any moment, in order.
  package var starts: [Int]
  package var minutes: Int
  package var wanted: [Wanted]
  /// Of each desk.
  package var free: [Set<Int>]
  /// What was promised to a household before: it stays.
  package var promised: [Int: [Int]]

  package init(
    starts: [Int], minutes: Int, wanted: [Wanted], free: [Set<Int>], promised: [Int: [Int]] = [:]
  ) {
    self.starts = starts
    self.minutes = minutes
    self.wanted = wanted
    self.free = free
    self.promised = promised
  }

  /// How long a household waits between its conversations, in minutes, from the first to the last; those of another day
  /// count with the hours between.
  package func gap(_ slots: [Int]) -> Int {
    guard let first = slots.min(), let last = slots.max() else { return 0 }
    return starts[last] - starts[first] - (slots.count - 1) * minutes
  }

  /// Households that have several conversations: their places in `wanted`.
  package var several: [Int: [Int]] {
    let all = Dictionary(grouping: wanted.indices) { wanted[$0].household }
    return all.filter { $0.value.count + promised[$0.key, default: []].count > 1 }
  }

  /// How good a placement is. Nil for one that gives a slot twice, one that is not free, or one household two at a
  /// time.
  package func value(_ slots: [Int?]) -> PlacementValue? {
    var value = PlacementValue()
    var taken = free.map { _ in Set<Int>() }
    let several = several
    var own = promised
    for (one, slot) in zip(wanted, slots) {
      value.wishes += one.rank(slot)
      guard let slot else {
        if several[one.household] == nil { value.lostByOthers += 1 } else { value.lostBySeveral += 1 }
        continue
      }
      guard free[one.desk].contains(slot), taken[one.desk].insert(slot).inserted,
        !own[one.household, default: []].contains(slot)
      else { return nil }
      own[one.household, default: []].append(slot)
    }
    value.gap = several.keys.reduce(0) { $0 + gap(own[$1, default: []]) }
    return value
  }
}

/// What a placement of conversations is judged by; smaller is better. In this order, each only where all before it are
/// equal: how many conversations of families with several are left without a slot; how many of all others; how many
/// minutes those families wait between theirs, all together; and the total of the ranks of what everybody wished
/// (`SlotProblem.Wanted.rank`), of those families and of the others alike.
package struct PlacementValue: Sendable, Hashable, Comparable {
  package var lostBySeveral = 0
  package var lostByOthers = 0
  package var gap = 0
  package var wishes = 0

  package static func < (left: Self, right: Self) -> Bool {
    (left.lostBySeveral, left.lostByOthers, left.gap, left.wishes)
      < (right.lostBySeveral, right.lostByOthers, right.gap, right.wishes)
  }
}
