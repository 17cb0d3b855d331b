import CLibetpan
import Foundation
import Transport

/// What a session does once logged in. Of a message only UID, RFC822.SIZE and BODY.PEEK[] are asked for: libetpan's
/// parsers of headers and MIME never see a byte of it.
extension EtpanConnection {
  /// The separator and prefix of one's own folders: NAMESPACE (RFC 2342), else LIST "" "" (RFC 3501, section 6.3.8).
  func readNaming() throws(TransportError) -> MailboxNaming {
    if has("NAMESPACE"), let naming = try readNamespace() { return naming }
    var list: UnsafeMutablePointer<clist>?
    defer { if let list { mailimap_list_result_free(list) } }
    try command("LIST") { mailimap_list($0, "", "", &list) }
    let root = EtpanList(list, of: mailimap_mailbox_list.self).first { _ in true }
    return MailboxNaming(delimiter: Self.character(root?.pointee.mb_delimiter ?? 0))
  }

  private func readNamespace() throws(TransportError) -> MailboxNaming? {
    var data: UnsafeMutablePointer<mailimap_namespace_data>?
    defer { if let data { mailimap_namespace_data_free(data) } }
    guard try attempt("NAMESPACE", { mailimap_namespace($0, &data) }), let personal = data?.pointee.ns_personal,
      let info = EtpanList(personal.pointee.ns_data_list, of: mailimap_namespace_info.self).first(where: { _ in true })
    else { return nil }
    let prefix = info.pointee.ns_prefix.map { String(cString: $0) } ?? ""
    return MailboxNaming(delimiter: Self.character(info.pointee.ns_delimiter), prefix: prefix)
  }

  private static func character(_ code: CChar) -> Character? {
    code > 0x20 && code < 0x7F ? Character(UnicodeScalar(UInt8(code))) : nil
  }

  func select(_ name: String) throws(TransportError) -> IMAPMailboxStatus {
    try command("SELECT", refusal: .notFound) { mailimap_select($0, name) }
    guard let info = session.pointee.imap_selection_info?.pointee, info.sel_uidvalidity != 0 else {
      throw broken(.protocolViolation, "SELECT: the server gave no UIDVALIDITY")
    }
    forgetNews()
    return IMAPMailboxStatus(
      uidValidity: info.sel_uidvalidity, uidNext: info.sel_uidnext == 0 ? nil : info.sel_uidnext,
      messageCount: Int(info.sel_exists))
  }

  /// The UIDs of messages not flagged \Deleted, in order. NOOP first: only then must a server tell of new ones.
  func searchUndeleted() throws(TransportError) -> [UID] {
    try noop()
    forgetNews()
    return try search(
      mailimap_search_key_new(
        Int32(MAILIMAP_SEARCH_KEY_UNDELETED), nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, 0,
        nil,
        nil, nil, nil, nil, nil, 0, nil, nil, nil))
  }

  /// The UIDs of messages whose date of arrival at the server is before that day of UTC, in order.
  func search(before day: Date) throws(TransportError) -> [UID] {
    let parts = Calendar.gregorianUTC.dateComponents([.year, .month, .day], from: day)
    let date = mailimap_date_new(Int32(parts.day ?? 1), Int32(parts.month ?? 1), Int32(parts.year ?? 1970))
    // The date is taken over.
    return try search(mailimap_search_key_new_before(date))
  }

  /// - Parameter key: is freed.
  private func search(_ key: UnsafeMutablePointer<mailimap_search_key>?) throws(TransportError) -> [UID] {
    defer { mailimap_search_key_free(key) }
    var found: UnsafeMutablePointer<clist>?
    defer { if let found { mailimap_search_result_free(found) } }
    try command("SEARCH") { mailimap_uid_search($0, nil, key, &found) }
    return Set(EtpanList(found, of: UInt32.self).map(\.pointee)).sorted()
  }

  /// The server tells of new messages in its answer: see `hasNews`.
  func noop() throws(TransportError) {
    try command("NOOP") { mailimap_noop($0) }
  }

  /// The same; false where the server will not be asked now.
  func attemptNOOP() throws(TransportError) -> Bool { try attempt("NOOP") { mailimap_noop($0) } }

  /// RFC822.SIZE.
  func fetchSizes(_ uids: [UID]) throws(TransportError) -> [UID: Int] {
    var sizes: [UID: Int] = [:]
    try fetch(uids, mailimap_fetch_att_new_rfc822_size()) { uid, attribute in
      guard Int(attribute.att_type) == MAILIMAP_MSG_ATT_RFC822_SIZE else { return }
      sizes[uid] = Int(attribute.att_data.att_rfc822_size)
    }
    return sizes
  }

  /// BODY.PEEK[HEADER.FIELDS (FROM)], as far as `longestFrom`.
  func fetchFromFields(_ uids: [UID]) throws(TransportError) -> [UID: [UInt8]] {
    var fields: [UID: [UInt8]] = [:]
    let names = clist_new()
    // The list and its name are taken over.
    clist_insert_after(names, names?.pointee.last, strdup("From"))
    let section = mailimap_section_new_header_fields(mailimap_header_list_new(names))
    try fetch(uids, mailimap_fetch_att_new_body_peek_section(section)) { uid, attribute in
      guard Int(attribute.att_type) == MAILIMAP_MSG_ATT_BODY_SECTION,
        let section = attribute.att_data.att_body_section?.pointee, let bytes = section.sec_body_part
      else { return }
      let octets = UnsafeRawBufferPointer(start: bytes, count: min(section.sec_length, Self.longestFrom))
      fields[uid] = Array(octets)
    }
    return fields
  }

  /// Octets of a From field that are kept; one is seldom a tenth of it.
  static let longestFrom = 4_096

  /// Whole messages by their length, never by a terminating NUL; what is gone is left out.
  func fetchBodies(_ uids: [UID]) throws(TransportError) -> [UID: Data] {
    var bodies: [UID: Data] = [:]
    let wanted = Set(uids)
    try fetch(uids, mailimap_fetch_att_new_body_peek_section(mailimap_section_new(nil))) { found, attribute in
      guard wanted.contains(found), Int(attribute.att_type) == MAILIMAP_MSG_ATT_BODY_SECTION,
        let section = attribute.att_data.att_body_section?.pointee, let bytes = section.sec_body_part
      else { return }
      bodies[found] = Data(bytes: bytes, count: section.sec_length)
    }
    return bodies
  }

  /// UID FETCH of UID and one more attribute, which is taken over. Answers without a UID are changes of flags that
  /// nobody asked for (RFC 3501, section 7): left out. What is gone is no error.
  ///
  /// - Throws: `.refused` where the server will not: the session stays usable.
  private func fetch(
    _ uids: [UID], _ attribute: UnsafeMutablePointer<mailimap_fetch_att>?,
    _ body: (UID, mailimap_msg_att_static) -> Void
  ) throws(TransportError) {
    let set = Self.set(of: uids)
    defer { mailimap_set_free(set) }
    let type = mailimap_fetch_type_new_fetch_att_list_empty()
    defer { mailimap_fetch_type_free(type) }
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid())
    mailimap_fetch_type_new_fetch_att_list_add(type, attribute)
    var answers: UnsafeMutablePointer<clist>?
    defer { if let answers { mailimap_fetch_list_free(answers) } }
    try command("FETCH", refusal: .refused) { mailimap_uid_fetch($0, set, type, &answers) }
    for answer in EtpanList(answers, of: mailimap_msg_att.self) {
      let attributes = EtpanList(answer.pointee.att_list, of: mailimap_msg_att_item.self)
        .filter { Int($0.pointee.att_type) == MAILIMAP_MSG_ATT_ITEM_STATIC }
        .compactMap { $0.pointee.att_data.att_static?.pointee }
      guard let uid = attributes.first(where: { Int($0.att_type) == MAILIMAP_MSG_ATT_UID })?.att_data.att_uid else {
        continue
      }
      for attribute in attributes { body(uid, attribute) }
    }
  }

  /// `sequence-set` (RFC 3501, section 9), neighbours as a range: a line that a server takes must not be too long.
  private static func set(of uids: [UID]) -> UnsafeMutablePointer<mailimap_set>? {
    let set = mailimap_set_new_empty()
    var rest = Set(uids).sorted()[...]
    while let first = rest.first {
      let run = rest.enumerated().prefix { $0.element - first == $0.offset }.count
      mailimap_set_add_interval(set, first, first + UID(run - 1))
      rest = rest.dropFirst(run)
    }
    return set
  }

  /// MOVE (RFC 6851), else COPY, \Deleted and UID EXPUNGE (RFC 4315), else EXPUNGE. A UID that is gone is no error in
  /// any of them (RFC 3501, section 6.4.8).
  func move(_ uids: [UID], to name: String) throws(TransportError) {
    let set = Self.set(of: uids)
    defer { mailimap_set_free(set) }
    if has("MOVE") {
      try command("MOVE", refusal: .notFound) { mailimap_uid_move($0, set, name) }
      return
    }
    try command("COPY", refusal: .notFound) { mailimap_uid_copy($0, set, name) }
    try remove(set)
  }

  /// As `move`, to nowhere.
  func remove(_ uids: [UID]) throws(TransportError) {
    let set = Self.set(of: uids)
    defer { mailimap_set_free(set) }
    try remove(set)
  }

  private func remove(_ set: UnsafeMutablePointer<mailimap_set>?) throws(TransportError) {
    let flags = mailimap_flag_list_new_empty()
    mailimap_flag_list_add(flags, mailimap_flag_new_deleted())
    let store = mailimap_store_att_flags_new_add_flags_silent(flags)
    defer { mailimap_store_att_flags_free(store) }
    try command("STORE", refusal: .refused) { mailimap_uid_store($0, set, store) }
    try command("EXPUNGE", refusal: .refused) { has("UIDPLUS") ? mailimap_uid_expunge($0, set) : mailimap_expunge($0) }
  }

  func create(_ name: String) throws(TransportError) {
    if try !attempt("CREATE", { mailimap_create($0, name) }) {
      let refusal = refused("CREATE", .refused)
      guard try exists(name) else { throw refusal }
    }
    // For the eyes of people: a server that will not keep it keeps the folder all the same.
    _ = try attempt("SUBSCRIBE") { mailimap_subscribe($0, name) }
  }

  private func exists(_ name: String) throws(TransportError) -> Bool {
    var list: UnsafeMutablePointer<clist>?
    defer { if let list { mailimap_list_result_free(list) } }
    try command("LIST") { mailimap_list($0, "", name, &list) }
    return EtpanList(list, of: mailimap_mailbox_list.self).contains {
      $0.pointee.mb_name.map { String(cString: $0) } == name
    }
  }

  // MARK: - IDLE (RFC 2177)

  /// The most untagged lines that a server may send before it agrees to IDLE.
  static let maximumLinesBeforeIdle = 10_000

  /// Sends IDLE and reads up to `+`; true where the server told of changes before that, or already after it.
  /// Not by `mailimap_idle`, which waits for ever-missing lines when untagged data comes before the `+`.
  func beginIdle() throws(TransportError) -> Bool {
    guard let stream = session.pointee.imap_stream else { throw TransportError(.network, "the session has ended") }
    let start = ContinuousClock.now
    guard mailimap_send_current_tag(session) == MAILIMAP_NO_ERROR, mailstream_write(stream, "IDLE\r\n", 6) == 6,
      mailstream_flush(stream) == 0
    else { throw streamFailure("IDLE", after: ContinuousClock.now - start) }
    for line in 0..<Self.maximumLinesBeforeIdle {
      guard let text = mailimap_read_line(session), text.pointee != 0 else {
        throw streamFailure("IDLE", after: ContinuousClock.now - start)
      }
      switch UInt8(bitPattern: text.pointee) {
      case UInt8(ascii: "+"): return line > 0 || stream.pointee.read_buffer_len > 0
      case UInt8(ascii: "*"): continue
      default: throw broken(.protocolViolation, "the server refused IDLE, which it had announced")
      }
    }
    throw broken(.protocolViolation, "IDLE: too many lines before the server agreed")
  }

  /// Sends DONE and reads what came meanwhile.
  func endIdle() throws(TransportError) {
    try command("DONE") { mailimap_idle_done($0) }
  }

  /// Whether the server told of messages, in answer to any command, since this was forgotten: it tells once, so what
  /// comes while messages are fetched and moved is not told again by IDLE.
  var hasNews: Bool { session.pointee.imap_selection_info?.pointee.sel_has_exists == 1 }

  func forgetNews() { session.pointee.imap_selection_info?.pointee.sel_has_exists = 0 }

  func logout(silence: Duration) {
    guard let stream = session.pointee.imap_stream else { return }
    mailstream_low_set_timeout(mailstream_get_low(stream), silence.wholeSeconds)
    // Closes and forgets the stream, whatever the server answers.
    mailimap_logout(session)
  }
}

extension Calendar {
  fileprivate static let gregorianUTC: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()
}
