import ArgumentParser
import DNS
import Foundation

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Verifies schools' configuration, templates, store and mail servers, and says what to do about what is wrong.",
    discussion: Exit.documentation)

  @Argument(help: "Folders of schools.", completion: .directory)
  var folders: [String] = []

  @Flag(help: "Print the documentation of all keys of the configuration, as a postplein.yaml, and do nothing else.")
  var keys = false

  @Flag(help: "Look at files only; do not log in to the mail servers.")
  var offline = false

  @Flag(help: "Ask the DNS what it says of the school as a sender: SPF, DKIM, DMARC, MX, PTR, MTA-STS, TLS-RPT, DANE.")
  var dns = false

  @Option(help: "Ask this DNS server, an address and perhaps @port, instead of the machine's own.")
  var dnsServer: String?

  @OptionGroup var installation: Installation

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    guard keys || !folders.isEmpty else { throw ValidationError("Give the folder of a school.") }
    guard let dnsServer else { return }
    guard dns else { throw ValidationError("--dns-server says whom --dns asks: give that too.") }
    guard Resolver.accepts(server: dnsServer) else {
      throw ValidationError("--dns-server \(dnsServer) is no address of a server, as 9.9.9.9 or 127.0.0.1@5353.")
    }
  }

  func run() async throws {
    guard !keys else { return Output.text(ConfigurationExample.text) }
    var lines: [CheckLine] = []
    for folder in folders {
      let url = URL(filePath: folder, directoryHint: .isDirectory).absoluteURL
      let check = SchoolCheck(
        folder: url, templates: try? installation.templatesFolder(), environment: ProcessInfo.processInfo.environment,
        asksServers: !offline)
      var found = await check.run()
      if dns, let configuration = try? SchoolConfiguration.load(folder: url) {
        found += await SenderCheck(configuration, server: dnsServer).run()
      }
      try show(found, of: folder)
      lines += found
    }
    if let code = Self.exitCode(lines) { throw code }
  }

  private func show(_ lines: [CheckLine], of folder: String) throws {
    if json {
      for line in lines { try Output.json(SchoolLine(school: folder, line: line)) }
    } else {
      if folders.count > 1 { Output.line("\(folder):") }
      for line in lines { Output.line(line.text) }
    }
  }

  private struct SchoolLine: Encodable {
    let school: String
    let line: CheckLine

    enum CodingKeys: String, CodingKey { case school }

    func encode(to encoder: any Encoder) throws {
      try line.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(school, forKey: .school)
    }
  }

  /// The gravest: the configuration, then what somebody must mend, then what may pass. Nil where nothing failed.
  static func exitCode(_ lines: [CheckLine]) -> ExitCode? {
    let failures = lines.filter { $0.status == .failed }
    if failures.contains(where: { $0.subject == "configuration" }) { return Exit.configuration }
    guard !failures.isEmpty else { return nil }
    return failures.allSatisfy(\.isTemporary) ? Exit.unavailable : Exit.failed
  }
}
