import Foundation
import FoundationXML
import Mail
import School
import TestRandom
import Testing

@testable import Rendering

@Suite("Every mail that the gateway sends")
struct TemplateTests {
  static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  static let loaded = Result { try Templates.load(directory: Notices.directory) }
  let templates: Templates

  init() throws { templates = try Self.loaded.get() }

  @Test("It reads as its golden rendering", arguments: NoticeKind.allCases, Language.allCases)
  func golden(kind: NoticeKind, language: Language) throws {
    try compare(Notices.context(kind, language), kind.rawValue)
  }

  @Test("So does each of its forms", arguments: Notices.variants.indices, Language.allCases)
  func goldenVariant(place: Int, language: Language) throws {
    let variant = Notices.variants[place]
    var context = Notices.context(variant.kind, language)
    context.facts = variant.facts
    if variant.facts.broadcast != nil { context.prepared = .init(names: "Bas <x>", address: "", text: "") }
    if variant.facts.since != nil { context.prepared?.pupils = "" }
    // Only a stranger is told that nothing was noted.
    if variant.facts.isUnnoted == true { (context.isStranger, context.recipientNames) = (true, []) }
    try compare(context, variant.name)
  }

  private func compare(_ context: NoticeContext, _ golden: String) throws {
    let (rendered, language) = (templates.render(context), context.language)
    let folder = Self.golden.appending(path: language.rawValue)
    for (name, text) in [("txt", "\(rendered.subject)\n\n\(rendered.text)"), ("html", rendered.html)] {
      let file = folder.appending(path: "\(golden).\(name)")
      if ProcessInfo.processInfo.environment["POSTPLEIN_RECORD_GOLDENS"] != nil {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      let expected = try String(contentsOf: file, encoding: .utf8)
      #expect(text == expected, "\(file.path): record anew with POSTPLEIN_RECORD_GOLDENS=1 and read the difference")
    }
  }

  @Test(
    "Its HTML is well-formed, names its language, and brings in nothing from elsewhere", arguments: NoticeKind.allCases)
  func wellFormed(kind: NoticeKind) throws {
    for language in Language.allCases {
      let html = templates.render(Notices.context(kind, language)).html
      let parser = XMLParser(data: Data(html.replacing("&nbsp;", with: "&#160;").utf8))
      #expect(
        parser.parse(), "\(language) \(kind): \(parser.parserError.map { "\($0)" } ?? "") line \(parser.lineNumber)")
      #expect(
        html.contains("<html lang=\"\(language.rawValue)\">") && html.contains("class=\"\(NewText.footerClass)\""))
      for outside in ["@import", "url(", "<script", "<link"] { #expect(!html.contains(outside)) }
      // Small pictures come along in the mail itself (RFC 2392).
      #expect(html.ranges(of: "src=").count == html.ranges(of: "src=\"cid:").count)
    }
  }

  @Test("What people wrote never becomes markup, a header or a link that does something else")
  func hostile() {
    let text =
      "<script>alert(1)</script> javascript:alert(1) https://x.test/\"onclick=\"x https://a.test/<b>\r\nBcc: x@y.test"
    let rendered = templates.render(Notices.context(.news, .dutch, text: text))
    #expect(!rendered.html.contains("<script>") && !rendered.html.contains("href=\"javascript"))
    #expect(rendered.html.contains("href=\"https://x.test/\""))
    var context = Notices.context(.news, .dutch)
    context.thread?.subject = "Gym\r\nBcc: x@y.test " + String(repeating: "a", count: 5_000)
    let subject = templates.render(context).subject
    #expect(subject.hasPrefix("Gym Bcc:") && subject.count == 200 && !subject.contains("\n"))
  }

  @Test("Quoted back, a mail leaves nothing of itself: its footer is known", arguments: Language.allCases)
  func footerIsCut(language: Language) {
    let rendered = templates.render(Notices.context(.mailboxMessage, language))
    let raw = """
      From: els@ouders.test
      Subject: Re: x
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: 8bit

      Dank u wel!

      \(rendered.text)
      """
    let footer = rendered.text.components(separatedBy: NewText.footerMarker).last ?? ""
    #expect(!footer.isEmpty)
    let new = NewText.read(MailMessage.parse(Data(raw.utf8))).text
    #expect(new.hasPrefix("Dank u wel!") && !new.contains(footer.prefix(40)))
  }

  @Test("What is common to all readers is made once, and each has their own names and keys all the same")
  func readers() throws {
    for kind in [NoticeKind.news, .urgent, .schoolyardItem, .help, .digest] {
      var other = Notices.context(kind, .dutch)
      other.recipientNames = ["Piet <b>", "A & B", "C"].prefix(other.recipientNames.count + 1).map(\.self)
      other.addresses.reply = Notices.target("r.other234567")
      other.addresses.privateReply = Notices.target("r.otherprivate")
      let contexts = [Notices.context(kind, .dutch), other, Notices.context(kind, .dutch)]
      let together = contexts.map(templates.render)
      // Templates of their own have made nothing before.
      for (context, rendered) in zip(contexts, together) {
        #expect(try Templates.load(directory: Notices.directory).render(context) == rendered)
      }
      #expect(together[1].html.contains("Piet &lt;b&gt;") == together[1].text.contains("Piet <b>"))
      #expect(!together[1].text.contains("abcdefgh234567") && !together[1].html.contains("abcdefgh234567"))
    }
  }

  @Test("Where all addresses are one, the private way beside a public answer is a link and never the bare address")
  func privateWay() {
    for kind in [NoticeKind.schoolyardItem, .schoolyardComment, .offerItem] {
      var context = Notices.context(kind, .dutch)
      let school = Notices.addresses.reply.address
      context.addresses.reply = NoticeAddresses.Target(school, subjectPrefix: "r.public: ")
      context.addresses.privateReply = NoticeAddresses.Target(school, subjectPrefix: "r.private: ")
      let text = templates.render(context).text
      #expect(text.contains("?subject=r.private%3A%20"), "\(kind)")
      #expect(!text.contains("Mail dan naar \(school)"), "\(kind)")
    }
  }

  @Test("Where all addresses are one, help says with what each subject begins")
  func subjectWords() throws {
    for language in Language.allCases {
      var context = Notices.context(.help, language)
      let school = Notices.addresses.reply.address
      for route in context.addresses.routes.keys {
        context.addresses.routes[route] = NoticeAddresses.Target(school, subjectPrefix: "\(route.rawValue): ")
      }
      let (rendered, usual) = (templates.render(context), templates.render(Notices.context(.help, language)))
      for route in [RouteWord.mailbox, .calendar, .documents] {
        for text in [rendered.text, rendered.html] { #expect(text.contains("“\(route.rawValue):”"), "\(language)") }
      }
      #expect(!usual.text.contains(":”"), "an address of its own says it")
    }
  }

  @Test("A text with the sign of a mark in it stays as it was written")
  func marks() {
    let text = "\u{E000}n0\u{E001} en \u{E000}areply\u{E001}"
    #expect(templates.render(Notices.context(.news, .dutch, text: text)).text.contains(text))
  }

  @Test("A stranger's help has no address but the school's own, and nobody's name")
  func stranger() {
    var context = Notices.context(.help, .dutch)
    context.isStranger = true
    context.recipientNames = []
    let rendered = templates.render(context)
    #expect(rendered.text.contains("Beste lezer,") && !rendered.text.contains("support@"))
    #expect(!rendered.text.contains("ouders+postvak"))
  }

  @Test("Every reason of a refusal has its words in every language")
  func refusals() {
    for reason in RefusalReason.allCases {
      var texts: Set<String> = []
      for language in Language.allCases {
        var context = Notices.context(.refusal, language)
        context.facts.refusal = nil
        let without = templates.render(context)
        context.facts.refusal = reason
        let rendered = templates.render(context)
        #expect(rendered.text.count > without.text.count + 20, "\(reason) in \(language)")
        #expect(rendered.html.count > without.html.count + 20)
        texts.insert(rendered.text)
      }
      #expect(texts.count == 3)
    }
  }
}

@Suite("Templates are checked when they are read")
struct TemplateCheckTests {
  /// A copy of the templates in which one file of a school stands.
  static func problems(_ name: String, _ text: String) -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder.appending(path: "nl"), withIntermediateDirectories: true)
      try text.write(to: folder.appending(path: "nl/\(name).mustache"), atomically: true, encoding: .utf8)
      _ = try Templates.load(directory: Notices.directory, overrides: folder)
      return []
    } catch { return (error as? TemplateError)?.problems ?? ["\(error)"] }
  }

  @Test(
    "What is wrong is said with its file, its line and what to do",
    arguments: [
      ("news.txt", "Onderwerp\n\n{{autor}}", "nl/news.txt.mustache:3: {{autor}} names autor"),
      ("news.txt", "x\n{{#files}}", "nl/news.txt.mustache:2"), ("news.txt", "x {{author", "nl/news.txt.mustache:1"),
      ("news.html", "{{{text}}}", "would not be escaped"), ("news.html", "{{& text}}", "would not be escaped"),
      ("news.html", "{{> geen}}", "there is no part geen"),
      ("nieuws.txt", "x", "there is no template nieuws.txt to override"),
    ])
  func wrong(name: String, text: String, problem: String) {
    let problems = Self.problems(name, text)
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test("Whatever a school makes of a template, what is accepted is parsed")
  func plainIsParsed() throws {
    var random = SeededRandom(seed: 7)
    var (plain, refused) = (0, 0)
    for language in Language.allCases {
      let folder = Notices.directory.appending(path: language.rawValue)
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        #expect(TemplateScan(text).isPlain, "\(language) \(name): parsed at each start")
        for _ in 0..<6 {
          let changed = Self.changed(text, &random)
          guard TemplateScan(changed).isPlain else {
            refused += 1
            continue
          }
          plain += 1
          let source = TemplateSource(path: name, text: changed)
          #expect(throws: Never.self, "\(changed)") { try source.parsed(named: "x.html") }
        }
      }
    }
    #expect(plain > 300 && refused > 300, "\(plain) plain, \(refused) not")
  }

  /// A part of it gone, doubled, or an octet that means something put in.
  private static func changed(_ text: String, _ random: inout SeededRandom) -> String {
    var octets = Array(text.utf8)
    let begin = Int.random(in: 0..<octets.count, using: &random)
    let end = min(octets.count, begin + Int.random(in: 1...12, using: &random))
    switch Int.random(in: 0..<3, using: &random) {
    case 0: octets.removeSubrange(begin..<end)
    case 1: octets.insert(contentsOf: octets[begin..<end], at: begin)
    default: octets.insert("{}#/^<>$&!%=( \n*".utf8.randomElement(using: &random) ?? 0x20, at: begin)
    }
    return String(decoding: octets, as: UTF8.self)
  }

  @Test("A school's own template takes the place of ours, in its language only")
  func override() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder.appending(path: "nl"), withIntermediateDirectories: true)
    try "Eigen {{subject}}\n\n{{text}}".write(
      to: folder.appending(path: "nl/news.txt.mustache"), atomically: true, encoding: .utf8)
    let templates = try Templates.load(directory: Notices.directory, overrides: folder)
    #expect(templates.render(Notices.context(.news, .dutch)).subject == "Eigen Naar het bos & terug")
    #expect(templates.render(Notices.context(.news, .english)).subject == "Naar het bos & terug")
  }

  @Test("A folder that is not there is told in one sentence, one without templates in one a language")
  func missing() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "none-\(UUID().uuidString)")
    #expect { try Templates.load(directory: folder) } throws: { error in
      (error as? TemplateError)?.problems.map { $0.contains("\(folder.path) is not there") } == [true]
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect { try Templates.load(directory: folder) } throws: { error in
      (error as? TemplateError)?.problems.map { $0.contains("holds no templates") } == [true, true, true]
    }
  }

  @Test("The languages have the same templates with the same tags, and no sentence in common")
  func parity() throws {
    var tags: [String: [String: [String]]] = [:]
    var sentences: [Set<String>] = []
    for language in Language.allCases {
      let folder = Notices.directory.appending(path: language.rawValue)
      var own: Set<String> = []
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        tags[name, default: [:]][language.rawValue] = text.matches(of: /\{\{[^}]*\}\}/).map { String($0.0) }.sorted()
        // The layout has no words, and its style sheet is the same for all.
        let words = name.hasPrefix("layout") ? "" : text.replacing(/\{\{[^}]*\}\}|<[^>]*>/, with: "\n")
        own.formUnion(
          words.split(whereSeparator: { ".\n:".contains($0) }).map(String.init).filter {
            $0.count > 25 && $0.contains(where: \.isLetter) && !$0.contains("postplein a")
          })
      }
      sentences.append(own)
    }
    for (name, byLanguage) in tags {
      #expect(byLanguage.count == 3, "\(name) is not in every language")
      #expect(Set(byLanguage.values.map { Set($0) }).count == 1, "\(name) has other tags in another language")
    }
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
      #expect(sentences[one].isDisjoint(with: sentences[other]), "\(sentences[one].intersection(sentences[other]))")
    }
  }
}
