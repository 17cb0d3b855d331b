import Foundation
import Gateway
import Glibc

/// The secret by which a school's reply keys are made: `secret` in its folder, 32 random octets in hexadecimal.
/// Whoever has it can make keys; without it, those of mails that went out before are worth nothing.
enum SchoolSecret {
  static let fileName = "secret"

  /// - Throws: where it is missing, damaged, or readable by others.
  static func load(folder: URL) throws(ConfigurationProblem) -> KeyRing {
    let file = folder.appending(path: fileName)
    let text = try PrivateFile.read(file)
    guard let octets = octets(text), let keys = KeyRing(secret: octets) else {
      throw ConfigurationProblem(
        message: "\(file.path) does not hold \(KeyRing.secretOctets) octets in hexadecimal",
        advice: "put it back from a backup: a new one makes the keys in all mails that went out before worthless")
    }
    return keys
  }

  /// Makes the secret where there is none yet.
  static func loadOrMake(folder: URL) throws(ConfigurationProblem) -> KeyRing {
    if try !exists(folder: folder) { try make(folder: folder) }
    return try load(folder: folder)
  }

  /// - Throws: where that cannot be known: what cannot be looked at is not gone.
  static func exists(folder: URL) throws(ConfigurationProblem) -> Bool {
    let file = folder.appending(path: fileName)
    var status = stat()
    if stat(file.path, &status) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else {
      throw ConfigurationProblem(
        message: "\(file.path) cannot be read: \(String(cString: strerror(errno)))",
        advice: "see that the gateway's user may read the folder")
    }
    return false
  }

  /// Written whole and durable under another name first, so that neither a crash nor a second process leaves half of
  /// one.
  private static func make(folder: URL) throws(ConfigurationProblem) {
    let file = folder.appending(path: fileName)
    let draft = folder.appending(path: ".\(fileName)-\(UUID().uuidString)")
    let text = (0..<KeyRing.secretOctets).map { _ in String(format: "%02x", UInt8.random(in: .min ... .max)) }
    let isWritten = write(text.joined() + "\n", to: draft)
    defer { unlink(draft.path) }
    guard isWritten, link(draft.path, file.path) == 0 || errno == EEXIST, synchronize(folder) else {
      throw ConfigurationProblem(
        message: "\(file.path) cannot be made: \(String(cString: strerror(errno)))",
        advice: "let the gateway's user write in the folder")
    }
  }

  private static func write(_ text: String, to file: URL) -> Bool {
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let octets = Array(text.utf8)
    return Glibc.write(descriptor, octets, octets.count) == octets.count && fsync(descriptor) == 0
  }

  private static func synchronize(_ folder: URL) -> Bool {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  private static func octets(_ text: String) -> Data? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count == KeyRing.secretOctets * 2 else { return nil }
    return Data(stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }
}
