extension ClientStrings {
  /// Sources: the localisations of Thunderbird, K-9, Roundcube, Zimbra, Horde and FairEmail; fixtures of public reply
  /// parsers (email_reply_trimmer, crisp, discourse); public mail for Outlook, Samsung and Yahoo.
  static let dutch = ClientStrings(
    language: "nl",
    openings: ["op", "citeren"],
    verbs: ["schreef", "geschreven", "schrijft", "schreven", "het volgende"],
    pronouns: ["ik", "u", "jij", "je", "jullie", "wij", "we"],
    labels: [
      .from: ["van", "afzender"],
      .date: ["verzonden", "datum", "verstuurd", "verzonden op", "ontvangen", "datum verzonden"],
      .to: ["aan", "ontvanger", "ontvangers", "naar"],
      .cc: ["cc", "kopie", "kopie aan", "bcc"],
      .subject: ["onderwerp"],
      .replyTo: ["antwoord aan", "antwoord-aan", "antwoord naar", "beantwoorden aan"],
      .other: ["bijlage", "bijlagen", "urgentie", "prioriteit", "belang", "gevoeligheid"],
    ],
    originalMarkers: [
      "oorspronkelijk bericht", "oorspronkelijke bericht", "origineel bericht", "originele bericht",
      "orgineel bericht", "oorspronkelijke e-mail", "origineel e-mailbericht", "oorspronkelijke afspraak",
    ],
    forwardMarkers: [
      "doorgestuurd bericht", "doorgestuurde bericht", "begin doorgestuurd bericht", "doorgestuurde e-mail",
      "doorgezonden bericht", "begin van het doorgestuurde bericht",
    ],
    deviceLines: [
      "verstuurd vanaf mijn", "verzonden vanaf mijn", "verstuurd vanuit", "verzonden vanuit", "verstuurd met",
      "verzonden met", "verstuurd via", "verzonden via", "verzonden vanaf", "verstuurd vanaf", "outlook voor",
      "download outlook voor", "verzonden door mijn", "verstuurd door mijn", "verstuurd van mijn",
      "verzonden van mijn", "verkrijg outlook", "haal outlook", "download bluemail", "bluemail voor",
    ],
    excuses: ["excuseer mijn beknoptheid."],
    disclaimers: [
      "dit bericht is uitsluitend bestemd", "dit bericht is alleen bestemd", "dit e-mailbericht is uitsluitend",
      "dit e-mailbericht is alleen", "deze e-mail is uitsluitend", "deze e-mail is alleen bestemd",
      "de informatie verzonden met", "de informatie in dit bericht", "de informatie in deze e-mail",
      "de inhoud van dit bericht is", "de inhoud van deze e-mail is", "dit bericht kan vertrouwelijke informatie",
      "dit bericht kan informatie bevatten", "deze e-mail en eventuele bijlagen", "deze e-mail kan vertrouwelijke",
      "dit e-mailbericht en eventuele", "aan dit bericht kunnen geen rechten", "aan de inhoud van dit bericht",
      "proclaimer", "disclaimer",
    ],
    lawyersPhrases: [
      "geadresseerde", "beoogde ontvanger", "onbevoegd", "openbaarmaking", "vermenigvuldig", "geen rechten",
    ],
    thisMail: ["dit bericht", "dit e-mail", "dit mail", "deze e-mail", "deze email", "deze mail"],
    requests: ["graag", "wilt u", "wil je", "kunt u", "kun je"],
    legalPhrases: [
      "vertrouwelijk", "ontvanger", "aansprakelijk", "verspreid", "ten onrechte", "abusievelijk", "vernietig",
      "verwijder", "rechtsgeldig",
    ],
    me: ["ik", "mij", "mijn", "me"],
    we: ["wij", "we", "ons", "onze"],
    replyPrefixes: ["antw", "antwoord", "ant", "betr", "beantw", "reactie", "re"],
    forwardPrefixes: ["doorst", "doorsturen", "doorgest", "doorgestuurd", "dst", "fwd"],
    months: [
      ["januari", "jan"], ["februari", "feb", "febr"], ["maart", "mrt", "mar"], ["april", "apr"], ["mei"],
      ["juni", "jun"], ["juli", "jul"], ["augustus", "aug"], ["september", "sep", "sept"], ["oktober", "okt"],
      ["november", "nov"], ["december", "dec"],
    ],
    weekdays: [
      "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "ma", "di", "wo", "do", "vr",
      "za", "zo",
    ])
}
