import CLibical
import Foundation

extension CalendarObject {
  /// The object as octets to send (RFC 5545): CRLF lines of at most 75 octets. Moments stand as local time of the zone,
  /// with its VTIMEZONE made of the system's own data; days stand as days.
  ///
  /// - Parameter product: names the program, as `-//school.nl//Postplein//NL`.
  package func text(in zone: TimeZone, product: String) -> String {
    Libical.use { CalendarWriter(zone: zone).text(self, product: product) }
  }
}

/// Builds components by libical, which escapes and folds.
private struct CalendarWriter {
  let zone: TimeZone
  /// Nil where the system's data lack the zone: moments then stand in UTC.
  private let rules: OpaquePointer?
  private let gregorian: Calendar
  private let utc: Calendar

  init(zone: TimeZone) {
    self.zone = zone
    rules = icaltimezone_get_builtin_timezone(zone.identifier)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    gregorian = calendar
    calendar.timeZone = .gmt
    utc = calendar
  }

  func text(_ object: CalendarObject, product: String) -> String {
    guard let calendar = Component(owning: icalcomponent_new_vcalendar()) else { return "" }
    let root = calendar.pointer
    add(icalproperty_new_prodid(clean(product)), to: root)
    add(icalproperty_new_version("2.0"), to: root)
    if let method = object.method { add(icalproperty_new_method(method.libical), to: root) }
    let hasMoments = object.events.contains { if case .moments = $0.time { true } else { false } }
    if hasMoments, let rules, let component = trimmed(rules) { icalcomponent_add_component(root, component) }
    for event in object.events {
      if let component = component(event, in: object.method) { icalcomponent_add_component(root, component) }
    }
    guard let text = icalcomponent_as_ical_string_r(root) else { return "" }
    defer { icalmemory_free_buffer(text) }
    return String(cString: text)
  }

  private func component(_ event: CalendarObject.Event, in method: CalendarObject.Method?) -> OpaquePointer? {
    guard let component = icalcomponent_new(ICAL_VEVENT_COMPONENT) else { return nil }
    add(icalproperty_new_uid(clean(event.uid)), to: component)
    add(icalproperty_new_sequence(Int32(clamping: event.sequence)), to: component)
    add(icalproperty_new_dtstamp(universal(event.stamp)), to: component)
    addTime(event.time, to: component)
    add(icalproperty_new_summary(clean(event.summary)), to: component)
    if let place = event.location { add(icalproperty_new_location(clean(place)), to: component) }
    if let words = event.description { add(icalproperty_new_description(clean(words)), to: component) }
    if let words = event.comment { add(icalproperty_new_comment(clean(words)), to: component) }
    if method != .reply {
      add(
        icalproperty_new_status(event.isCancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED), to: component)
    }
    if let organizer = event.organizer {
      add(named(icalproperty_new_organizer("mailto:\(clean(organizer.address))"), organizer.name), to: component)
    }
    for attendee in event.attendees { add(property(attendee, in: method), to: component) }
    return component
  }

  // MARK: Who

  private func property(_ attendee: CalendarObject.Attendee, in method: CalendarObject.Method?) -> OpaquePointer? {
    let property = named(
      icalproperty_new_attendee("mailto:\(clean(attendee.person.address))"), attendee.person.name)
    guard let property else { return nil }
    icalproperty_add_parameter(property, icalparameter_new_partstat(attendee.participation.libical))
    if method == .request {
      icalproperty_add_parameter(property, icalparameter_new_role(ICAL_ROLE_OPTPARTICIPANT))
      icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE))
    }
    return property
  }

  private func named(_ property: OpaquePointer?, _ name: String?) -> OpaquePointer? {
    guard let property, let name else { return property }
    // No parameter can hold a quotation mark (RFC 5545, section 3.2).
    let text = clean(name).replacing("\"", with: "'").replacing("\n", with: " ")
    icalproperty_add_parameter(property, icalparameter_new_cn(text))
    return property
  }

  // MARK: When

  private func addTime(_ time: CalendarObject.Time, to component: OpaquePointer) {
    switch time {
    case .moments(let start, let end):
      add(zoned(icalproperty_new_dtstart, start), to: component)
      if let end { add(zoned(icalproperty_new_dtend, end), to: component) }
    case .days(let first, let last):
      add(icalproperty_new_dtstart(date(first)), to: component)
      // The end is the day after the last (RFC 5545, section 3.6.1).
      var end = date(last)
      icaltime_adjust(&end, 1, 0, 0, 0)
      add(icalproperty_new_dtend(end), to: component)
    }
  }

  private func date(_ day: CalendarObject.Day) -> icaltimetype {
    var time = icaltime_null_date()
    (time.year, time.month, time.day) = (Int32(day.year), Int32(day.month), Int32(day.day))
    return time
  }

  /// Local time with TZID; in UTC where the clock shows that time twice, in autumn: readers differ in which they take,
  /// whatever RFC 5545, section 3.3.5, says.
  private func zoned(_ make: (icaltimetype) -> OpaquePointer?, _ moment: Date) -> OpaquePointer? {
    let parts = local(moment)
    let isTwice = [-3600.0, -1800, 1800, 3600].contains { local(moment.addingTimeInterval($0)) == parts }
    guard rules != nil, !isTwice else { return make(universal(moment)) }
    let property = make(time(parts))
    if let property { icalproperty_add_parameter(property, icalparameter_new_tzid(zone.identifier)) }
    return property
  }

  private func local(_ moment: Date) -> DateComponents {
    gregorian.dateComponents([.year, .month, .day, .hour, .minute, .second], from: moment)
  }

  private func universal(_ moment: Date) -> icaltimetype {
    var time = self.time(utc.dateComponents([.year, .month, .day, .hour, .minute, .second], from: moment))
    time.zone = icaltimezone_get_utc_timezone()
    return time
  }

  private func time(_ parts: DateComponents) -> icaltimetype {
    var time = icaltime_null_time()
    (time.year, time.month, time.day) = (Int32(parts.year ?? 0), Int32(parts.month ?? 0), Int32(parts.day ?? 0))
    (time.hour, time.minute, time.second) = (
      Int32(parts.hour ?? 0), Int32(parts.minute ?? 0), Int32(parts.second ?? 0)
    )
    time.is_date = 0
    return time
  }

  /// The zone's rules as a component, without those that ended before this century: clients read them for each mail.
  private func trimmed(_ rules: OpaquePointer) -> OpaquePointer? {
    guard let component = icalcomponent_new_clone(icaltimezone_get_component(rules)) else { return nil }
    for property in component.properties(ICAL_TZID_PROPERTY) { icalproperty_set_tzid(property, zone.identifier) }
    let all = component.components(ICAL_XSTANDARD_COMPONENT) + component.components(ICAL_XDAYLIGHT_COMPONENT)
    let old = all.filter { lastYear(of: $0) < 2000 }
    // A zone whose rules have not changed since keeps its last one.
    let kept = old.count == all.count ? old.max { lastYear(of: $0) < lastYear(of: $1) } : nil
    for observance in old where observance != kept { remove(observance, from: component) }
    joinRules(of: component)
    return component
  }

  private func remove(_ observance: OpaquePointer, from component: OpaquePointer) {
    icalcomponent_remove_component(component, observance)
    icalcomponent_free(observance)
  }

  /// The system's data end in 2037, so that libical writes a rule twice: until then, and from then on. As one rule
  /// without an end it is what programs expect; some cannot read one that ends.
  private func joinRules(of zone: OpaquePointer) {
    for kind in [ICAL_XSTANDARD_COMPONENT, ICAL_XDAYLIGHT_COMPONENT] {
      let all = zone.components(kind)
      for later in all where lastYear(of: later) == Int32.max {
        let earlier = all.first { one in
          one != later && rule(of: one) == rule(of: later)
            && lastYear(of: one) + 1 >= icalcomponent_get_dtstart(later).year
        }
        guard let earlier, let endless = later.properties(ICAL_RRULE_PROPERTY).first,
          let ending = earlier.properties(ICAL_RRULE_PROPERTY).first
        else { continue }
        icalproperty_set_rrule(ending, icalproperty_get_rrule(endless))
        remove(later, from: zone)
      }
    }
  }

  /// The rule without its end, and the offsets that it goes between; nil for what comes but once.
  private func rule(of observance: OpaquePointer) -> [String]? {
    guard let property = observance.properties(ICAL_RRULE_PROPERTY).first,
      let text = icalproperty_get_value_as_string_r(property)
    else { return nil }
    defer { icalmemory_free_buffer(text) }
    let parts = String(cString: text).split(separator: ";").map(String.init).filter { !$0.hasPrefix("UNTIL=") }
    let from = observance.properties(ICAL_TZOFFSETFROM_PROPERTY).map { "\(icalproperty_get_tzoffsetfrom($0))" }
    let to = observance.properties(ICAL_TZOFFSETTO_PROPERTY).map { "\(icalproperty_get_tzoffsetto($0))" }
    return parts.sorted() + from + to
  }

  private func lastYear(of observance: OpaquePointer) -> Int32 {
    let rules = observance.properties(ICAL_RRULE_PROPERTY).map { property in
      let until = icalproperty_get_rrule(property).until
      return icaltime_is_null_time(until) == 0 ? until.year : Int32.max
    }
    let dates = observance.properties(ICAL_RDATE_PROPERTY).map { icalproperty_get_rdate($0).time.year }
    return (rules + dates + [icalcomponent_get_dtstart(observance).year]).max() ?? 0
  }

  // MARK: Texts

  private func add(_ property: OpaquePointer?, to component: OpaquePointer) {
    if let property { icalcomponent_add_property(component, property) }
  }

  /// Without control characters but the line break, which libical writes as `\n`.
  private func clean(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F) }))
  }
}

extension CalendarObject.Method {
  var libical: icalproperty_method {
    switch self {
    case .publish: ICAL_METHOD_PUBLISH
    case .request: ICAL_METHOD_REQUEST
    case .reply: ICAL_METHOD_REPLY
    case .cancel: ICAL_METHOD_CANCEL
    }
  }
}

extension CalendarObject.Participation {
  var libical: icalparameter_partstat {
    switch self {
    case .needsAction: ICAL_PARTSTAT_NEEDSACTION
    case .accepted: ICAL_PARTSTAT_ACCEPTED
    case .declined: ICAL_PARTSTAT_DECLINED
    case .tentative: ICAL_PARTSTAT_TENTATIVE
    }
  }
}
