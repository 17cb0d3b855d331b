/// `format=flowed` (RFC 3676): lines that end with a space flow on into the next of the same quote depth.
enum FlowedText {
  /// The lines joined; quote marks are kept, one `>` a level and a space, and stuffed spaces go (section 4.4).
  static func unfolded(_ text: String, deletesSpace: Bool) -> String {
    var result: [String] = []
    // What flows on. It grows in place: a paragraph may have a million lines.
    var (open, openDepth, isOpen) = ("", 0, false)
    func close() {
      if isOpen { result.append(quoted(open, openDepth)) }
      (open, isOpen) = ("", false)
    }
    for line in text.lines {
      let depth = line.prefix { $0 == ">" }.count
      var content = line.dropFirst(depth)
      if content.first == " " { content = content.dropFirst() }
      // The signature's line ends with a space and does not flow (section 4.3).
      let isSignature = content == "-- "
      if isOpen, openDepth != depth || isSignature { close() }
      let flows = !isSignature && content.last == " "
      open += flows && deletesSpace ? content.dropLast() : content
      (openDepth, isOpen) = (depth, true)
      if !flows { close() }
    }
    close()
    return result.joined(separator: "\n")
  }

  private static func quoted(_ text: String, _ depth: Int) -> String {
    depth == 0 ? text : String(repeating: ">", count: depth) + (text.isEmpty ? "" : " ") + text
  }
}
