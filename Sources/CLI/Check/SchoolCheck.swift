import Foundation
import Pictures
import Rendering
import Store
import Transport
import TransportIMAP
import TransportSMTP

/// Looks at everything that a school's gateway stands on, and changes nothing.
struct SchoolCheck: Sendable {
  let folder: URL
  /// The installation's templates; nil where they are not found.
  let templates: URL?
  let environment: [String: String]
  /// Whether to log in to the mail servers.
  let asksServers: Bool

  /// In the order in which they were looked at; a wrong configuration ends it.
  func run() async -> [CheckLine] {
    let configuration: SchoolConfiguration
    do throws(ConfigurationProblem) { try SchoolOption.requireOwner(folder) } catch {
      return [.failed("configuration", error.message, advice: error.advice)]
    }
    do { configuration = try SchoolConfiguration.load(folder: folder, environment: environment) } catch {
      return error.problems.map { problem in
        let line = problem.line.map { "line \($0): " } ?? ""
        return .failed("configuration", line + problem.sentence, advice: problem.advice)
      }
    }
    let settings = configuration.settings
    var lines: [CheckLine] = [.ok("configuration", "\(settings.name), addresses at \(settings.scheme.mailbox)")]
    lines += notices(configuration)
    lines.append(await secret())
    lines += templateLines(configuration)
    lines += await store(configuration)
    lines += FolderCheck(place: configuration.storeFolder, messageSize: configuration.imapLimits.messageSize).lines
    lines += kept(configuration)
    lines.append(pictures())
    guard asksServers else { return lines }
    async let imap = imap(configuration)
    async let smtp = smtp(configuration)
    return lines + [await imap, await smtp]
  }

  /// What is allowed and seldom meant.
  private func notices(_ configuration: SchoolConfiguration) -> [CheckLine] {
    var lines: [CheckLine] = []
    if configuration.settings.authservID == nil {
      lines.append(
        .warning(
          "authentication", "no authserv-id: everything that teachers publish by mail waits for their confirmation",
          advice: "set authentication.authserv-id to the first word of your server's Authentication-Results"))
    }
    if configuration.settings.people.supportDesk.isEmpty {
      lines.append(
        .warning(
          "people", "nobody answers mail to support, and urgent messages have no desk",
          advice: "set people.support to addresses of staff"))
    }
    return lines
  }

  private func secret() async -> CheckLine {
    let place = SchoolConfiguration.storeFolder(in: folder)
    let isThere: Bool
    do { isThere = try SchoolSecret.exists(folder: folder) } catch {
      return .failed("secret", error.message, advice: error.advice)
    }
    guard isThere else {
      do {
        let store = try Store.isThere(in: place) ? try await Store.open(folder: place, access: .readOnly) : nil
        if let store, try await SchoolStore.isSecretLost(folder, store) {
          return .failed("secret", "\(folder.path) \(SchoolStore.lostSecret)", advice: SchoolStore.lostSecretAdvice)
        }
        return .ok("secret", "none yet; the first serve or import makes it")
      } catch {
        return .failed(
          "secret", "is not there, and the store does not tell whether mails went out by it",
          advice: SchoolStore.lostSecretAdvice)
      }
    }
    do {
      _ = try SchoolSecret.load(folder: folder)
      return .ok("secret", "is there, and only its owner can read it")
    } catch { return .failed("secret", error.message, advice: error.advice) }
  }

  private func templateLines(_ configuration: SchoolConfiguration) -> [CheckLine] {
    let place = "give their folder by --templates or POSTPLEIN_TEMPLATES"
    guard let templates else { return [.failed("templates", "are not found", advice: place)] }
    guard FileManager.default.fileExists(atPath: templates.path) else {
      return [.failed("templates", "\(templates.path) is not there", advice: place)]
    }
    do {
      _ = try Templates.load(directory: templates, overrides: configuration.templateOverrides)
      return [.ok("templates", "whole, from \(templates.path)")]
    } catch {
      return error.problems.map {
        .failed("templates", $0, advice: "correct that template; without the school's own file ours is used")
      }
    }
  }

  /// Of the store, and of what its people say of the configuration.
  private func store(_ configuration: SchoolConfiguration) async -> [CheckLine] {
    let place = configuration.storeFolder
    do {
      if try SchoolStore.isLost(folder) {
        return [.failed("store", "\(place.path) \(SchoolStore.lost)", advice: SchoolStore.lostAdvice)]
      }
    } catch let error as StoreError {
      return [.failed("store", error.message, advice: error.advice, isTemporary: error.isTemporary)]
    } catch {
      // Of the secret, whose own line says it.
    }
    guard FileManager.default.fileExists(atPath: place.path) else {
      guard FileManager.default.isWritableFile(atPath: folder.path) else {
        return [.failed("store", "cannot be made in \(folder.path)", advice: "let the gateway's user write there")]
      }
      return [.ok("store", "none yet; the first serve or import makes it")]
    }
    do {
      let store = try await Store.open(folder: place, access: .readOnly)
      try await store.checkIntegrity()
      return [.ok("store", "whole")] + NamedStaff(settings: configuration.settings).lines(try await store.directory())
    } catch  where error.kind == .olderVersion {
      return [.ok("store", "from an older version of postplein; the next serve brings it up to date")]
    } catch { return [.failed("store", error.message, advice: error.advice, isTemporary: error.isTemporary)] }
  }

  private func kept(_ configuration: SchoolConfiguration) -> [CheckLine] {
    let names = Store.keptByRestore(beside: configuration.storeFolder).map(\.lastPathComponent)
    guard !names.isEmpty else { return [] }
    return [
      .warning(
        "store", "\(names.joined(separator: ", ")): set aside by `store restore`, with all that was erased since",
        advice: "remove what is beside the store, when it is well")
    ]
  }

  private func pictures() -> CheckLine {
    PictureMaker.isReady
      ? .ok("pictures", "can be made of photos")
      : .warning(
        "pictures", "libvips cannot be loaded: mails with photos go to the folder for the eye",
        advice: "apt-get install libvips42, start the gateway anew, and lay those mails back in the inbox")
  }

  private func imap(_ configuration: SchoolConfiguration) async -> CheckLine {
    let (account, inbox) = (configuration.imap, configuration.settings.folders.inbox)
    do throws(TransportError) {
      let connector = EtpanConnector(account: account, limits: configuration.imapLimits)
      let session = try await connector.connect(folder: inbox)
      let count = await session.status.messageCount
      await session.close()
      return .ok("imap", "logged in to \(account.host):\(account.port); \(inbox) holds \(count) messages")
    } catch { return .failed("imap", error, account: account) }
  }

  private func smtp(_ configuration: SchoolConfiguration) async -> CheckLine {
    let account = configuration.smtp
    let submitter = CurlSubmitter(account: account, connections: 1, heloName: configuration.heloName)
    let line: CheckLine
    do throws(TransportError) {
      try await submitter.verifyLogin()
      line = .ok("smtp", "logged in to \(account.host):\(account.port)")
    } catch { line = .failed("smtp", error, account: account) }
    await submitter.shutdown()
    return line
  }
}

extension StoreError {
  /// What to do.
  fileprivate var advice: String {
    switch kind {
    case .busy: "another process writes just now: try again"
    case .diskFull: "make room on the disk"
    case .io: "see what the system says of the disk, and that the gateway's user may read and write the store"
    case .unavailable: "see that the gateway's user may read and write the store"
    case .notInstalled: "run deploy/install"
    case .newerVersion: "install the version of postplein that wrote it, or a later one"
    case .olderVersion: "serve it"
    case .damaged, .corrupt: "stop the gateway and put the store back from a backup"
    case .notFound: "put the missing file back from a backup"
    }
  }
}
