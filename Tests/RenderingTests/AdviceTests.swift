import Foundation
import School
import Testing

@testable import Rendering

@Suite("Advice on mail that does not arrive")
struct AdviceTests {
  let templates: Templates

  init() throws { templates = try TemplateTests.loaded.get() }

  /// Reasons with the actors that they come with, and the providers whose steps differ.
  static let cases: [(reason: String, actors: [String], providers: [String?])] =
    AdviceContext.reasons.map { reason in
      switch reason {
      case "mailbox-full": (reason, ["parent"], ["gmail", "icloud", "outlook-consumer", nil])
      case "blocked-reputation": (reason, ["mail-admin"], AdviceContext.providers)
      case "perhaps-spam": (reason, ["parent"], AdviceContext.providers)
      case "authentication-failed": (reason, ["mail-admin"], ["outlook-consumer", "gmail", nil])
      case "policy": (reason, ["mail-admin", "recipient-admin"], ["m365-tenant", nil])
      case "rate-limited", "greylisted", "delivery-expired", "network-error": (reason, ["wait"], ["ziggo", nil])
      case "system-error": (reason, ["recipient-admin"], ["kpn"])
      case "relaying-denied", "tls-failed", "spam-content", "virus", "malformed":
        (reason, ["mail-admin"], ["yahoo", nil])
      default: (reason, ["school"], ["outlook-consumer", nil])
      }
    }

  @Test("Each reads as its golden rendering", arguments: Language.allCases)
  func golden(language: Language) throws {
    var text = ""
    for (reason, actors, providers) in Self.cases {
      for actor in actors {
        for provider in providers {
          let advice = templates.render(Notices.advice(reason, provider, actor, language))
          text += """
            ==== \(reason), \(provider ?? "-"), \(actor)
            \(advice.text)
            ---- phone
            \(advice.phoneLine)
            ---- letter: \(advice.letterSubject)
            \(advice.letterBody)


            """
        }
      }
    }
    let file = TemplateTests.golden.appending(path: "\(language.rawValue)/advice.txt")
    if ProcessInfo.processInfo.environment["POSTPLEIN_RECORD_GOLDENS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "\(file.path): record anew with POSTPLEIN_RECORD_GOLDENS=1 and read the difference")
  }

  @Test("All say what happened, whose turn it is and what to do; none promises that a safe sender mends a refusal")
  func whole() {
    for (reason, actors, providers) in Self.cases {
      for actor in actors {
        for provider in providers {
          let text = templates.render(Notices.advice(reason, provider, actor, .dutch)).text
          let parts = text.components(separatedBy: "\n\n")
          for title in ["Wat er aan de hand is", "Wie er aan zet is", "Wat te doen"] {
            let place = parts.firstIndex(of: title)
            #expect(
              place.map { $0 + 1 < parts.count && !parts[$0 + 1].hasPrefix("W") || parts[$0 + 1].count > 30 } ?? false,
              "\(reason) \(title)")
          }
          #expect(text.contains("ouders@wilgenhof.test") || actor != "parent" || reason == "mailbox-full")
        }
      }
    }
  }

  @Test("A word that no template knows is advised on as unknown, an unknown provider without a name")
  func unknown() {
    let advice = templates.render(Notices.advice("nonsense", "elsewhere", "school", .dutch))
    #expect(advice.text.contains("zegt niet duidelijk waarom"))
    #expect(
      templates.render(Notices.advice("unknown-user", "elsewhere", "school", .dutch)).text.contains("de mailprovider"))
  }
}
