import Foundation
import Glibc

/// A file that holds a secret: ours, and for nobody else to read.
enum PrivateFile {
  /// The most octets that are read.
  static let longest = 4_096

  /// The content without white space at its end.
  ///
  /// - Throws: what is wrong, and what to do; never the content.
  static func read(_ file: URL) throws(ConfigurationProblem) -> String {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let words = String(cString: strerror(errno))
      throw problem(file, "cannot be read: \(words)", "make it, and see that the gateway's user may read it")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw problem(file, "is no file", "put the secret in a file of its own")
    }
    guard status.st_uid == geteuid() else {
      throw problem(file, "belongs to another user", "chown it to the user that runs the gateway")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw problem(file, "can be read by others", "chmod 600 \(file.path)")
    }
    let data = (try? handle.read(upToCount: longest + 1)) ?? Data()
    guard !data.isEmpty, data.count <= longest, let text = String(data: data, encoding: .utf8) else {
      throw problem(file, "holds no text of at most \(longest) octets", "put the secret in it, and nothing else")
    }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func problem(_ file: URL, _ message: String, _ advice: String) -> ConfigurationProblem {
    ConfigurationProblem(message: "\(file.path) \(message)", advice: advice)
  }
}
