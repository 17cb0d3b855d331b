import Foundation
import School
import Store
import Testing

@testable import CLI

@Suite("Where commands write to", .timeLimit(.minutes(6)))
struct OutputTests {
  private func school() async throws -> SchoolFolder {
    let folder = try SchoolFolder()
    let store = try await Store.open(folder: folder.url.appending(path: "store"), access: .shared)
    _ = try await store.ensureAccount(address: "els@ouders.test", language: .dutch)
    return folder
  }

  private func run(
    _ arguments: [String], in folder: SchoolFolder, to place: String? = nil
  ) async throws -> Binary.Result {
    try await Binary.run(
      arguments, environment: SchoolFolder.environment.merging(["POSTPLEIN_SCHOOL": folder.url.path]) { $1 },
      in: folder.url, to: place)
  }

  private func kind(_ file: URL) throws -> mode_t {
    var status = stat()
    #expect(lstat(file.path, &status) == 0)
    return status.st_mode & S_IFMT
  }

  @Test("A page goes to standard output alone by -, and a person's too")
  func standardOutput() async throws {
    let folder = try await school()
    for arguments in [["report", "page", "-"], ["report", "person", "els@ouders.test", "--html", "-"]] {
      let page = try await run(arguments, in: folder)
      #expect(page.code == 0 && page.output.hasPrefix("<!DOCTYPE html>"), "\(page)")
      #expect(page.output.hasSuffix("</html>\n") && !page.output.contains("written"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "-").path))
  }

  @Test("A file is replaced and its owner's alone; what a link leads to and a pipe are written through, and stay")
  func throughWhatIsThere() async throws {
    let folder = try await school()
    let (file, link, pipe) = (
      folder.url.appending(path: "page.html"), folder.url.appending(path: "link"), folder.url.appending(path: "pipe")
    )
    try folder.write("before", to: "page.html", rights: 0o644)
    #expect(try await run(["report", "page", file.path], in: folder).output == "written: \(file.path)\n")
    let page = try Data(contentsOf: file)
    let rights = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(page.starts(with: Data("<!DOCTYPE html>".utf8)) && rights == 0o600)

    try folder.write("before", to: "target", rights: 0o644)
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "target")
    #expect(try await run(["report", "page", link.path], in: folder).code == 0)
    #expect(try kind(link) == S_IFLNK)
    #expect(try Data(contentsOf: folder.url.appending(path: "target")).starts(with: Data("<!DOCTYPE html>".utf8)))

    #expect(mkfifo(pipe.path, 0o600) == 0)
    async let written = run(["report", "page", pipe.path], in: folder)
    let read = try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try FileHandle(forReadingFrom: pipe).readToEnd() ?? Data() })
      }
    }
    #expect(try await written.code == 0)
    #expect(read.starts(with: Data("<!DOCTYPE html>".utf8)))
    #expect(try kind(pipe) == S_IFIFO)
  }

  @Test("What cannot be printed ends with 74 and why; what cannot be written too")
  func full() async throws {
    let folder = try await school()
    for arguments in [["threads"], ["check", "--offline", "--json", "."], ["report", "page", "-"]] {
      let lost = try await run(arguments, in: folder, to: "/dev/full")
      #expect(lost.code == 74 && lost.complaint.contains("No space left on device"), "\(arguments) \(lost)")
    }
    let nowhere = try await run(["report", "page", "/nonexistent/page.html"], in: folder)
    #expect(nowhere.code == 74 && nowhere.complaint.contains("No such file or directory"), "\(nowhere)")
    let device = try await run(["report", "page", "/dev/full"], in: folder)
    #expect(device.code == 74 && device.complaint.contains("No space left on device"), "\(device)")
    #expect(try kind(URL(filePath: "/dev/full")) == S_IFCHR)
  }
}
