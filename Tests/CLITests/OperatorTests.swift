import Foundation
import School
import Store
import TestServers
import Testing

@testable import CLI

@Suite("What an administrator is told", .timeLimit(.minutes(6)))
struct OperatorTests {
  @Test(
    "Root on another user's folder is told to be that user, whatever the command",
    .enabled(if: geteuid() == 0),
    arguments: [["check", "--offline", "."], ["serve", "."], ["digest"], ["activation", "send", SmallSchool.parent]])
  func otherOwner(command: [String]) async throws {
    let school = try await SmallSchool()
    for place in ["", "mail-password"] {
      #expect(chown(school.folder.url.appending(path: place).path, 65_534, 65_534) == 0)
    }
    let result = try await school.run(command)
    let told = result.output + result.complaint
    #expect(result.code == 78 && told.contains("runuser -u nobody") && !told.contains("chown"), "\(told)")
  }
}
