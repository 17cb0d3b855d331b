import CArchive
import Foundation

/// The files within what a report came as: plain, gzip, zip, or gzip in gzip.
package enum Unpacked {
  /// Octets that come out of one attachment, all its files together.
  package static let octets = 32 << 20
  /// Octets that come out for one that goes in, beyond the first 64 KB: reports shrink to a thirtieth at most.
  package static let ratio = 200
  package static let ratioFreeOctets = 64 << 10
  package static let files = 10
  /// Octets of an attachment that is looked at.
  package static let packedOctets = 8 << 20

  private static let chunk = 64 << 10

  /// What could be unpacked within the limits; a file that goes beyond them is left out, and so is all after it.
  package static func files(_ packed: Data) -> [Data] {
    guard !packed.isEmpty, packed.count <= packedOctets, let archive = archive_read_new() else { return [] }
    defer { archive_read_free(archive) }
    archive_read_support_filter_gzip(archive)
    archive_read_support_format_zip(archive)
    // What is no archive is one file.
    archive_read_support_format_raw(archive)
    return packed.withUnsafeBytes { octets in
      guard archive_read_open_memory(archive, octets.baseAddress, octets.count) == ARCHIVE_OK else { return [] }
      return read(archive, limit: min(Self.octets, max(ratioFreeOctets, packed.count * ratio)))
    }
  }

  private static func read(_ archive: OpaquePointer, limit: Int) -> [Data] {
    var found: [Data] = []
    var left = limit
    var entry: OpaquePointer?
    while found.count < files, archive_read_next_header(archive, &entry) == ARCHIVE_OK {
      guard let file = file(archive, limit: left) else { break }
      left -= file.count
      if !file.isEmpty { found.append(file) }
    }
    return found
  }

  /// Nil for one that is damaged or too long.
  private static func file(_ archive: OpaquePointer, limit: Int) -> Data? {
    var file = Data()
    var buffer = [UInt8](repeating: 0, count: chunk)
    while true {
      let count = archive_read_data(archive, &buffer, buffer.count)
      guard count >= 0, file.count + count <= limit else { return nil }
      if count == 0 { return file }
      file.append(contentsOf: buffer[..<count])
    }
  }
}
