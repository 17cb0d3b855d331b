extension ClientStrings {
  /// Sources: the localisations of Thunderbird (fy-NL), K-9 and FairEmail (values-fy), Roundcube (fy_NL).
  static let frisian = ClientStrings(
    language: "fy",
    openings: ["op"],
    verbs: ["skreau", "skreaun", "skriuwt", "it folgjende"],
    pronouns: ["ik", "jim", "wy"],
    labels: [
      .from: ["fan", "ofstjoerder"],
      .date: ["ferstjoerd", "datum", "untfongen", "ûntfongen"],
      .to: ["oan", "ûntfanger"],
      .cc: ["cc", "kopy"],
      .subject: ["underwerp", "ûnderwerp"],
      .replyTo: ["antwurd-nei", "antwurd nei", "antwurd-oan", "antwurd oan"],
      .other: ["taheakke", "taheaksel", "taheaksels", "bylage", "bylagen", "prioriteit"],
    ],
    originalMarkers: [
      "oarspronklik berjocht", "oarspronklike berjocht", "orizjineel berjocht", "orizjinele berjocht",
      "orisjineel berjocht",
    ],
    forwardMarkers: ["trochstjoerd berjocht", "trochstjoerde berjocht", "begjin trochstjoerd berjocht"],
    deviceLines: [
      "ferstjoerd fan myn", "ferstjoerd fanôf myn", "ferstjoerd fanút myn", "ferstjoerd mei", "ferstjoerd fia",
      "ferstjoerd út",
      "stjoerd fan myn",
    ],
    disclaimers: ["dit berjocht is allinnich bestimd", "dizze e-mail is allinnich bestimd"],
    lawyersPhrases: ["adressearre"],
    thisMail: ["dit berjocht", "dizze e-mail", "dizze mail"],
    requests: ["graach", "wolle jo", "wolst", "kinne jo", "kinst"],
    legalPhrases: ["fertroulik", "ûntfanger", "ferneatig", "oanspraaklik"],
    me: ["my", "myn"],
    we: ["wy", "ús"],
    replyPrefixes: ["antw", "antwurd", "re"],
    forwardPrefixes: ["trochst", "trs", "trochstjoerd", "fwd"],
    months: [
      ["jannewaris", "jannewaarje"], ["febrewaris", "febrewaarje"], ["maart", "mrt"], ["april"], ["maaie", "mai"],
      ["juny"], ["july"], ["augustus"], ["septimber"], ["oktober"], ["novimber"], ["desimber", "des"],
    ],
    weekdays: [
      "moandei", "tiisdei", "woansdei", "tongersdei", "freed", "sneon", "snein", "sneintomoarn", "saterdei", "mo", "ti",
      "wo", "to", "fr", "so", "si",
    ])
}
