import Foundation

extension Question {
  /// What is coming, for the groups of who asks and for the whole school.
  ///
  /// - Parameter audience: only that group and the school; nil for all that is theirs.
  func tellCalendar(_ audience: Audience?) -> Decision {
    guard let calendar = state.calendar else { return help() }
    let groups = directory.calendarGroups(of: actor)
    guard directory.isStaff(actor) || !directory.carers(of: actor).isEmpty else { return help() }
    if case .group(let group)? = audience, !directory.isStaff(actor), !groups.contains(group) {
      return refuse(.notYours)
    }
    let last = now.addingTimeInterval(Double(SchoolPolicy.calendarDays) * 86_400)
    let coming = calendar.events.filter { event in
      guard !event.isCancelled, event.details.time.start(in: policy.timeZone) <= last else { return false }
      guard case .group(let group) = event.audience else { return true }
      if let audience { return audience == event.audience }
      return directory.isStaff(actor) || groups.contains(group)
    }
    let facts = CalendarFacts(
      upTo: coming.map { event in
        var facts = self.facts(of: event)
        facts.answer = calendar.answers[event.id]?[actor]
        return facts
      })
    return Decision(notices: [
      toActor(.calendar, facts: NoticeFacts(count: coming.count, calendar: facts))
    ])
  }
}

extension CalendarFacts {
  /// As many as one mail tells.
  init(upTo events: [EventFacts]) {
    self.init(
      events: Array(events.prefix(SchoolPolicy.mostEventsListed)),
      more: max(0, events.count - SchoolPolicy.mostEventsListed))
  }
}

extension Directory {
  /// The groups whose events concern an account: of its children and, for staff, of its own.
  func calendarGroups(of account: AccountID) -> Set<GroupID> {
    pupils(of: account).reduce(into: Set(staff(of: account).flatMap(\.groups))) { $0.formUnion($1.groups) }
  }
}

extension SchoolPolicy {
  /// Whether the overview of the coming week is due.
  ///
  /// - Parameter last: when the last one was made.
  package func isCalendarDue(last: Date, now: Date) -> Bool {
    guard let weekday = calendarWeekday else { return false }
    return self.last(weekday: weekday, hour: calendarHour, before: now).map { $0 > last } ?? false
  }
}

/// The overview of the seven days after today, to each family that has an event in them and wants overviews at all.
///
/// - Parameter events: all that are not over, in their order.
package func weeklyCalendar(
  _ events: [SchoolEvent], directory: Directory, policy: SchoolPolicy, now: Date
) -> Decision {
  let zone = policy.timeZone
  let first = CalendarDay(now, in: zone).adding(days: 1)
  let (start, end) = (first.start(in: zone), first.adding(days: 7).start(in: zone))
  let week = events.filter { event in
    let time = event.details.time
    return !event.isCancelled && time.start(in: zone) < end && time.end(in: zone) >= start
  }
  guard !week.isEmpty else { return Decision(changes: [.markDone(.weeklyCalendar)]) }
  let notices = directory.families(of: .school).compactMap { account -> Notice? in
    guard directory.accounts[account]?.settings.isStopped(.calendar) == false else { return nil }
    let groups = directory.calendarGroups(of: account)
    let own = week.filter { event in
      if case .group(let group) = event.audience { groups.contains(group) } else { true }
    }
    guard !own.isEmpty else { return nil }
    let facts = own.map { event in
      var group: String?
      if case .group(let id) = event.audience { group = directory.groups[id]?.name }
      return EventFacts(event: event.id, sequence: event.sequence, details: event.details, group: group)
    }
    return Notice(
      .calendarWeek, to: .account(account), lane: .bulk, replyTarget: .calendarWeek,
      facts: NoticeFacts(count: own.count, calendar: CalendarFacts(upTo: facts)))
  }
  return Decision(changes: [.markDone(.weeklyCalendar)], notices: notices)
}
