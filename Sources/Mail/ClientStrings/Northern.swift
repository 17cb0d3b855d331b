extension ClientStrings {
  /// Sources of this file: the localisations of Thunderbird, fixtures of crisp and talon.
  static let danish = ClientStrings(
    language: "da",
    openings: ["den", "på"],
    verbs: ["skrev", "skrevet", "skriver"],
    labels: [
      .from: ["fra"], .date: ["sendt", "dato", "sendt den"], .to: ["til"], .cc: ["cc", "kopi", "kopi til"],
      .subject: ["emne"], .replyTo: ["svar til"], .other: ["vedhæftede filer", "vedhæftet fil"],
    ],
    originalMarkers: ["oprindelig meddelelse", "original besked", "oprindelig besked", "den oprindelige besked"],
    forwardMarkers: [
      "videresendt meddelelse", "start på videresendt besked", "videresendt besked", "videresendt e-mail",
      "videresend besked",
    ],
    deviceLines: ["sendt fra", "hent outlook", "sendt med"],
    replyPrefixes: ["sv"],
    forwardPrefixes: ["vs", "videresendt"],
    months: [
      ["januar"], ["februar"], ["marts"], ["april"], ["maj"], ["juni"], ["juli"], ["august"], ["september"],
      ["oktober"], ["november"], ["december"],
    ],
    weekdays: [
      "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag", "man", "tir", "ons", "tor",
      "tirs", "tors", "fre", "lør", "søn",
    ])

  static let swedish = ClientStrings(
    language: "sv",
    openings: ["den", "på"],
    verbs: ["skrev", "skrivit", "skriver"],
    labels: [
      .from: ["från"], .date: ["skickat", "datum", "skickades"], .to: ["till"], .cc: ["kopia", "cc", "kopia till"],
      .subject: ["ämne"], .replyTo: ["svar till", "svara till"], .other: ["bifogade filer"],
    ],
    originalMarkers: ["ursprungligt meddelande", "originalmeddelande", "ursprungsmeddelande"],
    forwardMarkers: [
      "vidarebefordrat meddelande", "vidarebefordrat brev", "början på vidarebefordrat brev",
      "börjat vidarebefordrat meddelande", "börja vidarebefordrat meddelande",
    ],
    deviceLines: ["skickat från", "skickades från", "hämta outlook", "skickat med"],
    replyPrefixes: ["sv"],
    forwardPrefixes: ["vb"],
    months: [
      ["januari"], ["februari"], ["mars"], ["april"], ["maj"], ["juni"], ["juli"], ["augusti"], ["september"],
      ["oktober"], ["november"], ["december"],
    ],
    weekdays: ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag", "mån", "tis", "lör", "sön"])

  static let norwegian = ClientStrings(
    language: "no",
    openings: ["den", "på"],
    verbs: ["skrev", "skrevet", "skreiv"],
    labels: [
      .from: ["fra", "frå"], .date: ["sendt", "dato"], .to: ["til"], .cc: ["kopi", "cc"], .subject: ["emne"],
      .replyTo: ["svar til"], .other: ["vedlegg"],
    ],
    originalMarkers: ["opprinnelig melding", "original melding", "opprinnelig e-post"],
    forwardMarkers: [
      "videresendt melding", "videresendt e-post", "forwarded message", "start på videresendt melding",
      "startet videresendt melding", "start videresendt melding",
    ],
    deviceLines: ["sendt fra", "sendt med", "skaff deg outlook", "få outlook for"],
    replyPrefixes: ["sv"],
    forwardPrefixes: ["vs"],
    months: [
      ["januar"], ["februar"], ["mars"], ["april"], ["mai"], ["juni"], ["juli"], ["august"], ["september"],
      ["oktober"], ["november"], ["desember", "des"],
    ],
    weekdays: ["tysdag", "laurdag", "sundag"])

  static let finnish = ClientStrings(
    language: "fi",
    openings: [],
    verbs: ["kirjoitti", "kirjoittaa"],
    labels: [
      .from: ["lähettäjä"], .date: ["lähetetty", "päivämäärä", "päiväys"], .to: ["vastaanottaja"], .cc: ["kopio"],
      .subject: ["aihe"], .replyTo: ["vastausosoite"],
    ],
    originalMarkers: ["alkuperäinen viesti"],
    forwardMarkers: [
      "välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa", "edelleen lähetetty viesti",
    ],
    deviceLines: ["lähetetty", "hanki outlook"],
    replyPrefixes: ["vs"],
    forwardPrefixes: ["vl"],
    months: [
      ["tammikuuta", "tammi", "tammikuu"], ["helmikuuta", "helmi"], ["maaliskuuta", "maalis"], ["huhtikuuta", "huhti"],
      ["toukokuuta", "touko"], ["kesäkuuta", "kesä"], ["heinäkuuta", "heinä"], ["elokuuta", "elo"],
      ["syyskuuta", "syys"],
      ["lokakuuta", "loka"], ["marraskuuta", "marras"], ["joulukuuta", "joulu"],
    ],
    weekdays: [
      "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai", "ke", "pe", "su",
    ])

  static let estonian = ClientStrings(
    language: "et", verbs: ["kirjutas"],
    labels: [
      .from: ["saatja"], .date: ["saadetud", "kuupäev"], .to: ["saaja", "adressaat"], .cc: ["koopia"],
      .subject: ["teema"],
    ],
    originalMarkers: ["algne kiri", "algsõnum"],
    forwardMarkers: ["edastatud kiri", "edasisaadetud kiri", "edastatud sõnum"],
    deviceLines: ["saadetud minu"])
}
