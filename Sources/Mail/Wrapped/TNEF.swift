import CYTNEF
import Foundation

/// Outlook's `winmail.dat` ([MS-OXTNEF]): the files, and the body where the mail has no other.
struct TNEF {
  struct File {
    var name: String
    var mediaType: String?
    var contentID: String?
    var data: Data
  }

  var files: [File] = []
  var html: Data?
  var text: Data?
  /// Of `html` and `text`: `cp1252`.
  var charset = "cp1252"

  static let mediaTypes: Set<String> = ["application/ms-tnef", "application/vnd.ms-tnef"]

  /// Nil where the octets are no TNEF, or broken.
  init?(_ data: Data, limits: MIMELimits) {
    guard Self.isWhole(data), data.count <= limits.decodedBytes else { return nil }
    var octets = Array(data)
    var content = TNEFStruct()
    TNEFInitialize(&content)
    defer { TNEFFree(&content) }
    guard TNEFParseMemory(&octets, octets.count, &content) >= 0 else { return nil }
    if let page = Self.data(content.CodePage), page.count >= 4 {
      charset = "cp\(Int(page[page.startIndex]) | Int(page[page.startIndex + 1]) << 8)"
    }
    html = Self.property(&content.MapiProperties, Property.html)
    text = Self.data(content.body) ?? Self.property(&content.MapiProperties, Property.body)
    var next: UnsafeMutablePointer<CYTNEF.Attachment>? = content.starting_attach.next
    while let attachment = next, files.count < limits.parts {
      if let file = file(&attachment.pointee) { files.append(file) }
      next = attachment.pointee.next
    }
  }

  // MARK: Structure

  /// `attAttachRendData`, the first of each attachment ([MS-OXTNEF] 2.1.3.2).
  private static let beginsAttachment: UInt16 = 0x9002
  /// `attAttachData`, `-Title`, `-MetaFile`, `-CreateDate`, `-ModifyDate`, `-TransportFilename`, `attAttachment`.
  private static let attachmentAttributes: Set<UInt16> = [0x800F, 0x8010, 0x8011, 0x8012, 0x8013, 0x9001, 0x9005]

  /// Whether the attributes end where the octets do, with the checksums they should have ([MS-OXTNEF] 2.1.3.3): the
  /// library says of broken ones on standard output what belongs nowhere. And whether each attribute stands once for
  /// the message and once for each attachment, an attachment's after the one that begins it (2.1.3.1): the library
  /// never frees what it read of others.
  private static func isWhole(_ data: Data) -> Bool {
    let octets = Array(data)
    var seen: Set<UInt16> = []
    var hasAttachment = false
    guard octets.count > 6, octets[..<4] == [0x78, 0x9F, 0x3E, 0x22] else { return false }
    var index = 6
    while index < octets.count {
      guard index + 9 <= octets.count else { return false }
      let attribute = UInt16(octets[index + 1]) | UInt16(octets[index + 2]) << 8
      if attribute == Self.beginsAttachment {
        hasAttachment = true
        seen = []
      }
      guard seen.insert(attribute).inserted, hasAttachment || !Self.attachmentAttributes.contains(attribute) else {
        return false
      }
      let length = (0..<4).reduce(0) { $0 | Int(octets[index + 5 + $1]) << (8 * $1) }
      let start = index + 9
      guard length <= octets.count - start - 2 else { return false }
      let sum = octets[start..<start + length].reduce(UInt16(0)) { $0 &+ UInt16($1) }
      guard sum == UInt16(octets[start + length]) | UInt16(octets[start + length + 1]) << 8 else { return false }
      index = start + length + 2
    }
    return true
  }

  // MARK: Properties

  /// [MS-OXPROPS]; mapidefs.h.
  private enum Property {
    static let body: UInt32 = 0x1000
    static let html: UInt32 = 0x1013
    static let data: UInt32 = 0x3701
    static let longFileName: UInt32 = 0x3707
    static let mediaType: UInt32 = 0x370E
    static let contentID: UInt32 = 0x3712
  }

  private func file(_ attachment: inout CYTNEF.Attachment) -> File? {
    // An embedded object begins with the identifier of its interface, 16 octets.
    let object = Self.property(&attachment.MAPI, Property.data, types: [13]).map { $0.dropFirst(16) }
    guard let data = Self.data(attachment.FileData) ?? object.map({ Data($0) }), !data.isEmpty else { return nil }
    let long = Self.string(&attachment.MAPI, Property.longFileName)
    let short = Self.data(attachment.Title).map { DecodedText($0, charset: charset).text }
    let name = [long, short].compactMap { $0?.trimmed }.first { !$0.isEmpty }
    return File(
      name: name ?? "winmail", mediaType: Self.string(&attachment.MAPI, Property.mediaType),
      contentID: Self.string(&attachment.MAPI, Property.contentID), data: data)
  }

  private static func string(_ properties: UnsafeMutablePointer<MAPIProps>, _ id: UInt32) -> String? {
    property(properties, id).map { DecodedText($0, charset: "utf-8").text.trimmed }
  }

  /// Strings of either kind, and octets (PT_STRING8, PT_UNICODE, which the library makes UTF-8, PT_BINARY).
  private static func property(
    _ properties: UnsafeMutablePointer<MAPIProps>, _ id: UInt32, types: [UInt32] = [30, 31, 258]
  ) -> Data? {
    for type in types {
      if let value = postplein_tnef_property(properties, type, id), let data = data(value.pointee) { return data }
    }
    return nil
  }

  private static func data(_ value: variableLength) -> Data? {
    guard let octets = value.data, value.size > 0 else { return nil }
    return Data(bytes: octets, count: Int(value.size))
  }
}
