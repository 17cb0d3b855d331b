import Foundation
import Glibc

/// What the machine says of the folder in which a school's store lies, or will: who else may look into it, and how much
/// room there is.
struct FolderCheck {
  /// Octets under which room is little: a week of photos.
  static let leastRoom = 1 << 30

  let place: URL
  /// The largest mail that must be kept, in octets.
  let messageSize: Int

  var lines: [CheckLine] { [rights, roomLine(Self.room(at: place))].compactMap(\.self) }

  /// What can be said against the rights of the folder; nil where there is nothing, or it is not there yet.
  private var rights: CheckLine? {
    var status = stat()
    guard stat(place.path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
    let advice = "chmod 700 \(place.path)"
    return status.st_mode & 0o022 == 0
      ? .warning("store", "others on this machine can see what is in \(place.path)", advice: advice)
      : .failed("store", "others on this machine can write in \(place.path)", advice: advice)
  }

  /// - Parameter room: in octets; nil where the machine does not tell.
  func roomLine(_ room: Int?) -> CheckLine? {
    guard let room, room < Self.leastRoom else { return nil }
    let message = "\(room >> 20) MB are left on its disk"
    return room < messageSize
      ? .failed("store", "\(message): large mail cannot be kept", advice: "make room there", isTemporary: true)
      : .warning("store", message, advice: "make room there before mail has to wait for it")
  }

  /// Octets that are free on the disk of a folder, or of the one that it will be made in.
  private static func room(at place: URL) -> Int? {
    let folder = FileManager.default.fileExists(atPath: place.path) ? place : place.deletingLastPathComponent()
    var status = statvfs()
    guard statvfs(folder.path, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
  }
}
