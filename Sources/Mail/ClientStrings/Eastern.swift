extension ClientStrings {
  /// Sources of this file: the localisations of Thunderbird, fixtures of crisp, talon and edgetier.
  static let polish = ClientStrings(
    language: "pl",
    openings: ["dnia", "w dniu", "wiadomość napisana"],
    verbs: ["napisał", "napisała", "napisał(a)", "pisze", "napisał/a", "napisano", "napisana przez"],
    labels: [
      .from: ["od", "nadawca"], .date: ["wysłano", "data", "wysłane", "date"], .to: ["do", "adresat"],
      .cc: ["dw", "do wiadomości", "kopia", "udw"], .subject: ["temat"], .replyTo: ["odpowiedz do"],
      .other: ["załączniki"],
    ],
    originalMarkers: [
      "oryginalna wiadomość", "wiadomość oryginalna", "oryginalny e-mail", "treść oryginalnej wiadomości",
    ],
    forwardMarkers: [
      "przekazana wiadomość", "wiadomość przekazana", "treść przekazanej wiadomości", "przekazywana wiadomość",
      "początek przekazanej wiadomości", "rozpoczęcie przekazywanej wiadomości", "treść przekazywanej wiadomości",
      "wiadomość przesłana dalej",
    ],
    deviceLines: ["wysłane z", "wysłano z", "pobierz outlook", "pobierz aplikację outlook"],
    replyPrefixes: ["odp"],
    forwardPrefixes: ["pd"],
    months: [
      ["stycznia", "sty", "styczeń"], ["lutego", "lut", "luty"], ["marca", "marzec"], ["kwietnia", "kwi", "kwiecień"],
      ["maja", "maj"], ["czerwca", "cze", "czerwiec"], ["lipca", "lip", "lipiec"], ["sierpnia", "sie", "sierpień"],
      ["września", "wrz", "wrzesień"], ["października", "paź", "październik"], ["listopada", "lis", "listopad"],
      ["grudnia", "gru", "grudzień"],
    ],
    weekdays: [
      "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela", "pon", "wt", "śr", "czw", "pt",
      "sob", "niedz", "niedzielę", "środę", "sobotę", "pn", "cz", "nd",
    ])

  static let czech = ClientStrings(
    language: "cs",
    openings: ["dne", "on"],
    verbs: ["napsal", "napsala", "napsal(a)", "odesílatel", "píše"],
    labels: [
      .from: ["od", "odesílatel"], .date: ["odesláno", "datum", "odeslané"], .to: ["komu"], .cc: ["kopie"],
      .subject: ["předmět"], .replyTo: ["odpověď komu"],
    ],
    originalMarkers: ["původní zpráva", "původní e-mail"],
    forwardMarkers: [
      "přeposlaná zpráva", "začátek přeposílané zprávy", "přeposílaná zpráva", "předaná zpráva",
      "začátek přeposlané zprávy", "přesměrovaná zpráva",
    ],
    deviceLines: ["odesláno z", "získejte outlook", "odesláno ze"],
    months: [
      ["ledna", "leden"], ["února", "únor"], ["března", "březen"], ["dubna", "duben"], ["května", "květen"],
      ["června", "červen"], ["července", "červenec"], ["srpna", "srpen"], ["září"], ["října", "říjen"],
      ["listopadu"], ["prosince", "prosinec"],
    ],
    weekdays: ["pondělí", "úterý", "středa", "čtvrtek", "pátek", "neděle", "po", "út", "st", "čt", "pá", "ne"])

  static let slovak = ClientStrings(
    language: "sk",
    openings: ["dňa"],
    verbs: ["napísal", "napísala", "napísal(a)", "píše", "používateľ"],
    labels: [
      .from: ["od"], .date: ["odoslané", "dátum"], .to: ["komu", "pre"], .cc: ["kópia"], .subject: ["predmet"],
    ],
    originalMarkers: ["pôvodná správa", "pôvodná e-mailová správa"],
    forwardMarkers: ["preposlaná správa", "začiatok preposlanej správy", "odovzdaná správa"],
    deviceLines: ["odoslané z", "poslané z"],
    months: [
      ["januára"], ["februára"], ["marca"], ["apríla"], ["mája"], ["júna"], ["júla"], ["augusta"], ["septembra"],
      ["októbra"], ["novembra"], ["decembra"],
    ],
    weekdays: ["pondelok", "utorok", "streda", "štvrtok", "piatok", "nedeľa"])

  static let croatian = ClientStrings(
    language: "hr",
    openings: ["dana"],
    verbs: ["napisao", "napisala", "napisao/la", "je napisao", "je napisala"],
    labels: [
      .from: ["od", "šalje", "pošiljatelj"], .date: ["poslano", "datum"], .to: ["prima", "za"], .cc: ["kopija"],
      .subject: ["predmet", "naslov"],
    ],
    originalMarkers: ["izvorna poruka", "originalna poruka"],
    forwardMarkers: ["proslijeđena poruka", "početak proslijeđene poruke", "prosleđena poruka"],
    deviceLines: ["poslano s", "poslato sa"],
    months: [
      ["siječnja", "sij"], ["veljače", "velj"], ["ožujka", "ožu"], ["travnja", "tra"], ["svibnja", "svi"],
      ["lipnja"], ["srpnja", "srp"], ["kolovoza", "kol"], ["rujna", "ruj"], ["listopada"], ["studenoga", "stu"],
      ["prosinca", "pro"],
    ])

  static let hungarian = ClientStrings(
    language: "hu",
    openings: [],
    verbs: ["írta", "ezt írta", "a következőt írta"],
    labels: [
      .from: ["feladó"], .date: ["dátum", "elküldve", "küldve"], .to: ["címzett", "címzettek"],
      .cc: ["másolat", "másolatot kap"],
      .subject: ["tárgy"], .replyTo: ["válaszcím"],
    ],
    originalMarkers: ["eredeti üzenet"],
    forwardMarkers: [
      "továbbított üzenet", "továbbított levél", "továbbított levél kezdete", "továbbított üzenet kezdete",
    ],
    deviceLines: ["küldve", "az outlook"],
    replyPrefixes: ["vá"],
    forwardPrefixes: ["továbbítás", "i"],
    months: [
      ["január"], ["február", "febr"], ["március", "márc"], ["április", "ápr"], ["május", "máj"], ["június", "jún"],
      ["július", "júl"], ["augusztus", "aug"], ["szeptember", "szept"], ["október"], ["november"], ["december"],
    ],
    weekdays: ["hétfő", "kedd", "szerda", "csütörtök", "péntek", "szombat", "vasárnap", "sze", "cs"])

  static let russian = ClientStrings(
    language: "ru",
    openings: ["в"],
    verbs: ["написал", "написала", "написал(а)", "пишет", "писал", "пользователь"],
    labels: [
      .from: ["от", "от кого"], .date: ["отправлено", "дата", "отправлен"], .to: ["кому"], .cc: ["копия"],
      .subject: ["тема"], .replyTo: ["ответить"],
    ],
    originalMarkers: ["исходное сообщение", "оригинальное сообщение", "первоначальное сообщение"],
    forwardMarkers: [
      "пересылаемое сообщение", "пересланное сообщение", "начало переадресованного сообщения",
      "начало переадресованного письма", "перенаправленное сообщение", "переадресованное сообщение",
      "пересылаемое письмо",
    ],
    deviceLines: ["отправлено с", "отправлено из", "отправлено с моего"],
    replyPrefixes: ["на", "отв"],
    forwardPrefixes: ["пер"],
    months: [
      ["января", "янв"], ["февраля", "февр", "фев"], ["марта", "мар"], ["апреля", "апр"], ["мая", "май"],
      ["июня", "июн"], ["июля", "июл"], ["августа", "авг"], ["сентября", "сент", "сен"], ["октября", "окт"],
      ["ноября", "нояб", "ноя"], ["декабря", "дек"],
    ],
    weekdays: [
      "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье", "пн", "вт", "ср", "чт", "пт",
      "сб", "вс",
    ])

  static let ukrainian = ClientStrings(
    language: "uk",
    openings: [],
    verbs: ["написав", "написала", "пише", "пише наступне", "користувач"],
    labels: [
      .from: ["від", "від кого"], .date: ["надіслано", "дата", "відправлено"], .to: ["кому", "до"], .cc: ["копія"],
      .subject: ["тема"],
    ],
    originalMarkers: ["початкове повідомлення", "оригінальне повідомлення"],
    forwardMarkers: [
      "переслане повідомлення", "початок листа, що пересилається", "переадресоване повідомлення",
      "перенаправлене повідомлення",
    ],
    deviceLines: ["надіслано з"],
    months: [
      ["січня", "січ"], ["лютого", "лют"], ["березня", "бер"], ["квітня", "квіт"], ["травня", "трав"],
      ["червня", "черв"], ["липня", "лип"], ["серпня", "серп"], ["вересня", "вер"], ["жовтня", "жовт"],
      ["листопада", "лист"], ["грудня", "груд"],
    ],
    weekdays: ["понеділок", "вівторок", "середа", "четвер", "п'ятниця", "субота", "неділя"])
}
