import CGMime
import Foundation

/// What GMime writes of a message: encoded words, and the headers of files with their names.
struct GMimeWriter: ~Copyable {
  private let format: OpaquePointer

  init() {
    gmimeIsReady
    format = g_mime_format_options_new()
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS)
  }

  deinit { g_mime_format_options_free(format) }

  /// A name before an address (RFC 2047, section 5); nil where GMime cannot write it.
  func phrase(_ name: String) -> String? {
    guard let phrase = g_mime_utils_header_encode_phrase(format, name, "utf-8") else { return nil }
    defer { g_free(phrase) }
    return String(cString: phrase)
  }

  /// The value of a field that is free text.
  func text(_ line: String) -> String {
    guard let text = g_mime_utils_header_encode_text(format, line, "utf-8") else { return "" }
    defer { g_free(text) }
    return String(cString: text)
  }

  /// The header of a file as a part, in CRLF lines, with the empty line after it: its content is to be in base64.
  func header(of file: OutgoingAttachment) -> Data {
    guard let part = part(file), let stream = GObject(owning: g_mime_stream_mem_new()) else { return Data() }
    g_mime_object_write_to_stream(part.pointer, format, stream.pointer)
    let memory = UnsafeMutableRawPointer(stream.pointer).assumingMemoryBound(to: GMimeStreamMem.self)
    guard let array = g_mime_stream_mem_get_byte_array(memory), let bytes = array.pointee.data else { return Data() }
    return Data(bytes: bytes, count: Int(array.pointee.len))
  }

  private func part(_ file: OutgoingAttachment) -> GObject<GMimeObject>? {
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
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64)
    return GObject(owning: object)
  }
}
