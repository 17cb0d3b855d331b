import Foundation
import Testing

@testable import Mail

/// What people write themselves in the words of programs.
@Suite("People's own words are not taken for a program's")
struct OwnWordsTests {
  static func read(_ text: String, subject: String = "Nieuws", fields: [String] = []) -> String {
    let lines = ["From: Anna <anna@school.test>", "Subject: \(subject)"] + fields + ["", text]
    let raw = lines.joined(separator: "\r\n").replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
    return NewText.read(MailMessage.parse(Data(raw.utf8))).text
  }

  @Test(
    "A mail that answers nothing stays whole",
    arguments: [
      "Beste ouders,\n\nOp maandag 3 november 2025 schreef de directeur het volgende:\n\nDe school is dicht.\n\nGroet, Anna",
      "Op 3-11 om 10:30 heeft de juf geschreven:\n\nneem laarzen mee",
      "Let op: dit bericht is alleen voor groep 5.\nMorgen geen gym.",
      "Let op: dit bericht is voor ouders.\n\nMorgen komt iemand van buiten.",
      "Beste ouders,\n\nDenk aan het milieu en kom op de fiets.\n\nDe schoolreis is op 12 juni.\n\nGroet, Anna",
      "Let op! Deze week buiten spelen: neem regenkleding mee.\n\nTot morgen",
      "Let op: dit bericht is alleen voor ouders van de buitenschoolse opvang.\n\nMorgen dicht",
      "Beste juf,\n\nHeeft u mijn mail van 3 november aan juf@school.test gezien? Daarin schreef ik:\n\nSem is ziek.",
      "Verstuurd via de mail, komt het formulier goed aan?", "Het formulier is\nverzonden via de mail",
      "Outlook voor mij werkt niet", "Het formulier is ingevuld.\nVerzonden door mijn vrouw.",
      "Hoi\n\nVerstuurd door mijn man", "Het formulier is\nverzonden van mijn werk\nen nu is het zoek.",
      "Let op: dit bericht is dringend, antwoord vandaag aan de afzender.\n\nSem heeft koorts.",
      "Hoi\n\nLiefs,\n\n-Bo de Vos", "Hoi,\n\nDoorgestuurd bericht van oma:\nIk haal Sem.\n\nMag dat?",
      "Hallo,\n\nVon meinem Vater wird Mia um 15 Uhr abgeholt.",
      "Hallo\n\nVon meiner Schwester, nicht von meinem Bruder.",
    ])
  func whole(text: String) { #expect(Self.read(text) == text) }

  @Test(
    "What programs put there goes",
    arguments: [
      ("Dank u\n\nDenk aan het milieu voordat u deze mail afdrukt.", "Dank u"),
      (
        "Dank u\n\nDenk aan het milieu voordat u deze mail print.\n\nPlease consider the environment before printing.",
        "Dank u"
      ),
      ("Sent from my phone", ""), ("Ja\nVerstuurd via mijn mobiel", "Ja"), ("Ja\nSent from Gmail Mobile", "Ja"),
      ("[EXTERNAL] This came from outside", ""),
      ("Ja\nVerstuurd vanaf een mobiel apparaat", "Ja"), ("Ja\nSent using the mobile mail app", "Ja"),
      ("Ja\n\nOutlook voor iOS downloaden", "Ja"),
      ("👍\n\nBo Vos reageerde via Gmail\n<https://mail.test/about/?utm_campaign=emojireactionemail#app>", "👍"),
      ("Ja\nVerzonden vanaf mobiel", "Ja"),
      ("CAUTION: This email originated from outside the organization.\n\nJa", "Ja"),
      ("Let op: deze e-mail komt van buiten de organisatie.\n\nJa", "Ja"),
      ("Let op: deze e-mail is van een onbekende afzender, open geen bijlagen.\n\nJa", "Ja"),
      ("Ja\nVerstuurd vanaf mijn luie stoel", "Ja"), ("Ja\nVerzonden door mijn Galaxy", "Ja"),
      ("Ja\n\n-Bo de Vos", "Ja"), ("Ja\n\nFerstjoerd fanút myn iPhone", "Ja"),
      ("Ja\n\nHaal Outlook voor Android", "Ja"),
      ("Ja\n\nVon meinem Weltempfänger gesendet", "Ja"), ("Ja\n\nVon meinem Galaxy", "Ja"),
      ("Ja\n\nSent from my Android device with K-9 Mail. Please excuse my brevity.", "Ja"),
      ("Hoi Els,\n\n-- \nVerzonden vanaf mijn Android-apparaat met K-9 Mail. Excuseer mijn beknoptheid.", "Hoi Els,"),
      ("Ja\n\nDiese Nachricht wurde von meinem Android Handy mit GMX Mail gesendet.", "Ja"),
      ("Ja\n\nGet BlueMail for iOS", "Ja"), ("Ja\n\nBlueMail voor iOS downloaden", "Ja"),
      ("Ja\n\nDownload BlueMail voor iOS", "Ja"), ("Ja\n\nVerstuurd met Canary", "Ja"),
      ("Ja\n\nWysłane z aplikacji Onet Poczta", "Ja"), ("Ja\n\niOS için Outlook’u edinin", "Ja"),
      ("Ja\n\nSamsung Galaxy akıllı telefonumdan gönderildi.", "Ja"),
    ])
  func programs(text: String, left: String) { #expect(Self.read(text) == left) }

  @Test(
    "A list that somebody typed is no header of an original, in an answer neither",
    arguments: [
      "Ik kan rijden:\n\nVan: school\nNaar: het strand\nDatum: donderdag 4 juni\n\nTerug rijdt Sem.",
      "Verlof:\n\nDatum: 4 juni 2026\nVan: 9.30 uur\nTot: 11.00 uur\nOnderwerp: orthodontist\n\nGraag een reactie.",
      "Van: Bo Vos\nAan: juf Anna\nOnderwerp: verlof\n\nBeste juf,\n\nSem is maandag afwezig.",
      "Aan: alle ouders\nVan: de ouderraad\nDatum: 4 juni 2026\nOnderwerp: feest\n\nWie helpt?",
      "Rooster\n----\nVan: 9.30 uur\nDatum: 4 juni 2026\n\nKlopt dat?",
    ])
  func typedHeader(text: String) {
    #expect(Self.read(text) == text)
    let quote = "Op ma 3 nov. 2025 om 10:12 schreef Anna <anna@school.test>:\n\n> Morgen gym"
    #expect(Self.read("\(text)\n\n\(quote)", subject: "Re: Nieuws") == text)
  }

  @Test(
    "The header of an original is one also where it tells no address or no minute",
    arguments: [
      "Van: Anna\nVerzonden: maandag 3 november 2025 10:12\nAan: Bo\nOnderwerp: Gym",
      "Van: Anna <anna@school.test>\nDatum: 3 november\nAan: Bo", "Van: Anna\nAan: bo@example.test\nOnderwerp: Gym",
      "____\nVan: Anna\nAan: Bo\nOnderwerp: Gym", "-- Oorspronkelijk bericht --\nVan: Anna\nAan: Bo\nOnderwerp: Gym",
    ])
  func clientHeader(header: String) {
    #expect(Self.read("Ja hoor\n\n\(header)\n\nMorgen gym", subject: "Re: Gym") == "Ja hoor")
  }

  @Test(
    "What somebody wrote is told by the sender too, above the quote of a program",
    arguments: [
      "Op 3 november 2025 schreef u:\n\"De toets is donderdag.\"\n\nKlopt dat?",
      "Gisteren om 16:02 schreef Bo in de app:\nwij kunnen niet.\n\nDus ik rij alleen.",
      "Op dinsdag om 16:02 schreef meester Bo:\n\nJullie kunnen komen.\n\nKlopt dit?",
      "Juf Sem schreef op 3 november 2025 om 10:12:\n\nDe les gaat niet door.\n\nKlopt dat?",
    ])
  func told(text: String) {
    for quote in [
      "Op ma 3 nov. 2025 om 10:12 schreef Anna <anna@school.test>:\n\nMorgen gym",
      "Op 3 nov. 2025 om 10:12 schreef Anna:\n> Morgen gym",
      "> Op 3 nov. 2025 om 10:12 heeft Anna <anna@school.test> het volgende geschreven:\n>\n> Morgen gym",
      "____\nVan: Anna\nVerzonden: maandag 3 november 2025 10:12\nAan: Bo\nOnderwerp: Gym\n\nMorgen gym",
    ] {
      #expect(Self.read("\(text)\n\n\(quote)", subject: "Re: Gym") == text, "\(quote)")
    }
  }

  @Test(
    "A weekday, a time or a pronoun tells of no original",
    arguments: ["schreef u", "om 16:02 schreef Bo", "heeft Bo geschreven"])
  func noDay(words: String) {
    let text = "Klopt dit?\n\nOp dinsdag \(words):\n\nJullie kunnen komen."
    #expect(Self.read(text, subject: "Re: Gym") == text)
  }

  @Test(
    "Nothing but a day and a name tells of an original that ends the mail",
    arguments: [
      "Op 3 november 2025 om 10:12 schreef Anna:", "Op 3-11-2025 10:12 schreef Anna:",
      "Op ma 3-nov-2025 om 10:12 schreef Anna:", "Anna schreef op 2025-11-03 10:12:", "On Nov 3rd, 2025 you wrote:",
      "On Nov 3, 2025, at 10:12 AM, Anna wrote:\n<anna@school.test>",
    ])
  func unmarked(attribution: String) {
    #expect(Self.read("Ja hoor\n\n\(attribution)\n\nMorgen gym", subject: "Re: Gym") == "Ja hoor")
  }

  @Test(
    "A paragraph that begins as disclaimers do, or speaks of a secret, is the sender's",
    arguments: [
      "Hoi,\n\nDisclaimer: ik kan niet koken, maar ik help graag!\n\nHoe laat?",
      "Hoi,\n\nDisclaimer: wij kunnen niet koken!",
      "Beste juf,\n\nDe informatie in deze e-mail klopt niet: het feest is op donderdag.\n\nKunt u dat nakijken?",
      "Hoi,\n\nDit bericht is alleen bestemd voor jou.\n\nSem wordt gepest.",
      "Hoi,\n\nDeze e-mail is alleen bestemd voor juf Anna, graag vertrouwelijk:\n\nSem wordt gepest.",
      "Hi,\n\nThe information in this email from school is wrong.",
      "Beste juf,\n\nIk vertel dit vertrouwelijk, wilt u het bericht daarna verwijderen.",
      "Beste juf,\n\nWie is de geadresseerde van deze vertrouwelijke brief?",
      "Hoi,\n\nDe informatie in dit bericht is vertrouwelijk, wij willen het niet in de app.",
      "Hoi,\n\nSem had een virus, zie www.avg.com voor uitleg.",
      "Hoi,\n\nGraag de film van Els verwijderen: voor openbaarmaking gaven de ouders nooit toestemming.",
      "Hoi,\n\nWilt u dit bericht vertrouwelijk behandelen en het niet aan onbevoegden laten lezen, dus na het lezen verwijderen",
      "Hoi,\n\nDe brief van gisteren was niet voor de geadresseerde bedoeld, gelieve die meteen te verwijderen.",
      "Hoi,\n\nDeze mail is vertrouwelijk en niet voor onbevoegden.",
      "Hoi,\n\nDit bericht is alleen bestemd voor de juf en vertrouwelijk.\nGroetjes Bo",
    ])
  func noDisclaimer(text: String) { #expect(Self.read(text) == text) }

  @Test(
    "A disclaimer goes, with what programs put below it",
    arguments: [
      "Dit bericht is alleen bestemd voor de geadresseerde. Is het ten onrechte bij u, dan verzoeken wij u het te melden.",
      "De gegevens in deze mail zijn vertrouwelijk en alleen voor de geadresseerde.",
      "Bent u niet de geadresseerde, dan dient u dit bericht te verwijderen.",
      "DISCLAIMER\n\nAan deze mail kunnen geen rechten worden ontleend.\n\nOnbevoegd gebruik is niet toegestaan.",
      "This mail (and its files) is confidential and meant for the addressee only.\n\nwww.example.test",
      "Deze e-mail is uitsluitend bestemd voor de ontvanger.\n\nDenk aan het milieu voordat u deze mail print.",
      "Deze e-mail is gecontroleerd op virussen door Avast antivirussoftware.\nwww.avast.com",
      "<http://www.avg.com/email-signature?utm_source=link>\nVirusvrij.www.avg.com\n<#DAB4FAD8-2DD7>",
    ])
  func disclaimer(text: String) { #expect(Self.read("Ja hoor\n\nGroet, Bo\n\n\(text)") == "Ja hoor\n\nGroet, Bo") }

  @Test("Of a disclaimer amid the text, what the sender wrote below it stays")
  func belowDisclaimer() {
    let text = "Hoi\n\nDit bericht is uitsluitend bestemd voor de geadresseerde en vertrouwelijk.\n\nKomt Sem morgen?"
    #expect(Self.read(text) == "Hoi\n\nKomt Sem morgen?")
  }

  static let quote =
    "<div class=gmail_attr>Op 3 nov. schreef Anna &lt;a@b.test&gt;:</div><blockquote type=cite>Gym</blockquote>"

  @Test(
    "What somebody typed in the client's signature stays where nothing else is left but a greeting",
    arguments: [
      ("<div id=Signature>Ja, wij komen. Tot dan!</div>", "Ja, wij komen. Tot dan!"),
      (
        "<div class=gmail_signature>Nee, liever dinsdag<br><br>Bo<br>Verstuurd vanaf mijn iPhone</div>",
        "Nee, liever dinsdag\n\nBo"
      ),
      ("<div class=gmail_signature>Sem is weer beter.<br>Bo Vos<br>06-12345678</div>", "Sem is weer beter.\nBo Vos"),
      ("<div class=gmail_signature>Met vriendelijke groet,<br>Bo van der Vos</div>", ""),
      ("<div class=gmail_signature>Bo Vos<br>Adviseur bij de gemeente<br>T 058-1234567</div>", ""),
      ("<div class=gmail_signature>*Bo Vos | Adviseur*</div>", ""), ("<div class=gmail_signature>bo</div>", ""),
      ("<div>Ja</div><div class=gmail_signature>Fijne dag allemaal!</div>", "Ja"),
      (
        "<div>Beste juf,</div><div id=AppleMailSignature>Els is weer beter.<br><br>Groetjes Bo</div>",
        "Beste juf,\nEls is weer beter.\n\nGroetjes Bo"
      ),
      (
        "<div>Hoi Anna</div><div class=gmail_signature>Els gaat mee, ik ook.<br>Bo Vos<br>058-1234567</div>",
        "Hoi Anna\nEls gaat mee, ik ook.\nBo Vos"
      ),
      ("<div>Hoi Anna,</div><div class=gmail_signature>Bo Vos<br>Adviseur<br>058-1234567</div>", "Hoi Anna,"),
      ("<div>Dank</div><div class=gmail_signature>Samen komen wij verder.</div>", "Dank"),
    ])
  func signature(body: String, left: String) {
    let raw = "Content-Type: text/html; charset=utf-8\r\nSubject: Re: x\r\n\r\n\(body)\(Self.quote)"
    #expect(NewText.read(MailMessage.parse(Data(raw.utf8))).text == left)
  }

  @Test("So it does below the two dashes of one")
  func belowDashes() {
    #expect(Self.read("-- \nJa, wij komen") == "Ja, wij komen")
    #expect(Self.read("-- \nBo Vos\n058-1234567") == "")
    let header = "Van: Anna <a@b.test>\nVerzonden: maandag 3 november 2025 10:12\nOnderwerp: Gym\n\nMorgen gym"
    for (note, left) in [("-- \nBo is adviseur", ""), ("-- \nKun jij dit lezen?", "Kun jij dit lezen?")] {
      let raw = "Subject: Fwd: Gym\r\n\r\n\(note)\n\n\(header)"
      #expect(ForwardedMessage.read(MailMessage.parse(Data(raw.utf8)))?.ownText == left)
    }
  }

  @Test(
    "Two dashes without their space begin a signature only where it reads like one",
    arguments: [
      ("Hoi\n--\nBo Vos\nwww.vos.test", "Hoi"), ("Hoi\n--\nBo\n\nVerstuurd vanaf mijn iPhone", "Hoi"),
      ("Hoi\n--\nBo\n\nThis mail is confidential and meant for the addressee only.", "Hoi"),
      ("Hoi\n--\nhet feest\n--\nde toets", nil), ("Hoi\n--\nBo\n\nPS: neem brood mee", nil),
      ("Hoi\n--\nEn nog iets: kan Sem mee?\nBo", nil), ("Hoi\n--\n1. brood\n2. boter", nil),
      ("Hoi\n--\nSem is ziek en komt niet.", nil),
      ("Hoi\n-- \nBo Vos\n\nP.S. neem brood mee\nen boter\n\nVos BV", "Hoi\nP.S. neem brood mee\nen boter"),
      ("Hoi\n-- \nBo Vos\n\nKan Sem ook mee?\n\nVos BV", "Hoi\nKan Sem ook mee?"),
      ("Hoi\n-- \nBo Vos\nVragen?\nBel 058-1234567", "Hoi"), ("Hoi\n-- \nSem is ziek en komt niet.", "Hoi"),
    ])
  func dashes(text: String, left: String?) { #expect(Self.read(text) == left ?? text) }

  @Test("A forwarded text that begins with a label keeps it; a header with empty lines in it is read whole")
  func labels() {
    let header = "Van: Anna <a@b.test>\nVerzonden: maandag 3 november 2025 10:12\nAan: Bo\nOnderwerp: Gym"
    for (header, text) in [
      (header, "Bijlage: rooster\n\nZie de bijlage."),
      (header.replacing("\n", with: "\n\n").replacing("Aan: Bo", with: "Aan: Bo\n\nCc: Els"), "Morgen gym"),
    ] {
      let raw = "Subject: Fwd: Gym\r\n\r\n\(header)\n\n\(text)"
      let read = ForwardedMessage.read(MailMessage.parse(Data(raw.utf8)))
      #expect(read?.text == text && read?.subject == "Gym")
    }
  }

  @Test(
    "The card of another is the sender's text, their own is not",
    arguments: [
      (
        "Hoi, een leuk uitje voor de klas!\n\nSpeeltuin Het Bos\nBosweg 5, 8911 AB Leeuwarden\n058-1234567\nwww.bos.test",
        nil
      ),
      ("Dank u\n\nAnna\nVos BV\nBosweg 5, 8911 AB Leeuwarden\n058-1234567\nwww.bos.test", "Dank u"),
      ("Dank u\n\nVos BV\n8911 AB Leeuwarden\nanna@school.test\nwww.bos.test", "Dank u"),
      ("Dank u\n\nVos BV\n8911 AB Leeuwarden\n058-1234567\nwww.school.test", "Dank u"),
      ("Dank u\n\nBo Vos\nAdviseur\n8911 AB Leeuwarden\n058-1234567\nwww.bos.test", "Dank u"),
      ("Dank u\n\nGroet Bo\n\nVos BV\n8911 AB Leeuwarden\n058-1234567\nwww.bos.test", "Dank u\n\nGroet Bo"),
    ])
  func cards(text: String, left: String?) { #expect(Self.read(text) == left ?? text) }

  @Test(
    "A message from elsewhere is forwarded also where the subject does not say so",
    arguments: [
      ("Verlof", "ouders@school.test", "info@bad.test", "Bo <bo@ouder.test>", true),
      ("Re: Verlof", "ouders@school.test", "info@bad.test", "Bo <bo@ouder.test>", false),
      ("Verlof", "ouders@school.test", "info@bad.test", "Bo Vos", true),
      ("Verlof", "r.1@mail.school.test", "ouders@school.test", "Bo <bo@ouder.test>", false),
      ("Verlof", "r.1@school.test", "ouders@school.test", "Bo <bo@ouder.test>", false),
      ("Verlof", "ouders@school.test", "bo@ouder.test", "Bo <bo@ouder.test>", false),
      ("Verlof", "ouders@school.test", "info@bad.test", "Els <els@ouder.test>", false),
    ])
  func sentOn(subject: String, to: String, writer: String, receiver: String, isForward: Bool) {
    let header = "Van: Bad <\(writer)>\nVerzonden: maandag 3 november 2025 10:12\nAan: \(receiver)\nOnderwerp: Les"
    let raw = "From: Bo Vos <bo@ouder.test>\nTo: \(to)\nSubject: \(subject)\n\nZie dit\n\n\(header)\n\nGeen les"
    let read = ForwardedMessage.read(MailMessage.parse(Data(raw.utf8)))
    #expect((read != nil) == isForward)
    if isForward { #expect(read?.text == "Geen les" && read?.ownText == "Zie dit" && read?.subject == "Les") }
  }

  @Test("Arabic with its vowel marks is the same without them")
  func arabic() { #expect(Self.read("شكرا\n\nأُرسلت من الـ iPhone") == "شكرا") }

  @Test("The same line above an original is a client's where the mail is an answer")
  func answer() {
    let text = "Ja hoor\n\nOp maandag 3 november 2025 schreef de directeur het volgende:\n\nDe school is dicht."
    #expect(Self.read(text, subject: "Re: Nieuws") == "Ja hoor")
    #expect(Self.read(text, fields: ["In-Reply-To: <1@school.test>"]) == "Ja hoor")
  }

  @Test("A school may have a mark in its name")
  func marks() {
    let line = "Op ma 3 nov. 2025 om 10:12 schreef Juf Anna (IKC Hoera!) <ouders@school.test>:"
    #expect(Self.read("waarom\n\n\(line)\n\n> Morgen gym", subject: "Re: Gym") == "waarom")
    #expect(Self.read("waarom\n\n\(line)\n\nMorgen gym", subject: "Re: Gym") == "waarom")
  }

  @Test("What was for its reader alone does not come back between the lines of an answer")
  func privateParts() {
    let text = """
      Op ma 3 nov. 2025 om 10:12 schreef Juf Anna <ouders@school.test>:
      > [[=
      >
      > Rekenen
      >
      > 01-02 | toets | 12

      Klopt dit?

      > Opmerking bij 01-02 van Anna: geheim

      Niet eens.

      > =]]
      > Groet
      """
    let read = Self.read(text, subject: "Re: Gegevens")
    #expect(!read.contains("12") && !read.contains("geheim") && !read.contains("=]]"))
    #expect(Self.read("Hoi [[= geheim =]] en meer\nGroet") == "Hoi  en meer\nGroet")
    // The sender's own words within it, and below one whose end is gone.
    let own = "> [[=\n> 212\n\nIs dat goed?\n\n> 215\n\nEn dit?"
    let kept = Self.read(own, subject: "Re: Gegevens")
    #expect(kept.contains("Is dat goed?") && kept.contains("En dit?") && !kept.contains("21"), "\(kept)")
  }

  @Test("A quote that is longer than what is looked at stays a quote")
  func longQuote() {
    let quote = (1...2_500).map { "> regel \($0)" }.joined(separator: "\n")
    let text = "Dank u!\n\nOp ma 3 nov. 2025 om 10:12 schreef Anna <anna@school.test>:\n\(quote)"
    #expect(Self.read(text, subject: "Re: Lang") == "Dank u!")
  }

  @Test("Newsletters put a size of nothing around text that has one; hidden text stays hidden")
  func sizes() {
    let html = """
      <table><tr><td style="font-size:0px; padding:10px"><div style="font-size:13px">Hallo <i>allen</i></div> x</td></tr>
      <tr><td><div style="display: none">weg</div><p style="fill-opacity:0;">Dag</p>
      <span style="font-size:0">niets</span><span style="max-height:0">niets</span></td></tr></table>
      """
    let raw = "Content-Type: text/html; charset=utf-8\r\nSubject: x\r\n\r\n\(html)"
    let text = MailMessage.parse(Data(raw.utf8)).readableText
    #expect(text.contains("Hallo allen") && text.contains("Dag"))
    #expect(!text.contains("x") && !text.contains("weg") && !text.contains("niets"))
  }

  @Test(
    "Names of pictures that follow each other without an end take no more room than their text", .timeLimit(.minutes(6))
  )
  func contentIDs() {
    let page = (0..<200_000).map { "cid:\($0)" }.joined()
    let raw =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\(page)\r\n--b\r\n"
      + "Content-Type: image/png\r\nContent-ID: <x>\r\n\r\nx\r\n--b--\r\n"
    #expect(MailMessage.parse(Data(raw.utf8)).attachments.count == 1)
  }
}
