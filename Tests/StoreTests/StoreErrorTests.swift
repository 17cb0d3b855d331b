import Foundation
import GRDB
import Testing

@testable import Store

@Suite("What a failure is called")
struct StoreErrorTests {
  @Test("SQLite's result counts where its words are of another database; else its words")
  func sqlite() {
    let full = StoreError(DatabaseError(resultCode: .SQLITE_FULL, message: "not an error"))
    #expect(full.kind == .diskFull && full.message.contains("disk is full"), "\(full)")
    #expect(StoreError(DatabaseError(resultCode: .SQLITE_FULL, message: "no room")).message == "no room")
  }

  @Test("The system's own words stand in the place of Foundation's numbers")
  func foundation() {
    let within = CocoaError(.fileWriteUnknown, userInfo: [NSUnderlyingErrorKey: POSIXError(.ENOSPC)])
    #expect(StoreError(within).message == "No space left on device", "\(StoreError(within))")
    #expect(POSIXError(.EACCES).systemWords == "Permission denied")
    #expect(NSError(domain: NSPOSIXErrorDomain, code: Int(EIO)).systemWords == "Input/output error")
    let nowhere = URL(filePath: "/nonexistent/\(UUID().uuidString)")
    let written = Result { try Data("x".utf8).write(to: nowhere, options: .atomic) }
    #expect(throws: (any Error).self) { try written.get() }
    if case .failure(let error) = written { #expect(error.systemWords == "No such file or directory", "\(error)") }
  }
}
