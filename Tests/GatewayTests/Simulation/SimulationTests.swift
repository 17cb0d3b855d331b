import Foundation
import Testing

@Suite("Simulated days of a whole gateway", .serialized, .timeLimit(.minutes(60)))
struct SimulationTests {
  typealias S = SimulatedSchool

  /// Seeds of every run of the tests: 2,000 days.
  static let fixed: ClosedRange<UInt64> = 1...400
  private static let environment = ProcessInfo.processInfo.environment

  /// `POSTPLEIN_SIMULATION_SEED` and `POSTPLEIN_SIMULATION_DAYS` ask for others.
  static var seeds: ClosedRange<UInt64> {
    let first = environment["POSTPLEIN_SIMULATION_SEED"].flatMap(UInt64.init)
    let days = environment["POSTPLEIN_SIMULATION_DAYS"].flatMap(UInt64.init)
    guard first != nil || days != nil else { return fixed }
    let start = first ?? 1
    let count = max(1, (days ?? 1) / UInt64([Happening].daysOfStory))
    return start...(start + count - 1)
  }

  @Test("Random days, with deaths between any two steps, keep every promise")
  func days() async throws {
    let begun = ContinuousClock.now
    var total = S.Played()
    try await withThrowingTaskGroup(of: S.Played.self) { group in
      var waiting = Self.seeds.makeIterator()
      // Each story lives by itself, and sometimes waits for its own threads.
      for _ in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
        if let seed = waiting.next() { group.addTask { await Self.play(seed: seed) } }
      }
      for try await played in group {
        total += played
        if let seed = waiting.next() { group.addTask { await Self.play(seed: seed) } }
      }
    }
    let days = Self.seeds.count * [Happening].daysOfStory
    print(
      "\(days) days, \(total.mailsIn) mails in, \(total.mailsOut) out, \(total.deaths) deaths in "
        + "\(total.steps.count) steps, in \(ContinuousClock.now - begun)")
    #expect(total.mailsIn > 0 && total.mailsOut > 0)
  }

  /// A story that fails is an issue, told as shortly as it still fails.
  private static func play(seed: UInt64) async -> S.Played {
    let story = [Happening].days(seed: seed)
    do { return try await S.play(story) } catch {
      let shortest = await Shrinking.shortest(story, of: error)
      Issue.record(
        """
        seed \(seed): \(shortest.promise)
        \(shortest.story.told)
        once more: POSTPLEIN_SIMULATION_SEED=\(seed) swift test --filter SimulationTests
        """)
      return S.Played()
    }
  }

  @Test("The same seed goes the same way, whatever else the machine does")
  func repeatable() async throws {
    let seeds: [UInt64] = [2, 3, 5, 7]
    let played = try await withThrowingTaskGroup(of: (UInt64, S.Played).self) { group in
      for seed in seeds + seeds { group.addTask { (seed, try await S.play([Happening].days(seed: seed))) } }
      return try await group.reduce(into: [UInt64: [S.Played]]()) { $0[$1.0, default: []].append($1.1) }
    }
    for seed in seeds { #expect(played[seed]?.count == 2 && played[seed]?.first == played[seed]?.last, "seed \(seed)") }
  }

  @Test("A word to the school that is answered twice is noticed")
  func answeredTwice() async throws {
    let story: [Happening] = [.write(.els, .absence), .pass(minutes: 5), .again(0, .otherOctets), .pass(minutes: 5)]
    try await S.play(story)
    await #expect {
      try await S.play(story, control: .renameCopies)
    } throws: {
      "\($0)" == "els has 2 receipts of 1 mails: absence"
    }
  }

  @Test("What is wrong on purpose is found, and told shortly", arguments: S.Control.allCases)
  func controls(_ control: S.Control) async throws {
    for seed: UInt64 in 1...200 {
      let story = [Happening].days(seed: seed)
      do { try await S.play(story, control: control) } catch {
        let shortest = await Shrinking.shortest(story, of: error, control: control)
        // A death among a handful of mails is told with the mails before it, which its steps are counted through.
        let longest = control == .acknowledgeFirst ? 12 : 5
        #expect(shortest.story.count <= longest, "\(shortest.promise)\n\(shortest.story.told)")
        return
      }
    }
    Issue.record("nobody noticed")
  }
}

/// Leaves out of a failing story what it does not need: large parts first, then ever smaller ones.
enum Shrinking {
  static let mostTries = 400

  static func shortest(
    _ story: [Happening], of error: any Error, control: SimulatedSchool.Control? = nil
  ) async -> (story: [Happening], promise: String) {
    var (best, promise, tries) = (story, "\(error)", 0)
    var size = max(1, story.count / 2)
    while tries < mostTries {
      var (start, isShorter) = (0, false)
      while start < best.count, tries < mostTries {
        var shorter = best
        shorter.removeSubrange(start..<min(start + size, best.count))
        tries += 1
        do {
          try await SimulatedSchool.play(shorter, control: control)
          start += size
        } catch {
          (best, promise, isShorter) = (shorter, "\(error)", true)
        }
      }
      if size == 1, !isShorter { break }
      size = max(1, size / 2)
    }
    return (best, promise)
  }
}
