/// How clients mark in HTML what is not the sender's own (`Quirks.md` names the clients). Data: a new client is a row.
enum HTMLMark: Sendable, Hashable {
  /// The element holds a quote; its lines are as if they had a `>`.
  case quote
  /// The element is the line above a quote.
  case attribution
  /// From the element on, all is quoted, whatever closes.
  case restIsQuote
  case signature
  /// Our own footer.
  case footer
  /// Not shown to a reader.
  case hidden

  private static let quoteClasses: Set<String> = [
    "protonmail_quote", "tutanota_quote", "zmail_extra", "skiff_quote", "yahoo_quoted", "iosymail",
    "moz-forward-container", "quoted_reply", "front-blockquote", "mail_extra", "outlookmessageheader",
  ]
  private static let attributionClasses: Set<String> = ["gmail_attr", "moz-cite-prefix"]
  private static let signatureClasses: Set<String> = [
    "gmail_signature", "moz-signature", "protonmail_signature_block", "tutanota_signature", "gmail_signature_prefix",
  ]
  /// Identifiers, without the `x_` that Outlook puts before those of messages it quotes.
  private static let restIDs: Set<String> = [
    "appendonsend", "divrplyfwdmsg", "stopspelling", "replysplit", "zwchr", "mail-editor-reference-message-container",
    "olk_src_body_section", "ms-outlook-mobile-body-separator-line-reply", "originalmessage",
  ]
  private static let signatureIDs: Set<String> = [
    "applemailsignature", "composer_signature", "signature", "ms-outlook-mobile-signature",
    "x_signature", "ms-outlook-mobile-signature-dark",
  ]

  static func of(_ node: HTMLTree.Node) -> HTMLMark? {
    if node.name == "#comment" {
      return node.text.lowercased() == "originalmessage" ? .restIsQuote : nil
    }
    if node.attributes.isEmpty { return nil }
    if isHidden(node) { return .hidden }
    let classes = (node.attributes["class"] ?? "").lowercased().split(separator: " ").map(String.init)
    if classes.contains(NewText.footerClass) || classes.contains(where: { $0.hasSuffix("_\(NewText.footerClass)") }) {
      return .footer
    }
    var id = (node.attributes["id"] ?? "").lowercased()
    while id.hasPrefix("x_") { id.removeFirst(2) }
    if restIDs.contains(id) || node.attributes["data-marker"] == "__DIVIDER__" { return .restIsQuote }
    if signatureIDs.contains(id) || id.hasPrefix("applemailsignature") { return .signature }
    if classes.contains(where: signatureClasses.contains) { return .signature }
    if classes.contains(where: attributionClasses.contains) || id == "reply-intro" { return .attribution }
    if classes.contains(where: { quoteClasses.contains($0) || $0.hasPrefix("yahoo_quoted") }) { return .quote }
    if node.name == "blockquote", isQuote(node, classes) { return .quote }
    let name = (node.attributes["name"] ?? "").lowercased()
    if name == "quote" || name == "messagereplysection" { return .quote }
    if isOutlookRule(node) { return .restIsQuote }
    return nil
  }

  private static func isQuote(_ node: HTMLTree.Node, _ classes: [String]) -> Bool {
    node.attributes["type"]?.lowercased() == "cite" || node.attributes["cite"] != nil
      || classes.contains(where: { $0.contains("quote") }) || style(of: node).contains("border-left:")
  }

  /// Outlook's line above the header block of the original.
  private static func isOutlookRule(_ node: HTMLTree.Node) -> Bool {
    let style = style(of: node)
    switch node.name {
    case "div":
      let isLine = style.contains("border-top:solid#e1e1e11.0pt") || style.contains("border-top:solid#b5c4df1.0pt")
      return isLine && style.contains("padding:3.0pt") || style.contains("border-top-color:rgb(229,229,229)")
    case "hr": return node.attributes["tabindex"] == "-1"
    default: return false
    }
  }

  private static func isHidden(_ node: HTMLTree.Node) -> Bool {
    if node.attributes["hidden"] != nil { return true }
    guard let style = declarations(of: node, with: hiding) else { return false }
    return style["display"] == "none" || style["visibility"] == "hidden" || style["mso-hide"] == "all"
      || ["0", "0px"].contains(style["max-height"]) || style["opacity"] == "0"
  }

  private static let hiding = ["display", "visibility", "mso-hide", "max-height", "opacity"]

  /// Whether the text in it has no size; nil where it says nothing of that: what stands around it does. Newsletters put
  /// a size of 0 around elements that have another, lest spaces between them take room.
  static func hidesText(_ node: HTMLTree.Node) -> Bool? {
    guard let size = declarations(of: node, with: ["font-size"])?["font-size"] else { return nil }
    return ["0", "0px", "0pt", "0em"].contains(size)
  }

  /// Whether the text in it has another colour than black; nil where it says nothing of that.
  static func hasColour(_ node: HTMLTree.Node) -> Bool? {
    if node.attributes.isEmpty { return nil }
    // Nearly all elements of a newsletter declare colours: their octets are looked at first.
    let declared = node.attributes["style"]?.utf8.split(separator: UInt8(ascii: ";")).last { declaration in
      let name = declaration.drop { $0 <= 0x20 }
      return name.prefix(5).elementsEqual("color".utf8) { $0.lowered == $1 }
        && name.dropFirst(5).first { $0 > 0x20 } == UInt8(ascii: ":")
    }
    let value = declared.map { Substring($0).drop { $0 != ":" }.dropFirst().prefix { $0 != "!" } }
    guard let colour = value ?? (node.name == "font" ? node.attributes["color"].map { $0[...] } : nil) else {
      return nil
    }
    return !black.contains(colour.lowercased().filter { !$0.isWhitespace })
  }

  private static let black: Set<String> = [
    "black", "#000", "#000000", "rgb(0,0,0)", "rgba(0,0,0,1)", "windowtext", "initial", "inherit", "",
  ]

  /// What an element's style declares, without white space and `!important`; nil where it has none of these names, as
  /// nearly all have.
  private static func declarations(of node: HTMLTree.Node, with names: [String]) -> [Substring: Substring]? {
    guard var style = node.attributes["style"] else { return nil }
    if style.utf8.contains(where: { (0x41...0x5A).contains($0) }) { style = style.lowercased() }
    guard names.contains(where: style.holds) else { return nil }
    return style.filter { !$0.isWhitespace }.split(separator: ";").reduce(into: [:]) { found, declaration in
      guard let colon = declaration.firstIndex(of: ":") else { return }
      let value = declaration[declaration.index(after: colon)...]
      found[declaration[..<colon]] = value.prefix { $0 != "!" }
    }
  }

  private static func style(of node: HTMLTree.Node) -> String {
    (node.attributes["style"] ?? "").lowercased().filter { !$0.isWhitespace }
  }
}
