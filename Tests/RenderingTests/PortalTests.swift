import Foundation
import School
import Testing

@testable import Rendering

@Suite("Mails on settings, digests and why")
struct PortalTests {
  let templates: Templates

  init() throws { templates = try TemplateTests.loaded.get() }

  @Test("Every rule of why has its own words in every language", arguments: Language.allCases)
  func rules(language: Language) {
    var texts: Set<String> = []
    for rule in WhyFacts.Rule.allCases {
      var context = Notices.context(.why, language)
      context.facts.why = WhyFacts(rule: rule, group: "Groep 5", children: ["Noor"], others: ["Anna de Boer"])
      let rendered = templates.render(context)
      #expect(rendered.html.contains("<p>") && rendered.text.count > 200)
      texts.insert(rendered.text)
    }
    #expect(texts.count == WhyFacts.Rule.allCases.count)
  }

  @Test("What the settings mail offers is read again as what it says", arguments: Language.allCases)
  func offers(language: Language) {
    let text = templates.render(Notices.context(.settings, language)).text
    for offer in SettingsOffer.allCases where ![.quiet, .stopCalendar, .stopSchoolyard].contains(offer) {
      #expect(text.contains(offer.words(in: language)), "\(offer) in \(language)")
    }
    for offer in SettingsOffer.allCases {
      #expect(SettingsRequest(firstLineOf: offer.words(in: language)) != nil, "\(offer) in \(language)")
    }
  }

  @Test("A receipt names only what changed", arguments: Language.allCases)
  func receipt(language: Language) {
    var context = Notices.context(.settingsReceipt, language)
    let all = templates.render(context).text
    var before = context.facts.settings?.now
    before?.digest = .off
    context.facts.settings?.before = before
    let one = templates.render(context).text
    #expect(one.count < all.count && one.contains("schoolplein") || one.contains("skoalplein"))
    #expect(!one.contains("20:00"))
  }
}
