import Gateway
import Logging
import ServiceLifecycle
import Synchronization

/// How the schools of one program fare.
final class ServedSchools: Sendable {
  enum State: Sendable {
    case starting
    case serving(Vitals)
    /// Complained about, and tried again: the others are served.
    case failed
  }

  private let states = Mutex<[String: State]>([:])

  init(_ folders: [String]) { states.withLock { for folder in folders { $0[folder] = .starting } } }

  func note(_ folder: String, _ state: State) { states.withLock { $0[folder] = state } }

  /// Whether each was tried once.
  var isStarted: Bool {
    states.withLock { states in
      !states.values.contains { if case .starting = $0 { true } else { false } }
    }
  }

  /// The parts of gateways that should have come round by now.
  var late: [String] {
    states.withLock { states in
      states.values.flatMap { state -> [String] in
        if case .serving(let vitals) = state { vitals.late.map(\.rawValue) } else { [] }
      }
    }
  }
}

/// Tells systemd that the gateway is ready, that it stops, and that it is alive as long as all its parts come round.
struct Watchdog: Service {
  static let startInterval: Duration = .milliseconds(100)

  let notifier: SystemdNotifier
  let schools: ServedSchools
  let log: Logger

  func run() async throws {
    await withGracefulShutdownHandler {
      await cancelWhenGracefulShutdown { await watch() }
    } onGracefulShutdown: {
      notifier.say("STOPPING=1")
    }
  }

  func watch() async {
    while !schools.isStarted, !Task.isCancelled { try? await Task.sleep(for: Self.startInterval) }
    guard !Task.isCancelled else { return }
    notifier.say("READY=1", "STATUS=Serving")
    while !Task.isCancelled {
      guard let interval = notifier.watchdogInterval else {
        try? await gracefulShutdown()
        return
      }
      let late = schools.late
      if late.isEmpty {
        notifier.say("WATCHDOG=1")
      } else {
        log.critical("parts of the gateway hang", metadata: ["late": "\(late.joined(separator: ", "))"])
      }
      try? await Task.sleep(for: interval)
    }
  }
}
