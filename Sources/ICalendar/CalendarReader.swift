import CLibical
import Foundation

extension CalendarObject {
  /// Reads a file or a part of a mail. Hostile input gives an error or a refused event, never a crash, and never takes
  /// long: nothing that recurs is expanded, and no time zone that is not the shape of one is asked.
  ///
  /// - Parameter zone: of times that name none (RFC 5545, section 3.3.5: floating).
  package static func read(_ data: Data, zone: TimeZone) throws(CalendarError) -> CalendarObject {
    let text = try CalendarScan.text(data)
    return try Libical.use { () throws(CalendarError) in
      guard let parsed = Component(owning: icalparser_parse_string(text)),
        let calendar = CalendarReader.calendar(in: parsed.pointer)
      else { throw .notACalendar }
      return CalendarReader(calendar: calendar, zone: zone).object()
    }
  }
}

/// What a file must be before libical sees it.
enum CalendarScan {
  static func text(_ data: Data) throws(CalendarError) -> String {
    guard data.count <= CalendarLimits.octets else { throw .tooLarge }
    // A byte order mark is no part of the first line, and C ends a text at a zero.
    let text = String(decoding: data, as: UTF8.self).replacing("\u{FEFF}", with: "").replacing("\0", with: "")
    var (lines, components, depth) = (0, 0, 0)
    // As libical reads it: folded lines are one (RFC 5545, section 3.1), and a CR alone ends one too.
    let unfolded = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .replacing("\n ", with: "").replacing("\n\t", with: "")
    for line in unfolded.utf8.split(separator: UInt8(ascii: "\n")) {
      lines += 1
      let start = String(decoding: line.prefix(6), as: UTF8.self).uppercased()
      if start == "BEGIN:" || start == "BEGIN;" {
        components += 1
        depth += 1
      } else if start.hasPrefix("END:") {
        depth -= 1
      }
      guard lines <= CalendarLimits.lines, components <= CalendarLimits.components, depth <= CalendarLimits.depth else {
        throw .tooLarge
      }
    }
    guard components > 0 else { throw .notACalendar }
    return text
  }
}

private struct CalendarReader {
  let calendar: OpaquePointer
  let zone: TimeZone

  /// The first calendar of the file: more than one stand below a root that libical makes.
  static func calendar(in parsed: OpaquePointer) -> OpaquePointer? {
    if icalcomponent_isa(parsed) == ICAL_VCALENDAR_COMPONENT { return parsed }
    return parsed.components(ICAL_VCALENDAR_COMPONENT).first
  }

  func object() -> CalendarObject {
    var object = CalendarObject(method: method, events: [])
    for component in calendar.components(ICAL_VEVENT_COMPONENT) {
      do { object.events.append(try event(component)) } catch {
        let summary = text(component, ICAL_SUMMARY_PROPERTY, icalproperty_get_summary) ?? ""
        object.refused.append(CalendarObject.RefusedEvent(summary: summary, reason: error))
      }
    }
    return object
  }

  private var method: CalendarObject.Method? {
    calendar.properties(ICAL_METHOD_PROPERTY).first.flatMap { property in
      let method = icalproperty_get_method(property)
      return CalendarObject.Method.allCases.first { $0.libical == method }
    }
  }

  private func event(
    _ component: OpaquePointer
  ) throws(CalendarObject.RefusedEvent.Reason) -> CalendarObject.Event {
    // An answer names the one occurrence that it is about; ours have one.
    let recurring = [ICAL_RRULE_PROPERTY, ICAL_RDATE_PROPERTY, ICAL_RECURRENCEID_PROPERTY]
    if method != .reply, recurring.contains(where: { !component.properties($0).isEmpty }) { throw .recurs }
    let sequence = component.properties(ICAL_SEQUENCE_PROPERTY).first.map { Int(icalproperty_get_sequence($0)) }
    let status = component.properties(ICAL_STATUS_PROPERTY).first.map { icalproperty_get_status($0) }
    let stamp = component.properties(ICAL_DTSTAMP_PROPERTY).first.map { icalproperty_get_dtstamp($0) }
    var event = CalendarObject.Event(
      uid: text(component, ICAL_UID_PROPERTY, icalproperty_get_uid) ?? "", sequence: max(0, sequence ?? 0),
      stamp: stamp.flatMap { instant($0, in: .gmt) } ?? .distantPast, time: try time(component),
      summary: text(component, ICAL_SUMMARY_PROPERTY, icalproperty_get_summary) ?? "",
      location: text(component, ICAL_LOCATION_PROPERTY, icalproperty_get_location),
      description: text(component, ICAL_DESCRIPTION_PROPERTY, icalproperty_get_description, times: 10),
      comment: text(component, ICAL_COMMENT_PROPERTY, icalproperty_get_comment, times: 10),
      isCancelled: method == .cancel || status == ICAL_STATUS_CANCELLED,
      organizer: component.properties(ICAL_ORGANIZER_PROPERTY).first.flatMap {
        person($0, icalproperty_get_organizer($0))
      },
      attendees: component.properties(ICAL_ATTENDEE_PROPERTY).prefix(CalendarLimits.components).compactMap(attendee))
    event.hasSequence = sequence != nil
    return event
  }

  // MARK: Texts and people

  /// On one line where it is no longer text; nil where nothing is left.
  private func text(
    _ component: OpaquePointer, _ kind: icalproperty_kind, _ get: (OpaquePointer) -> UnsafePointer<CChar>?,
    times: Int = 1
  ) -> String? {
    guard let property = component.properties(kind).first, let value = get(property) else { return nil }
    let text = String(cString: value).replacing("\r", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
    let short = String(text.prefix(CalendarLimits.text * times))
    guard !short.isEmpty else { return nil }
    return times == 1 ? short.split(whereSeparator: \.isWhitespace).joined(separator: " ") : short
  }

  private func person(_ property: OpaquePointer, _ uri: UnsafePointer<CChar>?) -> CalendarObject.Person? {
    guard let uri else { return nil }
    let text = String(cString: uri)
    let address = text.lowercased().hasPrefix("mailto:") ? String(text.dropFirst(7)) : text
    let name = icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER).flatMap { icalparameter_get_cn($0) }
    return CalendarObject.Person(name: name.map { String(cString: $0) }, address: address)
  }

  private func attendee(_ property: OpaquePointer) -> CalendarObject.Attendee? {
    guard let person = person(property, icalproperty_get_attendee(property)) else { return nil }
    let parameter = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER)
    let participation: CalendarObject.Participation =
      switch parameter.map({ icalparameter_get_partstat($0) }) {
      case ICAL_PARTSTAT_ACCEPTED: .accepted
      case ICAL_PARTSTAT_DECLINED: .declined
      case ICAL_PARTSTAT_TENTATIVE: .tentative
      default: .needsAction
      }
    return CalendarObject.Attendee(person, participation)
  }

  // MARK: When

  private func time(_ component: OpaquePointer) throws(CalendarObject.RefusedEvent.Reason) -> CalendarObject.Time {
    guard let property = component.properties(ICAL_DTSTART_PROPERTY).first else { throw .noTime }
    let start = icalproperty_get_dtstart(property)
    let end = component.properties(ICAL_DTEND_PROPERTY).first
    let duration = component.properties(ICAL_DURATION_PROPERTY).first.map {
      Double(icaldurationtype_as_int(icalproperty_get_duration($0)))
    }
    if start.is_date != 0 {
      var after: CalendarObject.Day?
      if let end { after = try day(icalproperty_get_dtend(end)) }
      return try days(first: try day(start), after: after, duration: duration)
    }
    let first = try moment(start, property)
    var last = duration.map { first.addingTimeInterval($0) }
    if let end { last = try moment(icalproperty_get_dtend(end), end) }
    if let last {
      guard last >= first, last.timeIntervalSince(first) <= CalendarLimits.longest else { throw .noTime }
    }
    return .moments(start: first, end: last == first ? nil : last)
  }

  /// - Parameter after: the day after the last one.
  private func days(
    first: CalendarObject.Day, after: CalendarObject.Day?, duration: Double?
  ) throws(CalendarObject.RefusedEvent.Reason) -> CalendarObject.Time {
    guard let start = noon(first) else { throw .noTime }
    var length = max(1, Int((duration ?? 86_400) / 86_400))
    if let after {
      guard let end = noon(after), end >= start else { throw .noTime }
      // Some give the same day for both.
      length = max(1, Int((end.timeIntervalSince(start) / 86_400).rounded()))
    }
    guard Double(length) * 86_400 <= CalendarLimits.longest else { throw .noTime }
    let parts = Self.utc.dateComponents(
      [.year, .month, .day], from: start.addingTimeInterval(Double(length - 1) * 86_400))
    return .days(
      first: first,
      last: CalendarObject.Day(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0))
  }

  private func day(_ time: icaltimetype) throws(CalendarObject.RefusedEvent.Reason) -> CalendarObject.Day {
    let day = CalendarObject.Day(year: Int(time.year), month: Int(time.month), day: Int(time.day))
    guard noon(day) != nil else { throw .noTime }
    return day
  }

  /// In UTC, where every day has as many seconds; nil for a day that is none.
  private func noon(_ day: CalendarObject.Day) -> Date? {
    var time = icaltime_null_time()
    (time.year, time.month, time.day, time.hour) = (Int32(day.year), Int32(day.month), Int32(day.day), 12)
    return instant(time, in: .gmt)
  }

  private func moment(
    _ time: icaltimetype, _ property: OpaquePointer
  ) throws(CalendarObject.RefusedEvent.Reason) -> Date {
    let name = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER).flatMap { icalparameter_get_tzid($0) }
    let found: Date?
    if icaltime_is_utc(time) != 0 {
      found = instant(time, in: .gmt)
    } else if let name = name.map({ String(cString: $0) }) {
      if let known = ZoneName.zone(name) {
        found = instant(time, in: known)
      } else {
        guard let rules = icalcomponent_get_timezone(calendar, name), ZoneName.isPlain(rules) else {
          throw .unknownTimeZone
        }
        found =
          instant(time, in: .gmt) == nil
          ? nil : Date(timeIntervalSince1970: Double(icaltime_as_timet_with_zone(time, rules)))
      }
    } else {
      found = instant(time, in: zone)
    }
    guard let found else { throw .noTime }
    return found
  }

  static let utc: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  /// Nil for what no clock or calendar shows, and for years in which no school of today plans.
  private func instant(_ time: icaltimetype, in zone: TimeZone) -> Date? {
    guard (1970...2200).contains(time.year), (1...12).contains(time.month), (1...31).contains(time.day),
      (0...23).contains(time.hour), (0...59).contains(time.minute), (0...60).contains(time.second)
    else { return nil }
    var calendar = Self.utc
    calendar.timeZone = zone
    let date = calendar.date(
      from: DateComponents(
        year: Int(time.year), month: Int(time.month), day: Int(time.day), hour: Int(time.hour),
        minute: Int(time.minute), second: Int(min(time.second, 59))))
    // 31 June becomes 1 July otherwise.
    return date.flatMap { calendar.component(.month, from: $0) == Int(time.month) ? $0 : nil }
  }
}

/// The names by which calendars call a time zone.
private enum ZoneName {
  /// A zone of the system's data, also behind the prefix of a program: `/freeassociation.sourceforge.net/Europe/Paris`.
  static func zone(_ name: String) -> TimeZone? {
    let parts = name.split(separator: "/").suffix(4)
    for count in [parts.count, 3, 2, 1] where count <= parts.count {
      let identifier = parts.suffix(count).joined(separator: "/")
      // `CET` and the like are abbreviations to Foundation, and mean one offset there.
      if identifier.contains("/") || identifier == "UTC", let zone = TimeZone(identifier: identifier) { return zone }
    }
    return nil
  }

  /// Whether libical can ask the zone in little time: rules that come once a year, in a month.
  static func isPlain(_ zone: OpaquePointer) -> Bool {
    guard let component = icaltimezone_get_component(zone) else { return false }
    let all = component.components(ICAL_XSTANDARD_COMPONENT) + component.components(ICAL_XDAYLIGHT_COMPONENT)
    guard (1...CalendarLimits.observances).contains(all.count) else { return false }
    return all.allSatisfy { observance in
      observance.properties(ICAL_RRULE_PROPERTY).allSatisfy { property in
        guard let text = icalproperty_get_value_as_string_r(property) else { return false }
        defer { icalmemory_free_buffer(text) }
        let parts = String(cString: text).uppercased().split(separator: ";")
        let month = parts.first { $0.hasPrefix("BYMONTH=") }
        let isSmall = parts.allSatisfy { part in
          ["FREQ=YEARLY", "UNTIL=", "COUNT=", "INTERVAL=", "WKST=", "BYMONTH=", "BYDAY=", "BYMONTHDAY="].contains {
            part.hasPrefix($0)
          }
        }
        return isSmall && month.map { !$0.contains(",") } ?? false
      }
    }
  }
}
