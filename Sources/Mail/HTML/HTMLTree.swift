import CLibxml2
import Foundation

/// An HTML document as a flat array of nodes, as far as reading its text needs it.
///
/// libxml2 parses: Debian keeps it patched, it is installed wherever Foundation is, and its SAX interface never builds
/// a tree of its own, so that depth costs us no stack (gumbo frees its tree by recursion, which 100,000 nested
/// elements overflow).
struct HTMLTree: Sendable {
  struct Node: Sendable {
    /// Lower case; empty for text.
    var name: String
    var attributes: [String: String] = [:]
    var text = ""
    var parent: Int
    var children: [Int] = []
  }

  /// The first node is the root, which stands for the document.
  var nodes: [Node] = [Node(name: "#root", parent: -1)]

  /// Elements deeper than this end the parse; what follows is read without its tags.
  static let depthLimit = 500
  /// Nodes of a document; past it the rest is read without tags.
  static let nodeLimit = 200_000
  /// Blanks and quotes in one tag, of which there are at least as many as attributes: libxml2 compares each attribute
  /// with all before it, so that 100,000 take it a minute. What follows is read without its tags.
  static let tagLimit = 5_000

  init(_ html: String) {
    let builder = HTMLBuilder()
    // Without a body, libxml2 makes a paragraph of its own at each piece of text.
    let hasBody = html.range(of: "<body", options: .caseInsensitive) != nil
    var octets = Array((hasBody ? html : "<body>" + html).utf8.filter { $0 != 0 })
    let length = octets.count
    let readable = TagScan.firstTooLong(octets) ?? length
    octets.append(0)
    octets.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { builder.parse($0.baseAddress, count: readable) }
    }
    nodes = builder.nodes
    if let consumed = builder.stoppedAt ?? (readable < length ? readable : nil) {
      nodes.append(Node(name: "", text: Self.withoutTags(octets[min(consumed, length)..<length]), parent: 0))
      nodes[0].children.append(nodes.count - 1)
    }
  }

  private static func withoutTags(_ octets: ArraySlice<UInt8>) -> String {
    var text: [UInt8] = []
    var inTag = false
    for octet in octets {
      if octet == UInt8(ascii: "<") { inTag = true }
      if !inTag { text.append(octet) }
      if octet == UInt8(ascii: ">") { inTag = false }
    }
    return String(decoding: text, as: UTF8.self)
  }

  func attribute(_ node: Int, _ name: String) -> String { nodes[node].attributes[name] ?? "" }
}

/// libxml2 wants one `xmlInitParser` before threads use it (its "Thread safety" page): where the first two documents
/// are read beside each other, both make its dictionary's lock, and wait for it for ever.
private let libxml2IsReady: Void = xmlInitParser()

/// Collects what libxml2's SAX parser tells. Used by one call of `parse`, on one thread.
private final class HTMLBuilder {
  var nodes = [HTMLTree.Node(name: "#root", parent: -1)]
  /// Octets that were read when a limit ended the parse.
  var stoppedAt: Int?
  private var open = [0]
  private var context: htmlParserCtxtPtr?

  /// The attributes that rules look at.
  private static let kept: Set<String> = [
    "class", "id", "style", "type", "name", "href", "alt", "hidden", "data-marker", "tabindex", "align", "size",
    "start",
    "cite", "dir", "color",
  ]

  func parse(_ text: UnsafePointer<CChar>?, count: Int) {
    libxml2IsReady
    guard let context = htmlNewParserCtxt() else { return }
    defer { htmlFreeParserCtxt(context) }
    self.context = context
    var handler = htmlSAXHandler()
    handler.startElement = { user, name, attributes in HTMLBuilder.of(user)?.start(name, attributes) }
    handler.endElement = { user, name in HTMLBuilder.of(user)?.end(name) }
    handler.characters = { user, text, length in HTMLBuilder.of(user)?.characters(text, length) }
    handler.cdataBlock = handler.characters
    handler.ignorableWhitespace = handler.characters
    handler.comment = { user, text in HTMLBuilder.of(user)?.comment(text) }
    context.pointee.sax.pointee = handler
    // Unretained: this object outlives the call that uses it.
    context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    let options =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
      | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOIMPLIED.rawValue | HTML_PARSE_IGNORE_ENC.rawValue
    _ = htmlCtxtReadMemory(context, text, Int32(clamping: count), nil, "UTF-8", Int32(options))
    self.context = nil
  }

  private static func of(_ user: UnsafeMutableRawPointer?) -> HTMLBuilder? {
    user.map { Unmanaged<HTMLBuilder>.fromOpaque($0).takeUnretainedValue() }
  }

  private func start(_ name: UnsafePointer<UInt8>?, _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?) {
    guard let name, stoppedAt == nil else { return }
    guard open.count < HTMLTree.depthLimit, nodes.count < HTMLTree.nodeLimit else { return stop() }
    var node = HTMLTree.Node(name: String(cString: name).lowercased(), parent: open[open.count - 1])
    var index = 0
    while let attributes, let key = attributes[index] {
      let key = String(cString: key)
      if Self.kept.contains(key) { node.attributes[key] = attributes[index + 1].map { String(cString: $0) } ?? "" }
      index += 2
    }
    append(node)
    open.append(nodes.count - 1)
  }

  private func end(_ name: UnsafePointer<UInt8>?) {
    guard stoppedAt == nil, let name, open.count > 1 else { return }
    let closed = String(cString: name).lowercased()
    guard let position = open.lastIndex(where: { nodes[$0].name == closed }), position > 0 else { return }
    open.removeSubrange(position...)
  }

  private func characters(_ text: UnsafePointer<UInt8>?, _ length: Int32) {
    guard let text, stoppedAt == nil else { return }
    let string = String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self)
    // libxml2 tells long text in pieces.
    if let last = nodes[open[open.count - 1]].children.last, nodes[last].name.isEmpty {
      nodes[last].text += string
    } else {
      append(HTMLTree.Node(name: "", text: string, parent: open[open.count - 1]))
    }
  }

  /// Samsung marks the original by a comment.
  private func comment(_ text: UnsafePointer<UInt8>?) {
    guard let text, stoppedAt == nil, nodes.count < HTMLTree.nodeLimit else { return }
    let string = String(cString: text).trimmed
    guard string.utf8.count < 80 else { return }
    append(HTMLTree.Node(name: "#comment", text: string, parent: open[open.count - 1]))
  }

  private func append(_ node: HTMLTree.Node) {
    nodes.append(node)
    nodes[node.parent].children.append(nodes.count - 1)
  }

  private func stop() {
    guard let context, let input = context.pointee.input else { return }
    stoppedAt = Int(input.pointee.consumed) + (input.pointee.cur - input.pointee.base)
    xmlStopParser(context)
  }
}
