/// The names of months and days, each with its short forms, in Dutch, Frisian and English.
extension Glossary {
  /// January first.
  static let months: [[String]] = [
    ["januari", "jannewaris", "january", "jan"], ["februari", "febrewaris", "february", "feb", "febr"],
    ["maart", "march", "mrt", "mar"], ["april", "apr"], ["mei", "maaie", "may"], ["juni", "juny", "june", "jun"],
    ["juli", "july", "jul"], ["augustus", "august", "aug"], ["september", "septimber", "sep", "sept"],
    ["oktober", "october", "okt", "oct"], ["november", "novimber", "nov"], ["december", "desimber", "dec", "des"],
  ]
  /// Monday first.
  static let weekdays: [[String]] = [
    ["maandag", "ma", "moandei", "monday", "mon"], ["dinsdag", "di", "tiisdei", "tuesday", "tue"],
    ["woensdag", "wo", "woansdei", "wednesday", "wed"], ["donderdag", "do", "tongersdei", "thursday", "thu"],
    ["vrijdag", "vr", "freed", "friday", "fri"],
    ["zaterdag", "za", "sneon", "sneontiid", "saterdei", "saturday", "sat"],
    ["zondag", "zo", "snein", "sunday", "sun"],
  ]
}
