import CGMime
import Foundation

/// Writes a message by GMime, all of it in CRLF lines. Everything that GMime would make up (boundaries, ids, dates) is
/// given to it, so that the same message gives the same octets.
struct GMimeWriter: ~Copyable {
  let format: OpaquePointer
  let message: OutgoingMessage

  init(_ message: OutgoingMessage) {
    gmimeIsReady
    format = g_mime_format_options_new()
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS)
    self.message = message
  }

  deinit { g_mime_format_options_free(format) }

  func octets() -> Data {
    guard let mail = GObject(owning: g_mime_message_new(0)), let root = root(),
      let stream = GObject(owning: g_mime_stream_mem_new())
    else { return Data() }
    let object = postplein_message_as_object(mail.pointer)
    addFields(to: object)
    g_mime_message_set_mime_part(mail.pointer, root.pointer)
    g_mime_object_write_to_stream(object, format, stream.pointer)
    let memory = UnsafeMutableRawPointer(stream.pointer).assumingMemoryBound(to: GMimeStreamMem.self)
    guard let array = g_mime_stream_mem_get_byte_array(memory), let bytes = array.pointee.data else { return Data() }
    return Data(bytes: bytes, count: Int(array.pointee.len))
  }

  // MARK: Header

  private func addFields(to object: UnsafeMutablePointer<GMimeObject>?) {
    append("From", mailboxes([message.from]), to: object)
    append("To", mailboxes(message.to), to: object)
    if let replyTo = message.replyTo { append("Reply-To", mailboxes([replyTo]), to: object) }
    append("Subject", HeaderText.encoded(message.subject, name: "Subject", format), to: object)
    append("Date", InternetDate.string(message.date, in: message.timeZone), to: object)
    append("Message-ID", HeaderText.ids([message.messageID]), to: object)
    if let parent = message.inReplyTo { append("In-Reply-To", HeaderText.ids([parent]), to: object) }
    if !message.references.isEmpty { append("References", HeaderText.ids(message.references), to: object) }
    for field in message.extraFields where HeaderText.isName(field.name) {
      append(field.name, HeaderText.encoded(field.value, name: field.name, format), to: object)
    }
    append("MIME-Version", "1.0", to: object)
  }

  /// The value is final: encoded and folded, with LF for the break (GMime writes it as CRLF).
  private func append(_ name: String, _ value: String, to object: UnsafeMutablePointer<GMimeObject>?) {
    let list = g_mime_object_get_header_list(object)
    g_mime_header_list_append(list, name, "", nil)
    guard let header = g_mime_header_list_get_header_at(list, g_mime_header_list_get_count(list) - 1) else { return }
    g_mime_header_set_raw_value(header, " \(value)\n")
  }

  /// An address list, names as encoded words (RFC 2047) where they need it.
  private func mailboxes(_ addresses: [NamedAddress]) -> String {
    let texts = addresses.map { mailbox -> String in
      let address = "\(mailbox.address)"
      guard let name = mailbox.name?.unfolded, !name.isEmpty else { return address }
      guard let phrase = g_mime_utils_header_encode_phrase(format, name, "utf-8") else { return address }
      defer { g_free(phrase) }
      return "\(String(cString: phrase)) <\(address)>"
    }
    return HeaderText.folded(texts.joined(separator: ", "), after: 8)
  }

  // MARK: Body

  /// `multipart/mixed` around `multipart/alternative` around `multipart/related`, each only where there is need.
  private func root() -> GObject<GMimeObject>? {
    let inline = message.html == nil ? [] : message.attachments.filter { $0.contentID != nil }
    let files = message.attachments.filter { message.html == nil || $0.contentID == nil }
    var body: Body = .text(message.text, subtype: "plain")
    let calendar = message.calendar.map { [Body.text($0.text, subtype: "calendar", method: $0.method)] } ?? []
    if let html = message.html {
      let page = Body.text(html, subtype: "html")
      body = .multipart(
        "alternative", [body, inline.isEmpty ? page : .multipart("related", [page] + inline.map(Body.file))] + calendar)
    } else if !calendar.isEmpty {
      body = .multipart("alternative", [body] + calendar)
    }
    if !files.isEmpty { body = .multipart("mixed", [body] + files.map(Body.file)) }
    return object(body)
  }

  private indirect enum Body {
    case text(String, subtype: String, method: String? = nil)
    case file(OutgoingAttachment)
    case multipart(String, [Body])
  }

  private func object(_ body: Body) -> GObject<GMimeObject>? {
    switch body {
    case .text(let text, let subtype, let method): return self.text(text, subtype: subtype, method: method)
    case .file(let file): return self.file(file)
    case .multipart(let subtype, let bodies):
      guard let multipart = g_mime_multipart_new_with_subtype(subtype) else { return nil }
      g_mime_multipart_set_boundary(multipart, boundary(subtype))
      for body in bodies {
        if let child = object(body) { g_mime_multipart_add(multipart, child.pointer) }
      }
      return GObject(owning: postplein_multipart_as_object(multipart))
    }
  }

  /// `=_` stands in no quoted-printable or base64 body (RFC 2045, section 6.7), and text that holds it is encoded so.
  private func boundary(_ subtype: String) -> String {
    // FNV-1a, 64 bits: short and the same in every process, unlike Swift's Hasher.
    let hash = "\(message.messageID) \(subtype)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return "=_\(subtype.prefix(1))\(String(hash, radix: 36))"
  }

  /// - Parameter method: of a calendar part (RFC 6047, section 2.4).
  private func text(_ text: String, subtype: String, method: String?) -> GObject<GMimeObject>? {
    guard let part = g_mime_part_new_with_type("text", subtype) else { return nil }
    let lines = text.withLineFeeds
    let encoding = TransferEncoding(for: lines)
    // Base64 keeps line breaks as they are, and those of text are CRLF (RFC 2046, section 4.1.1).
    let content =
      encoding == .base64
      ? lines.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n") : lines
    let object = postplein_part_as_object(part)
    g_mime_object_set_content_type_parameter(object, "charset", "utf-8")
    if let method { g_mime_object_set_content_type_parameter(object, "method", method) }
    set(Data(content.utf8), encoding, on: part)
    return GObject(owning: object)
  }

  private func file(_ file: OutgoingAttachment) -> GObject<GMimeObject>? {
    let type = file.mediaType.lowercased().split(separator: "/", maxSplits: 1).map(String.init)
    // Containers may not be in base64 (RFC 2046, sections 5.1 and 5.2): they go as plain octets.
    let isFile = type.count == 2 && type.allSatisfy(HeaderText.isName) && !["multipart", "message"].contains(type[0])
    guard
      let part = isFile
        ? g_mime_part_new_with_type(type[0], type[1]) : g_mime_part_new_with_type("application", "octet-stream")
    else { return nil }
    let object = postplein_part_as_object(part)
    let name = FileName.safe(file.fileName)
    // `filename` by RFC 2231, and `name` by RFC 2047 for clients that know only that.
    g_mime_object_set_disposition(object, file.contentID == nil ? "attachment" : "inline")
    g_mime_object_set_content_disposition_parameter(object, "filename", name)
    g_mime_object_set_content_type_parameter(object, "name", name)
    let parameters = g_mime_content_type_get_parameters(g_mime_object_get_content_type(object))
    if let parameter = g_mime_param_list_get_parameter(parameters, "name") {
      g_mime_param_set_encoding_method(parameter, GMIME_PARAM_ENCODING_METHOD_RFC2047)
    }
    if let id = file.contentID.map(HeaderText.id) { g_mime_part_set_content_id(part, id) }
    set(file.data, .base64, on: part)
    return GObject(owning: object)
  }

  private func set(_ data: Data, _ encoding: TransferEncoding, on part: UnsafeMutablePointer<GMimePart>) {
    guard let stream = GObject(copying: data),
      let wrapper = GObject(owning: g_mime_data_wrapper_new_with_stream(stream.pointer, GMIME_CONTENT_ENCODING_DEFAULT))
    else { return }
    g_mime_part_set_content(part, wrapper.pointer)
    g_mime_part_set_content_encoding(part, encoding.gmime)
  }
}

extension TransferEncoding {
  fileprivate var gmime: GMimeContentEncoding {
    switch self {
    case .sevenBit: GMIME_CONTENT_ENCODING_7BIT
    case .quotedPrintable: GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
    case .base64: GMIME_CONTENT_ENCODING_BASE64
    }
  }
}

extension HeaderText {
  /// Free text as encoded words where it needs them (RFC 2047); ASCII, structured or not, as it is.
  static func encoded(_ value: String, name: String, _ format: OpaquePointer) -> String {
    let line = value.unfolded
    guard !line.utf8.allSatisfy({ $0 < 0x80 }) || line.contains("=?") else {
      return folded(line, after: name.utf8.count + 2)
    }
    guard let text = g_mime_utils_header_encode_text(format, line, "utf-8") else { return "" }
    defer { g_free(text) }
    return folded(String(cString: text).unfolded, after: name.utf8.count + 2)
  }
}
