import Testing

@testable import School

@Suite("Publishing")
struct PublishingTests {
  typealias S = SmallSchool

  @Test("News to a group goes once to each account of its families, and its author gets a receipt with the number")
  func newsToGroup() {
    let decision = S.decision(S.anna, .publish(.news, to: "groep5"))
    #expect(decision.readers(of: .news) == [S.deVries, S.els, S.frank])
    #expect(decision.readers(of: .publishReceipt) == [S.anna])
    #expect(decision.notices.last?.facts.count == 3)
    #expect(
      decision.changes.first
        == .openThread(
          kind: .news, subject: "Onderwerp", author: S.anna, audience: .group(S.group5), members: [], about: nil))
  }

  @Test("News to the school reaches a family with two children once, and nobody who hears only on request")
  func newsToSchool() {
    let decision = S.decision(S.dirk, .publish(.news, to: nil))
    #expect(decision.readers(of: .news) == [S.deVries, S.els, S.frank])
  }

  @Test(
    "Each publication has its lane",
    arguments: [(Publication.news, Lane.bulk), (.urgent, .urgent), (.schoolyard, .bulk)])
  func lanes(publication: Publication, lane: Lane) {
    let decision = S.decision(S.dirk, .publish(publication, to: "groep7"))
    #expect(decision.notices.first?.lane == lane && decision.notices.first?.replyTarget == .thread)
    #expect(decision.readers(of: publication.noticeKind) == [S.deVries])
  }

  @Test(
    "What may not be done is refused, with its reason, and changes nothing",
    arguments: [
      (SmallSchool.els, Publication.news, "groep5", RefusalReason.notStaff),
      (SmallSchool.els, .schoolyard, "groep5", .notStaff), (SmallSchool.anna, .urgent, "groep5", .noUrgentRight),
      (SmallSchool.anna, .news, "groep9", .unknownGroup), (SmallSchool.anna, .news, "anna", .unknownGroup),
    ])
  func refused(actor: AccountID, publication: Publication, word: String, reason: RefusalReason) {
    let decision = S.decision(actor, .publish(publication, to: word))
    #expect(decision.refusal == reason && decision.changes.isEmpty && decision.notices.count == 1)
  }

  @Test("Where the school lets parents open the schoolplein, they do so for their own child's group only")
  func parentsOpenSchoolyard() {
    var policy = S.policy
    policy.parentsMayOpenSchoolyard = true
    let state = S.state(policy: policy)
    #expect(
      S.decision(S.els, .publish(.schoolyard, to: "groep5"), in: state).readers(of: .schoolyardItem) == [
        S.deVries, S.frank,
      ])
    #expect(S.decision(S.els, .publish(.schoolyard, to: "groep7"), in: state).refusal == .notYours)
  }

  @Test("A named sender may send urgent messages whatever their role")
  func namedUrgentSender() {
    var policy = S.policy
    policy.urgentSenders = [S.anna]
    let decision = S.decision(S.anna, .publish(.urgent, to: "groep5"), in: S.state(policy: policy))
    #expect(decision.readers(of: .urgent).count == 3)
  }

  @Test("An empty mail is refused; one whose files were all too large is answered about those")
  func nothingWritten() {
    #expect(S.decision(S.anna, .publish(.news, to: "groep5"), " \n").refusal == .empty)
    let large = S.decision(
      S.anna, .publish(.news, to: "groep5"), "", refused: [RefusedFile(name: "film.mp4", size: 9, limit: 1)])
    #expect(large.notices.map(\.kind) == [.filesRefused] && large.changes.isEmpty)
  }
}
