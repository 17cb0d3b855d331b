import ArgumentParser
import CGlibc
import Foundation
import Gateway
import Logging
import Rendering
import School
import ServiceLifecycle
import Store
import TransportIMAP
import TransportSMTP
import UnixSignals
import Web

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the gateway of one school or many, until SIGTERM, SIGINT or SIGHUP.",
    discussion: """
      Each school runs by itself: what goes wrong with one never touches another. A school that cannot start is \
      complained about, and tried again: after a second, then less and less often, at least every minute.

      \(Exit.documentation)
      """)

  @Argument(help: "Folders of schools.", completion: .directory)
  var folders: [String]

  @OptionGroup var installation: Installation
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    let templates = try installation.templatesFolder()
    let log = logging.logger()
    let given = try ServedFolders(folders)
    try given.requireApart()
    let served = ServedSchools(folders)
    let schools = zip(given.folders, folders).map { folder, path in
      SchoolService(
        folder: folder, templates: templates, log: log, label: given.label(folder), isAlone: folders.count == 1
      ) { served.note(path, $0) }
    }
    // A connection that a server has closed gives an error where it is written to.
    signal(SIGPIPE, SIG_IGN)
    postplein_silence_gnutls()
    var watches: [any Service] = [StopLimit(log: log)]
    if let notifier = SystemdNotifier() { watches.append(Watchdog(notifier: notifier, schools: served, log: log)) }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        // They are told to stop from the last to the first: who watches the stop, and tells of it, before the schools.
        services: schools.map { .init(service: $0) }
          + watches.map { .init(service: $0, successTerminationBehavior: .ignore) },
        gracefulShutdownSignals: Self.stops, logger: log))
    try await group.run()
  }

  /// The end of the terminal ends it too, unless whoever started it asked that it should not, by nohup(1).
  private static var stops: [UnixSignal] {
    [.sigterm, .sigint] + (postplein_ignores(SIGHUP) != 0 ? [] : [.sighup])
  }
}

/// Ends the program when the services have not stopped in time: a server that is silent in the middle of an answer can
/// hold a call up for long, and nothing is lost that would not survive a crash.
private struct StopLimit: Service {
  static let limit: Duration = .milliseconds(4_500)
  let log: Logger

  func run() async throws {
    try await gracefulShutdown()
    let log = log
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: Self.limit / .seconds(1))
      log.warning("stopped without waiting for a silent server")
      _exit(0)
    }
  }
}

/// One school's gateway as a service. Stops within five seconds of being told to.
struct SchoolService: Service {
  /// How long a server may take over a message that it has in hand when the gateway is told to stop.
  static let grace: Duration = .seconds(3)

  let folder: URL
  let templates: URL
  let log: Logger
  /// What the log calls it; else its folder's name.
  var label: String?
  /// One school alone that cannot start is an error at once: whoever starts it is looking.
  var isAlone = false
  /// Told whenever it begins to serve, or cannot.
  var onState: @Sendable (ServedSchools.State) -> Void = { _ in }

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      var backoff = Backoff()
      var first = isAlone ? try await begin() : nil
      while !Task.isCancelled {
        do {
          let begun = if let begun = first.take() { begun } else { try await begin() }
          try await serve(begun)
          backoff.reset()
        } catch {
          onState(.failed)
          let wait = backoff.wait()
          log.error(
            "school not served",
            metadata: ["school": "\(name)", "error": "\(error)", "again in": "\(wait)"])
          try? await Task.sleep(for: wait)
        }
      }
    }
  }

  private var name: String { label ?? folder.lastPathComponent }

  struct Opened: Sendable {
    let configuration: SchoolConfiguration
    let templates: Templates
  }

  /// Everything but the store, which only one gateway may hold.
  func open() async throws -> Opened {
    let configuration = try await configuration()
    return Opened(configuration: configuration, templates: try templates(configuration))
  }

  private struct Begun: Sendable {
    let opened: Opened
    let store: Task<(store: Store, keys: KeyRing), any Error>
  }

  /// As `open`. The store is opened beside it, and its people are read: the first mail waits for all of this.
  private func begin() async throws -> Begun {
    let configuration = try await configuration()
    let store = Task {
      let made = try await SchoolStore.open(folder: folder, access: .exclusive)
      // Nobody waits for it here: whoever asks first waits for what is left of it.
      Task { try? await made.store.directory() }
      return made
    }
    do {
      let opened = Opened(configuration: configuration, templates: try templates(configuration))
      return Begun(opened: opened, store: store)
    } catch {
      // Whoever tries again finds it let go.
      _ = try? await store.value
      throw error
    }
  }

  private func configuration() async throws -> SchoolConfiguration {
    do {
      try SchoolOption.requireOwner(folder)
      let configuration = try SchoolConfiguration.load(folder: folder)
      try SchoolStore.requireThere(folder)
      try await SchoolStore.requireSecret(folder)
      if try SchoolSecret.exists(folder: folder) { _ = try SchoolSecret.load(folder: folder) }
      return configuration
    } catch let error as ConfigurationError {
      throw CommandFailure(error)
    } catch let problem as ConfigurationProblem {
      throw CommandFailure(problem)
    } catch let error as StoreError {
      throw CommandFailure(error)
    }
  }

  private func templates(_ configuration: SchoolConfiguration) throws(CommandFailure) -> Templates {
    do throws(TemplateError) {
      return try Templates.load(directory: templates, overrides: configuration.templateOverrides)
    } catch { throw CommandFailure(Exit.configuration, "templates are wrong\n\(error)") }
  }

  private func serve(_ begun: Begun) async throws {
    let (configuration, templates) = (begun.opened.configuration, begun.opened.templates)
    let (store, keys) = try await begun.store.value
    var log = log
    log[metadataKey: "school"] = "\(name)"
    var limits = SubmissionLimits()
    limits.shutdownGrace = Self.grace
    let submitter = CurlSubmitter(
      account: configuration.smtp, connections: configuration.settings.sending.connections,
      limits: Patience.limits(limits), heloName: configuration.heloName)
    let registry = PrometheusRegistry(help: MetricName.help)
    let gateway = SchoolGateway(
      settings: configuration.settings, store: store, templates: templates, keys: keys, log: log,
      metrics: registry, now: WallClock.now)
    onState(.serving(gateway.vitals))
    let running = Task { [log] in
      await withTaskGroup { group in
        if let port = configuration.observationPort {
          group.addTask { await observe(gateway, registry, port, log) }
        }
        let limits = Patience.limits(configuration.imapLimits)
        await gateway.run(imap: EtpanConnector(account: configuration.imap, limits: limits), smtp: submitter)
        group.cancelAll()
      }
    }
    await withTaskCancellationHandler {
      await running.value
    } onCancel: {
      running.cancel()
      // Messages that a server has in hand are waited for, and not longer than the grace.
      Task { await submitter.shutdown() }
    }
    await submitter.shutdown()
    if let corruption = store.corruption { throw CommandFailure(corruption) }
  }

  /// A port that is taken is complained about, and tried again: mail goes on without.
  private func observe(_ gateway: SchoolGateway, _ registry: PrometheusRegistry, _ port: UInt16, _ log: Logger) async {
    while !Task.isCancelled {
      do { try await ObservationServer(port: port, gateway: gateway, registry: registry).run() } catch {
        guard !Task.isCancelled else { return }
        log.error("not observable", metadata: ["port": "\(port)", "error": "\(error)"])
      }
      try? await Task.sleep(for: .seconds(60))
    }
  }
}
