import Mail
import School
import Testing

@testable import Gateway

@Suite("Routes and their addresses")
struct AddressSchemeTests {
  static let mailbox = MailAddress(localPart: "ouders", domain: "school.test")
  let sub, domain, plain: AddressScheme

  init() throws {
    let mailbox = try #require(Self.mailbox)
    sub = AddressScheme(mode: .subaddress, mailbox: mailbox)
    domain = AddressScheme(mode: .domain, mailbox: mailbox, routeDomain: "Ouders.School.test")
    plain = AddressScheme(mode: .plain, mailbox: mailbox)
  }

  @Test(
    "A route is a word and a detail, separated by a dot or a plus, in any case and language",
    arguments: [
      ("nieuws", RouteAddress.route(.news, detail: nil)), ("nieuws.groep5", .route(.news, detail: "groep5")),
      ("Nieuws+Groep5", .route(.news, detail: "groep5")), ("nijs.groep5", .route(.news, detail: "groep5")),
      ("postvak.juf.anna", .route(.mailbox, detail: "anna")), ("postvak.anna", .route(.mailbox, detail: "anna")),
      ("r.abc", .reply(key: "abc")), ("B.ABC", .bounce(key: "abc")), ("r", .route(.reply, detail: nil)),
      ("onzin.x", .unknown("onzin.x")), ("", .unknown("")), (".", .unknown("")),
      ("postvak.juf", .route(.mailbox, detail: "juf")),
    ])
  func words(text: String, route: RouteAddress) { #expect(RouteAddress(text) == route) }

  @Test("Each mode writes the addresses that it reads")
  func modes() throws {
    let news = RouteAddress.route(.news, detail: "groep5")
    #expect(sub.address(of: news).description == "ouders+nieuws.groep5@school.test")
    #expect(domain.address(of: news).description == "nieuws.groep5@ouders.school.test")
    #expect(plain.address(of: news).description == "ouders@school.test")
    #expect(plain.subjectPrefix(of: news) == "nieuws.groep5: " && sub.subjectPrefix(of: news) == nil)
    for scheme in [sub, domain] {
      #expect(scheme.route(to: scheme.address(of: news)) == news)
      #expect(scheme.isOurs(scheme.address(of: .reply(key: "abc"))) && scheme.isOurs(scheme.mailbox))
      #expect(scheme.route(to: scheme.mailbox) == nil)
    }
    let read = try #require(plain.route(inSubject: "Nieuws.Groep5 : Morgen: gym"))
    #expect(read.route == news && read.subject == "Morgen: gym")
  }

  @Test("Other people's addresses and subjects name no route")
  func others() throws {
    for text in ["anna@school.test", "ouders@elders.test", "oudersx+nieuws@school.test", "nieuws@school.test"] {
      let address = try #require(MailAddress(text))
      for scheme in [sub, domain, plain] where scheme.mode != .domain || address.domain == scheme.domain {
        #expect(scheme.route(to: address) == nil, "\(text) in \(scheme.mode)")
      }
    }
    #expect(plain.route(inSubject: "Vraag: mag dat?") == nil && plain.route(inSubject: "nieuws groep 5") == nil)
    #expect(sub.route(inSubject: "nieuws.groep5: x") == nil, "only mode plain reads subjects")
  }

  @Test("Keys that were quoted are taken out of a text; other addresses stay")
  func scrubbed() {
    let key = "r.aeabcdefghijklmnopqrstuv23"
    #expect(sub.withoutKeys("Zie <ouders+\(key)@school.test>!") == "Zie <…>!")
    #expect(sub.withoutKeys("Mail ouders+nieuws.groep5@school.test") == "Mail ouders+nieuws.groep5@school.test")
    #expect(domain.withoutKeys("a mailto:\(key.uppercased())@ouders.school.test?subject=x b") == "a … b")
    #expect(sub.withoutKeys("mailto:ouders%2B\(key)%40school.test?body=Ja") == "…")
    #expect(plain.withoutKeys("onderwerp \(key): ja") == "onderwerp …: ja")
    let long = String(repeating: "a", count: 1_000_000)
    #expect(sub.withoutKeys("\(long).\(long)+\(key)@school.test") == "\(long).\(long)…", "no more than a key")
    #expect(domain.withoutKeys("r.de.vries@ouders.school.test") == "r.de.vries@ouders.school.test")
  }
}
