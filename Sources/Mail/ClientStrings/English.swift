extension ClientStrings {
  /// Sources: Thunderbird, Gmail, Outlook and Apple Mail as in the fixtures of talon, email_reply_parser and
  /// email-forward-parser.
  static let english = ClientStrings(
    language: "en",
    openings: ["on", "at", "quoting"],
    verbs: ["wrote", "writes", "said", "written", "sent"],
    pronouns: ["i", "we", "they"],
    labels: [
      .from: ["from"],
      .date: ["date", "sent", "sent at", "sent on", "received", "send", "date sent"],
      .to: ["to"],
      .cc: ["cc", "bcc", "copy to", "copy"],
      .subject: ["subject"],
      .replyTo: ["reply-to", "reply to"],
      .other: [
        "attachments", "attachment", "importance", "priority", "sensitivity", "organization", "resent-from",
        "resent-to", "message-id", "mailed-by", "signed-by",
      ],
    ],
    originalMarkers: ["original message", "original email", "original appointment", "reply message", "original"],
    forwardMarkers: [
      "forwarded message", "begin forwarded message", "forwarded email", "forwarded by", "forward message",
      "start of forwarded message", "begin forwarded email",
    ],
    deviceLines: [
      "sent from", "sent via", "sent by", "sent with", "sent using", "get outlook for", "sent on the go",
      "get the outlook app", "get bluemail", "envoyé de mon", "sent mobile", "sent while mobile",
    ],
    excuses: ["please excuse my brevity."],
    disclaimers: [
      "this email and any", "this e-mail and any", "this message and any", "the information contained in this",
      "the information in this e", "the content of this email is", "the contents of this e",
      "this email is confidential",
      "this e-mail is confidential", "this message is confidential", "this message contains confidential",
      "this email may contain", "this e-mail may contain", "confidentiality notice", "disclaimer",
      "privileged/confidential",
      "notice: this e", "important notice: this", "this communication is intended",
      "this message is intended", "this email is intended", "this e-mail is intended",
    ],
    lawyersPhrases: [
      "intended recipient", "addressee", "unauthori", "privileged", "disclosure", "dissemination",
      "individual or entity",
    ],
    thisMail: ["this e", "this mail", "this message", "this communication", "this transmission"],
    legalPhrases: [
      "confidential", "recipient", "in error", "liab", "delet", "destroy", "prohibited", "copying", "solely",
    ],
    me: ["i", "me", "i'm", "i'll", "i've"],
    we: ["our", "us"],
    replyPrefixes: ["re", "reply"],
    forwardPrefixes: ["fwd", "fw", "forward", "forwarded"],
    months: [
      ["january", "jan"], ["february", "feb"], ["march", "mar"], ["april", "apr"], ["may"], ["june", "jun"],
      ["july", "jul"], ["august", "aug"], ["september", "sep", "sept"], ["october", "oct"], ["november", "nov"],
      ["december", "dec"],
    ],
    weekdays: [
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu",
      "thur", "thurs", "fri", "sat", "sun",
    ])
}
