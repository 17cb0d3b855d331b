import Foundation
import School
import Testing

@testable import Rendering

@Suite("Mails on absence")
struct AbsenceTests {
  let templates: Templates

  init() throws { templates = try TemplateTests.loaded.get() }

  @Test("No subject says a word of health: locked phones show subjects", arguments: Language.allCases)
  func subjects(language: Language) {
    let kinds: [NoticeKind] = [
      .absenceReceipt, .absenceTold, .absenceGroup, .absenceBoard, .leaveRequest, .absentQuestion, .absentState,
    ]
    let all =
      kinds.map { ($0, AbsenceNotices.facts($0) ?? NoticeFacts()) }
      + AbsenceNotices.variants.map { ($0.kind, $0.facts) }
    for (kind, facts) in all {
      var context = Notices.context(kind, language)
      context.facts = facts
      let subject = templates.render(context).subject
      let words = subject.lowercased().split { !$0.isLetter }.map(String.init)
      let health = ["ziek", "beter", "koorts", "keelpijn", "siik", "better", "sick", "well", "ill"]
      #expect(!words.contains(where: health.contains) && !subject.isEmpty, "\(kind): \(subject)")
    }
  }

  @Test("What a mail offers to tap is read again as what it says", arguments: Language.allCases)
  func offers(language: Language) {
    for word in AbsenceWord.allCases {
      #expect(AbsenceCommand.mayStand(in: word.offered(in: language), subject: ""), "\(word)")
    }
    #expect(LeaveAnswer(LeaveAnswer.rejection(in: language)) == .rejected(reason: nil))
    let question = templates.render(Notices.context(.absentQuestion, language)).html
    for word in [AbsenceWord.sick, .late, .other] {
      let body = word.offered(in: language).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      #expect(question.contains("body=\(body)"), "\(word) in \(language)")
    }
    let receipt = templates.render(Notices.context(.absenceReceipt, language)).html
    let better = AbsenceWord.better.offered(in: language)
    #expect(receipt.contains("body=\(better)%20Noor"), "one tap says that a child is better")
    let which = AbsenceNotices.variants.first { $0.name == "absence-receipt-which" }
    var context = Notices.context(.absenceReceipt, language)
    context.facts = which?.facts ?? NoticeFacts()
    #expect(templates.render(context).html.contains("body=Tim"))
  }

  @Test("The board has one list a group, each child once", arguments: Language.allCases)
  func board(language: Language) {
    let text = templates.render(Notices.context(.absenceBoard, language)).text
    #expect(
      text.components(separatedBy: "\nGroep 5\n").count == 2 && text.components(separatedBy: "Groep 7\n").count == 2)
    for name in ["Noor <x>", "Sanne", "Tim", "Bo", "Daan"] {
      #expect(text.components(separatedBy: "- \(name):").count == 2, "\(name)")
    }
  }
}
