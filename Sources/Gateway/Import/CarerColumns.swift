import Foundation
import School

/// Which column is what, by the names that administrations give them in Dutch and English.
struct CarerColumns {
  enum Field: Hashable, CaseIterable {
    case code, name, givenName, prefix, familyName, address, pupils, language, authority
    case phone, street, houseNumber, houseAddition, postcode, city
  }

  /// One for a file with a row a carer; several where the columns are numbered (`ouder1 e-mail`, `e-mail verzorger 2`).
  var carers: [[Field: Int]]
  /// What the header names besides.
  private(set) var unused: [UnusedColumn] = []

  init(header: [String]) throws(ImportFailure) {
    var shared: [Field: Int] = [:]
    var numbered: [Int: [Field: Int]] = [:]
    var strange: [(title: String, words: String, number: Int?)] = []
    for (place, title) in header.enumerated() {
      let (words, number) = Self.split(title)
      guard let field = Self.field(words) else {
        // Left out it would give authority to whom the school says has none.
        if ["gezag", "authority", "custody"].contains(where: words.contains), !words.hasPrefix("bevoegdgezag") {
          throw Self.authorityFailure(title)
        }
        if !title.isEmpty { strange.append((title, words, number)) }
        continue
      }
      if let number {
        if numbered[number, default: [:]][field] == nil { numbered[number, default: [:]][field] = place }
      } else if shared[field] == nil {
        shared[field] = place
      }
    }
    for column in strange {
      let used = column.number.map { numbered[$0] ?? [:] } ?? shared
      let near = Self.near(column.words, notOf: Set(used.keys))
      if near?.field == .authority { throw Self.authorityFailure(column.title) }
      unused.append(UnusedColumn(title: column.title, near: near?.name))
    }
    // In a row a pupil, names and codes without a number are the pupil's.
    let own: Set<Field> = [
      .code, .name, .givenName, .prefix, .familyName, .address, .phone, .street, .houseNumber, .houseAddition,
      .postcode,
      .city,
    ]
    // In a row a carer, a number tells no parents apart: `telefoon 1`, `telefoon 2`.
    if !numbered.values.contains(where: { $0[.address] != nil }) {
      for (_, places) in numbered.sorted(by: { $0.key < $1.key }) { shared.merge(places) { first, _ in first } }
      numbered = [:]
    }
    let common = numbered.isEmpty ? shared : shared.filter { !own.contains($0.key) }
    carers =
      numbered.isEmpty
      ? [common] : numbered.sorted { $0.key < $1.key }.map { $0.value.merging(common) { own, _ in own } }
    carers = carers.filter { $0[.address] != nil && $0[.pupils] != nil }
    guard !carers.isEmpty else {
      throw ImportFailure(
        description: """
          The first row must name the columns, among them one for the mail address (e-mail, emailadres, mail) and one for \
          the pupils (leerlingnummer, leerlingnummers, leerlingcodes, pupil)
          """)
    }
  }

  /// A title as plain words, and the number of the parent it belongs to.
  private static func split(_ title: String) -> (words: String, number: Int?) {
    let plain = title.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: Locale(identifier: "nl_NL"))
    var words = plain.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    var number: Int?
    for (place, word) in words.enumerated() {
      let letters = word.prefix { $0.isLetter }
      let digits = word.dropFirst(letters.count)
      guard let value = Int(digits), (1...4).contains(value) else { continue }
      number = value
      words[place] = String(letters)
    }
    if number == nil,
      let word = words.first(where: { $0 == "vader" || $0 == "moeder" || $0 == "father" || $0 == "mother" })
    {
      number = word == "vader" || word == "father" ? 3 : 4
    }
    let owners: Set<String> = [
      "ouder", "verzorger", "carer", "parent", "guardian", "contact", "contactpersoon", "vader", "moeder", "father",
      "mother", "van", "of", "the", "de", "",
    ]
    return (words.filter { !owners.contains($0) }.joined(), number)
  }

  private static func field(_ words: String) -> Field? { synonyms.first { $0.value.contains(words) }?.key }

  private static func authorityFailure(_ title: String) -> ImportFailure {
    ImportFailure(
      description: "The column “\(title)” may tell of authority, and is not understood: call it gezag, or take it out")
  }

  /// What may have been meant: one letter may differ, two in longer words, and in the shortest none.
  private static func near(_ words: String, notOf used: Set<Field>) -> (field: Field, name: String)? {
    let letters = Array(words)
    let most = letters.count <= 5 ? 1 : 2
    let candidates = synonyms.filter { !used.contains($0.key) }.flatMap { field, names in
      names.filter { $0.count > 3 && abs($0.count - letters.count) <= most }.map { name in
        (field: field, name: name, distance: EditDistance.between(letters, Array(name)))
      }
    }
    return candidates.filter { $0.distance <= most }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .map { ($0.field, $0.name) }
  }

  /// From the exports of ParnasSys, ESIS, Zermelo and Magister, and common English ones.
  private static let synonyms: [Field: Set<String>] = [
    .code: ["code", "id", "nummer", "relatienummer", "relatiecode", "key", "number"],
    .name: ["naam", "name", "volledigenaam", "fullname"],
    .givenName: ["voornaam", "roepnaam", "voornamen", "firstname", "givenname"],
    .prefix: ["tussenvoegsel", "voorvoegsel", "tussenvoegsels", "voorvoegsels", "prefix", "infix"],
    .familyName: ["achternaam", "familienaam", "lastname", "surname", "familyname"],
    .address: ["email", "emailadres", "mail", "mailadres", "emailaddress", "mailaddress"],
    .pupils: [
      "leerlingnummer", "leerlingnummers", "leerlingcode", "leerlingcodes", "leerling", "leerlingen", "leerlingid",
      "kind", "kinderen", "pupil", "pupils", "pupilnumber", "pupilnumbers", "student", "students", "studentnumber",
      "child", "children",
    ],
    .language: ["taal", "voorkeurstaal", "language"],
    .phone: [
      "telefoon", "telefoonnummer", "telefoonnr", "tel", "telnr", "mobiel", "mobielnummer", "mobieletelefoon", "gsm",
      "phone", "phonenumber", "telephone", "mobile", "mobilephone",
    ],
    .street: [
      "adres", "woonadres", "postadres", "straat", "straatnaam", "straathuisnummer", "straatenhuisnummer", "street",
      "streetaddress", "homeaddress", "postaladdress",
    ],
    .houseNumber: ["huisnummer", "huisnr", "housenumber"],
    .houseAddition: ["toevoeging", "huisnummertoevoeging", "huisnrtoevoeging", "addition"],
    .postcode: ["postcode", "postalcode", "zip", "zipcode"],
    .city: ["woonplaats", "plaats", "plaatsnaam", "city", "town"],
    .authority: [
      "gezag", "ouderlijkgezag", "heeftgezag", "wettelijkgezag", "juridischgezag", "informatie", "authority", "custody",
      "hasauthority", "hascustody", "parentalauthority", "legalcustody",
    ],
  ]
}

/// The words in cells.
enum CarerWords {
  static func language(_ text: String) -> Language?? {
    switch Self.plain(text) {
    case "": .some(nil)
    case "nl", "nederlands", "nld", "dutch", "hollands": .dutch
    case "fy", "fries", "frysk", "fry", "frisian": .frisian
    case "en", "engels", "english", "eng": .english
    default: nil
    }
  }

  static func authority(_ text: String) -> ParentalAuthority? {
    switch Self.plain(text) {
    case "", "ja", "j", "volledig", "full", "yes", "y", "gezag", "1", "true", "waar": .full
    case "opverzoek", "onrequest", "verzoek", "beperkt": .onRequest
    case "nee", "n", "geen", "none", "no", "0", "false", "onwaar": ParentalAuthority.none
    default: nil
    }
  }

  static func plain(_ text: String) -> String {
    text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: Locale(identifier: "nl_NL"))
      .filter { $0.isLetter || $0.isNumber }
  }
}
