import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("No slot is given twice")
struct ConferenceRaceTests {
  typealias P = PlayedSchool

  @Test("Three parents who answer in the same moment for one slot: one has it, the others hear that it is taken")
  func race() async throws {
    let school = try await P()
    try await school.write(
      P.anna, "gesprekken", "Plan", "di 24 november 15:30-16:00\n10 minuten\nGroep 5\ndirect")
    try await school.pass(700)
    try await ConferenceClock(gateway: school.gateway).doDue()
    try await school.collect()
    var raws: [InboundRecord] = []
    for parent in [P.els, P.frank, P.shared] {
      let mail = try school.mail(to: parent, with: "Oudergesprekken: kies")
      let to = try #require(mail.replyTo.first?.address.description)
      let lines = [
        "Authentication-Results: mail.school.test; auth=pass smtp.auth=\(parent)", "X-Original-To: \(to)",
        "From: \(parent)", "To: \(to)", "Subject: Re", "Message-ID: <\(parent)>", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8", "", "15:40", "",
      ]
      raws.append(
        try await school.store.record(Data(lines.joined(separator: "\r\n").utf8), from: nil, at: school.now))
    }
    let gateway = school.gateway
    await withTaskGroup { group in
      for raw in raws { group.addTask { #expect(await MailReader(gateway: gateway).handle(raw) == .handled) } }
    }
    try await school.collect()
    let booked = [P.els, P.frank, P.shared].filter { parent in
      school.inboxes[parent, default: []].contains { $0.subject.hasPrefix("Gesprek over") }
    }
    let taken = [P.els, P.frank, P.shared].filter { parent in
      school.inboxes[parent, default: []].contains { $0.subject.contains("al bezet") }
    }
    #expect(booked.count == 1 && taken.count == 2 && Set(booked + taken).count == 3)
    let states = try await school.store.conferences(endingAfter: school.now)
    #expect(states.first?.talks.compactMap(\.slot) == [1])
  }
}
