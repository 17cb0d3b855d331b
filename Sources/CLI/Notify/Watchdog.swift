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

  /// How many of how many are served.
  var served: (count: Int, all: Int) {
    states.withLock { states in
      (states.values.count { if case .serving = $0 { true } else { false } }, states.count)
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

/// Tells systemd that the gateway is ready, as soon as a school is served; how many are; that it stops; and that it is
/// alive as long as all its parts come round.
struct Watchdog: Service {
  static let startInterval: Duration = .milliseconds(100)
  /// Where systemd wants no pings.
  static let statusInterval: Duration = .seconds(5)

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
    var (isReady, said) = (false, "")
    while !Task.isCancelled {
      let (served, all) = schools.served
      let status = "STATUS=Serving \(served) of \(all) \(all == 1 ? "school" : "schools")"
      if schools.isStarted, status != said {
        if !isReady, served > 0 { isReady = notifier.say("READY=1", status) } else { notifier.say(status) }
        said = status
      }
      if isReady, notifier.watchdogInterval != nil { ping() }
      try? await Task.sleep(for: isReady ? notifier.watchdogInterval ?? Self.statusInterval : Self.startInterval)
    }
  }

  private func ping() {
    let late = schools.late
    if late.isEmpty {
      notifier.say("WATCHDOG=1")
    } else {
      log.critical("parts of the gateway hang", metadata: ["late": "\(late.joined(separator: ", "))"])
    }
  }
}
