import Transport

/// How a server names folders: RFC 3501, section 5.1, and the personal namespace of RFC 2342.
struct MailboxNaming: Sendable, Hashable {
  /// Nil where the server has no hierarchy.
  var delimiter: Character?
  /// What the names of one's own folders begin with, `INBOX.` on some servers; usually empty.
  var prefix = ""

  /// The longest name, in characters of the path given.
  static let maximumLength = 500

  /// The name on the wire of a folder given as `Postplein/Handled` or `INBOX/Handled`, in modified UTF-7.
  func wireName(of folder: String) throws(TransportError) -> String {
    let parts = folder.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    // libetpan puts names on the wire as they are: a line end in one would be a command of its own.
    let isControlled = folder.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    guard !isControlled, !parts.contains(""), folder.count <= Self.maximumLength else {
      throw TransportError(.notFound, "not a name of a folder: empty parts, control characters or too long")
    }
    if parts.count == 1 && parts[0].uppercased() == "INBOX" { return "INBOX" }
    var name = parts.joined(separator: delimiter.map(String.init) ?? "/")
    if !name.uppercased().hasPrefix(prefix.uppercased()) { name = prefix + name }
    return Self.modifiedUTF7(name)
  }

  /// RFC 3501, section 5.1.3: printable ASCII as it is, `&` as `&-`, the rest as UTF-16 in base64 with `,` for `/`.
  static func modifiedUTF7(_ text: String) -> String {
    var result = ""
    var pending: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard (0x20...0x7E).contains(scalar.value) else {
        for unit in String(scalar).utf16 { pending += [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
        continue
      }
      result += shifted(&pending)
      result += scalar == "&" ? "&-" : String(scalar)
    }
    return result + shifted(&pending)
  }

  private static func shifted(_ bytes: inout [UInt8]) -> String {
    guard !bytes.isEmpty else { return "" }
    defer { bytes = [] }
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,")
    var text = "&"
    var bits = 0
    var count = 0
    for byte in bytes {
      bits = bits << 8 | Int(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[bits >> count & 63])
      }
      bits &= 63
    }
    if count > 0 { text.append(alphabet[bits << (6 - count) & 63]) }
    return text + "-"
  }
}
