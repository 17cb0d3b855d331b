import Foundation
import Testing

@Suite("What deploy/ puts on a machine is enough to run")
struct DeploymentTests {
  /// Debian's packages of shared libraries that every image has.
  static let everywhere: Set<String> = ["libc6", "libgcc-s1"]

  /// The packages whose shared libraries the built program names (`NEEDED` of elf(5)), without those of Swift, which
  /// the container links statically.
  static func packagesOfLibraries() throws -> Set<String> {
    let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "postplein")
    let paths = try Loaded.libraries(of: program)
    // Since /lib became a link to /usr/lib, dpkg knows a file by one of the two paths.
    let names = paths.flatMap { [$0, $0.replacing(/^\/usr/, with: "")] }
    let (owners, _) = try DocumentationTests.run(URL(filePath: "/usr/bin/env"), ["dpkg-query", "-S"] + names)
    return Set(owners.matches(of: /(?m)^([^:\n]+)(?::\w+)?: \//).map { String($0.1) })
  }

  @Test("The container has the package of each library that the program is linked with")
  func containerHasLibraries() throws {
    let dockerfile = try String(contentsOf: HouseTests.root.appending(path: "deploy/Dockerfile"), encoding: .utf8)
    let installed = Set(dockerfile.split { $0.isWhitespace }.map(String.init))
    let wanted = try Self.packagesOfLibraries().subtracting(Self.everywhere)
    #expect(wanted.isSuperset(of: ["libetpan20", "libcurl3-gnutls", "libsqlite3-0"]))
    #expect(wanted.subtracting(installed) == [], "deploy/Dockerfile installs none of these for the program")
  }
}

/// Where the loader finds what a program names.
private enum Loaded {
  static func libraries(of program: URL) throws -> [String] {
    let (dynamic, _) = try DocumentationTests.run(URL(filePath: "/usr/bin/env"), ["readelf", "-d", program.path])
    let named = Set(dynamic.matches(of: /NEEDED.*\[(.+)\]/).map { String($0.1) })
    let (found, _) = try DocumentationTests.run(URL(filePath: "/usr/bin/env"), ["ldd", program.path])
    return found.split(separator: "\n").compactMap { line in
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard words.count >= 3, words[1] == "=>", named.contains(words[0]) else { return nil }
      return words[2].contains("swift") ? nil : URL(filePath: words[2]).resolvingSymlinksInPath().path
    }
  }
}
