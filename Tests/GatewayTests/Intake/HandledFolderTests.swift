import Foundation
import Synchronization
import Testing
import Transport

@testable import Gateway

@Suite("The handled folder")
struct HandledFolderTests {
  @Test("Mail that lies there for longer than the school wants goes, and no other")
  func clears() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { state in
      for uid in UID(1)...3 {
        state.messages[uid] = MailboxWatchTests.mail(Int(uid))
        state.arrived[uid] = gateway.now().addingTimeInterval(-86_400 * [29, 31, 400][Int(uid) - 1])
      }
    }
    try await HandledFolder(gateway: gateway, connector: mailbox).clear(olderThan: 30)
    #expect(mailbox.state.withLock { $0.messages.keys.sorted() } == [1])
  }

  @Test("A round that fails is followed by others, until the gateway stops", .timeLimit(.minutes(6)))
  func rounds() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: []) { $0.folders.keepDays = 30 }
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { state in
      state.failures = 2
      (state.messages[1], state.arrived[1]) = (MailboxWatchTests.mail(1), .distantPast)
    }
    let running = Task {
      await HandledFolder(gateway: gateway, connector: mailbox).run(after: .zero, every: .milliseconds(1))
    }
    while mailbox.state.withLock({ !$0.messages.isEmpty || $0.connects < 4 }) { await pause(.milliseconds(1)) }
    running.cancel()
    await running.value
  }

  @Test("Where the school said nothing the folder is not even opened")
  func keeps() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    await HandledFolder(gateway: gateway, connector: mailbox).run()
    #expect(mailbox.state.withLock(\.connects) == 0)
  }
}
