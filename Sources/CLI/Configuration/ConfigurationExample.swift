/// The documented configuration: each key with what it means, as `deploy/postplein.example.yaml` has it.
enum ConfigurationExample {
  /// Keys that are not required stand behind `#`, with the value that holds without them where there is one.
  static var text: String {
    let head = """
      # Postplein's configuration of one school: postplein.yaml in the school's folder.
      # Written by `postplein check --keys`; `postplein check FOLDER` verifies yours. A key behind # may be left out.

      """
    let sections = ConfigurationKeys.sections.map { section in
      let keys = ConfigurationKeys.all.filter { $0.section == section.name }
      return "\(comment(section.doc, indent: ""))\n\(section.name):\n" + keys.map(entry).joined(separator: "\n")
    }
    return head + "\n" + sections.joined(separator: "\n\n") + "\n"
  }

  private static func entry(_ key: any AnyConfigurationKey) -> String {
    let nature = [
      key.isRequired ? "Required" : nil, "\(key.formName)",
      key.fallbackText.flatMap { $0 == "[]" ? nil : "default \($0)" },
    ].compactMap(\.self).joined(separator: "; ")
    let isShown = key.isRequired || shown.contains(key.path)
    let sentence = nature.prefix(1).uppercased() + nature.dropFirst()
    return "\(comment("\(key.doc) \(sentence).", indent: "  "))\n  \(isShown ? "" : "#")\(key.word): \(key.exampleText)"
  }

  /// Keys that make the example whole, though they are not always required.
  private static let shown: Set<String> = ["address.mailbox", "imap.password-file", "smtp.password-file"]

  /// Lines of at most 110 characters.
  private static func comment(_ text: String, indent: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < 108 - indent.count {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { "\(indent)# \($0)" }.joined(separator: "\n")
  }
}
