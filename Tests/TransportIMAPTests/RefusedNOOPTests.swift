import Foundation
import Testing
import Transport

@testable import TransportIMAP

@Suite("A server that counts commands", .timeLimit(.minutes(6)))
struct RefusedNOOPTests {
  /// Speaks IMAP as far as a session that waits needs it; refuses the first NOOP, and hangs up at the second. In IDLE it
  /// tells of a message at once.
  private static let peer = """
    import socket, ssl, sys
    folder, port = sys.argv[1], int(sys.argv[2])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder + '/server.pem', folder + '/server.key')
    answers = {
        'CAPABILITY': '* CAPABILITY IMAP4rev1 IDLE\\r\\n', 'LIST': '* LIST (\\\\Noselect) "/" ""\\r\\n',
        'SELECT': '* FLAGS (\\\\Seen)\\r\\n* 0 EXISTS\\r\\n* 0 RECENT\\r\\n* OK [UIDVALIDITY 7] x\\r\\n* OK [UIDNEXT 1] x\\r\\n',
        'LOGOUT': '* BYE\\r\\n'}
    listener = socket.create_server(('127.0.0.1', port))
    while True:
        try:
            client = tls.wrap_socket(listener.accept()[0], server_side=True)
        except OSError:
            continue
        client.sendall(b'* OK hi\\r\\n')
        asked, idle = 0, ''
        for line in client.makefile('rb'):
            tag, _, command = line.decode().strip().partition(' ')
            word = command.split(' ')[0].upper()
            if tag.upper() == 'DONE':
                answer = idle + ' OK done\\r\\n'
            elif word == 'IDLE':
                idle, answer = tag, '+ go\\r\\n* 1 EXISTS\\r\\n'
            elif word == 'NOOP':
                asked += 1
                if asked > 1:
                    break
                answer = tag + ' NO [LIMIT] NOOP rate limit hit\\r\\n'
            else:
                answer = answers.get(word, '') + tag + ' OK done\\r\\n'
            client.sendall(answer.encode())
        client.close()
    """

  @Test("who refuses to be asked often is asked no more, and waited for in the same session")
  func refused() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "noop-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Certificates.make(in: folder)
    let port = try FreePort.take()
    let server = Process()
    server.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    server.arguments = ["-c", Self.peer, folder, "\(port)"]
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer { kill(server.processIdentifier, SIGKILL) }
    try FreePort.waitUntilListening([port])
    let account = ServerAccount(
      host: "localhost", port: port, security: .implicitTLS, userName: "school", password: "geheim",
      trustedCertificatesFile: "\(folder)/ca.pem")
    let session = try await EtpanConnector(account: account).connect(folder: "INBOX")
    for _ in 0..<2 { try await session.waitForChange(limit: .seconds(20), pollInterval: .seconds(20)) }
    await session.close()
  }
}
