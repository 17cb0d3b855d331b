import ArgumentParser
import Foundation
import Gateway

/// The folders of schools that one program serves. Each has a mailbox and a port of its own: two gateways on one
/// mailbox would take each other's mail, and answer it in the other's name.
struct ServedFolders {
  let folders: [URL]

  /// - Throws: where one stands there twice, by whatever path.
  init(_ paths: [String]) throws {
    folders = paths.map { URL(filePath: $0, directoryHint: .isDirectory).absoluteURL }
    var seen: Set<String> = []
    for (folder, path) in zip(folders, paths) where !seen.insert(folder.resolvingSymlinksInPath().path).inserted {
      throw ValidationError("\(path) is given twice: each school is served once.")
    }
  }

  /// What logs call a school: its folder's name, or the whole path where others have the same name.
  func label(_ folder: URL) -> String {
    let name = folder.lastPathComponent
    return folders.count { $0.lastPathComponent == name } == 1 ? name : folder.standardizedFileURL.path
  }

  /// - Throws: where two want the same; a school whose configuration is wrong is told of when it is served.
  func requireApart() throws(CommandFailure) {
    guard folders.count > 1 else { return }
    var owners: [Claim: URL] = [:]
    for folder in folders {
      guard let configuration = try? SchoolConfiguration.load(folder: folder, logsIn: false) else { continue }
      for claim in Claim.all(of: configuration) {
        if let owner = owners.updateValue(folder, forKey: claim) {
          throw CommandFailure(
            Exit.configuration,
            "\(owner.path) and \(folder.path) have the same \(claim.keys)\n     → give each school its own")
        }
      }
    }
  }

  /// What only one school can have.
  private struct Claim: Hashable {
    let keys: String
    let value: [String]

    static func all(of configuration: SchoolConfiguration) -> [Claim] {
      let (imap, scheme) = (configuration.imap, configuration.settings.scheme)
      let inbox = configuration.settings.folders.inbox
      return [
        Claim(
          keys: "imap.host, imap.user and imap.inbox",
          // Behind one name there may be tunnels to several servers.
          value: [imap.host.lowercased(), "\(imap.port)", imap.userName, inbox]),
        Claim(
          keys: scheme.mode == .domain ? "address.domain" : "address.mailbox",
          value: [scheme.mode == .domain ? scheme.domain.lowercased() : scheme.mailbox.canonical]),
      ] + (configuration.observationPort.map { [Claim(keys: "observation.port", value: ["\($0)"])] } ?? [])
    }
  }
}
