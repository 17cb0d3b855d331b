extension ClientStrings {
  /// Sources: the localisations of Thunderbird and K-9; fixtures of crisp and talon.
  static let german = ClientStrings(
    language: "de",
    openings: ["am", "zitat von"],
    verbs: ["schrieb", "geschrieben", "schreibt", "schrieben"],
    pronouns: ["ich", "du", "wir", "ihr"],
    labels: [
      .from: ["von", "absender"],
      .date: ["gesendet", "datum", "gesendet am", "gesendet um"],
      .to: ["an", "empfänger"],
      .cc: ["cc", "kopie", "kopie (cc)", "kopie an"],
      .subject: ["betreff"],
      .replyTo: ["antwort an", "antworten an"],
      .other: ["anlagen", "anlage", "anhänge", "wichtigkeit", "priorität"],
    ],
    originalMarkers: [
      "ursprüngliche nachricht", "original-nachricht", "originalnachricht", "original nachricht",
      "originale nachricht", "ursprüngliche e-mail", "original-mail",
    ],
    forwardMarkers: [
      "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete mail",
      "weitergeleitete e-mail", "beginn der weitergeleiteten nachricht",
    ],
    deviceLines: [
      "von meinem", "gesendet von", "gesendet mit", "gesendet über", "gesendet aus", "von outlook für",
      "outlook für", "holen sie sich outlook", "diese nachricht wurde von meinem", "versendet mit",
    ],
    lastVerbs: ["gesendet", "versendet", "verschickt"],
    disclaimers: [
      "diese e-mail enthält vertrauliche", "diese e-mail kann vertrauliche", "der inhalt dieser e-mail ist",
      "diese nachricht ist vertraulich", "diese e-mail ist vertraulich",
    ],
    lawyersPhrases: ["adressat", "unbefugt", "vervielfältigung"],
    thisMail: ["diese e", "dieser e", "diese mail", "dieser mail", "diese nachricht", "dieser nachricht"],
    legalPhrases: ["vertraulich", "empfänger", "irrtümlich", "vernicht", "haftung", "lösch"],
    me: ["ich", "mir", "mich", "mein", "meine"],
    we: ["wir", "uns"],
    replyPrefixes: ["aw", "antwort"],
    forwardPrefixes: ["wg", "weitergeleitet", "wtr"],
    months: [
      ["januar", "jänner", "jan"], ["februar", "feb"], ["märz", "mär", "mrz"], ["april", "apr"], ["mai"],
      ["juni", "jun"], ["juli", "jul"], ["august", "aug"], ["september", "sep", "sept"], ["oktober", "okt"],
      ["november", "nov"], ["dezember", "dez"],
    ],
    weekdays: [
      "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "mo", "di", "mi",
      "do", "fr", "sa", "so",
    ])
}
