import Foundation
import Testing

@testable import School

@Suite("One's own settings")
struct SettingsTests {
  typealias S = SmallSchool

  private func facts(_ decision: Decision) -> SettingsFacts? { decision.notices.first?.facts.settings }

  @Test("They are shown with children and authority, to each parent their own")
  func show() throws {
    let decision = S.decision(S.els, .settings(.show), "")
    #expect(decision.changes.isEmpty && decision.readers(of: .settings) == [S.els])
    #expect(decision.notices[0].replyTarget == .settings && decision.notices[0].facts.excerpt == nil)
    let shown = try #require(facts(decision))
    #expect(
      shown.carers == [.init(name: "Els", children: [.init(name: "Noor", groups: ["Groep 5"], authority: .full)])])
    #expect(shown.address == "els@ouders.test" && shown.now == PersonalSettings(language: .dutch, digest: .daily))
    let uncle = try #require(facts(S.decision(S.onRequest, .settings(.show), "")))
    #expect(uncle.carers[0].children == [.init(name: "Noor", groups: [], authority: .onRequest)])
    #expect(
      facts(S.decision(S.deVries, .settings(.show), ""))?.carers.map(\.name) == ["Jan de Vries", "Marie de Vries"])
  }

  @Test("Words that are no command change nothing, and are shown as not understood")
  func unread() {
    let decision = S.decision(S.els, .settings(.show), "Ik wil graag minder mail")
    #expect(decision.changes.isEmpty && decision.notices[0].facts.excerpt == "Ik wil graag minder mail")
  }

  @Test("A change is written down whole, and its receipt says what it was")
  func change() throws {
    let decision = S.decision(S.els, .settings(.change(.digest(.weekly))), "weekoverzicht")
    let after = PersonalSettings(language: .dutch, digest: .weekly)
    #expect(decision.changes == [.settings(S.els, .put(after))])
    #expect(decision.readers(of: .settingsReceipt) == [S.els] && decision.notices[0].replyTarget == .settingsReceipt)
    #expect(facts(decision)?.before?.digest == .daily && facts(decision)?.now == after)
    let again = S.decision(S.els, .settings(.change(.digest(.daily))), "dagoverzicht")
    #expect(again.changes.isEmpty && again.notices.map(\.kind) == [.settings], "nothing changes: they are shown")
  }

  @Test("Herstel takes back that change alone, and not what was changed since")
  func takeBack() {
    let before = PersonalSettings(language: .dutch, digest: .daily)
    let after = PersonalSettings(language: .dutch, digest: .weekly)
    var state = SchoolState(directory: S.with(S.els, digest: .weekly, language: .english), policy: S.policy)
    state.settingsReceipt = SettingsFacts(now: after, before: before, address: "els@ouders.test")
    let decision = S.decision(S.els, .answer(.settingsReceipt(DeliveryID(3))), "Herstel", in: state)
    #expect(decision.changes == [.settings(S.els, .put(PersonalSettings(language: .english, digest: .daily)))])
    let words = S.decision(S.els, .answer(.settingsReceipt(DeliveryID(3))), "Dank u", in: state)
    #expect(words.readers(of: .supportMessage) == [S.dirk])
    let quiet = PersonalSettings(language: .dutch, digest: .off, stopped: [.calendar])
    #expect(quiet.reverting(from: before, to: quiet) == before)
  }

  @Test("Stop ends what can be stopped: comments and digests, the overview of the agenda; the button of a client too")
  func stop() {
    let all = S.decision(S.els, .settings(.change(.stop(Set(Subscription.allCases)))), "stop")
    let stopped = PersonalSettings(language: .dutch, digest: .off, stopped: [.calendar])
    #expect(all.changes == [.settings(S.els, .put(stopped))])
    #expect(stopped.isStopped(.schoolyard) && stopped.isStopped(.calendar))
    let button = S.decision(S.els, .answer(.unsubscribe(.schoolyard)), "This message was generated automatically.")
    #expect(facts(button)?.now.digest == .off && facts(button)?.now.stopped == [])
    let item = S.thread(.schoolyard, author: S.anna)
    let comment = S.decision(S.els, .answer(.thread(item.id)), "Stop", in: S.state(thread: item))
    #expect(comment.readers(of: .settingsReceipt) == [S.els] && comment.readers(of: .schoolyardComment).isEmpty)
    #expect(SettingsChange.start([.schoolyard, .calendar]).applied(to: stopped).digest == .daily)
    for kind in [NoticeKind.news, .urgent, .mailboxMessage, .schoolyardItem] { #expect(kind.subscription == nil) }
    #expect(NoticeKind.digest.subscription == .schoolyard && NoticeKind.schoolyardComment.subscription == .schoolyard)
  }

  @Test("Each line changes its own; what is none is for a person, and nothing below stop is")
  func lines() {
    let text = "weekoverzicht\ntaal fries\n\nGroet, Els"
    let request = SettingsRequest(firstLineOf: text) ?? .show
    let both = S.decision(S.els, .settings(request), text)
    #expect(both.changes == [.settings(S.els, .put(PersonalSettings(language: .frisian, digest: .weekly)))])
    #expect(both.readers(of: .supportMessage).isEmpty)
    let words = S.decision(S.els, .settings(request), "weekoverzicht\nIk ben verhuisd naar Grou.\ntaal fries")
    #expect(words.changes.first == both.changes.first && words.readers(of: .supportMessage) == [S.dirk])
    let keys = S.decision(S.els, .settings(.newKeys), "nieuwe sleutels\nMijn telefoon is gestolen")
    #expect(keys.readers(of: .newKeys) == [S.els] && keys.readers(of: .supportMessage) == [S.dirk])
    let button = S.decision(S.els, .answer(.unsubscribe(.schoolyard)), "unsubscribe\nThis was generated.")
    #expect(button.readers(of: .supportMessage).isEmpty)
  }

  @Test("New keys need no challenge, all that is kept of somebody does")
  func keysAndData() {
    let keys = S.decision(S.els, .settings(.newKeys))
    #expect(keys.changes == [.rotateKeys(S.els)] && keys.readers(of: .newKeys) == [S.els])
    #expect(Act.settings(.myData).level == .challenged && Act.settings(.newKeys).level == .person)
    #expect(S.decision(S.els, .settings(.myData)).changes == [.settings(S.els, .requestData)])
    let file = StoredFile(digest: "x", name: "postplein.zip", mediaType: "application/zip", size: 3)
    #expect(sendData(to: S.els, archive: file).readers(of: .myData) == [S.els])
    #expect(sendData(to: S.els, archive: nil).readers(of: .myDataTooLarge) == [S.els])
  }

  @Test("In quiet hours mail waits until they end; urgent mail, and what answers one's own, does not")
  func quiet() throws {
    // 17:46 in Amsterdam.
    let hours = try #require(QuietHours(from: 1_000, to: 1_080))
    let zone = S.policy.timeZone
    let account = try #require(S.with(S.els, quiet: hours).accounts[S.els])
    let end = S.now.addingTimeInterval(800)
    #expect(account.waits(.normal, NoticeFacts(), now: S.now, timeZone: zone) == end)
    #expect(account.waits(.bulk, NoticeFacts(), now: end, timeZone: zone) == nil)
    #expect(account.waits(.urgent, NoticeFacts(), now: S.now, timeZone: zone) == nil)
    let receipt = S.decision(S.els, .settings(.show)).notices[0]
    #expect(account.waits(.normal, receipt.facts, now: S.now, timeZone: zone) == nil)
    let news = S.decision(S.anna, .publish(.news, to: "groep5")).notices[0]
    #expect(news.facts.isAnswer == nil)
  }
}

@Suite("Why somebody got a mail")
struct WhyTests {
  typealias S = SmallSchool

  private func why(
    _ actor: AccountID, _ kind: NoticeKind, _ thread: SchoolThread? = nil, participants: Set<AccountID> = [],
    isAnswer: Bool? = nil
  ) -> WhyFacts? {
    var state = S.state()
    var facts = NoticeFacts()
    facts.isAnswer = isAnswer
    state.asked = AskedMail(
      kind: kind, thread: thread.map { ThreadView($0, participants: participants) }, at: S.now, facts: facts)
    return S.decision(actor, .why(.support), "waarom", in: state).notices.first?.facts.why
  }

  @Test("News: the group and one's own child in it, never another's")
  func news() {
    let told = why(S.deVries, .news, S.thread(.news, author: S.anna))
    #expect(told?.rule == .audience && told?.group == "Groep 5" && told?.children == ["Sanne de Vries"])
    let school = why(S.deVries, .urgent, S.thread(.urgent, author: S.dirk, audience: .school))
    #expect(school?.rule == .urgent && school?.isForSchool == true && school?.group == nil)
    #expect(school?.children == ["Sanne de Vries", "Tim de Vries"])
    #expect(why(S.onRequest, .news, S.thread(.news, author: S.anna))?.children == [])
  }

  @Test("Conversations name who else is in them; comments say whether one takes part or asked for all")
  func conversations() {
    let thread = S.thread(.mailbox, author: S.els, audience: nil, members: [S.els, S.anna, S.bas])
    #expect(why(S.els, .mailboxMessage, thread)?.others == ["Anna de Boer", "Bas Visser"])
    let item = S.thread(.schoolyard, author: S.anna)
    #expect(why(S.frank, .schoolyardComment, item)?.rule == .direct)
    #expect(why(S.frank, .schoolyardComment, item, participants: [S.frank])?.rule == .takesPart)
    #expect(why(S.anna, .schoolyardComment, item)?.rule == .takesPart)
    #expect(why(S.els, .digest)?.rule == .daily && why(S.els, .digest)?.canStop == true)
  }

  @Test("Who stopped a mail since is told so, and not that it comes daily")
  func stopped() {
    var state = SchoolState(directory: S.with(S.els, digest: .off), policy: S.policy)
    for kind in [NoticeKind.digest, .schoolyardComment] {
      state.asked = AskedMail(kind: kind, thread: nil, at: S.now, facts: NoticeFacts())
      let told = S.decision(S.els, .why(.support), "waarom", in: state).notices.first?.facts.why
      #expect(told?.rule == .stopped && told?.canStop == false)
    }
  }

  @Test("Every kind of mail has a rule, and an unknown mail says so", arguments: NoticeKind.allCases)
  func every(kind: NoticeKind) {
    let thread = S.thread(kind == .mailboxMessage ? .mailbox : .schoolyard, author: S.anna)
    #expect(why(S.els, kind, thread).map { $0.rule != .unknown } == true)
    #expect(why(S.els, kind, thread, isAnswer: true)?.rule == .ownMail)
    let unknown = S.decision(S.els, .why(.support), "waarom")
    #expect(unknown.notices.first?.facts.why?.rule == .unknown && unknown.changes.isEmpty)
  }
}
