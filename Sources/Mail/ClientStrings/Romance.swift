extension ClientStrings {
  /// Sources of this file: the localisations of Thunderbird, fixtures of crisp and talon.
  static let french = ClientStrings(
    language: "fr",
    openings: ["le"],
    verbs: ["écrit", "écrivait", "a écrit", "ecrit"],
    labels: [
      .from: ["de", "expéditeur"],
      .date: ["envoyé", "date", "envoyé le", "date d'envoi", "envoye", "message du"],
      .to: ["à", "pour", "destinataire", "a"],
      .cc: ["cc", "copie à", "copie"],
      .subject: ["objet", "sujet"],
      .replyTo: ["répondre à"],
      .other: ["pièces jointes", "pièce jointe", "importance"],
    ],
    originalMarkers: ["message d'origine", "message original", "message initial", "mail original"],
    forwardMarkers: [
      "message transféré", "message transmis", "début du message réexpédié", "message réexpédié", "courriel transféré",
      "début du message transféré",
    ],
    deviceLines: [
      "envoyé de mon", "envoyé depuis", "envoyé à partir", "envoyé avec", "obtenir outlook", "télécharger outlook",
      "envoyé via",
    ],
    disclaimers: ["ce message et toutes les pièces jointes", "ce message est confidentiel", "ce courriel est"],
    lawyersPhrases: ["destinataire", "non autorisé", "divulgation"],
    legalPhrases: ["confidentiel", "responsabilité", "par erreur", "détrui", "supprim"],
    me: ["j'ai", "moi"],
    we: ["nous", "notre"],
    replyPrefixes: ["rép", "rep", "réf"],
    forwardPrefixes: ["tr", "tf", "transf"],
    months: [
      ["janvier", "janv"], ["février", "févr", "fevrier"], ["mars"], ["avril", "avr"], ["mai"], ["juin"],
      ["juillet", "juil"], ["août", "aout"], ["septembre", "sept"], ["octobre", "oct"], ["novembre", "nov"],
      ["décembre", "déc", "decembre"],
    ],
    weekdays: [
      "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mar", "mer", "jeu", "ven",
      "sam", "dim",
    ])

  static let spanish = ClientStrings(
    language: "es",
    openings: ["el"],
    verbs: ["escribió", "escribio", "escribe"],
    labels: [
      .from: ["de", "remitente"], .date: ["enviado", "fecha", "enviado el"], .to: ["para", "a"], .cc: ["cc", "copia"],
      .subject: ["asunto"], .replyTo: ["responder a"], .other: ["archivos adjuntos", "importancia"],
    ],
    originalMarkers: ["mensaje original", "mensaje de origen"],
    forwardMarkers: [
      "mensaje reenviado", "inicio del mensaje reenviado", "mensaje enviado", "inicio del mensaje remitido",
    ],
    deviceLines: ["enviado desde", "enviado con", "obtener outlook", "enviado por"],
    replyPrefixes: ["rv re", "resp"],
    forwardPrefixes: ["rv", "reenv", "rm"],
    months: [
      ["enero", "ene"], ["febrero", "feb"], ["marzo", "mar"], ["abril", "abr"], ["mayo", "may"], ["junio", "jun"],
      ["julio", "jul"], ["agosto", "ago"], ["septiembre", "setiembre", "sept"], ["octubre", "oct"],
      ["noviembre", "nov"], ["diciembre", "dic"],
    ],
    weekdays: [
      "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "lun", "mié", "jue", "vie", "sáb",
    ])

  static let portuguese = ClientStrings(
    language: "pt",
    openings: ["em", "no dia", "a"],
    verbs: ["escreveu", "escrito"],
    labels: [
      .from: ["de"], .date: ["enviado", "data", "enviada", "enviada em", "enviado em"], .to: ["para"],
      .cc: ["cc", "c/c", "cópia"], .subject: ["assunto"], .replyTo: ["responder para"],
      .other: ["anexos", "importância"],
    ],
    originalMarkers: ["mensagem original"],
    forwardMarkers: [
      "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada",
      "início da mensagem reencaminhada", "encaminhada por",
    ],
    deviceLines: [
      "enviado do", "enviado a partir", "enviado através", "obter o outlook", "obter outlook", "enviado via",
    ],
    replyPrefixes: ["res"],
    forwardPrefixes: ["enc"],
    months: [
      ["janeiro"], ["fevereiro", "fev"], ["março"], ["abril"], ["maio"], ["junho"], ["julho"], ["agosto"],
      ["setembro", "set"], ["outubro", "out"], ["novembro"], ["dezembro", "dez"],
    ],
    weekdays: [
      "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "seg", "ter", "qua", "qui",
      "sex", "dom",
    ])

  static let italian = ClientStrings(
    language: "it",
    openings: ["il", "il giorno", "in data"],
    verbs: ["scritto", "scrisse", "scrive"],
    labels: [
      .from: ["da", "mittente"], .date: ["inviato", "data", "inviato il", "data invio"], .to: ["a", "per"], .cc: ["cc"],
      .subject: ["oggetto"], .replyTo: ["rispondi a"], .other: ["allegati", "priorità"],
    ],
    originalMarkers: ["messaggio originale", "messaggio originario"],
    forwardMarkers: ["messaggio inoltrato", "inizio messaggio inoltrato", "inoltrato da"],
    deviceLines: ["inviato da", "inviato dal", "scarica outlook", "ottieni outlook"],
    replyPrefixes: ["r", "rif"],
    forwardPrefixes: ["i", "inoltro", "inol"],
    months: [
      ["gennaio", "gen"], ["febbraio", "febb"], ["marzo"], ["aprile"], ["maggio", "mag"], ["giugno", "giu"],
      ["luglio", "lug"], ["agosto"], ["settembre"], ["ottobre", "ott"], ["novembre"], ["dicembre"],
    ],
    weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "gio"])

  static let catalan = ClientStrings(
    language: "ca", openings: ["el dia"], verbs: ["escrit", "va escriure"],
    labels: [.from: ["de"], .date: ["data", "enviat"], .to: ["per a"], .subject: ["assumpte"]],
    originalMarkers: ["missatge original"], forwardMarkers: ["missatge reenviat"], deviceLines: ["enviat des"])

  static let romanian = ClientStrings(
    language: "ro",
    openings: ["în", "pe", "la data de"],
    verbs: ["scris", "a scris"],
    labels: [
      .from: ["de la", "expeditor"], .date: ["trimis", "data", "dată"], .to: ["către"], .cc: ["cc"],
      .subject: ["subiect", "subiectul"],
    ],
    originalMarkers: ["mesaj original", "mesajul original", "mesaj iniţial", "mesaj inițial"],
    forwardMarkers: [
      "mesaj redirecționat", "mesajul redirecționat", "mesaj redirecţionat", "mesaj retrimis", "mesajul retrimis",
      "începe mesajul redirecționat", "mesaj transmis mai departe", "începutul mesajului transmis",
    ],
    deviceLines: ["trimis de pe", "trimis din"],
    forwardPrefixes: ["redirecționat"],
    months: [
      ["ianuarie", "ian"], ["februarie"], ["martie"], ["aprilie"], ["mai"], ["iunie"], ["iulie"], ["august"],
      ["septembrie"], ["octombrie"], ["noiembrie", "noi"], ["decembrie"],
    ],
    weekdays: ["luni", "marți", "miercuri", "joi", "vineri", "sâmbătă", "duminică", "mie"])
}
