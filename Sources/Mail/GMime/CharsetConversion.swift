import CGMime
import Foundation

/// Conversion of octets by the iconv that GMime stands on.
enum CharsetConversion {
  /// The text; octets that are no text in that charset become U+FFFD. Nil for a charset that iconv does not know.
  static func text(_ octets: Data, charset: String) -> (text: String, isClean: Bool)? {
    gmimeIsReady
    guard let converter = g_iconv_open("UTF-8", charset), converter != OpaquePointer(bitPattern: -1) else { return nil }
    defer { g_iconv_close(converter) }
    var source = octets.map { CChar(bitPattern: $0) }
    var target = [CChar](repeating: 0, count: 16_384)
    var result: [UInt8] = []
    var isClean = true
    source.withUnsafeMutableBufferPointer { input in
      var from = input.baseAddress
      var fromLeft: gsize = gsize(input.count)
      while fromLeft > 0 {
        var status: gsize = 0
        let written = target.withUnsafeMutableBufferPointer { output in
          var to = output.baseAddress
          var toLeft: gsize = gsize(output.count)
          status = g_iconv(converter, &from, &fromLeft, &to, &toLeft)
          return output.count - Int(toLeft)
        }
        result.append(contentsOf: target[..<written].map { UInt8(bitPattern: $0) })
        // A full buffer (E2BIG) goes on; anything else stopped at an octet that is no text.
        guard status == gsize.max, errno != E2BIG, fromLeft > 0 else { continue }
        isClean = false
        result.append(contentsOf: "\u{FFFD}".utf8)
        from = from?.advanced(by: 1)
        fromLeft -= 1
      }
    }
    return (String(decoding: result, as: UTF8.self), isClean)
  }
}
