extension ClientStrings {
  /// Sources of this file: the localisations of Thunderbird, fixtures of crisp, talon and edgetier.
  static let greek = ClientStrings(
    language: "el",
    openings: ["στις"],
    verbs: ["έγραψε", "έγραψα"],
    labels: [
      .from: ["από"], .date: ["στάλθηκε", "ημερομηνία"], .to: ["προς"], .cc: ["κοιν", "κοινοποίηση"],
      .subject: ["θέμα"],
    ],
    originalMarkers: ["αρχικό μήνυμα"], forwardMarkers: ["προωθημένο μήνυμα", "προωθούμενο μήνυμα"],
    deviceLines: ["στάλθηκε από", "εστάλη από"],
    replyPrefixes: ["απ"], forwardPrefixes: ["πρθ"],
    months: [
      ["ιανουαρίου", "ιαν"], ["φεβρουαρίου", "φεβ"], ["μαρτίου", "μαρ"], ["απριλίου", "απρ"], ["μαΐου", "μαΐ"],
      ["ιουνίου", "ιουν"], ["ιουλίου", "ιουλ"], ["αυγούστου", "αυγ"], ["σεπτεμβρίου", "σεπ"], ["οκτωβρίου", "οκτ"],
      ["νοεμβρίου", "νοε"], ["δεκεμβρίου", "δεκ"],
    ],
    weekdays: ["δευτέρα", "τρίτη", "τετάρτη", "πέμπτη", "παρασκευή", "σάββατο", "κυριακή", "τετ"])

  static let turkish = ClientStrings(
    language: "tr",
    openings: [],
    verbs: ["yazdı", "şunu yazdı", "şöyle yazdı", "yazmış", "tarihinde"],
    labels: [
      .from: ["kimden", "gönderen"], .date: ["gönderildi", "tarih", "gönderme tarihi", "gönderilme tarihi"],
      .to: ["kime", "alıcı"], .cc: ["bilgi", "kopya"], .subject: ["konu"], .replyTo: ["yanıt adresi"],
    ],
    originalMarkers: ["özgün ileti", "orijinal mesaj", "orijinal ileti"],
    forwardMarkers: [
      "iletilen mesaj", "iletilmiş ileti", "iletilen ileti", "yönlendirilen ileti", "ileti başlangıcı",
      "iletilen e-posta", "i̇letilmiş mesaj", "i̇letilen mesaj", "i̇letilen ileti",
    ],
    deviceLines: [
      "iphone'umdan gönderildi", "gönderildi", "samsung galaxy akıllı telefonumdan gönderildi",
      "android için outlook'u edinin", "ios için outlook'u edinin",
    ],
    replyPrefixes: ["ynt", "yan"], forwardPrefixes: ["ilt", "i̇lt"],
    months: [
      ["ocak", "oca"], ["şubat", "şub"], ["mart"], ["nisan", "nis"], ["mayıs"], ["haziran", "haz"], ["temmuz", "tem"],
      ["ağustos", "ağu"], ["eylül", "eyl"], ["ekim", "eki"], ["kasım", "kas"], ["aralık", "ara"],
    ],
    weekdays: ["pazartesi", "salı", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar", "sal", "çar", "per", "cum"])

  static let arabic = ClientStrings(
    language: "ar",
    openings: ["في"],
    verbs: ["كتب", "كتبت", "كتب/كتبت"],
    labels: [
      .from: ["من"], .date: ["تاريخ", "التاريخ", "تم الإرسال"], .to: ["إلى"], .cc: ["نسخة"], .subject: ["الموضوع"],
    ],
    originalMarkers: ["الرسالة الأصلية"], forwardMarkers: ["الرسالة المحولة", "رسالة محولة"],
    deviceLines: ["أرسلت من", "مرسل من"],
    months: [
      ["يناير"], ["فبراير"], ["مارس"], ["أبريل"], ["مايو"], ["يونيو"], ["يوليو"], ["أغسطس"], ["سبتمبر"], ["أكتوبر"],
      ["نوفمبر"], ["ديسمبر"],
    ])

  static let hebrew = ClientStrings(
    language: "he", openings: ["בתאריך", "ב"], verbs: ["כתב", "כתבה", "מאת"],
    labels: [.from: ["מאת"], .date: ["נשלח", "תאריך"], .to: ["אל"], .cc: ["עותק"], .subject: ["נושא"]],
    originalMarkers: ["הודעה מקורית"], forwardMarkers: ["הודעה שהועברה"])

  static let vietnamese = ClientStrings(
    language: "vi",
    openings: ["vào", "ngày", "lúc"],
    verbs: ["đã viết", "viết"],
    labels: [.from: ["từ"], .date: ["ngày", "đã gửi"], .to: ["đến", "tới"], .cc: ["cc"], .subject: ["chủ đề"]],
    originalMarkers: ["thư gốc"], forwardMarkers: ["thư được chuyển tiếp", "tin nhắn được chuyển tiếp"],
    deviceLines: ["đã gửi từ", "được gửi từ"])

  static let japanese = ClientStrings(
    language: "ja",
    verbs: ["のメッセージ", "のメール", "wrote", "書きました"],
    labels: [
      .from: ["差出人", "送信者"], .date: ["送信日時", "日時", "日付"], .to: ["宛先"], .cc: ["cc", "写し"], .subject: ["件名"],
    ],
    originalMarkers: ["元のメッセージ"], forwardMarkers: ["転送されたメッセージ", "転送メッセージ"],
    deviceLines: ["iphoneから送信", "ipadから送信", "から送信"])

  static let chinese = ClientStrings(
    language: "zh",
    openings: ["在"],
    verbs: ["写道", "寫道", "写道:", "來信", "撰寫"],
    labels: [
      .from: ["发件人", "寄件者", "寄件人"], .date: ["发送时间", "日期", "寄件日期", "时间"], .to: ["收件人", "收件者"],
      .cc: ["抄送", "副本"], .subject: ["主题", "主旨"],
    ],
    originalMarkers: ["原始邮件", "邮件原件", "原始郵件"], forwardMarkers: ["转发的邮件", "转发邮件", "轉寄的郵件", "已轉寄的郵件"],
    deviceLines: ["发自我的", "從我的", "发自"])

  static let korean = ClientStrings(
    language: "ko", verbs: ["작성", "님이 작성"],
    labels: [
      .from: ["보낸 사람", "보낸사람"], .date: ["보낸 날짜", "날짜"], .to: ["받는 사람", "받는사람"], .cc: ["참조"], .subject: ["제목"],
    ],
    originalMarkers: ["원본 메시지"], forwardMarkers: ["전달된 메시지", "전달된 메일"],
    deviceLines: ["나의 iphone에서 보냄"])
}
