import Foundation
import School
import Testing

@testable import Gateway

@Suite("Reading EDEXML")
struct EDEXMLTests {
  static let body = """
      <school><schooljaar>2031-2032</schooljaar><xsdversie>2.3</xsdversie></school>
      <groepen>
        <groep key="G5"><naam>Groep 5</naam><jaargroep>5</jaargroep></groep>
        <samengestelde_groep key="S1"><naam>Plusklas</naam>
          <toevoegingen><blok xsi:type="X"><naam>niet deze</naam></blok></toevoegingen>
        </samengestelde_groep>
        <groep key="G6"><naam>6</naam></groep>
      </groepen>
      <leerlingen>
        <leerling key="1001" eckid="x">
          <achternaam>Vries</achternaam><voorvoegsel>de</voorvoegsel><roepnaam>Noor</roepnaam>
          <bsn>123456782</bsn><onderwijsnummer>9</onderwijsnummer><etniciteit>NL</etniciteit><gewicht>0,3</gewicht>
          <groep key="G5"/>
          <samengestelde_groepen><samengestelde_groep key="S1"/></samengestelde_groepen>
        </leerling>
        <leerling key="1002"><achternaam>Weg</achternaam><uitstroomdatum>2020-07-01</uitstroomdatum></leerling>
        <leerling key="1003"><geslacht>1</geslacht></leerling>
        <leerling><roepnaam>Sleutelloos</roepnaam></leerling>
        <leerling key="1001"><roepnaam>Dubbel</roepnaam></leerling>
      </leerlingen>
      <leerkrachten>
        <leerkracht key="L1"><achternaam>Boer</achternaam><voorvoegsel>de</voorvoegsel><roepnaam>Anna</roepnaam>
          <emailadres>Anna@School.test</emailadres><rol>LRK</rol><rol>dir</rol>
          <groepen><groep key="G5"><rol>LRK</rol></groep><samengestelde_groep key="S1"/></groepen>
        </leerkracht>
        <leerkracht key="L2"><roepnaam>Bas</roepnaam><emailadres>geen adres</emailadres></leerkracht>
      </leerkrachten>
    """
  static let bare = "<EDEX xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\(body)</EDEX>"
  static let envelope = """
    <?xml version="1.0" encoding="UTF-8"?>
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
    <u:leerlinggegevens_antwoord xmlns:u="http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\(body)</u:leerlinggegevens_antwoord>
    </s:Body></s:Envelope>
    """

  @Test("Groups, pupils and staff are read by key, bare or in the envelope", arguments: [bare, envelope])
  func reads(text: String) throws {
    let read = try EDEXMLReader.read(Data(text.utf8))
    #expect(read.roster.groups.map(\.name) == ["Groep 5", "Plusklas", "6"])
    let noor = Pupil(id: PupilID("1001"), name: "Noor de Vries", groups: [GroupID("G5"), GroupID("S1")])
    #expect(read.roster.pupils == [noor])
    let anna = try #require(read.roster.staff.first)
    #expect(anna.givenName == "Anna" && anna.familyName == "de Boer" && anna.address == "anna@school.test")
    #expect(anna.roles == ["LRK", "DIR"] && anna.groups == [GroupID("G5"), GroupID("S1")])
    #expect(read.roster.staff.last?.address == nil)
    #expect(read.problems.count == 4 && read.problems.allSatisfy { $0.line > 10 })
  }

  @Test("What must not be known is not: no number, origin or weight is anywhere in what was read")
  func dropped() throws {
    let read = try EDEXMLReader.read(Data(Self.bare.utf8))
    let all = String(describing: read)
    for secret in ["123456782", "0,3", "onderwijsnummer", "etniciteit"] { #expect(!all.contains(secret)) }
  }

  @Test("Windows-1252 is read as it is declared")
  func charset() throws {
    let text = Self.bare.replacing("Noor", with: "Zoë")
    let data = try #require("<?xml version=\"1.0\" encoding=\"windows-1252\"?>\(text)".data(using: .windowsCP1252))
    #expect(try EDEXMLReader.read(data).roster.pupils.first?.name == "Zoë de Vries")
  }

  @Test(
    "What is no export is refused with the reason",
    arguments: [
      ("", "holds no EDEX"), ("geen xml", "not whole"), ("<html></html>", "holds no EDEX"),
      (String(bare.prefix(900)), "not whole"),
      ("<!DOCTYPE a [<!ENTITY x \"y\">]><EDEX>&x;</EDEX>", "DOCTYPE"),
      (String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100), "more elements"),
    ])
  func refused(text: String, reason: String) {
    #expect { try EDEXMLReader.read(Data(text.utf8)) } throws: { "\($0)".contains(reason) }
  }
}

@Suite("Reading the school's file of parents")
struct CarerFileTests {
  static let pupils = Dictionary(
    uniqueKeysWithValues: ["1", "2", "3"].map { (PupilID($0), Pupil(id: PupilID($0), name: "P\($0)", groups: [])) })

  static func read(_ text: String) throws -> CarerFileReader.Result {
    try CarerFileReader.read(Data(text.utf8), pupils: pupils)
  }

  @Test(
    "Rows a carer are read with any delimiter, in Dutch and English",
    arguments: [
      "Code;Achternaam;Email;Leerlingcodes\nk1;Jansen;J@Ouders.test;1,2\n",
      "code,achternaam,e-mail,leerlingnummers\r\nk1,Jansen,j@ouders.test,\"1,2\"\r\n",
      "Code\tLast name\tE-mail address\tPupils\nk1\tJansen\tj@ouders.test\t1 2",
      "\u{FEFF}naam;mail;kinderen;code\n\"Jansen\";j@ouders.test;1|2;k1",
    ])
  func delimiters(text: String) throws {
    let read = try Self.read(text)
    #expect(read.problems.isEmpty)
    let carer = try #require(read.carers.first)
    #expect(carer.id == CarerID("k1") && carer.name == "Jansen" && carer.address == "j@ouders.test")
    #expect(carer.authority == [PupilID("1"): .full, PupilID("2"): .full] && carer.language == nil)
  }

  @Test("A column that is not understood is named, with what it comes near to; one near to authority is refused")
  func unused() throws {
    let read = try Self.read("naam;mail;leerling;Tael;Telfoon;Sjoen;\nJan;jan@ouders.test;1;fy;06;38;\n")
    #expect(read.carers.first?.language == nil)
    #expect(
      read.unused == [
        UnusedColumn(title: "Tael", near: "taal"), UnusedColumn(title: "Telfoon", near: "telefoon"),
        UnusedColumn(title: "Sjoen"),
      ])
    #expect(try Self.read("naam;mail;leerling;taal;tael\nJan;jan@ouders.test;1;fy;x\n").unused.map(\.near) == [nil])
    #expect(throws: ImportFailure.self) { try Self.read("naam;mail;leerling;gezga\nJan;jan@ouders.test;1;nee\n") }
  }

  @Test("Names in parts, language and authority, and one carer over several rows")
  func parts() throws {
    let read = try Self.read(
      """
      Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Leerlingnummer;Taal;Gezag
      Jan;de;Vries;jan@ouders.test;1;Frysk;ja
      Jan;de;Vries;jan@ouders.test;2;fy;op verzoek
      Piet;;Bos;piet@ouders.test;3;English;geen
      """)
    #expect(read.carers.count == 2)
    let jan = try #require(read.carers.first)
    #expect(jan.name == "Jan de Vries" && jan.language == .frisian)
    #expect(jan.authority == [PupilID("1"): .full, PupilID("2"): .onRequest])
    #expect(read.carers.last?.authority == [PupilID("3"): ParentalAuthority.none])
  }

  @Test("Rows a pupil have numbered parents; two with one address are two carers")
  func perPupil() throws {
    let read = try Self.read(
      """
      Leerlingnummer;Roepnaam;Achternaam;Naam ouder 1;E-mail ouder 1;Naam ouder 2;E-mail ouder 2
      1;Noor;Vries;Jan;samen@ouders.test;Marie;samen@ouders.test
      2;Tim;Bos;Els;els@ouders.test;;
      """)
    #expect(read.problems.isEmpty && read.carers.count == 3)
    #expect(Set(read.carers.map(\.address)) == ["samen@ouders.test", "els@ouders.test"])
  }

  @Test(
    "Phone and postal address are read by many names; a column that is not there states nothing, an empty cell that it is gone",
    arguments: [
      (
        "naam;mail;leerlingnummer;Telefoon;Adres;Postcode;Woonplaats\nA;a@o.test;1;06 1;Dorpsstraat 1;9001 AB;Grou",
        [.phone: "06 1", .street: "Dorpsstraat 1", .postcode: "9001 AB", .city: "Grou"]
      ),
      (
        "naam;mail;leerlingnummer;Mobiel;Straat;Huisnummer;Toevoeging;Plaats\nA;a@o.test;1; 06  1 ;Dorpsstraat;1;a;Grou",
        [.phone: "06 1", .street: "Dorpsstraat 1 a", .city: "Grou"]
      ),
      ("naam;mail;leerlingnummer;telefoon 1;telefoon 2\nA;a@o.test;1;06 1;06 2", [.phone: "06 1"]),
      ("naam;mail;leerlingnummer;telefoon\nA;a@o.test;1;", [.phone: ""]),
      ("naam;mail;leerlingnummer\nA;a@o.test;1", [:]),
      ("naam;mail;leerlingnummer;telefoon\nA;a@o.test;1", [.phone: ""]),
      ("naam;mail;leerlingnummer;telefoon\nA;a@o.test;1;06 1\nA;a@o.test;2;", [.phone: "06 1"]),
      // In a row a pupil, what has no number is the pupil's.
      (
        "leerlingnummer;telefoon;adres;naam ouder1;mail ouder1;telefoon ouder1\n1;06 0;Elders 1;A;a@o.test;06 1",
        [.phone: "06 1"]
      ),
    ] as [(String, [ContactDetails.Part: String])])
  func contact(text: String, contact: [ContactDetails.Part: String]) throws {
    let read = try Self.read(text)
    #expect(read.problems.isEmpty && read.carers.map(\.contact) == [contact])
  }

  @Test("A phone number longer than its limit spoils its row alone")
  func longContact() throws {
    let long = String(repeating: "6", count: ImportLimits.contactCharacters + 1)
    let read = try Self.read("naam;mail;leerlingnummer;telefoon\nA;a@o.test;1;\(long)\nB;b@o.test;1;06")
    #expect(read.carers.map(\.name) == ["B"] && read.problems.map(\.line) == [2])
  }

  @Test("Bad rows are named by line and reason, and the good ones go through")
  func badRows() throws {
    let read = try Self.read(
      """
      naam;mail;leerlingnummers;taal

      A;a@ouders.test;1;
      B;geen adres;1;
      C;c@ouders.test;9;
      ;d@ouders.test;1;
      E;e@ouders.test;1;klingon
      "F
      G";g@ouders.test;1;
      H;h@ouders.test;;
      I;i@ouders.test;2;en
      """)
    #expect(read.carers.map(\.name) == ["A", "F\nG", "I"].sorted() || read.carers.count == 3)
    #expect(read.problems.map(\.line) == [4, 5, 6, 7, 10])
    #expect(read.problems[1].reason.contains("pupil 9"))
    let stray = try Self.read(
      "naam;mail;leerlingnummers\nA;a@ouders.test;1\n\"B\" x;b@ouders.test;1\nC;c@ouders.test;2\n")
    #expect(stray.carers.map(\.name) == ["A", "C"] && stray.problems.map(\.line) == [3])
  }

  @Test("Windows-1252 and UTF-16 are read; what is no table is refused")
  func encodings() throws {
    let text = "naam;mail;leerlingnummers\nZoë;z@ouders.test;1\n"
    let western = try #require(text.data(using: .windowsCP1252))
    #expect(try CarerFileReader.read(western, pupils: Self.pupils).carers.first?.name == "Zoë")
    let wide = try Data([0xFF, 0xFE]) + #require(text.data(using: .utf16LittleEndian))
    #expect(try CarerFileReader.read(wide, pupils: Self.pupils).carers.first?.name == "Zoë")
    for bad in ["", "naam;telefoon\nA;1", "a\0b"] {
      #expect(throws: ImportFailure.self) { try Self.read(bad) }
    }
  }
}
