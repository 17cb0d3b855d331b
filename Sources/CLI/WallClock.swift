import Foundation

/// The clock by which the gateway lives. A debug build adds the seconds that the file of `POSTPLEIN_CLOCK` holds now,
/// so that `deploy/campaign` can turn it; a release build knows nothing of that.
enum WallClock {
  static func now() -> Date {
    #if DEBUG
      if let turned, let text = try? String(contentsOfFile: turned, encoding: .utf8),
        let seconds = TimeInterval(text.trimmingCharacters(in: .whitespacesAndNewlines))
      {
        return Date(timeIntervalSinceNow: seconds)
      }
    #endif
    return Date()
  }

  #if DEBUG
    private static let turned = ProcessInfo.processInfo.environment["POSTPLEIN_CLOCK"]
  #endif
}
