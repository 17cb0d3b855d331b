import Foundation

extension Question {
  // MARK: Who sees what

  /// In the school year in which the album was made: who comes into the group later has nothing to do with it. Staff
  /// also after that.
  private func mayRead(_ album: PhotoAlbum) -> Bool {
    directory.isFor(album, actor) && (directory.isStaff(actor) || policy.isOfThisYear(album, now: now))
  }

  func listAlbums(_ photos: PhotoState, word: String?) -> Decision {
    guard let wanted = audience(word) else { return refuse(.unknownGroup, asked: word) }
    guard !directory.albumAudiences(of: actor).isEmpty else { return refuse(.noChildHere) }
    if word != nil, !directory.albumAudiences(of: actor).contains(wanted) {
      return refuse(.notYourGroup, asked: word)
    }
    let albums = photos.albums.filter { mayRead($0) && !$0.shown.isEmpty && (word == nil || $0.audience == wanted) }
    var facts = PhotoFacts()
    facts.albums = albums.prefix(SchoolPolicy.mostAlbums).map {
      PhotoFacts.AlbumLine(
        album: $0.id, title: $0.title, group: directory.groupName($0.audience), count: $0.shown.count)
    }
    return photoAnswer(.albumList, facts, target: .albums)
  }

  func showAlbum(_ album: PhotoAlbum) -> Decision {
    guard mayRead(album) else { return notThere(album) }
    guard !album.shown.isEmpty else { return refuse(.noSuchPhoto) }
    var facts = PhotoFacts(album: album, in: directory)
    facts.photos = album.shown.map(\.id)
    facts.author = directory.names(of: album.author).joined(separator: ", ")
    return photoAnswer(.album, facts, target: .album(album.id))
  }

  /// In as many mails as their size asks for, up to a limit; the numbers of the rest are told.
  func send(_ numbers: PhotoNumbers, of album: PhotoAlbum) -> Decision {
    guard mayRead(album) else { return notThere(album) }
    let meant = numbers.photos(of: album.shown)
    guard !meant.isEmpty else { return refuse(.noSuchPhoto) }
    var missing: [Int] = []
    if case .some(let asked) = numbers { missing = asked.filter { number in !meant.contains { $0.number == number } } }
    let parts = Self.parts(meant)
    let sent = parts.prefix(SchoolPolicy.mostPhotoMails)
    let left = parts.dropFirst(SchoolPolicy.mostPhotoMails).joined().map(\.number)
    let notices = sent.enumerated().map { place, photos in
      var facts = PhotoFacts(album: album, in: directory)
      facts.photos = photos.map(\.id)
      if sent.count > 1 { (facts.part, facts.parts) = (place + 1, sent.count) }
      if place == sent.count - 1 { (facts.left, facts.missing) = (Array(left), missing) }
      var notice = NoticeFacts()
      notice.photos = facts
      return toActor(.photos, replyTarget: .album(album.id), facts: notice)
    }
    return Decision(notices: notices)
  }

  /// Photos in handfuls that fit into one mail each.
  private static func parts(_ photos: [Photo]) -> [[Photo]] {
    var (parts, size) = ([[Photo]](), 0)
    for photo in photos {
      if !parts.isEmpty, size + photo.screen.size <= SchoolPolicy.photoMailOctets {
        parts[parts.count - 1].append(photo)
        size += photo.screen.size
      } else {
        parts.append([photo])
        size = photo.screen.size
      }
    }
    return parts
  }

  /// Words in answer to an album are private, to who made it.
  func answerAlbum(_ album: PhotoAlbum) -> Decision {
    if command.word == .help { return help() }
    guard mayRead(album), !directory.isStaff(actor), actor != album.author else { return support() }
    // Who left the school reads no more of what parents write to it.
    guard directory.isStaff(album.author) else { return support() }
    return openPrivate(.mailbox, with: [album.author], about: nil)
  }

  private func notThere(_ album: PhotoAlbum) -> Decision {
    // The group's word says nothing of the album.
    guard case .group(let group) = album.audience else { return refuse(.noChildHere) }
    return refuse(.notYourGroup, asked: directory.groups[group]?.name ?? "…")
  }

  func photoAnswer(_ kind: NoticeKind, _ facts: PhotoFacts, target: NoticeTarget) -> Decision {
    var notice = NoticeFacts()
    notice.photos = facts
    return Decision(notices: [toActor(kind, replyTarget: target, facts: notice)])
  }
}

extension Directory {
  /// Whether somebody may see an album as things stand: parents with authority over a child there, and staff who look
  /// after it or sent photos of it.
  package func isFor(_ album: PhotoAlbum, _ account: AccountID) -> Bool {
    if pupils(of: account).contains(where: album.audience.holds) { return true }
    guard isStaff(account) else { return false }
    return albumAudiences(of: account).contains(album.audience)
      || album.batches.contains { $0.author == account }
  }

  /// For whom the albums are that somebody may ask for: parents those of their children's groups and of the school,
  /// staff those of their own groups, heads all.
  package func albumAudiences(of account: AccountID) -> Set<Audience> {
    guard isStaff(account) || !pupils(of: account).isEmpty else { return [] }
    return Set(classListGroups(for: account).map { Audience.group($0.id) } + [.school])
  }
}

extension SchoolPolicy {
  /// Whether it is of the school year that runs: from the first of August.
  package func isOfThisYear(_ album: PhotoAlbum, now: Date) -> Bool { album.openedAt >= schoolYear(now) }

  /// When the school year began.
  package func schoolYear(_ now: Date) -> Date {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = timeZone
    return calendar.nextDate(
      after: now, matching: DateComponents(month: 8, day: 1, hour: 0, minute: 0, second: 0), matchingPolicy: .nextTime,
      direction: .backward) ?? .distantPast
  }
}

// MARK: By the clock

/// One mail of an album to each family, with what they were not mailed of yet. An album of last school year is told of
/// to nobody, whatever consent comes now: other families are in the group.
package func announcing(
  _ album: PhotoAlbum, directory: Directory, policy: SchoolPolicy, revision: Revision, now: Date
) -> Decision {
  let new = album.shown.filter { !$0.isAnnounced }
  guard !new.isEmpty else { return Decision() }
  let authors = album.batches.filter { batch in new.contains { $0.batch == batch.id } }.map(\.author)
  var facts = PhotoFacts(album: album, in: directory)
  facts.photos = new.map(\.id)
  facts.author = Set(authors).sorted().flatMap(directory.names).joined(separator: ", ")
  var notice = NoticeFacts()
  notice.photos = facts
  // What came on the last evening of July goes out after midnight.
  let isOfThisYear = policy.isOfThisYear(album, now: now - 86_400)
  return Decision(
    changes: [.photos(.announce(new.map(\.id)))],
    notices: (isOfThisYear ? directory.families(of: album.audience) : []).filter { !authors.contains($0) }.map {
      Notice(.album, to: .account($0), lane: .bulk, replyTarget: .album(album.id), facts: notice)
    }, basis: revision)
}
