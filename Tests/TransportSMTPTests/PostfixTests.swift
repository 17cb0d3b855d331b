import Foundation
import Mail
import Testing
import Transport

@testable import TransportSMTP

/// Postfix for submission with Dovecot for its logins, from a private folder on free loopback ports; all mail goes
/// to one maildir. Needs root, as Postfix does. Ends with this object.
final class PostfixInstance {
  let folder: String
  let startTLSPort: Int
  let implicitTLSPort: Int
  private var children: [Process] = []

  init() throws {
    folder = TemporaryFolder.make()
    (startTLSPort, implicitTLSPort) = (try Self.freePort(), try Self.freePort())
    try makeFolders()
    try write("dovecot.conf", dovecotConfiguration)
    try write("users", "school@school.test:{PLAIN}\(ScriptedPeer.password)::::/nonexistent::\n")
    try write("rcpt.re", "/^weg@/ 550 5.1.1 Onbekend\n/^vol@/ 452 4.2.2 Vol\n")
    try write("main.cf", mainConfiguration)
    try write("master.cf", masterConfiguration)
    children.append(try Self.startServer("/usr/sbin/dovecot", ["-F", "-c", folder + "/dovecot.conf"]))
    for _ in 0..<2_000 where !FileManager.default.fileExists(atPath: folder + "/run/auth-client") { usleep(20_000) }
    children.append(try Self.startServer("/usr/lib/postfix/sbin/master", ["-c", folder, "-d"]))
    try [startTLSPort, implicitTLSPort].forEach(Self.waitUntilListening)
  }

  deinit {
    // SIGTERM lets them stop their own children.
    for child in children { kill(child.processIdentifier, SIGTERM) }
    for child in children { child.waitForExit() }
    try? FileManager.default.removeItem(atPath: folder)
  }

  func account(_ security: TransportSecurity, password: String = ScriptedPeer.password) -> ServerAccount {
    ServerAccount(
      host: "localhost", port: security == .implicitTLS ? implicitTLSPort : startTLSPort, security: security,
      userName: "school@school.test", password: password,
      trustedCertificatesFile: Certificate.localhost.certificate)
  }

  /// The messages delivered so far: each begins with the `Return-Path` and `Delivered-To` of its envelope.
  func delivered() throws -> [String] {
    let mail = folder + "/mail"
    return try FileManager.default.subpathsOfDirectory(atPath: mail).filter { $0.contains("/new/") }.map {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: mail + "/" + $0)), as: UTF8.self)
    }
  }

  func delivered(count: Int) async throws -> [String] {
    for _ in 0..<300 where try delivered().count < count { try await Task.sleep(for: .milliseconds(100)) }
    return try delivered()
  }

  private static func freePort() throws -> Int {
    let (socket, port) = try boundSocket()
    close(socket)
    return port
  }

  private static func startServer(_ path: String, _ arguments: [String]) throws -> Process {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/in_session.py"
    return try start("/usr/bin/env", ["python3", script, path] + arguments)
  }

  private static func waitUntilListening(_ port: Int) throws {
    for _ in 0..<500 {
      let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      var address = loopback(port)
      let isListening = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      if isListening { return }
      usleep(20_000)
    }
    try #require(Bool(false), "Postfix does not listen")
  }

  private static func start(_ path: String, _ arguments: [String]) throws -> Process {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: path)
    child.arguments = arguments
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = FileHandle.nullDevice
    child.standardError = FileHandle.nullDevice
    try child.run()
    return child
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  private func makeFolders() throws {
    let queue = [
      "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace",
      "maildrop", "public", "pid",
    ]
    for name in ["run", "state", "data", "mail"] + queue.map({ "queue/" + $0 }) {
      try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    let owned = ["data"] + queue.filter { $0 != "pid" }.map { "queue/" + $0 }
    try run("chown", ["postfix"] + owned.map { folder + "/" + $0 })
    try run("chgrp", ["postdrop", folder + "/queue/maildrop", folder + "/queue/public"])
    try run("chmod", ["0700"] + owned.map { folder + "/" + $0 })
    try run("chmod", ["1730", folder + "/queue/maildrop"])
    try run("chmod", ["2710", folder + "/queue/public"])
    try run("chown", ["nobody", folder + "/mail"])
  }

  private func run(_ command: String, _ arguments: [String]) throws {
    let child = try Self.start("/usr/bin/env", [command] + arguments)
    child.waitForExit()
    try #require(child.terminationStatus == 0, "\(command) failed")
  }
}

extension PostfixInstance {
  private var dovecotConfiguration: String {
    """
    protocols =
    base_dir = \(folder)/run
    state_dir = \(folder)/state
    instance_name = \(implicitTLSPort)
    log_path = \(folder)/dovecot.log
    default_internal_user = dovecot
    default_login_user = dovenull
    auth_mechanisms = plain login
    auth_failure_delay = 0
    disable_plaintext_auth = no
    ssl = no
    passdb {
      driver = passwd-file
      args = scheme=PLAIN \(folder)/users
    }
    service auth {
      unix_listener auth-client {
        mode = 0666
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

  private var mainConfiguration: String {
    """
    compatibility_level = 3.6
    queue_directory = \(folder)/queue
    data_directory = \(folder)/data
    command_directory = /usr/sbin
    daemon_directory = /usr/lib/postfix/sbin
    mail_owner = postfix
    setgid_group = postdrop
    maillog_file = \(folder)/queue/postfix.log
    maillog_file_prefixes = \(folder)
    myhostname = mail.school.test
    mydestination =
    mynetworks =
    inet_interfaces = 127.0.0.1
    inet_protocols = ipv4
    alias_maps =
    alias_database =
    local_recipient_maps =
    local_transport = error:no local delivery
    virtual_mailbox_domains = ouders.test
    virtual_mailbox_base = \(folder)/mail
    virtual_mailbox_maps = static:all/
    virtual_minimum_uid = 1
    virtual_uid_maps = static:65534
    virtual_gid_maps = static:65534
    default_transport = error:5.4.4 no outside world
    relay_transport = error:5.4.4 no outside world
    smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
    smtpd_recipient_restrictions = check_recipient_access regexp:\(folder)/rcpt.re
    smtpd_client_connection_count_limit = 0
    smtpd_client_connection_rate_limit = 0
    smtpd_error_sleep_time = 0
    smtpd_peername_lookup = no
    smtpd_forbid_bare_newline = yes
    disable_dns_lookups = yes
    in_flow_delay = 0
    smtpd_tls_cert_file = \(Certificate.localhost.certificate)
    smtpd_tls_key_file = \(Certificate.localhost.key)
    smtpd_sasl_auth_enable = yes
    smtpd_tls_auth_only = yes
    smtpd_sasl_type = dovecot
    smtpd_sasl_path = \(folder)/run/auth-client
    smtpd_client_restrictions = permit_sasl_authenticated, reject

    """
  }

  private var masterConfiguration: String {
    """
    127.0.0.1:\(startTLSPort) inet n - n - - smtpd
      -o smtpd_tls_security_level=encrypt
    127.0.0.1:\(implicitTLSPort) inet n - n - - smtpd
      -o smtpd_tls_wrappermode=yes
    cleanup unix n - n - 0 cleanup
    qmgr unix n - n 300 1 qmgr
    tlsmgr unix - - n 1000? 1 tlsmgr
    rewrite unix - - n - - trivial-rewrite
    bounce unix - - n - 0 bounce
    defer unix - - n - 0 bounce
    trace unix - - n - 0 bounce
    proxymap unix - - n - - proxymap
    error unix - - n - - error
    retry unix - - n - - error
    virtual unix - n n - - virtual
    anvil unix - - n - 1 anvil
    postlog unix-dgram n - n - 1 postlogd

    """
  }
}

@Suite("With Postfix", .serialized)
struct PostfixTests {
  private static func body(_ number: Int) -> String {
    let lines = (0...number % 7).map { ".\r\n..\($0) Groep \(number)\r\n" }.joined()
    return
      "\(lines)\(String(repeating: "é".data(using: .utf8)?.base64EncodedString() ?? "", count: number))\r\nlast \(number)"
  }

  @Test("300 messages over 8 connections are delivered once each, right", arguments: TransportSecurity.protected)
  func many(security: TransportSecurity) async throws {
    let postfix = try PostfixInstance()
    let submitter = CurlSubmitter(account: postfix.account(security), connections: 8, limits: .test)
    try await withThrowingTaskGroup(of: SMTPReply.self) { group in
      for number in 0..<300 {
        group.addTask {
          try await submitter.submit(
            Data("Subject: nr \(number)\r\nX-End: yes\r\n\r\n\(Self.body(number))".utf8),
            envelope: envelope("ouder\(number)@ouders.test", from: "verp+\(number)=x@school.test"))
        }
      }
      for try await reply in group {
        #expect(reply.code == 250 && reply.enhancedStatusCode == "2.0.0" && reply.text.contains("queued as"))
      }
    }
    await submitter.shutdown()
    let mails = try await postfix.delivered(count: 300)
    #expect(mails.count == 300)
    for number in 0..<300 {
      let mine = mails.filter { $0.contains("\nSubject: nr \(number)\n") }
      #expect(mine.count == 1)
      let mail = try #require(mine.first)
      #expect(mail.hasPrefix("Return-Path: <verp+\(number)=x@school.test>\n"))
      #expect(mail.contains("\nDelivered-To: ouder\(number)@ouders.test\n"))
      let isRight = mail.hasSuffix("\n\n" + Self.body(number).replacingOccurrences(of: "\r\n", with: "\n") + "\n")
      #expect(isRight, "message \(number)")
    }
  }

  @Test("refusals, logins and the null reverse path", arguments: TransportSecurity.protected)
  func dialogue(security: TransportSecurity) async throws {
    let postfix = try PostfixInstance()
    let submitter = CurlSubmitter(account: postfix.account(security), connections: 2, limits: .test)
    try await submitter.verifyLogin()
    let gone = try await submitter.submit(plainMessage, envelope: envelope("weg@ouders.test"))
    #expect(gone.code == 550 && gone.enhancedStatusCode == "5.1.1" && gone.text.contains("Onbekend"))
    #expect(try await submitter.submit(plainMessage, envelope: envelope("vol@ouders.test")).isTemporary)
    #expect(try await submitter.submit(plainMessage, envelope: envelope("anna@ouders.test", from: nil)).isAccepted)
    await submitter.shutdown()
    #expect(try await postfix.delivered(count: 1).map { $0.hasPrefix("Return-Path: <>\n") } == [true])

    let wrong = CurlSubmitter(account: postfix.account(security, password: "x"), connections: 1, limits: .test)
    let error = await #expect(throws: TransportError.self) { try await wrong.verifyLogin() }
    #expect(error?.kind == .authentication)
    await wrong.shutdown()
  }
}
