import Foundation
import School

/// Instants as people of a language write them, in the school's time zone.
enum LocalDate {
  enum Form {
    /// `24 november 2026 12:55`
    case moment
    /// `24 november 2026`
    case day
    /// `24 nov`
    case short
  }

  static func text(_ date: Date, _ form: Form, _ language: Language, _ timeZone: TimeZone) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: language.locale)
    formatter.timeZone = timeZone
    formatter.dateFormat =
      switch form {
      case .moment: language == .english ? "d MMMM yyyy, HH:mm" : "d MMMM yyyy HH:mm"
      case .day: "d MMMM yyyy"
      case .short: "d MMM"
      }
    return formatter.string(from: date)
  }
}

extension Language {
  fileprivate var locale: String {
    switch self {
    case .dutch: "nl_NL"
    case .frisian: "fy_NL"
    case .english: "en_GB"
    }
  }
}
