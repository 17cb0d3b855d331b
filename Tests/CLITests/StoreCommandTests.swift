import Foundation
import Mail
import School
import Store
import Testing

@testable import CLI

@Suite("Commands over a school's store", .timeLimit(.minutes(6)))
struct StoreCommandTests {
  /// A school with one teacher and two families, one of them behind a shared address.
  private func school() async throws -> (folder: SchoolFolder, store: Store) {
    let folder = try SchoolFolder(SchoolFolder.least + "authentication: {authserv-id: mail.school.nl}\n")
    let store = try await Store.open(folder: folder.url.appending(path: "store"), access: .shared)
    let group = GroupID("g5")
    let pupil = Pupil(id: PupilID("p"), name: "Jelle", groups: [group])
    try await store.apply(
      [
        .putGroup(SchoolGroup(id: group, name: "Groep 5", routeWord: "groep5")), .putPupil(pupil),
        .putStaff(
          RosterStaff(
            id: StaffID("s"), name: "Juf Anna", address: "anna@school.nl", routeWord: "anna", roles: ["LRK"],
            groups: [group])),
        .putCarer(
          RosterCarer(
            id: CarerID("c"), name: "Els de Vries", address: "thuis@ouders.test", language: nil,
            authority: [pupil.id: .full])),
        .putCarer(
          RosterCarer(
            id: CarerID("d"), name: "Jan de Vries", address: "thuis@ouders.test", language: nil,
            authority: [pupil.id: .full])),
        .putCarer(
          RosterCarer(
            id: CarerID("e"), name: "Weg", address: "weg@ouders.test", language: nil, authority: [pupil.id: .full])),
      ], defaultLanguage: .dutch)
    return (folder, store)
  }

  private func publish(_ store: Store, at now: Date = Date()) async throws -> Committed {
    let directory = try await store.directory()
    let anna = try #require(directory.account(address: "anna@school.nl")).id
    let families = directory.families(of: .group(GroupID("g5")))
    let decision = Decision(
      changes: [
        .openThread(
          kind: .news, subject: "Gym", author: anna, audience: .group(GroupID("g5")), members: [], about: nil),
        .addEntry(thread: .new, author: anna, body: MessageBody(text: "Morgen gym.\n\u{1B}[31mNeem mee"), origin: nil),
      ], notices: families.map { Notice(.news, to: .account($0), thread: .new, entry: .new, replyTarget: .thread) })
    let done = try await store.commit(
      Outcome(inbound: nil, label: "posted", messageID: "1@x", route: "nieuws", decision: decision, at: now)
    ) { "\($0)@school.nl" }
    let accepted = ServerWords(code: 250, enhancedStatusCode: "2.0.0", text: "ok")
    let refused = ServerWords(code: 550, enhancedStatusCode: "5.1.1", text: "no such user")
    try await store.record([
      DeliveryOutcome(delivery: done.deliveries[0], at: Date(), result: .accepted(accepted)),
      DeliveryOutcome(
        delivery: done.deliveries[1], at: Date(), result: .refused(refused),
        sign: .hardFailure(
          AddressFailure(reason: "unknown-user", provider: nil, actor: "school", words: refused.text))),
    ])
    return done
  }

  private func run(_ arguments: [String], in folder: SchoolFolder, input: String? = nil) async throws -> Binary.Result {
    try await Binary.run(
      arguments, environment: SchoolFolder.environment.merging(["POSTPLEIN_SCHOOL": folder.url.path]) { $1 },
      input: input)
  }

  @Test("threads lists and shows what was written, by name, and steers no terminal")
  func threads() async throws {
    let (folder, store) = try await school()
    #expect(try await run(["threads"], in: folder).output == "No threads.\n")
    let thread = try #require(try await publish(store).thread)
    let list = try await run(["threads", "list"], in: folder)
    #expect(list.code == 0)
    #expect(list.output.contains("#\(thread) news “Gym” by Juf Anna, for Groep 5; 1 messages"), "\(list.output)")
    let shown = try await run(["threads", "show", "\(thread)"], in: folder)
    #expect(shown.output.contains("    | Morgen gym.") && !shown.output.contains("\u{1B}"))
    let json = try await run(["threads", "show", "\(thread)", "--json"], in: folder).output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let entries = object["entries"] as? [[String: Any]]
    #expect(entries?.first?["text"] as? String == "Morgen gym.\n\u{1B}[31mNeem mee")
    #expect(try await run(["threads", "--kind", "mailbox"], in: folder).output == "No threads.\n")
    #expect(try await run(["threads", "--kind", "gossip"], in: folder).code == 64)
    #expect(try await run(["threads", "show", "99"], in: folder).code == 1)
  }

  private func objects(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("addresses reactivate lets mail go to an address again")
  func reactivate() async throws {
    let (folder, store) = try await school()
    _ = try await publish(store)
    let failed = try await store.standings().count
    let result = try await run(["addresses", "reactivate", "weg@ouders.test"], in: folder)
    #expect(result.code == 0 && result.output == "weg@ouders.test is mailed again\n", "\(result.complaint)")
    #expect(try await store.standings().count == failed - 1)
  }

  @Test(
    "Spam is advised on only where nobody answered for days; of who answered, or was mailed just now, nothing is wrong")
  func advise() async throws {
    let advise = ["addresses", "advise", "thuis@ouders.test", "--language", "en"]
    let (folder, store) = try await school()
    #expect(try await run(advise, in: folder).complaint.contains("no mail to thuis@ouders.test was accepted"))
    _ = try await publish(store)
    let early = try await run(advise, in: folder)
    #expect(early.code == 1 && early.complaint.contains("nothing is wrong: mail to thuis@ouders.test was accepted"))
    let (other, silent) = try await school()
    let thread = try #require(try await publish(silent, at: Date().addingTimeInterval(-4 * 86_400)).thread)
    let spam = try await run(advise, in: other)
    #expect(spam.code == 0 && spam.output.lowercased().contains("spam"), "\(spam)")
    let els = try #require(try await silent.directory().account(address: "thuis@ouders.test")).id
    _ = try await silent.commit(
      Outcome(
        inbound: nil, label: "posted", messageID: "2@x", route: "thread",
        decision: Decision(changes: [
          .addEntry(thread: .existing(thread), author: els, body: MessageBody(text: "Dank!"), origin: nil)
        ]), at: Date())
    ) { "\($0)@school.nl" }
    let answered = try await run(advise, in: other)
    #expect(answered.code == 1 && answered.complaint.contains("thuis@ouders.test answered the school"), "\(answered)")
    #expect(try await run(["addresses", "advise", "weg@ouders.test"], in: folder).code == 0, "its mail fails")
  }

  @Test("A mistake in the configuration is one for every command", arguments: ["families", "providers", "times"])
  func wrongConfiguration(report: String) async throws {
    let (folder, _) = try await school()
    try folder.write(SchoolFolder.least + "unknown: 1\n", to: "postplein.yaml")
    let result = try await run(["report", report], in: folder)
    #expect(result.code == 78 && result.complaint.contains("unknown"), "\(result.code) \(result.complaint)")
  }

  @Test("report messages lists what is damaged and was set aside")
  func damaged() async throws {
    let (folder, store) = try await school()
    let done = try await publish(store)
    let id = try await store.commit(
      Outcome(
        inbound: nil, label: "x",
        decision: Decision(notices: [
          Notice(.news, to: .stranger(address: "x@ouders.test"), entry: done.entry.map { .existing($0) })
        ]),
        at: Date())
    ) { "\($0)@school.nl" }.deliveries[0]
    try await store.setAside(id, reason: "it cannot be read", at: Date())
    let lines = try await run(["report", "messages"], in: folder).output
    #expect(lines.contains("1 accepted, 1 refused, 1 set-aside"), "\(lines)")
    #expect(
      lines.contains("damaged, and left to a person: delivery \(id), found ") && lines.contains("it cannot be read"))
    let last = try #require(try objects(try await run(["report", "messages", "--json"], in: folder).output).last)
    #expect(last["kind"] as? String == "damage" && last["place"] as? String == "delivery \(id)")
  }

  @Test("report tells by family, provider and time how mail fared")
  func reports() async throws {
    let (folder, store) = try await school()
    #expect(try await run(["report", "providers"], in: folder).output == "No mail.\n")
    _ = try await publish(store)
    let family = try #require(try objects(try await run(["report", "families", "--json"], in: folder).output).first)
    #expect(family["reach"] as? String == "part" && family["pupils"] as? [String] == ["Jelle"])
    let members = try #require(family["members"] as? [[String: Any]])
    #expect(members.map { $0["address"] as? String } == ["thuis@ouders.test", "weg@ouders.test"])
    #expect(members[1]["reason"] as? String == "unknown-user" && members[0]["lastAccepted"] != nil)
    let readable = try await run(["report", "families", "--trouble"], in: folder).output
    #expect(
      readable.hasPrefix("part: Jelle\n  working thuis@ouders.test (Els de Vries, Jan de Vries; new), 1 of 1 accepted"))
    let provider = try await run(["report", "providers"], in: folder).output
    #expect(
      provider == "other: 2 mails: 1 accepted, 1 failed\n  1 × unknown-user: school must act\n", "\(provider)")
    let days = try objects(try await run(["report", "times", "--json", "--days", "3"], in: folder).output)
    #expect(days.count == 4 && (days[3]["mails"] as? [String: Int])?["accepted"] == 1)
    #expect(try await run(["report", "times", "--by", "hour"], in: folder).output.hasSuffix("1 accepted, 1 failed\n"))
    #expect(try await run(["report", "times", "--days", "0"], in: folder).code == 64)
    #expect(try await run(["report", "authentication"], in: folder).output.hasPrefix("No reports."))
  }

  @Test("report person tells all that happened to one address, and writes it as a page that only its owner reads")
  func person() async throws {
    let (folder, store) = try await school()
    _ = try await publish(store)
    let file = folder.url.appending(path: "tijdlijn.html").path
    let events = try objects(
      try await run(["report", "person", "weg@ouders.test", "--json", "--html", file], in: folder).output)
    #expect(events.map { $0["event"] as? String } == ["queued", "refused"])
    #expect(events[1]["reason"] as? String == "unknown-user" && events[1]["subject"] as? String == "Gym")
    let html = try String(contentsOfFile: file, encoding: .utf8)
    #expect(html.contains("Geweigerd door de mailserver") && !html.contains("Morgen gym"))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let page = folder.url.appending(path: "rapport.html").path
    #expect(try await run(["report", "page", page, "--language", "en"], in: folder).code == 0)
    #expect(try String(contentsOfFile: page, encoding: .utf8).contains("One parent gets the mail, another does not."))
    #expect(try await run(["report", "page", "/nowhere/x.html"], in: folder).code == 74)
    #expect(try await run(["report", "page", page, "--language", "de"], in: folder).code == 64)
    #expect(try await run(["report", "person", "nobody@x.test"], in: folder).code == 1)
  }

  @Test("report tells who did not get a message, with the server's words")
  func report() async throws {
    let (folder, store) = try await school()
    let thread = try #require(try await publish(store).thread)
    let report = try await run(["report"], in: folder).output
    #expect(report.contains("“Gym” by Juf Anna"))
    #expect(report.contains("1 accepted, 1 refused"))
    #expect(report.contains("accepted  Els de Vries & Jan de Vries <thuis@ouders.test>"), "\(report)")
    #expect(report.contains("550 5.1.1 no such user"))
    #expect(report.contains("unknown-user: school must act"))
    let trouble = try await run(["report", "--trouble", "--json", "--thread", "\(thread)"], in: folder).output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(trouble.utf8)) as? [String: Any])
    let mails = try #require(object["mails"] as? [[String: Any]])
    #expect(mails.map { $0["address"] as? String } == ["weg@ouders.test"])
    #expect(object["counts"] as? [String: Int] == ["accepted": 1, "refused": 1])
    let unknown = try await run(["report", "--thread", "99"], in: folder)
    #expect(unknown.code == 1 && unknown.complaint.contains("there is no thread 99"), "\(unknown.complaint)")
    for arguments in [
      ["threads", "--limit", "0"], ["threads", "--limit=-1"], ["report", "messages", "--limit", "0"],
    ] {
      #expect(try await run(arguments, in: folder).code == 64, "\(arguments)")
    }
  }

  @Test("send puts a message in with its route, its files and, when asked, its proof")
  func send() async throws {
    let (folder, store) = try await school()
    try folder.write("%PDF", to: "brief.pdf")
    let sent = try await run(
      [
        "send", "--from", "anna@school.nl", "--to", "nieuws.groep5", "--subject", "Gym ë", "--proven", "--attach",
        folder.url.appending(path: "brief.pdf").path, "--json",
      ], in: folder, input: "Morgen gym.\n")
    #expect(sent.code == 0, "\(sent.complaint)")
    let record = try #require(try await store.waitingInbound(limit: 10).first)
    #expect(sent.output == "{\"inbound\":\(record.id)}\n")
    let raw = try await store.raw(of: record.id)
    let found = MailExplanation(of: raw, file: "", authservID: "mail.school.nl")
    #expect(found.provenBy == "auth" && found.subject == "Gym ë" && found.text == "Morgen gym.")
    #expect(found.attachments.map(\.mediaType) == ["application/pdf"])
    #expect(MailMessage.parse(raw).to.map(\.address.description) == ["Ouders+nieuws.groep5@school.nl"])
  }

  @Test(
    "send says what is wrong with what it was given",
    arguments: [
      (["--from", "anna", "--to", "nieuws"], 64), (["--from", "a@b.nl", "--to", "x@"], 64),
      (["--from", "a@b.nl", "--to", "nieuws", "--attach", "/nonexistent"], 74), (["--from", "a@b.nl"], 64),
      (["--from", "a@b.nl", "--to", "nieuws"], 65), (["--from", "anna@school.nl", "--to", ""], 64),
      (["--from", "anna@school.nl", "--to", "niews"], 64),
      (["--from", "anna@school.nl", "--to", "nieuws", "--to", "x"], 64),
      (["--from", "anna@school.nl", "--to", "ouders+niews@school.nl"], 64),
    ] as [([String], Int32)])
  func wrongSend(arguments: [String], code: Int32) async throws {
    let (folder, store) = try await school()
    let result = try await run(["send", "--subject", "x"] + arguments, in: folder, input: "x")
    #expect(result.code == code, "\(result.complaint)")
    #expect(try await store.waitingInbound(limit: 10).isEmpty)
  }

  @Test("A route that is misspelt is told with what may have been meant")
  func misspeltRoute() async throws {
    let (folder, _) = try await school()
    let result = try await run(
      ["send", "--subject", "x", "--from", "anna@school.nl", "--to", "niews.groep5"], in: folder, input: "x")
    #expect(result.code == 64 && result.complaint.contains("did you mean nieuws.groep5?"), "\(result.complaint)")
  }

  @Test("Without a school's folder, or a store in it, commands say which")
  func noSchool() async throws {
    #expect(try await Binary.run(["threads", "--school", "/nonexistent"]).code == 78)
    let folder = try SchoolFolder()
    let none = try await run(["report"], in: folder)
    #expect(none.code == 69 && none.complaint.contains("no store"), "\(none.complaint)")
    let inside = try await Binary.run(["report"], in: folder.url)
    #expect(inside.code == 69)
  }

  @Test("explain --school tells where a mail goes, and believes the school's own server")
  func explainOfSchool() async throws {
    let (folder, _) = try await school()
    _ = try SchoolSecret.loadOrMake(folder: folder.url)
    let mail = """
      From: Juf Anna <anna@school.nl>
      To: ouders+nieuws.groep5@school.nl
      Authentication-Results: mail.school.nl; dmarc=pass header.from=school.nl
      Subject: Gym

      Morgen gym.

      """.replacing("\n", with: "\r\n")
    let done = try await Binary.run(
      ["explain", "--json", "--school", folder.url.path, "-"], environment: SchoolFolder.environment, input: mail)
    #expect(done.code == 0, "\(done.complaint)")
    let found = try #require(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [String: Any])
    #expect(found["route"] as? [String] == ["nieuws.groep5"])
    #expect(found["provenBy"] as? String == "dmarc")
    let nowhere = try await Binary.run(["explain", "--school", "/nonexistent", "-"], input: mail)
    #expect(nowhere.code == 78)
  }

  @Test("The store is verified, copied, put back, told and erased by commands")
  func upkeep() async throws {
    let (folder, store) = try await school()
    _ = try await publish(store)
    let place = folder.url.appending(path: "backup").path
    let verified = try await run(["store", "verify", "--json"], in: folder)
    #expect(verified.code == 0 && verified.output.contains("\"sound\":true"))
    #expect(try await run(["store", "backup", place], in: folder).code == 0)
    let copied = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    #expect(copied.contains("postplein.yaml") && copied.contains("store") && !copied.contains("mail-password"))
    let told = try await run(["store", "export", "thuis@ouders.test", folder.url.path + "/data"], in: folder)
    #expect(told.code == 0, "\(told.complaint)")
    let data = try String(contentsOfFile: folder.url.path + "/data/data.json", encoding: .utf8)
    #expect(data.contains("Els de Vries") && data.contains("Jelle"))
    #expect(try await run(["store", "expire", "raw", "--days", "1"], in: folder).code == 64)
    #expect(
      try await run(["store", "expire", "raw", "--days", "7"], in: folder).output.contains("nothing was changed"))
    #expect(try await run(["store", "erase", "thuis@ouders.test"], in: folder).output.contains("nothing was changed"))
    #expect(try await run(["store", "erase", "thuis@ouders.test", "--apply"], in: folder).code == 0)
    #expect(try await run(["store", "erase", "thuis@ouders.test", "--apply"], in: folder).code == 1)
    _ = try await store.record(Data("From: Oma <oma@x.test>\r\n\r\nHoi".utf8), from: nil, at: Date())
    let of = folder.url.path + "/oma"
    #expect(try await run(["store", "export", "oma@x.test", of], in: folder).output.contains("1 mails received"))
    #expect(try String(contentsOfFile: of + "/data.json", encoding: .utf8).contains("oma@x.test"))
    #expect(try await run(["store", "export", "opa@x.test", of + "2"], in: folder).code == 1)
    let restored = try await run(["store", "restore", place], in: folder)
    #expect(restored.code == 0 && restored.output.contains("is kept as"))
    let check = try await run(["check", "--offline", folder.url.path], in: folder)
    #expect(check.output.contains("WARN store: store.before-"), "\(check)")
    for erasure in [["erase", "weg@ouders.test"], ["erase-results", "p"]] {
      let erased = try await run(["store"] + erasure + ["--apply"], in: folder)
      #expect(erased.code == 0 && erased.output.hasSuffix("still has all of it: remove that folder\n"), "\(erased)")
      #expect(erased.output.contains("/store.before-"))
    }
    #expect(try await run(["store", "erase", "thuis@ouders.test"], in: folder).code == 0, "known again")
    let file = folder.url.appending(path: "store/postplein.sqlite")
    try Data(repeating: 1, count: 4_096).write(to: file)
    #expect(try await run(["store", "verify"], in: folder).code == 65)
  }

  @Test("A backup takes the place of no school")
  func backupOverSchool() async throws {
    let (folder, store) = try await school()
    _ = try await publish(store)
    let own = try await run(["store", "backup", folder.url.path], in: folder)
    #expect(own.code == 65 && own.complaint.contains("own folder"), "\(own.complaint)")
    let (other, _) = try await school()
    let served = try await run(["store", "backup", other.url.path], in: folder)
    #expect(served.code == 65 && served.complaint.contains("is no backup"), "\(served.complaint)")
    let place = folder.url.appending(path: "backup")
    try folder.write(String(repeating: "ab", count: 32), to: "secret")
    #expect(try await run(["store", "backup", place.path], in: folder).code == 0)
    #expect(try await run(["store", "backup", place.path], in: folder).code == 0, "the same again")
    try folder.write(String(repeating: "cd", count: 32), to: "secret")
    let another = try await run(["store", "backup", place.path], in: folder)
    #expect(another.code == 65 && another.complaint.contains("another school"), "\(another.complaint)")
  }

  @Test("Commands that log in nowhere need no password", arguments: [["report", "families"], ["addresses", "list"]])
  func withoutPasswords(command: [String]) async throws {
    let (folder, _) = try await school()
    try FileManager.default.removeItem(at: folder.url.appending(path: "mail-password"))
    let result = try await Binary.run(command, environment: ["POSTPLEIN_SCHOOL": folder.url.path])
    #expect(result.code == 0, "\(result.complaint)")
    #expect(try await Binary.run(["check", "--offline", folder.url.path], environment: [:]).code == 78)
  }

  @Test("What is no address, or the school's own, is not erased", arguments: ["", "els", "ouders@school.nl"])
  func noErasure(address: String) async throws {
    let (folder, _) = try await school()
    let result = try await run(["store", "erase", address, "--apply"], in: folder)
    #expect(result.code == 65, "\(result.complaint)")
  }
}
