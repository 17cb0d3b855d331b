import Foundation
import GRDB
import School

/// How much waits, and how much there is.
package struct StoreFigures: Sendable {
  /// Mails that are due, and since when the oldest of them is, by lane.
  package var waiting: [Lane: Int] = [:]
  package var oldest: [Lane: Date] = [:]
  /// Messages recorded and not handled, and when the oldest came.
  package var inboundWaiting = 0
  package var inboundOldest: Date?
  /// By part of the store: `database`, `messages`, `files`.
  package var octets: [String: Int] = [:]
}

extension Store {
  /// How long the sizes of the store's folders count as known: a large one takes seconds to go through.
  static let sizesKept: TimeInterval = 600

  package func figures(now: Date) async throws(StoreError) -> StoreFigures {
    var figures = try await read { database in
      var figures = StoreFigures()
      let sql = """
        SELECT lane, count(*) AS waiting, min(first_due_at) AS oldest FROM delivery
        WHERE status = 'waiting' AND first_due_at <= ? GROUP BY lane
        """
      for row in try Row.fetchAll(database, sql: sql, arguments: [now.milliseconds]) {
        guard let lane = Lane(rawValue: row["lane"]) else { continue }
        figures.waiting[lane] = row["waiting"]
        figures.oldest[lane] = row.date("oldest")
      }
      let inbound = try Row.fetchOne(
        database, sql: "SELECT count(*) AS waiting, min(received_at) AS oldest FROM inbound WHERE status = 'waiting'")
      figures.inboundWaiting = inbound?["waiting"] ?? 0
      figures.inboundOldest = (inbound?["oldest"] as Int64?).map(Date.init(milliseconds:))
      return figures
    }
    figures.octets = try await octets(now: now)
    return figures
  }

  private func octets(now: Date) async throws(StoreError) -> [String: Int] {
    if let known = cachedSizes.withLock({ $0 }), abs(now.timeIntervalSince(known.at)) < Self.sizesKept {
      return known.octets
    }
    let octets = try await offPool { [folder] in
      let database = ["postplein.sqlite", "postplein.sqlite-wal"]
        .reduce(0) { $0 + Self.size(folder.appending(path: $1)) }
      return [
        "database": database, "messages": Self.total(folder.appending(path: "messages")),
        "files": Self.total(folder.appending(path: "files")),
      ]
    }
    cachedSizes.withLock { $0 = (now, octets) }
    return octets
  }

  /// 0 where it is not there.
  private static func size(_ file: URL) -> Int {
    (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
  }

  private static func total(_ folder: URL) -> Int {
    let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    return (walk?.compactMap { $0 as? URL } ?? []).reduce(0) { sum, file in
      sum + (file.hasDirectoryPath ? 0 : size(file))
    }
  }
}
