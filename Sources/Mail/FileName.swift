/// Names of files as senders give them.
enum FileName {
  /// What is left of a name to show and to store beside, never a path: the last component, without control characters,
  /// separators, direction marks (they disguise an extension) and leading dots; at most 200 octets,
  /// which a file system takes with something before it.
  static func safe(_ name: String) -> String {
    let forbidden: Set<Unicode.Scalar> = ["/", "\\", ":", "*", "?", "\"", "<", ">", "|", "\u{FEFF}"]
    let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
    let isUnsafe = { (scalar: Unicode.Scalar) in
      scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x200B...0x200F).contains(scalar.value)
        || (0x2028...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        || forbidden.contains(scalar)
    }
    let scalars = last.unicodeScalars.filter { !isUnsafe($0) }
    let clean = String(String.UnicodeScalarView(scalars)).trimmed.drop { $0 == "." || $0 == " " }
    guard clean.utf8.count > 200 else { return clean.isEmpty ? "attachment" : String(clean) }
    let ending = clean.lastIndex(of: ".").map { clean[$0...] }.flatMap { $0.utf8.count <= 10 ? $0 : nil } ?? ""
    return clean.prefix(octets: 200 - ending.utf8.count) + ending
  }

  /// An ending for a file that came without a name.
  static func ending(of type: ContentType) -> String {
    switch type.mediaType {
    case "image/jpeg": "jpg"
    case "text/calendar": "ics"
    case "application/octet-stream": "bin"
    default: String(safe(type.subtype).prefix(10))
    }
  }

  /// What a file is by the ending of its name, for one that came without a type.
  static func type(of name: String) -> ContentType {
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let slash = mediaTypes[ending]?.split(separator: "/").map(String.init) ?? ["application", "octet-stream"]
    return ContentType(type: slash[0], subtype: slash[1])
  }

  /// Registered media types (IANA) of what schools and parents send.
  private static let mediaTypes = [
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "heic": "image/heic", "txt": "text/plain", "ics": "text/calendar", "csv": "text/csv",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ]
}
