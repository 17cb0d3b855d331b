import Foundation
import Mail

/// What our own mail server found out about a mail's sender (RFC 8601).
package struct AuthenticationResults: Sendable, Hashable {
  /// One method and what it said: `dkim=pass header.d=example.org`.
  package struct Result: Sendable, Hashable {
    /// In lower case, as are the value and the names of properties.
    package var method: String
    package var value: String
    /// `header.d`, `smtp.mailfrom`, `smtp.auth`, …
    package var properties: [String: String]
  }

  package var results: [Result]

  /// Fields of one mail that are read, and octets of one.
  static let mostFields = 20
  static let fieldOctets = 8_192

  /// Reads the fields whose authserv-id is the pinned one. All others may have been written by anybody; the server
  /// behind the pinned name removes fields in its own name that come from outside (RFC 8601, section 5).
  package static func read(_ header: HeaderFields, authservID: String) -> AuthenticationResults {
    let fields = header.all("Authentication-Results").prefix(mostFields).map(\.unfoldedValue)
    return AuthenticationResults(
      results: fields.flatMap { field -> [Result] in
        guard field.utf8.count <= fieldOctets, let parts = split(field), let id = parts.first?.first,
          id.lowercased() == authservID.lowercased()
        else { return [] }
        return parts.dropFirst().compactMap(result)
      })
  }

  /// What our own server found of a mail's one sender. Nil where nothing can prove them: two addresses in From are no
  /// proof of either, and of a field that stands there twice nobody knows which was signed.
  package static func ofSender(
    _ message: MailMessage, authservID: String?
  ) -> (results: AuthenticationResults, from: MailAddress)? {
    guard let authservID, message.from.count == 1, !message.repeatsField, let from = message.from.first?.address else {
      return nil
    }
    return (read(message.header, authservID: authservID), from)
  }

  /// Reads those of anybody: what they say may be forged, and proves nothing. Microsoft's have no authserv-id.
  static func readUnproven(_ header: HeaderFields) -> AuthenticationResults {
    let fields = header.all("Authentication-Results").prefix(mostFields).map(\.unfoldedValue)
    return AuthenticationResults(
      results: fields.flatMap { $0.utf8.count <= fieldOctets ? (split($0) ?? []).compactMap(result) : [] })
  }

  /// Whether they prove that the mail is from the domain of its From address, or from that very login. Where DMARC
  /// failed, no other pass is aligned as the domain's owner wants it (RFC 7489, section 3.1).
  package func proof(of from: MailAddress) -> SenderProof {
    let isRefuted = results.contains { $0.method == "dmarc" && $0.value == "fail" }
    for result in results where result.value == "pass" && !(isRefuted && result.method != "auth") {
      let proves =
        switch result.method {
        // The server compared the domain with From already.
        case "dmarc": result.properties["header.from"] == from.domain
        case "dkim": Alignment.isAligned(result.properties["header.d"] ?? result.domain("header.i"), with: from.domain)
        case "spf": Alignment.isAligned(result.domain("smtp.mailfrom"), with: from.domain)
        case "auth": result.login == from
        default: false
        }
      if proves { return .aligned(method: result.method) }
    }
    return .none
  }

  /// Whether the server that brought the mail may do so for the From domain, or its sender logged in at ours. A
  /// signature alone holds wherever somebody sends the same mail again (RFC 6376, section 8.6).
  package func isBrought(by from: MailAddress) -> Bool {
    results.contains { result in
      result.value == "pass"
        && (result.method == "spf" && Alignment.isAligned(result.domain("smtp.mailfrom"), with: from.domain)
          || result.method == "auth" && result.login == from)
    }
  }

  // MARK: The grammar of RFC 8601, section 2.2

  private static func result(_ words: [String]) -> Result? {
    guard let first = words.first, let equals = first.firstIndex(of: "=") else { return nil }
    // `dkim/1=pass`
    let method = first[..<equals].prefix { $0 != "/" }.lowercased()
    let value = first[first.index(after: equals)...].lowercased()
    var properties: [String: String] = [:]
    for word in words.dropFirst() {
      guard let equals = word.firstIndex(of: "=") else { continue }
      let name = word[..<equals].lowercased()
      if properties[name] == nil { properties[name] = word[word.index(after: equals)...].lowercased() }
    }
    return Result(method: method, value: value, properties: properties)
  }

  /// The words between the semicolons, comments left out, quotes undone. Nil where a quote or comment is not closed:
  /// then nobody can say what belongs together.
  private static func split(_ field: String) -> [[String]]? {
    var parts: [[String]] = [[]]
    var word = ""
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    func endWord() {
      guard !word.isEmpty else { return }
      parts[parts.count - 1].append(word)
      word = ""
    }
    for character in field {
      if isEscaped {
        if depth == 0 { word.append(character) }
        isEscaped = false
      } else if character == "\\", isQuoted || depth > 0 {
        isEscaped = true
      } else if isQuoted {
        if character == "\"" { isQuoted = false } else { word.append(character) }
      } else if character == "(" {
        depth += 1
      } else if character == ")" {
        guard depth > 0 else { return nil }
        depth -= 1
      } else if depth > 0 {
        continue
      } else if character == "\"" {
        isQuoted = true
      } else if character == ";" {
        endWord()
        parts.append([])
      } else if character.isWhitespace {
        endWord()
      } else {
        word.append(character)
      }
    }
    endWord()
    guard depth == 0, !isQuoted else { return nil }
    return parts.map(joiningEquals)
  }

  /// White space may stand around the equals sign.
  private static func joiningEquals(_ words: [String]) -> [String] {
    words.reduce(into: []) { joined, word in
      if let last = joined.last, last.hasSuffix("=") || word.hasPrefix("=") {
        joined[joined.count - 1] = last + word
      } else {
        joined.append(word)
      }
    }
  }
}

/// Whether a mail is from whom it says.
package enum SenderProof: Sendable, Hashable {
  /// By `dmarc`, `dkim`, `spf` or `auth`.
  case aligned(method: String)
  case none

  package var isProven: Bool { self != .none }
}

extension AuthenticationResults.Result {
  /// Who logged in, where that is an address.
  fileprivate var login: MailAddress? { properties["smtp.auth"].flatMap { MailAddress($0) } }

  /// The domain of a property that holds an address or a domain.
  fileprivate func domain(_ property: String) -> String? {
    properties[property].map { value in
      value.lastIndex(of: "@").map { String(value[value.index(after: $0)...]) } ?? value
    }
  }
}

/// Relaxed alignment (RFC 7489, section 3.1): the same organisation's domain.
package enum Alignment {
  package static func isAligned(_ domain: String?, with from: String) -> Bool {
    guard let domain = domain?.lowercased(), !domain.isEmpty else { return false }
    if domain == from { return true }
    let (shorter, longer) = domain.count < from.count ? (domain, from) : (from, domain)
    return longer.hasSuffix(".\(shorter)") && isOrganisation(shorter)
  }

  /// More than a suffix under which anybody can have a name. The public suffix list is not read; second levels that it
  /// names are known by their form (`co.uk`, `com.tr`): a short or well-known label before a country.
  private static func isOrganisation(_ domain: String) -> Bool {
    let labels = domain.split(separator: ".")
    guard labels.count >= 2, let top = labels.last, let second = labels.dropLast().last else { return false }
    let suffixes: Set<Substring> = [
      "co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "ltd", "plc", "sch",
    ]
    return labels.count > 2 || !(top.count == 2 && (suffixes.contains(second) || second.count <= 2))
  }
}
