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
      if !isOpen, depth == 0, content.first == ">" { open = mark }
      let flows = !isSignature && content.last == " "
      open += flows && deletesSpace ? content.dropLast() : content
      (openDepth, isOpen) = (depth, true)
      if !flows { close() }
    }
    close()
    return result.joined(separator: "\n")
  }

  /// Stands before a `>` that the sender typed (section 4.4): it marks no quote. A word joiner, which shows nothing.
  private static let mark = "\u{2060}"

  /// The line without the mark, where its `>` is no mark of a quote.
  static func typedMark(_ line: some StringProtocol) -> String? {
    line.hasPrefix(mark + ">") ? String(line.dropFirst()) : nil
  }

  private static func quoted(_ text: String, _ depth: Int) -> String {
    depth == 0 ? text : String(repeating: ">", count: depth) + (text.isEmpty ? "" : " ") + text
  }
}
