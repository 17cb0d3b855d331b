/// A line of an HTML document as a reader sees it.
struct HTMLLine: Sendable, Hashable {
  var text: String
  /// How many quotes it stands in.
  var depth: Int
  var mark: HTMLMark?
  /// All its text has a colour of its own.
  var isColoured = false
}

extension HTMLTree {
  /// The document as plain text, quotes marked by `>`.
  var text: String {
    lines.map { $0.depth == 0 ? $0.text : String(repeating: ">", count: $0.depth) + " " + $0.text }
      .joined(separator: "\n").trimmed
  }

  /// The lines a reader sees, in order: hidden text dropped, links with their address, lists and tables readable.
  var lines: [HTMLLine] {
    var writer = HTMLWriter(tree: self)
    return writer.write()
  }
}

/// Walks the nodes with a stack of its own: depth costs no call stack.
private struct HTMLWriter {
  let tree: HTMLTree
  private var lines: [HTMLLine] = []
  private var line = ""
  private var blanksDue = 0
  private var pendingSpace = false
  private var depth = 0
  private var marks: [HTMLMark] = []
  private var restIsQuote = false
  private var preformatted = 0
  private var lists: [Int?] = []
  /// Of the elements around that say what size their text has: whether it has none.
  private var sizes: [Bool] = []
  /// Of the elements around that say what colour their text has: whether it is another than that of all text.
  private var colours: [Bool] = []
  /// Whether the line's text so far has one throughout; nil as long as there is none.
  private var isColoured: Bool?
  /// What stands before the text of a list item, until that text comes.
  private var item = ""

  init(tree: HTMLTree) { self.tree = tree }

  private enum Step {
    case enter(Int)
    case leave(Int, HTMLMark?)
    case leaveSize
    case leaveColour
  }

  private static let skipped: Set<String> = [
    "head", "style", "script", "title", "template", "noscript", "select", "object", "svg", "iframe", "textarea", "meta",
  ]
  /// Of a list; a higher one is taken for this one.
  private static let highestNumber = 1_000_000
  private static let blocks: Set<String> = [
    "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "blockquote", "pre", "section",
    "article", "header", "footer", "hr", "center", "address", "dl", "dt", "dd", "form", "fieldset", "body", "html",
    "figure", "tbody", "thead", "caption",
  ]
  private static let spaced: Set<String> = [
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote",
  ]

  mutating func write() -> [HTMLLine] {
    var steps: [Step] = [.enter(0)]
    while let step = steps.popLast() {
      switch step {
      case .enter(let index):
        let node = tree.nodes[index]
        if node.name.isEmpty {
          if sizes.last != true {
            if !node.text.allSatisfy(\.isWhitespace) { isColoured = isColoured != false && colours.last == true }
            add(node.text)
          }
          continue
        }
        let mark = HTMLMark.of(node)
        if mark == .hidden || Self.skipped.contains(node.name) { continue }
        enter(node, mark)
        if let hidesText = HTMLMark.hidesText(node) {
          sizes.append(hidesText)
          steps.append(.leaveSize)
        }
        if let hasColour = HTMLMark.hasColour(node) {
          colours.append(hasColour)
          steps.append(.leaveColour)
        }
        steps.append(.leave(index, mark))
        for child in node.children.reversed() { steps.append(.enter(child)) }
      case .leave(let index, let mark): leave(tree.nodes[index], mark)
      case .leaveSize: sizes.removeLast()
      case .leaveColour: colours.removeLast()
      }
    }
    endLine()
    while lines.last?.text.isEmpty == true { lines.removeLast() }
    return lines
  }

  private mutating func enter(_ node: HTMLTree.Node, _ mark: HTMLMark?) {
    if Self.blocks.contains(node.name) || mark != nil { block(node) }
    switch mark {
    case .quote: depth += 1
    case .restIsQuote: restIsQuote = true
    case .attribution, .signature, .footer: if let mark { marks.append(mark) }
    case .hidden, nil: break
    }
    switch node.name {
    case "br": endLine(always: true)
    case "pre": preformatted += 1
    case "ul": lists.append(nil)
    case "ol":
      lists.append(
        Int(node.attributes["start"] ?? "").map { min(max($0, -Self.highestNumber), Self.highestNumber) } ?? 1)
    case "li": startItem()
    case "td", "th": pendingSpace = true
    case "hr": add("________________________________")
    case "img":
      let alt = (node.attributes["alt"] ?? "").trimmed
      if !alt.isEmpty, alt.utf8.count <= 8, alt.unicodeScalars.allSatisfy({ $0.properties.isEmoji }) { add(alt) }
    default: break
    }
  }

  private mutating func leave(_ node: HTMLTree.Node, _ mark: HTMLMark?) {
    if node.name == "a" { addLink(node) }
    if node.name == "ul" || node.name == "ol" {
      endLine()
      _ = lists.popLast()
    }
    if Self.blocks.contains(node.name) || mark != nil { block(node) }
    switch mark {
    case .quote: depth -= 1
    case .attribution, .signature, .footer: marks.removeLast()
    case .restIsQuote, .hidden, nil: break
    }
    if node.name == "pre" { preformatted -= 1 }
    if node.name == "li" { item = "" }
  }

  /// The address of a link whose text does not tell it.
  private mutating func addLink(_ node: HTMLTree.Node) {
    guard let link = node.attributes["href"]?.trimmed, link.utf8.count <= 2_000 else { return }
    let lower = link.lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else { return }
    let bare = { (text: String) in
      var text = text[...]
      for prefix in ["https://", "http://", "www."] where text.hasPrefix(prefix) { text = text.dropFirst(prefix.count) }
      return text.hasSuffix("/") ? String(text.dropLast()) : String(text)
    }
    // The end of the line, where the link's own text stands: a line may hold thousands of links.
    let end = String(decoding: line.utf8.suffix(link.utf8.count + 16), as: UTF8.self)
    let shown = end.trimmed.lowercased()
    guard !shown.isEmpty, !bare(shown).hasSuffix(bare(lower)), !shown.hasSuffix(lower) else { return }
    add(" <\(link)>")
  }

  private mutating func startItem() {
    let indent = String(repeating: "  ", count: max(0, min(lists.count, 8) - 1))
    if let number = lists.last ?? nil {
      item = "\(indent)\(number). "
      lists[lists.count - 1] = number + 1
    } else {
      item = "\(indent)- "
    }
    pendingSpace = false
  }

  private mutating func block(_ node: HTMLTree.Node) {
    endLine()
    if Self.spaced.contains(node.name), lists.isEmpty { blanksDue = 1 }
  }

  private mutating func add(_ text: String) {
    if preformatted > 0 {
      let parts = text.lines
      for (index, part) in parts.enumerated() {
        if index > 0 { endLine(always: true) }
        line += part
      }
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case " ", "\t", "\n", "\r", "\u{0C}": pendingSpace = true
      case "\u{200B}", "\u{FEFF}", "\u{AD}": continue
      default:
        if pendingSpace, !line.isEmpty, !line.hasSuffix(" ") { line += " " }
        pendingSpace = false
        line.unicodeScalars.append(scalar == "\u{A0}" ? " " : scalar)
      }
    }
  }

  private mutating func endLine(always: Bool = false) {
    let isBlank = line.trimmed.isEmpty
    // `<div>&nbsp;</div>` is how many clients write an empty line.
    let always = always || isBlank && !line.isEmpty && preformatted == 0
    var text = preformatted > 0 ? line : line.trimmed
    line = ""
    pendingSpace = false
    let isColoured = isColoured == true
    self.isColoured = nil
    if isBlank {
      guard always else { return }
      text = ""
    } else if !item.isEmpty {
      text = item + text
      item = ""
    }
    let mark = marks.last ?? (restIsQuote ? .restIsQuote : nil)
    if blanksDue > 0, let last = lines.last, !last.text.isEmpty {
      lines.append(HTMLLine(text: "", depth: min(depth, last.depth), mark: last.mark == mark ? mark : nil))
    }
    blanksDue = 0
    lines.append(HTMLLine(text: text, depth: depth, mark: mark, isColoured: isColoured))
  }
}
