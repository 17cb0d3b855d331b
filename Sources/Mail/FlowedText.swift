/// `format=flowed` (RFC 3676): lines that end with a space flow on into the next of the same quote depth.
enum FlowedText {
  /// The lines joined; quote marks are kept, one `>` a level and a space, and stuffed spaces go (section 4.4).
  static func unfolded(_ text: String, deletesSpace: Bool) -> String {
    var result: [String] = []
    var flowing: (depth: Int, text: String)?
    for line in text.lines {
      let depth = line.prefix { $0 == ">" }.count
      var content = line.dropFirst(depth)
      if content.first == " " { content = content.dropFirst() }
      // The signature's line ends with a space and does not flow (section 4.3).
      let isSignature = content == "-- "
      if let open = flowing, open.depth != depth || isSignature {
        result.append(quoted(open.text, open.depth))
        flowing = nil
      }
      let joined = (flowing?.text ?? "") + content
      if !isSignature, content.last == " " {
        flowing = (depth, deletesSpace ? String(joined.dropLast()) : joined)
      } else {
        result.append(quoted(joined, depth))
        flowing = nil
      }
    }
    if let open = flowing { result.append(quoted(open.text, open.depth)) }
    return result.joined(separator: "\n")
  }

  private static func quoted(_ text: String, _ depth: Int) -> String {
    depth == 0 ? text : String(repeating: ">", count: depth) + (text.isEmpty ? "" : " ") + text
  }
}
