import Foundation
import Testing
import Transport

/// A real Dovecot on free loopback ports, from a directory of its own that is removed with it. Everything the tests
/// need of a server is in this file.
final class DovecotServer {
  static let user = "school@school.test"
  /// With what must be quoted, and a space.
  static let password = #"ge heim"\wachtwoord"#

  struct Options {
    /// Replaces what the server announces.
    var capability: String?
    /// The prefix and separator of the personal namespace.
    var prefix = ""
    var separator = "/"
    /// Which of `Certificates` it shows.
    var certificate = "server"
    /// Messages in the mailbox before the server starts.
    var messages: [Data] = []
    /// When they arrived, the first of them first; the others now.
    var arrivals: [Date] = []
  }

  let directory: String
  let plainPort: Int
  let tlsPort: Int
  private let process = Process()

  init(_ options: Options = Options()) throws {
    directory = "/tmp/postplein-imap-\(UUID().uuidString.prefix(8))"
    (plainPort, tlsPort) = try (FreePort.take(), FreePort.take())
    for part in ["tls", "run", "state", "mail/Maildir/new", "mail/Maildir/cur", "mail/Maildir/tmp"] {
      try FileManager.default.createDirectory(atPath: "\(directory)/\(part)", withIntermediateDirectories: true)
    }
    try Certificates.make(in: "\(directory)/tls")
    for (index, message) in options.messages.enumerated() {
      let file = "\(directory)/mail/Maildir/new/\(1_700_000_000 + index).M1P1.test"
      try message.write(to: URL(fileURLWithPath: file))
      guard index < options.arrivals.count else { continue }
      try FileManager.default.setAttributes([.modificationDate: options.arrivals[index]], ofItemAtPath: file)
    }
    try Shell.run("chown", "-R", "nobody:nogroup", "\(directory)/mail")
    try Shell.run("chmod", "755", directory)
    let line = "\(Self.user):{PLAIN}\(Self.password)::::\(directory)/mail::\n"
    try line.write(toFile: "\(directory)/users", atomically: true, encoding: .utf8)
    try configuration(options).write(toFile: "\(directory)/dovecot.conf", atomically: true, encoding: .utf8)
    process.executableURL = URL(fileURLWithPath: "/usr/sbin/dovecot")
    process.arguments = ["-F", "-c", "\(directory)/dovecot.conf"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try FreePort.waitUntilListening([plainPort, tlsPort])
  }

  deinit {
    // Not `waitUntilExit`, which spins for ever on a thread of the pool. Nothing here needs an orderly stop.
    signalAll(SIGKILL)
    try? FileManager.default.removeItem(atPath: directory)
  }

  var log: String { (try? String(contentsOfFile: "\(directory)/dovecot.log", encoding: .utf8)) ?? "" }

  func account(
    host: String = "localhost", security: TransportSecurity = .implicitTLS, password: String = DovecotServer.password,
    authority: String = "ca"
  ) -> ServerAccount {
    ServerAccount(
      host: host, port: security == .implicitTLS ? tlsPort : plainPort, security: security, userName: Self.user,
      password: password, trustedCertificatesFile: "\(directory)/tls/\(authority).pem")
  }

  func deliver(_ message: Data, to folder: String = "INBOX") throws {
    try Shell.run(
      "doveadm", "-c", "\(directory)/dovecot.conf", "save", "-u", Self.user, "-m", folder, input: message)
  }

  func doveadm(_ arguments: String...) throws -> String {
    try Shell.run(["doveadm", "-c", "\(directory)/dovecot.conf"] + arguments)
  }

  /// Sends a signal to the server's process and all it started, by their ids.
  func signalAll(_ signal: Int32) {
    for child in Shell.descendants(of: process.processIdentifier) { kill(child, signal) }
    kill(process.processIdentifier, signal)
  }

  private func configuration(_ options: Options) -> String {
    """
    protocols = imap
    listen = 127.0.0.1
    base_dir = \(directory)/run
    state_dir = \(directory)/state
    instance_name = imap\(tlsPort)
    log_path = \(directory)/dovecot.log
    mail_uid = nobody
    mail_gid = nogroup
    first_valid_uid = 1
    first_valid_gid = 1
    mail_location = maildir:~/Maildir
    mail_home = \(directory)/mail
    auth_failure_delay = 0
    disable_plaintext_auth = yes
    \(options.capability.map { "imap_capability = \($0)" } ?? "")
    passdb {
      driver = passwd-file
      args = scheme=PLAIN \(directory)/users
    }
    userdb {
      driver = passwd-file
      args = \(directory)/users
    }
    namespace inbox {
      inbox = yes
      separator = \(options.separator)
      prefix = \(options.prefix)
    }
    ssl = yes
    ssl_cert = <\(directory)/tls/\(options.certificate).pem
    ssl_key = <\(directory)/tls/\(options.certificate).key
    service imap-login {
      chroot =
      process_min_avail = 1
      service_count = 0
      inet_listener imap {
        port = \(plainPort)
      }
      inet_listener imaps {
        port = \(tlsPort)
        ssl = yes
      }
    }
    service stats {
      chroot =
    }
    service anvil {
      chroot =
    }

    """
  }
}

/// A certificate authority, one nobody trusts, and what they signed.
enum Certificates {
  static func make(in directory: String) throws {
    for authority in ["ca", "other"] {
      try Shell.run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=Test \(authority)", "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign", "-keyout", "\(directory)/\(authority).key",
        "-out", "\(directory)/\(authority).pem")
    }
    try sign("server", "subjectAltName=DNS:localhost,IP:127.0.0.1", days: 1, in: directory)
    try sign("named", "subjectAltName=DNS:localhost", days: 1, in: directory)
    try sign("elsewhere", "subjectAltName=DNS:mail.elsewhere.test", days: 1, in: directory)
    try sign("expired", "subjectAltName=DNS:localhost", days: -1, in: directory)
    try sign("person", "subjectAltName=DNS:localhost\nextendedKeyUsage=emailProtection", days: 1, in: directory)
  }

  private static func sign(_ name: String, _ extensions: String, days: Int, in directory: String) throws {
    try extensions.write(toFile: "\(directory)/\(name).ext", atomically: true, encoding: .utf8)
    try Shell.run(
      "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
      "-keyout", "\(directory)/\(name).key", "-out", "\(directory)/\(name).csr")
    try Shell.run(
      "openssl", "x509", "-req", "-in", "\(directory)/\(name).csr", "-CA", "\(directory)/ca.pem",
      "-CAkey", "\(directory)/ca.key", "-CAcreateserial", "-days", "\(days)",
      "-extfile", "\(directory)/\(name).ext", "-out", "\(directory)/\(name).pem")
  }
}

enum FreePort {
  /// A listening socket on a port that the system chose.
  static func listen() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) + Foundation.listen(descriptor, 16) + getsockname(descriptor, $0, &size)
      }
    }
    try #require(bound == 0)
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  static func take() throws -> Int {
    let (descriptor, port) = try listen()
    close(descriptor)
    return port
  }

  static func waitUntilListening(_ ports: [Int]) throws {
    for port in ports {
      let deadline = Date(timeIntervalSinceNow: 20)
      while !isListening(port) {
        try #require(Date() < deadline, "no server on port \(port)")
        usleep(20_000)
      }
    }
  }

  private static func isListening(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = in_port_t(port).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

enum Shell {
  @discardableResult
  static func run(_ arguments: String..., input: Data? = nil) throws -> String { try run(arguments, input: input) }

  @discardableResult
  static func run(_ arguments: [String], input: Data? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let (into, out) = (Pipe(), Pipe())
    process.standardInput = input == nil ? FileHandle.nullDevice : into
    process.standardOutput = out
    process.standardError = FileHandle.nullDevice
    try process.run()
    if let input {
      try into.fileHandleForWriting.write(contentsOf: input)
      try into.fileHandleForWriting.close()
    }
    let output = try out.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(arguments.joined(separator: " "))")
    return String(decoding: output, as: UTF8.self)
  }

  static func descendants(of parent: Int32) -> [Int32] {
    let file = "/proc/\(parent)/task/\(parent)/children"
    let children = ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: " ").compactMap {
      Int32($0)
    }
    return children + children.flatMap { descendants(of: $0) }
  }
}
