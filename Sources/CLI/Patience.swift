import Foundation
import TransportIMAP
import TransportSMTP

/// How long the gateway waits for a server that is silent. A debug build takes the seconds that `POSTPLEIN_PATIENCE`
/// holds instead, so that `deploy/campaign` can be silent for longer; a release build knows nothing of that.
enum Patience {
  static func limits(_ limits: IMAPLimits) -> IMAPLimits {
    #if DEBUG
      guard let shortened else { return limits }
      var limits = limits
      limits.silence = shortened
      return limits
    #else
      return limits
    #endif
  }

  static func limits(_ limits: SubmissionLimits) -> SubmissionLimits {
    #if DEBUG
      guard let shortened else { return limits }
      var limits = limits
      (limits.connectTimeout, limits.answerTimeout, limits.transferTimeout) = (shortened, shortened, shortened * 3)
      return limits
    #else
      return limits
    #endif
  }

  #if DEBUG
    private static let shortened = ProcessInfo.processInfo.environment["POSTPLEIN_PATIENCE"].flatMap(Int.init)
      .map(Duration.seconds)
  #endif
}
