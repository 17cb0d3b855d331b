import Foundation
import School
import Synchronization

/// Instants as people of a language write them, in the school's time zone.
enum LocalDate {
  enum Form {
    /// `24 november 2026 12:55`
    case moment
    /// `24 november 2026`
    case day
    /// `24 nov`
    case short
    /// `dinsdag 24 november 2026`
    case weekday
    /// `12:55`
    case clock
    /// `24-11-2026`
    case numeric
  }

  private struct Style: Hashable {
    let form: Form
    let language: Language
    let timeZone: TimeZone
  }

  /// A formatter is slow to make.
  private static let formatters = Mutex<[Style: DateFormatter]>([:])

  static func text(_ date: Date, _ form: Form, _ language: Language, _ timeZone: TimeZone) -> String {
    formatters.withLock { formatters in
      let style = Style(form: form, language: language, timeZone: timeZone)
      let formatter = formatters[style] ?? self.formatter(style)
      formatters[style] = formatter
      let text = formatter.string(from: date)
      // Frisian writes its months small, as Dutch does; Unicode's data (CLDR) have them with a capital.
      return language == .frisian ? text.lowercased() : text
    }
  }

  private static func formatter(_ style: Style) -> DateFormatter {
    let (form, language, timeZone) = (style.form, style.language, style.timeZone)
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: language.locale)
    formatter.timeZone = timeZone
    formatter.dateFormat =
      switch form {
      case .moment: language == .english ? "d MMMM yyyy, HH:mm" : "d MMMM yyyy HH:mm"
      case .day: "d MMMM yyyy"
      case .short: "d MMM"
      case .weekday: "EEEE d MMMM yyyy"
      case .clock: "HH:mm"
      case .numeric: language == .english ? "d/M/yyyy" : "d-M-yyyy"
      }
    return formatter
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
