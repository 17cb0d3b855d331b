import CGMime
import Foundation

/// GMime wants one `g_mime_init` before anything else; a global is initialised once, whatever the number of threads.
let gmimeIsReady: Void = g_mime_init()

/// One counted reference to a GObject; `deinit` gives it back.
struct GObject<Pointee>: ~Copyable {
  let pointer: UnsafeMutablePointer<Pointee>

  /// Takes over a reference that the caller owns ("transfer full" in GMime's manual).
  init?(owning pointer: UnsafeMutablePointer<Pointee>?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  deinit { postplein_unref(pointer) }
}

extension GObject where Pointee == GMimeStream {
  /// A stream in memory over a copy of the octets.
  init?(copying data: Data) {
    gmimeIsReady
    let stream = data.withUnsafeBytes { bytes in
      g_mime_stream_mem_new_with_buffer(bytes.bindMemory(to: CChar.self).baseAddress, data.count)
    }
    self.init(owning: stream)
  }
}

/// How GMime shall parse: loosely, and 8-bit headers without a label as UTF-8 or else Windows-1252.
struct GMimeOptions: ~Copyable {
  let pointer: OpaquePointer

  init() {
    gmimeIsReady
    pointer = g_mime_parser_options_new()
    "utf-8".withCString { utf8 in
      "windows-1252".withCString { western in
        // The list ends with NULL and is copied (gmime-parser-options.c).
        var charsets: [UnsafePointer<CChar>?] = [utf8, western, nil]
        g_mime_parser_options_set_fallback_charsets(pointer, &charsets)
      }
    }
  }

  deinit { g_mime_parser_options_free(pointer) }
}

/// Reads one message by GMime and turns it into values. GMime's own gaps are covered here: an empty message or one
/// without a header gives NULL, and a multipart whose boundary never comes keeps its text in the "prologue".
struct GMimeReader: ~Copyable {
  let options = GMimeOptions()
  let limits: MIMELimits
  var defects: [MailDefect] = []
  private var parts = 0
  private var decodedBytes = 0

  init(limits: MIMELimits) { self.limits = limits }

  mutating func note(_ kind: MailDefect.Kind, _ detail: String = "") {
    let defect = MailDefect(kind, detail)
    if defects.count < 100, !defects.contains(defect) { defects.append(defect) }
  }

  /// `depth` counts the containers around the message.
  mutating func message(_ raw: Data, depth: Int) -> MailMessage {
    guard !raw.isEmpty, let stream = GObject(copying: raw),
      let parser = GObject(owning: g_mime_parser_new_with_stream(stream.pointer)),
      let message = GObject(owning: g_mime_parser_construct_message(parser.pointer, options.pointer))
    else {
      note(raw.isEmpty ? .emptyMessage : .noHeader)
      let leaf = plainLeaf(raw)
      return MailMessage(root: leaf)
    }
    return read(message.pointer, depth: depth)
  }

  private mutating func read(_ message: UnsafeMutablePointer<GMimeMessage>, depth: Int) -> MailMessage {
    let header = fields(of: postplein_message_as_object(message))
    // The root part shares its message's header fields.
    let root = g_mime_message_get_mime_part(message).map { part($0, header: header, depth: depth) }
    var result = MailMessage(
      root: root ?? MIMEPart(contentType: ContentType(type: "text", subtype: "plain"), content: .data(Data())))
    fill(&result, from: header)
    return result
  }

  // MARK: Parts

  private mutating func part(_ object: UnsafeMutablePointer<GMimeObject>, header: HeaderFields?, depth: Int) -> MIMEPart
  {
    parts += 1
    var part = MIMEPart(
      contentType: contentType(of: object), header: header ?? fields(of: object), content: .data(Data()))
    part.disposition = string(g_mime_object_get_disposition(object)).map {
      $0.equalsIgnoringCase("inline") ? .inline : .attachment
    }
    part.contentID = part.header.first("Content-ID").flatMap { MessageIDs.read($0.rawValue).first }
    part.fileName = fileName(of: object, part)
    part.content = content(of: object, part.contentType, depth: depth)
    part.text = text(of: part)
    return part
  }

  private mutating func content(
    of object: UnsafeMutablePointer<GMimeObject>, _ type: ContentType, depth: Int
  ) -> MIMEPart.Content {
    let isContainer = postplein_is_multipart(object) != 0 || postplein_is_message_part(object) != 0
    if isContainer, depth >= limits.depth {
      note(.tooDeep, type.mediaType)
      return .data(octets { g_mime_object_write_content_to_stream(object, nil, $0) })
    }
    if postplein_is_multipart(object) != 0 { return multipart(postplein_as_multipart(object), type, depth: depth) }
    if postplein_is_message_part(object) != 0 {
      guard let message = g_mime_message_part_get_message(postplein_as_message_part(object)) else {
        return .data(Data())
      }
      return .message(read(message, depth: depth + 1))
    }
    guard postplein_is_part(object) != 0, let wrapper = g_mime_part_get_content(postplein_as_part(object)) else {
      return .data(Data())
    }
    let data = base64Content(of: wrapper) ?? octets { g_mime_data_wrapper_write_to_stream(wrapper, $0) }
    // An attached message in base64 is against RFC 2046, section 5.2.1, and sent all the same: GMime gives a leaf.
    if type.mediaType == "message/rfc822", depth < limits.depth, !data.isEmpty {
      return .message(message(data, depth: depth + 1))
    }
    return depth < limits.depth ? wrapped(data, type, depth: depth) ?? .data(data) : .data(data)
  }

  /// The parts that lie within a leaf: Outlook's `winmail.dat`, S/MIME's opaque signature. Nil for all else, and for
  /// what cannot be opened.
  private mutating func wrapped(_ data: Data, _ type: ContentType, depth: Int) -> MIMEPart.Content? {
    if SignedContent.mediaTypes.contains(type.mediaType) {
      return SignedContent.read(data).map { .multipart([message($0, depth: depth + 1).root]) }
    }
    guard TNEF.mediaTypes.contains(type.mediaType) else { return nil }
    guard let tnef = TNEF(data, limits: limits) else {
      note(.malformedPart, type.mediaType)
      return nil
    }
    var children: [MIMEPart] = []
    for (text, subtype) in [(tnef.text, "plain"), (tnef.html, "html")] {
      guard let text else { continue }
      var leaf = MIMEPart(
        contentType: ContentType(type: "text", subtype: subtype, parameters: ["charset": tnef.charset]),
        content: .data(text))
      leaf.text = self.text(of: leaf)
      children.append(leaf)
    }
    for file in tnef.files where parts < limits.parts {
      parts += 1
      let slash = file.mediaType?.split(separator: "/", maxSplits: 1).map(String.init) ?? []
      let type = slash.count == 2 ? ContentType(type: slash[0], subtype: slash[1]) : FileName.type(of: file.name)
      let name = FileName.safe(file.name)
      if name != file.name { note(.unsafeFileName) }
      children.append(
        MIMEPart(
          contentType: type, disposition: .attachment, fileName: name, contentID: file.contentID,
          content: .data(file.data)))
    }
    return .multipart(children)
  }

  private mutating func multipart(
    _ multipart: UnsafeMutablePointer<GMimeMultipart>, _ type: ContentType, depth: Int
  ) -> MIMEPart.Content {
    let count = g_mime_multipart_get_count(multipart)
    guard count > 0 else {
      note(.missingBoundary, type.mediaType)
      let body = g_mime_multipart_get_prologue(multipart).map { Data(bytes: $0, count: strlen($0)) } ?? Data()
      let leaf = plainLeaf(body)
      return .multipart([leaf])
    }
    var children: [MIMEPart] = []
    for index in 0..<count {
      guard parts < limits.parts else {
        note(.tooManyParts, "\(count)")
        break
      }
      guard let child = g_mime_multipart_get_part(multipart, index) else { continue }
      children.append(part(child, header: nil, depth: depth + 1))
    }
    return .multipart(children)
  }

  /// Content in base64, without GMime's chain of filters, which takes twice the time: files are large. Nil for what is
  /// encoded otherwise.
  private mutating func base64Content(of wrapper: UnsafeMutablePointer<GMimeDataWrapper>) -> Data? {
    guard g_mime_data_wrapper_get_encoding(wrapper) == GMIME_CONTENT_ENCODING_BASE64,
      let stream = g_mime_data_wrapper_get_stream(wrapper), postplein_is_memory(stream) != 0,
      let array = g_mime_stream_mem_get_byte_array(postplein_as_memory(stream)), let bytes = array.pointee.data
    else { return nil }
    let start = Int(stream.pointee.bound_start)
    // Negative where the stream goes on to the end of what lies in memory.
    let end = stream.pointee.bound_end < 0 ? Int(array.pointee.len) : Int(stream.pointee.bound_end)
    guard (0...Int(array.pointee.len)).contains(end), (0...end).contains(start) else { return nil }
    let decoded = TransferEncoding.base64Decoded(
      Data(bytesNoCopy: bytes + start, count: end - start, deallocator: .none))
    let count = allowed(decoded.count)
    return count < decoded.count ? Data(decoded.prefix(count)) : decoded
  }

  /// Of so many decoded octets those that are left of the limit.
  private mutating func allowed(_ count: Int) -> Int {
    let allowed = min(count, limits.decodedBytes - decodedBytes)
    if allowed < count { note(.decodedTooLong) }
    decodedBytes += allowed
    return allowed
  }

  /// What GMime writes to a stream in memory, up to what is left of the limit.
  private mutating func octets(_ write: (UnsafeMutablePointer<GMimeStream>) -> Int) -> Data {
    guard let stream = GObject(owning: g_mime_stream_mem_new()) else { return Data() }
    _ = write(stream.pointer)
    guard let array = g_mime_stream_mem_get_byte_array(postplein_as_memory(stream.pointer)),
      let bytes = array.pointee.data
    else { return Data() }
    return Data(bytes: bytes, count: allowed(Int(array.pointee.len)))
  }

  private mutating func contentType(of object: UnsafeMutablePointer<GMimeObject>) -> ContentType {
    guard let type = g_mime_object_get_content_type(object) else { return ContentType(type: "text", subtype: "plain") }
    var result = ContentType(
      type: string(g_mime_content_type_get_media_type(type)) ?? "text",
      subtype: string(g_mime_content_type_get_media_subtype(type)) ?? "plain")
    let list = g_mime_content_type_get_parameters(type)
    for index in 0..<min(g_mime_param_list_length(list), 50) {
      guard let parameter = g_mime_param_list_get_parameter_at(list, index),
        let name = string(g_mime_param_get_name(parameter)), let value = string(g_mime_param_get_value(parameter))
      else { continue }
      result.parameters[name.lowercased()] = value
    }
    return result
  }

  private mutating func fileName(of object: UnsafeMutablePointer<GMimeObject>, _ part: MIMEPart) -> String? {
    let given =
      string(g_mime_object_get_content_disposition_parameter(object, "filename")) ?? part.contentType.parameters["name"]
    guard let given, !given.isEmpty else { return nil }
    // Encoded words do not belong in a parameter (RFC 2047, section 5), yet Outlook and others write file names so.
    let name = given.contains("=?") ? decode(Array(given.utf8)) : given
    let safe = FileName.safe(name)
    if safe != name { note(.unsafeFileName) }
    return safe
  }

  /// Octets of which nobody told what they are.
  private mutating func plainLeaf(_ data: Data) -> MIMEPart {
    var leaf = MIMEPart(contentType: ContentType(type: "text", subtype: "plain"), content: .data(data))
    leaf.text = text(of: leaf)
    return leaf
  }

  /// A text leaf in Unicode; what its label got wrong is noted.
  private mutating func text(of part: MIMEPart) -> String? {
    guard part.contentType.type == "text", let data = part.data else { return nil }
    if data.count > limits.textBytes { note(.textTooLong, part.contentType.mediaType) }
    let decoded = DecodedText(data.prefix(limits.textBytes), charset: part.contentType.parameters["charset"])
    if let defect = decoded.defect { note(defect.kind, defect.detail) }
    guard part.contentType.parameters["format"]?.lowercased() == "flowed" else { return decoded.text }
    let deletesSpace = part.contentType.parameters["delsp"]?.lowercased() == "yes"
    return FlowedText.unfolded(decoded.text, deletesSpace: deletesSpace)
  }

  // MARK: Header fields

  private mutating func fields(of object: UnsafeMutablePointer<GMimeObject>) -> HeaderFields {
    let list = g_mime_object_get_header_list(object)
    let count = g_mime_header_list_get_count(list)
    if Int(count) > limits.headerFields { note(.tooManyFields, "\(count)") }
    var fields: [HeaderField] = []
    var bytes = 0
    for index in 0..<min(count, Int32(limits.headerFields)) {
      guard let header = g_mime_header_list_get_header_at(list, index),
        let name = string(g_mime_header_get_name(header)),
        let value = g_mime_header_get_raw_value(header)
      else { continue }
      let length = strlen(value)
      bytes += min(length, limits.fieldBytes)
      guard bytes <= limits.headerBytes else {
        note(.headerTooLong)
        break
      }
      if length > limits.fieldBytes { note(.fieldTooLong, String(name.prefix(40))) }
      fields.append(field(name, UnsafeRawBufferPointer(start: value, count: min(length, limits.fieldBytes))))
    }
    return HeaderFields(fields)
  }

  private mutating func field(_ name: String, _ octets: UnsafeRawBufferPointer) -> HeaderField {
    let raw = String(decoding: octets, as: UTF8.self)
    let isPlain = octets.allSatisfy({ $0 < 0x80 }) && !raw.holds("=?")
    let value = isPlain ? raw.unfolded : decode(Array(octets))
    if !isPlain, value.holds("=?") { note(.malformedEncodedWord, String(name.prefix(40))) }
    // Folding after the colon and the line break at the end are no part of the value.
    return HeaderField(name: name, rawValue: raw.trimmed, value: value)
  }

  /// Encoded words (RFC 2047) and unlabelled 8-bit text of a header field, decoded.
  private func decode(_ octets: [UInt8]) -> String {
    // Encoded words on neighbouring lines belong together: unfold before decoding (RFC 2047, section 6.2).
    let unfolded = octets.filter { $0 != 0x0D && $0 != 0x0A && $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    guard let decoded = g_mime_utils_header_decode_text(options.pointer, unfolded) else { return "" }
    defer { g_free(decoded) }
    return String(cString: decoded).windows1252InsteadOfC1.unfolded
  }

  /// The mailboxes of a raw address field (RFC 5322, section 3.4), groups opened; addresses are parsed before any
  /// encoded word is decoded, so that a decoded name never adds or changes an address.
  mutating func addresses(_ field: HeaderField?) -> [NamedAddress] {
    guard let field, let list = GObject(owning: internet_address_list_parse(options.pointer, field.rawValue)) else {
      if field != nil { note(.malformedAddress, field?.name ?? "") }
      return []
    }
    var result: [NamedAddress] = []
    collect(list.pointer, into: &result, field: field.name, depth: 0)
    return result
  }

  private mutating func collect(
    _ list: UnsafeMutablePointer<InternetAddressList>, into result: inout [NamedAddress], field: String, depth: Int
  ) {
    for index in 0..<internet_address_list_length(list) {
      guard result.count < limits.addresses else { return note(.tooManyAddresses, field) }
      let entry = internet_address_list_get_address(list, index)
      if let group = postplein_as_group(entry), let members = internet_address_group_get_members(group), depth < 3 {
        collect(members, into: &result, field: field, depth: depth + 1)
      } else if let mailbox = postplein_as_mailbox(entry) {
        guard let text = string(internet_address_mailbox_get_addr(mailbox)), let address = MailAddress(text) else {
          note(.malformedAddress, field)
          continue
        }
        let name = string(internet_address_get_name(entry))?.windows1252InsteadOfC1.unfolded ?? ""
        result.append(NamedAddress(name: name.isEmpty ? nil : name, address: address))
      }
    }
  }

  /// An instant of a `Date` field (RFC 5322, section 3.3, obsolete and broken forms too).
  func date(_ value: String) -> Date? {
    guard let time = g_mime_utils_header_decode_date(value) else { return nil }
    defer { g_date_time_unref(time) }
    let date = Date(timeIntervalSince1970: Double(g_date_time_to_unix(time)))
    return date.timeIntervalSince1970 > 0 && date.timeIntervalSince1970 < 7_258_118_400 ? date : nil
  }

  private func string(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }
}
