import CArchive
import Foundation

/// Files in one zip, for people to open with what their computer has.
package enum ZIP {
  package struct File: Sendable, Hashable {
    /// With `/` between folders.
    package var path: String
    package var data: Data

    package init(_ path: String, _ data: Data) {
      self.path = path
      self.data = data
    }
  }

  /// `AE_IFREG`, a macro that Swift does not see.
  private static let regularFile: UInt32 = 0o100_000

  /// Nil where the zip would be larger than so many octets.
  package static func octets(_ files: [File], limit: Int) -> Data? {
    guard limit > 0, let archive = archive_write_new() else { return nil }
    defer { archive_write_free(archive) }
    archive_write_set_format_zip(archive)
    // Names are UTF-8, whatever the machine's locale (APPNOTE.TXT, appendix D).
    archive_write_set_options(archive, "zip:hdrcharset=UTF-8")
    var buffer = Data(count: limit)
    var used = 0
    // libarchive keeps both until it closes.
    let isWhole = withUnsafeMutablePointer(to: &used) { used in
      buffer.withUnsafeMutableBytes { octets in
        guard archive_write_open_memory(archive, octets.baseAddress, octets.count, used) == ARCHIVE_OK else {
          return false
        }
        return files.allSatisfy { add($0, to: archive) } && archive_write_close(archive) == ARCHIVE_OK
      }
    }
    return isWhole ? buffer.prefix(used) : nil
  }

  private static func add(_ file: File, to archive: OpaquePointer) -> Bool {
    guard let entry = archive_entry_new() else { return false }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname_utf8(entry, file.path)
    archive_entry_set_size(entry, Int64(file.data.count))
    archive_entry_set_filetype(entry, regularFile)
    archive_entry_set_perm(entry, 0o600)
    // A warning leaves the file readable.
    guard archive_write_header(archive, entry) >= ARCHIVE_WARN else { return false }
    let written = file.data.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    return written == file.data.count
  }
}
