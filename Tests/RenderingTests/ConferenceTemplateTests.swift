import Foundation
import School
import Testing

@testable import Rendering

@Suite("What the mails on conferences say")
struct ConferenceTemplateTests {
  typealias N = ConferenceNotices
  let templates: Templates

  init() throws { templates = try Templates.load(directory: Notices.directory) }

  private func render(
    _ kind: NoticeKind, _ facts: ConferenceFacts, _ language: Language = .dutch
  ) -> RenderedNotice {
    var context = Notices.context(kind, language)
    context.facts = NoticeFacts(excerpt: "x", conference: facts)
    return templates.render(context)
  }

  @Test("Each slot is one tap, with the child's name where there are several", arguments: Language.allCases)
  func taps(language: Language) {
    let family = render(.conferenceInvitation, N.family(.invitation), language)
    for slot in N.plan.slots {
      let words = ConferenceReplyReader.words(slot, label: "Tim", zone: Notices.zone, language: language)
      #expect(family.html.contains("body=\(NoticeAddresses.Target.percentEncoded(words))"), "\(words)")
    }
    let one = render(.conferenceInvitation, N.one(.invitation), language)
    let words = ConferenceReplyReader.words(N.plan.slots[3], label: nil, zone: Notices.zone, language: language)
    #expect(one.html.contains("body=\(NoticeAddresses.Target.percentEncoded(words))"))
    #expect(
      family.html.contains(
        "body=\(NoticeAddresses.Target.percentEncoded(ConferenceWord.takeProposal.offered(in: language)))"))
  }

  @Test(
    "Every reason of a bad plan, of an outcome and of a wish that was missed has its words",
    arguments: Language.allCases)
  func reasons(language: Language) {
    let problems = ConferenceProblem.Reason.allCases.map { reason in
      var facts = ConferenceFacts(stage: .problems, plan: nil)
      facts.problems = [ConferenceProblem("x", reason)]
      return render(.conferencePlan, facts, language).text
    }
    #expect(Set(problems).count == problems.count)
    let outcomes = ConferenceReason.Kind.allCases.map { kind in
      var facts = N.one(.why)
      facts.lines[0].why = .init(kind: kind, rank: 1)
      return render(.conferenceReceipt, facts, language).text
    }
    #expect(Set(outcomes).count == outcomes.count)
    let misses = ConferenceReason.Miss.allCases.map { why in
      var facts = N.one(.why)
      facts.lines[0].why = .init(kind: .wish, rank: 2, missed: [.init(slot: N.plan.slots[0], why: why)])
      return render(.conferenceReceipt, facts, language).text
    }
    #expect(Set(misses).count == misses.count)
  }

  @Test("Every form has a subject of its own that says what it is", arguments: Language.allCases)
  func subjects(language: Language) {
    let subjects = N.variants.map { render($0.kind, $0.facts.conference ?? N.one(.state), language).subject }
    #expect(subjects.allSatisfy { !$0.isEmpty && !$0.contains("{{") })
    #expect(Set(subjects).count >= N.variants.count - 1)
  }

  @Test("The printed schedule has who comes, and not who cancelled")
  func sheet() throws {
    var context = Notices.context(.conferenceSchedule, .dutch)
    context.facts = NoticeFacts(conference: N.schedule(.schedule))
    let sheet = try #require(templates.conferenceSheet(context, at: Notices.at))
    #expect(sheet.title == "Oudergesprekken Anna de Boer & Bas" && sheet.columns == ["Dag", "Tijd", "Kind", "Ouders"])
    #expect(sheet.rows.count == 2 && sheet.rows[0][1...] == ["15:30–15:40", "Noor <x>", "Els & co"])
    context.facts = NoticeFacts()
    #expect(templates.conferenceSheet(context, at: Notices.at) == nil)
  }
}
