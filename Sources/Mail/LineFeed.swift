import Foundation

extension UnsafeRawBufferPointer {
  /// The place of the first LF from `start` on. By memchr(3), which looks at many octets at a time.
  package func firstLineFeed(from start: Int) -> Int? {
    guard start < count, let base = baseAddress else { return nil }
    return memchr(base + start, 0x0A, count - start).map { UnsafeRawPointer($0) - base }
  }
}
