import Foundation
import Gateway
import Mail
import Transport
import TransportIMAP

/// One school's folder, read and found well: `postplein.yaml`, and beside it `templates/` (its own wording), `store/`
/// and `secret`.
struct SchoolConfiguration: Sendable {
  static let fileName = "postplein.yaml"
  /// The largest file that is read, in octets.
  static let longest = 1 << 20

  let folder: URL
  let settings: SchoolSettings
  let imap: ServerAccount
  let imapLimits: IMAPLimits
  let smtp: ServerAccount
  /// What EHLO says; nil for the machine's own name.
  let heloName: String?
  /// Empty where the school names none.
  let dkimSelectors: [String]
  /// On loopback; nil for none.
  let observationPort: UInt16?

  var storeFolder: URL { Self.storeFolder(in: folder) }
  var templateOverrides: URL { folder.appending(path: "templates") }

  static func storeFolder(in folder: URL) -> URL { folder.appending(path: "store") }

  /// Reads a school's folder. Passwords come from the environment or from files of their own.
  ///
  /// - Parameter logsIn: whether the passwords are needed; else they are left empty.
  /// - Throws: all that is wrong, with lines, and what to do.
  static func load(
    folder: URL, environment: [String: String] = ProcessInfo.processInfo.environment, logsIn: Bool = true
  ) throws(ConfigurationError) -> SchoolConfiguration {
    let file = folder.appending(path: fileName)
    let tree: ConfigurationFile
    do throws(ConfigurationProblem) {
      tree = try ConfigurationFile(yaml: text(of: file), keys: ConfigurationKeys.all)
    } catch { throw ConfigurationError(file: file, problems: [error]) }
    var reader = ConfigurationReader(file: tree, folder: folder, environment: environment, logsIn: logsIn)
    guard let configuration = reader.read() else { throw ConfigurationError(file: file, problems: reader.problems) }
    return configuration
  }

  private static func text(of file: URL) throws(ConfigurationProblem) -> String {
    let data: Data
    do throws(GivenFile.Failure) { data = try GivenFile.read(file.path, upTo: longest + 1) } catch {
      if error.code == ENOENT || error.code == ENOTDIR {
        throw ConfigurationProblem(
          message: "The configuration is not there",
          advice: "give the school's folder, with a \(fileName) as deploy/postplein.example.yaml")
      }
      throw ConfigurationProblem(
        message: "The configuration cannot be read: \(error.reason)",
        advice: "see that it is a file, and that the gateway's user may read it")
    }
    guard data.count <= longest else {
      throw ConfigurationProblem(
        message: "The configuration is larger than \(longest >> 20) MB",
        advice: "begin with the example, deploy/postplein.example.yaml")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ConfigurationProblem(message: "The configuration is no text in UTF-8", advice: "save it as UTF-8")
    }
    return text
  }
}

/// Makes the configuration of the values in the file, and gathers what is wrong.
private struct ConfigurationReader {
  let file: ConfigurationFile
  let folder: URL
  let environment: [String: String]
  let logsIn: Bool
  var problems: [ConfigurationProblem]

  private typealias Keys = ConfigurationKeys

  init(file: ConfigurationFile, folder: URL, environment: [String: String], logsIn: Bool) {
    self.file = file
    self.folder = folder
    self.environment = environment
    self.logsIn = logsIn
    let asksForLogin = (try? file.value(Keys.smtp.security)) != .plain
    problems =
      file.problems
      + Keys.all.filter { asksForLogin || $0.path != Keys.smtp.user.path }.compactMap { $0.problem(in: file) }
  }

  /// Nil where there are problems.
  mutating func read() -> SchoolConfiguration? {
    // Each is tried, so that all problems are told at once.
    let imap = gathering { (reader) throws(ConfigurationProblem) in try reader.account(Keys.imap) }
    let smtp = gathering { (reader) throws(ConfigurationProblem) in try reader.account(Keys.smtp) }
    let settings = gathering { (reader) throws(ConfigurationProblem) in try reader.settings() }
    let rest = gathering { (reader) throws(ConfigurationProblem) in
      var limits = IMAPLimits()
      limits.messageSize = try reader.file.value(Keys.messageMegabytes) << 20
      return (
        limits: limits,
        heloName: try reader.file.valueIfPresent(Keys.heloName),
        selectors: try reader.file.value(Keys.dkimSelectors),
        observationPort: try reader.file.valueIfPresent(Keys.observationPort).map(UInt16.init)
      )
    }
    guard problems.isEmpty, let imap, let smtp, let settings, let rest else { return nil }
    return SchoolConfiguration(
      folder: folder, settings: settings, imap: imap, imapLimits: rest.limits, smtp: smtp,
      heloName: rest.heloName, dkimSelectors: rest.selectors, observationPort: rest.observationPort)
  }

  private mutating func gathering<Value>(
    _ body: (ConfigurationReader) throws(ConfigurationProblem) -> Value
  ) -> Value? {
    do { return try body(self) } catch {
      problems.append(error)
      return nil
    }
  }

  // MARK: Servers

  private func account(_ keys: ServerKeys) throws(ConfigurationProblem) -> ServerAccount {
    if try file.value(keys.security) == .plain { return try relay(keys) }
    // First, because it can be wrong where the rest is well.
    let password = logsIn ? try password(keys) : ""
    let certificates = try certificates(keys)
    return ServerAccount(
      host: try file.value(keys.host), port: try file.value(keys.port), security: try file.value(keys.security),
      userName: try file.value(keys.user), password: password, trustedCertificatesFile: certificates)
  }

  /// On this machine, without a login.
  private func relay(_ keys: ServerKeys) throws(ConfigurationProblem) -> ServerAccount {
    let ofTLS: [any AnyConfigurationKey] = [keys.user, keys.passwordFile, keys.passwordVariable, keys.certificates]
    for key in ofTLS where file.has(key) {
      throw file.problem(key, "means nothing where security is none", "remove it, or set security: tls")
    }
    let account = ServerAccount(
      host: try file.value(keys.host), port: try file.value(keys.port), security: .plain, userName: "", password: "")
    guard account.isOnLoopback else {
      throw file.problem(
        keys.security, "is none, and the server is on another machine", "set host: 127.0.0.1, or security: tls")
    }
    return account
  }

  private func password(_ keys: ServerKeys) throws(ConfigurationProblem) -> String {
    let password: String
    switch (try file.valueIfPresent(keys.passwordVariable), try file.valueIfPresent(keys.passwordFile)) {
    case (let name?, nil):
      guard let value = environment[name], !value.isEmpty else {
        throw file.problem(
          keys.passwordVariable, "names a variable that is not set", "set \(name) where the gateway is started")
      }
      password = value
    case (nil, let path?):
      do { password = try PrivateFile.read(resolve(path)) } catch {
        throw file.problem(keys.passwordFile, "is no use: \(error.message)", error.advice)
      }
    case (nil, nil):
      throw file.problem(keys.passwordFile, "is missing", "give password-file, or password-env")
    case (_?, _?):
      throw file.problem(keys.passwordFile, "stands beside password-env", "give one of the two")
    }
    // They would end the command that carries the password.
    guard !password.isEmpty, !password.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw file.problem(
        file.has(keys.passwordFile) ? keys.passwordFile : keys.passwordVariable, "holds no password of one line",
        "put the password there, and nothing else")
    }
    return password
  }

  private func certificates(_ keys: ServerKeys) throws(ConfigurationProblem) -> String? {
    guard let path = try file.valueIfPresent(keys.certificates) else { return nil }
    let place = resolve(path)
    guard FileManager.default.isReadableFile(atPath: place.path) else {
      throw file.problem(
        keys.certificates, "cannot be read at \(place.path)", "put the PEM file there, or leave the key out")
    }
    guard let pem = try? Data(contentsOf: place), pem.range(of: Data("CERTIFICATE-----".utf8)) != nil else {
      throw file.problem(
        keys.certificates, "holds no certificate in PEM at \(place.path)", "put your authority's certificate there")
    }
    return place.path
  }

  private func resolve(_ path: String) -> URL { URL(filePath: path, relativeTo: folder).absoluteURL }

  // MARK: What the gateway is told

  private func settings() throws(ConfigurationProblem) -> SchoolSettings {
    let scheme = try scheme()
    var settings = SchoolSettings(
      name: try file.value(Keys.schoolName), language: try file.value(Keys.language),
      timeZone: try file.value(Keys.timeZone), scheme: scheme,
      authservID: try file.valueIfPresent(Keys.authservID))
    settings.phone = try file.valueIfPresent(Keys.phone)
    settings.people = try people()
    settings.schoolyard.undoWindow = TimeInterval(try file.value(Keys.undoSeconds))
    settings.schoolyard.digestHour = try file.value(Keys.digestHour)
    settings.schoolyard.digestWeekday = try file.value(Keys.digestWeekday)
    settings.schoolyard.approvesParentItems = try file.value(Keys.approveParents)
    settings.broadcast = try broadcast()
    settings.schoolyard.moderators = try file.value(Keys.moderators).map(\.canonical)
    settings.calendar.sendsOverview = try file.value(Keys.calendarOverview)
    settings.calendar.hour = try file.value(Keys.calendarHour)
    settings.calendar.weekday = try file.value(Keys.calendarWeekday)
    settings.conferences.lead = try TimeInterval(file.value(Keys.conferencesLead) * 60)
    settings.absence = try absence()
    settings.photos.pause = TimeInterval(try file.value(Keys.albumPause))
    settings.folders = try folders()
    settings.limits.fileOctets = try file.value(Keys.fileMegabytes) << 20
    settings.limits.filesOctets = try file.value(Keys.filesMegabytes) << 20
    settings.limits.files = try file.value(Keys.files)
    settings.limits.attempts = try file.value(Keys.attempts)
    settings.limits.mailsPerHour = try file.value(Keys.mailsPerHour)
    settings.limits.strangersPerHour = try file.value(Keys.strangersPerHour)
    settings.sending.connections = try file.value(Keys.connections)
    let rate = try file.value(Keys.messagesPerMinute)
    settings.sending.messagesPerMinute = rate == 0 ? nil : rate
    return settings
  }

  private func scheme() throws(ConfigurationProblem) -> AddressScheme {
    let mode = try file.value(Keys.mode)
    let mailbox = try file.valueIfPresent(Keys.mailbox)
    let domain = try file.valueIfPresent(Keys.routeDomain)
    guard mode == .domain else {
      guard domain == nil else {
        throw file.problem(Keys.routeDomain, "means nothing in mode \(mode.rawValue)", "remove it, or set mode: domain")
      }
      guard let mailbox else {
        throw file.problem(Keys.mailbox, "is missing", "give the mailbox's own address, as ouders@school.nl")
      }
      return AddressScheme(mode: mode, mailbox: mailbox)
    }
    guard let domain, let school = mailbox ?? MailAddress(localPart: "school", domain: domain) else {
      throw file.problem(Keys.routeDomain, "is missing", "give the domain whose mail all lands in the mailbox")
    }
    return AddressScheme(mode: mode, mailbox: school, routeDomain: domain)
  }

  private func people() throws(ConfigurationProblem) -> SchoolSettings.People {
    var people = SchoolSettings.People()
    people.urgentRoles = Set(try file.value(Keys.urgentRoles).map { $0.uppercased() })
    people.urgentSenders = try file.value(Keys.urgentSenders).map(\.canonical)
    people.supportDesk = try file.value(Keys.supportDesk).map(\.canonical)
    people.urgentDesk = try file.value(Keys.urgentDesk).map(\.canonical)
    people.mailAdmins = try file.value(Keys.mailAdmins).map(\.canonical)
    if people.urgentDesk.isEmpty { people.urgentDesk = people.supportDesk }
    people.parentsMayOpenSchoolyard = try file.value(Keys.parentsMayOpenSchoolyard)
    people.activationByMail = try file.value(Keys.activationByMail)
    return people
  }

  private func broadcast() throws(ConfigurationProblem) -> SchoolSettings.Broadcast {
    var broadcast = SchoolSettings.Broadcast()
    broadcast.check = try file.value(Keys.broadcastCheck)
    broadcast.undoWindow = TimeInterval(try file.value(Keys.broadcastUndoSeconds))
    broadcast.approvers = try file.value(Keys.approvers).map(\.canonical)
    guard broadcast.check != .approval || Set(broadcast.approvers).count >= 2 else {
      throw file.problem(
        Keys.approvers, "names fewer than two people", "name two at least, or set check: undo, in the section broadcast"
      )
    }
    return broadcast
  }

  private func absence() throws(ConfigurationProblem) -> SchoolSettings.Absence {
    var absence = SchoolSettings.Absence()
    absence.desk = try file.value(Keys.absenceDesk).map(\.canonical)
    absence.head = try file.value(Keys.absenceHead).map(\.canonical)
    absence.reportMinute = try file.value(Keys.absenceReportUntil)
    absence.boardMinute = try file.value(Keys.absenceBoard)
    absence.endMinute = try file.value(Keys.absenceSchoolEnds)
    guard absence.reportMinute <= absence.boardMinute, absence.boardMinute < absence.endMinute else {
      throw file.problem(
        Keys.absenceBoard, "does not stand between the times around it",
        "give report-until, board and school-ends in the order of the day")
    }
    return absence
  }

  private func folders() throws(ConfigurationProblem) -> SchoolSettings.Folders {
    var folders = SchoolSettings.Folders()
    folders.inbox = try file.value(Keys.inbox)
    folders.handled = try file.value(Keys.handledFolder)
    folders.keepDays = try file.valueIfPresent(Keys.keepDays)
    folders.attention = try file.value(Keys.attentionFolder)
    folders.pollInterval = .seconds(try file.value(Keys.pollSeconds))
    guard Set([folders.inbox, folders.handled, folders.attention]).count == 3 else {
      throw file.problem(Keys.handledFolder, "is the same folder as another", "give each a folder of its own")
    }
    return folders
  }
}
