import ArgumentParser
import Foundation
import Store

struct Upkeep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Looks after what a school remembers: checks, copies, gives up, tells, erases.",
    subcommands: [
      StoreVerify.self, StoreBackup.self, StoreRestore.self, StoreExpire.self, StoreExport.self, StoreErase.self,
      StoreEraseResults.self,
    ])
}

/// Progress of long work, on standard error and only where somebody looks at it.
enum Progress {
  static func show(_ done: Int, of all: Int, _ what: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    let end = done == all ? "\n" : ""
    try? FileHandle.standardError.write(contentsOf: Data("\r\(done) of \(all) \(what)\(end)".utf8))
  }
}

struct StoreVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Accounts for every row and file of the store.",
    discussion: """
      Looks at SQLite's own structure, every reference, the inner form of every row, and every file against its SHA-256. \
      Reads all of the store and changes nothing; may run beside the gateway, and on the folder of a backup. Stray files \
      and leftovers come from crashes and are harmless: `store expire` takes them away. Damage is mended by \
      `store restore`.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Result: Encodable {
    let sound: Bool
    let rows, files, octets: Int
    let faults: [Fault]
  }

  private struct Fault: Encodable {
    let kind, place: String
    let isDamage: Bool
  }

  func run() async throws {
    try await school.withStore { store in
      let found = try await store.verification { Progress.show($0, of: $1, "files") }
      let faults = found.faults.map { Fault(kind: $0.kind.rawValue, place: $0.place, isDamage: $0.kind.isDamage) }
      if json {
        try Output.json(
          Result(sound: found.isSound, rows: found.rows, files: found.files, octets: found.octets, faults: faults))
      } else {
        for fault in faults { Output.line("\(fault.isDamage ? "✗" : "·") \(fault.kind): \(fault.place)") }
        let advice = "something is damaged: postplein store restore BACKUP puts a backup in its place"
        Output.line("\(found.rows) rows, \(found.files) files, \(found.octets.megabytes)")
        Output.line(found.isSound ? "everything is there, and as it was written" : advice)
      }
      if !found.isSound { throw Exit.failed }
    }
  }
}

struct StoreBackup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copies the school's folder as it is at one moment, while the gateway works on.",
    discussion: """
      The copy is a school's folder itself: the store, the secret, the configuration and the school's own templates. \
      Passwords in files stay out. Give the same folder again and only what is new is copied, and \
      what was erased or expired goes from it. Keep it as safe as the \
      school's folder: it holds pupils' and parents' data. Files that are damaged in the store are named and left out; \
      the rest is copied all the same. A file of the backup that `store verify` names is copied again when you take it \
      away there. A damaged database never takes the place of a backup: that is left as it was.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Argument(help: "The folder to copy to; it is made where it is missing.", completion: .directory)
  var destination: String
  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Result: Encodable {
    let copied, kept, octets, removed: Int
    let lacking, faults: [String]
  }

  func run() async throws {
    let folder = try school.folder()
    let target = URL(filePath: destination, directoryHint: .isDirectory).absoluteURL
    try SchoolOption.requireOwner(folder)
    try requireBackup(target, of: folder)
    try await school.withStore { store in
      let report = try await store.backup(to: SchoolConfiguration.storeFolder(in: target))
      try copyRest(from: folder, to: target)
      if json {
        try Output.json(
          Result(
            copied: report.copied, kept: report.kept, octets: report.octets, removed: report.removed,
            lacking: report.lacking, faults: report.faults.map { "\($0.kind.rawValue): \($0.place)" }))
      } else {
        for fault in report.faults {
          Output.line("✗ as damaged as in the store: \(fault.kind.rawValue): \(fault.place)")
        }
        for file in report.lacking { Output.line("✗ missing or damaged, and not in the backup: \(file)") }
        Output.line(
          "\(target.path): \(report.copied) new files (\(report.octets.megabytes)), \(report.kept) were there "
            + "already, \(report.removed) are gone")
      }
      if !report.lacking.isEmpty || !report.faults.isEmpty { throw Exit.failed }
    }
  }

  /// A backup takes the place of what lies there: never of a school that is served, nor of another one's.
  private func requireBackup(_ target: URL, of folder: URL) throws {
    guard target.resolved != folder.resolved else {
      throw CommandFailure(Exit.badData, "\(target.path) is the school's own folder: give another one to copy to")
    }
    // The gateway would take for its own what is laid there; and templates would be copied into themselves.
    let places = [target, SchoolConfiguration.storeFolder(in: target)].map(\.resolved)
    for own in [SchoolConfiguration.storeFolder(in: folder), folder.appending(path: "templates")] {
      guard !places.contains(where: { $0.starts(with: own.resolved) }) else {
        throw CommandFailure(
          Exit.badData, "\(target.path) lies within the school's own \(own.path): give another folder")
      }
    }
    guard !Store.isServed(SchoolConfiguration.storeFolder(in: target)) else {
      throw CommandFailure(
        Exit.badData, "\(target.path) was served, and is no backup: what it holds would be lost; give another folder")
    }
    let secrets = [folder, target].map {
      FileManager.default.contents(atPath: $0.appending(path: SchoolSecret.fileName).path)
    }
    if let own = secrets[0], let other = secrets[1], own != other {
      throw CommandFailure(Exit.badData, "\(target.path) holds another school, by its secret: give another folder")
    }
  }

  /// What the store's keys and wording depend on.
  private func copyRest(from folder: URL, to target: URL) throws {
    let manager = FileManager.default
    do {
      try manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: target.path)
      for name in [SchoolConfiguration.fileName, SchoolSecret.fileName, "templates"] {
        let (source, copy) = (folder.appending(path: name), target.appending(path: name))
        guard manager.fileExists(atPath: source.path) else { continue }
        let new = target.appending(path: ".\(name).new")
        try? manager.removeItem(at: new)
        try manager.copyItem(at: source, to: new)
        // A folder cannot take the place of another; a file does so in one step.
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: copy.path, isDirectory: &isFolder), isFolder.boolValue {
          try manager.removeItem(at: copy)
        }
        guard rename(new.path, copy.path) == 0 else { throw POSIXError.last }
      }
      sync()
    } catch { throw CommandFailure(Exit.inputOutput, "the configuration is not copied: \(error.systemWords)") }
  }
}

struct StoreRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts a backup in the place of the store, which is set aside.",
    discussion: """
      Stop the gateway first. The backup is verified before anything happens, and stays as it is. The store that was \
      there is kept beside it as store.before-…; remove it when all is well. Messages that came in after the backup are \
      carried over: they are left to a person, or read again with --reread, which sends what they caused a second time. \
      The school's own secret and configuration are not touched; where the secret is lost, copy the backup's.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Argument(help: "The folder that `store backup` wrote.", completion: .directory)
  var backup: String
  @Flag(help: "Read the messages again that came in after the backup.")
  var reread = false
  @Flag(help: "Also where the backup has single rows or files that were damaged or missing when it was made.")
  var despiteDamage = false
  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Result: Encodable {
    let before: String?
    let later: Int
  }

  func run() async throws {
    let folder = try school.folder()
    try SchoolOption.requireOwner(folder)
    let source = URL(filePath: backup, directoryHint: .isDirectory).absoluteURL
    let report = try await Store.restore(
      SchoolConfiguration.storeFolder(in: source), to: SchoolConfiguration.storeFolder(in: folder), rereads: reread,
      mayLack: despiteDamage, at: Date())
    if json { return try Output.json(Result(before: report.before?.path, later: report.later)) }
    Output.line("restored from \(source.path)")
    if let before = report.before { Output.line("the store that was there is kept as \(before.path)") }
    if report.later > 0 {
      Output.line(
        "\(report.later) messages came in after the backup: they are "
          + (reread ? "read again by the next serve" : "in `report messages`, set aside for a person"))
    }
  }
}

struct StoreExpire: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire", abstract: "Gives up what the school need not keep any longer.",
    discussion: """
      raw: the mails as they came in; what they said stays in the threads. set-aside: those that were left to a person, \
      which are then no more listed. deliveries: what became of each mail that went out, with the servers' words. threads: whole conversations with their files, counted from their last entry. \
      documents: what was removed, replaced or taken back. reports: \
      what other servers reported (DMARC, TLS). absence: who was away. results: test results of pupils, counted from \
      when they left. photos: albums, and what parents agreed to for children who left. Without --apply nothing \
      changes. Mail that waits is never given up. At least 7 days for raw and reports, 30 for deliveries, \
      set-aside and documents, 90 for threads and photos, 730 for results, 1827 (five years) for absence.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Argument(help: "raw, set-aside, deliveries, threads, documents, reports, results, absence or photos.")
  var kind: ExpiringKind
  @Option(help: "How long they are kept, in days.")
  var days: Int
  @Flag(help: "Do it; else only count.")
  var apply = false
  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Result: Encodable {
    let kind: String
    let applied: Bool
    let rows, files: Int
  }

  /// A century: what is older than that is no school's, and no instant to reckon with.
  private static let mostDays = 36_600

  func validate() throws {
    guard days >= kind.leastDays else { throw ValidationError("\(kind.rawValue): at least \(kind.leastDays) days") }
    guard days <= Self.mostDays else { throw ValidationError("--days: at most \(Self.mostDays)") }
  }

  func run() async throws {
    let now = Date()
    try await school.withWritableStore { store in
      let report = try await store.expire(
        kind, before: now.addingTimeInterval(-Double(days) * 86_400), at: now, applies: apply)
      if json {
        return try Output.json(Result(kind: kind.rawValue, applied: apply, rows: report.rows, files: report.files))
      }
      Output.line(
        apply
          ? "\(report.rows) \(kind.rawValue) and \(report.files) files are given up"
          : "\(report.rows) \(kind.rawValue) would be given up; nothing was changed: add --apply")
    }
  }
}

extension ExpiringKind: ExpressibleByArgument {}

extension SchoolOption {
  /// For commands that write, beside a gateway that may run.
  func withWritableStore(_ body: (Store) async throws -> Void) async throws {
    let folder = try folder()
    try SchoolOption.requireOwner(folder)
    try SchoolStore.requireThere(folder)
    let place = SchoolConfiguration.storeFolder(in: folder)
    try await body(try await Store.open(folder: place, access: .shared, makes: false))
  }
}

extension URL {
  /// The parts of its path without links, also where its end is not there yet.
  fileprivate var resolved: [String] {
    var (there, missing) = (standardizedFileURL, [String]())
    while there.pathComponents.count > 1, !FileManager.default.fileExists(atPath: there.path) {
      missing.insert(there.lastPathComponent, at: 0)
      there.deleteLastPathComponent()
    }
    return there.resolvingSymlinksInPath().pathComponents + missing
  }
}

extension SchoolOption {
  /// After an erasure: the stores that it did not reach.
  func tellOfKept() throws {
    for kept in Store.keptByRestore(beside: SchoolConfiguration.storeFolder(in: try folder())) {
      Output.line("\(kept.path), which `store restore` set aside, still has all of it: remove that folder")
    }
  }
}

extension Int {
  /// Octets for people.
  var megabytes: String { "\(Double(self * 10 >> 20) / 10) MB" }
}
