import Foundation
import Synchronization

/// One gateway from its start to its end. It counts the steps that the gateway takes, and is over at the one that the
/// story names. What the gateway does after that reaches no server, nor the folder in which the next one lives.
final class Life: Sendable {
  private struct State {
    var stepsLeft: Int?
    var isOver = false
    var steps: [String] = []
  }

  private let state = Mutex(State())
  private let folder: URL
  /// A copy of the folder as it was at the end.
  let legacy: URL

  init(folder: URL, legacy: URL) {
    self.folder = folder
    self.legacy = legacy
  }

  var isOver: Bool { state.withLock(\.isOver) }
  /// All that it did, in order.
  var steps: [String] { state.withLock(\.steps) }

  func end(after steps: Int?) { state.withLock { $0.stepsLeft = steps } }

  /// The gateway is at a named step.
  func step(_ name: String) {
    let isLast = state.withLock { state in
      guard !state.isOver else { return false }
      state.steps.append(name)
      guard let left = state.stepsLeft else { return false }
      state.stepsLeft = left - 1
      state.isOver = left <= 1
      return state.isOver
    }
    if isLast { leave() }
  }

  /// Nothing else is at work, so the files are as a crash would leave them: SQLite's log is not written into its file.
  private func leave() {
    let manager = FileManager.default
    do {
      try manager.createDirectory(at: legacy, withIntermediateDirectories: true)
      for name in try manager.subpathsOfDirectory(atPath: folder.path) {
        // A lock ends with who holds it, and so does shared memory.
        if name.hasSuffix("-shm") || name.hasSuffix(".lock") { continue }
        let (source, target) = (folder.appending(path: name), legacy.appending(path: name))
        var isFolder: ObjCBool = false
        _ = manager.fileExists(atPath: source.path, isDirectory: &isFolder)
        if isFolder.boolValue {
          try manager.createDirectory(at: target, withIntermediateDirectories: true)
        } else if name.hasPrefix("postplein.sqlite") {
          try manager.copyItem(at: source, to: target)
        } else {
          // What has its name is never written to again.
          try manager.linkItem(at: source, to: target)
        }
      }
    } catch { fatalError("The simulation cannot copy a folder: \(error)") }
  }
}
