import Crypto
import Foundation

extension MailMessage {
  /// The same for every copy of one mail, whichever way each came, and another for any other mail. 64 hexadecimal
  /// digits.
  ///
  /// A Message-ID names one version of one message (RFC 5322, section 3.6.4), but some programs give all that they send
  /// the same, and who read another's mail knows its id: author, subject, content and the day of writing count too.
  /// What servers add or encode anew on the way does not. Where there is no Message-ID, the instant of writing stands
  /// for it.
  package var fingerprint: String { fingerprints.own }

  /// With those of the attached messages, and of those attached to them, in reading order: each is made once.
  private var fingerprints: (own: String, attached: [String]) {
    let attached = root.ownParts.flatMap { part -> [String] in
      guard case .message(let message) = part.content else { return [] }
      let inner = message.fingerprints
      return [inner.own] + inner.attached
    }
    var unsaid = attached[...]
    var hash = SHA256()
    // Each with its length before it, so that no two sequences look alike.
    func add(_ data: Data) {
      withUnsafeBytes(of: UInt64(data.count).littleEndian) { hash.update(bufferPointer: $0) }
      hash.update(data: data)
    }
    func add(_ text: String) { add(Data(text.utf8)) }
    let instant = date?.timeIntervalSince1970 ?? 0
    // Clocks on the way put a time right by minutes.
    add(messageID.map { "id \($0) of day \((instant / 86_400).rounded(.down))" } ?? "at \(instant)")
    add(from.map(\.address.canonical).joined(separator: ","))
    add(subject)
    for part in root.allParts {
      add(part.contentType.mediaType)
      add(part.fileName ?? "")
      if case .message = part.content { add(unsaid.popFirst() ?? "") } else { add(part.data ?? Data()) }
    }
    return (hash.finalize().hexadecimal, attached)
  }
}
