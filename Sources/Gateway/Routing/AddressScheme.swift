import Foundation
import Mail

/// How the school's routes become addresses: the one setting that depends on what its mail provider can do.
package struct AddressScheme: Sendable, Hashable {
  package enum Mode: String, Sendable, Hashable, CaseIterable {
    /// `ouders+nieuws.groep5@school.nl`
    case subaddress
    /// `nieuws.groep5@ouders.school.nl`
    case domain
    /// `ouderportaal@school.nl` and nothing else: the route stands in the subject, before a colon.
    case plain
  }

  package let mode: Mode
  /// What mail comes from, and in modes `subaddress` and `plain` goes to.
  package let mailbox: MailAddress
  /// Behind the `@` of routes.
  package let domain: String

  /// - Parameter routeDomain: mode `domain` only; elsewhere routes stand at the mailbox's own domain.
  package init(mode: Mode, mailbox: MailAddress, routeDomain: String? = nil) {
    self.mode = mode
    self.mailbox = mailbox
    domain = (mode == .domain ? routeDomain?.lowercased() : nil) ?? mailbox.domain
  }

  /// The address of a route. In mode `plain` it is the mailbox itself, and the subject must say the route.
  package func address(of route: RouteAddress) -> MailAddress {
    let address =
      switch mode {
      case .subaddress: MailAddress(localPart: "\(mailbox.localPart)+\(route.text)", domain: domain)
      case .domain: MailAddress(localPart: route.text, domain: domain)
      case .plain: mailbox
      }
    // Route words are short; only a name of a group longer than an address allows comes here.
    return address ?? mailbox
  }

  /// The start of a subject that carries the route where the address cannot; nil where it can.
  package func subjectPrefix(of route: RouteAddress) -> String? { mode == .plain ? "\(route.text): " : nil }

  /// Whether mail to this address comes to the gateway.
  package func isOurs(_ address: MailAddress) -> Bool {
    if address == mailbox { return true }
    guard address.domain == domain else { return false }
    switch mode {
    case .domain: return true
    case .plain: return false
    case .subaddress: return address.localPart.lowercased().hasPrefix("\(mailbox.localPart.lowercased())+")
    }
  }

  /// The route that an address names; nil for another's address, and for the bare mailbox, which names none.
  package func route(to address: MailAddress) -> RouteAddress? {
    guard isOurs(address), address != mailbox else { return nil }
    switch mode {
    case .domain: return RouteAddress(address.localPart)
    case .subaddress: return RouteAddress(String(address.localPart.dropFirst(mailbox.localPart.count + 1)))
    case .plain: return nil
    }
  }

  /// Mode `plain`: the route before the first colon of the subject, and the subject without it.
  package func route(inSubject subject: String) -> (route: RouteAddress, subject: String)? {
    guard mode == .plain, let colon = subject.firstIndex(of: ":") else { return nil }
    let word = subject[..<colon].trimmingCharacters(in: .whitespaces)
    guard !word.isEmpty, !word.contains(where: \.isWhitespace) else { return nil }
    let route = RouteAddress(word)
    if case .unknown = route { return nil }
    return (route, subject[subject.index(after: colon)...].trimmingCharacters(in: .whitespaces))
  }

  /// The text without reply and bounce addresses of ours that were quoted in it, keys included: whoever reads the text
  /// could act with them. And without what a mail of ours said to its reader alone.
  package func withoutKeys(_ whole: String) -> String {
    let text = PrivatePart.removed(from: whole)
    guard Self.mayHoldKey(text) else { return text }
    // A local part, begun once: what is longer than one may be is not looked at again from each of its letters.
    let before =
      mode == .subaddress ? #"((?<![A-Za-z0-9._-])[A-Za-z0-9._-]{1,64}+)?(\+|%2B)"# : #"\b"#
    let after = mode == .plain ? "" : "(@|%40)" + NSRegularExpression.escapedPattern(for: domain)
    let pattern = #"(mailto:)?"# + before + #"[rb]\.[a-z2-7]{\#(Self.shortestKey),60}"# + after + #"(\?[^\s>]*)?"#
    return text.replacingOccurrences(of: pattern, with: "…", options: [.regularExpression, .caseInsensitive])
  }

  /// Whether anything looks like one: nearly all texts hold none, and the pattern takes long to say so.
  private static func mayHoldKey(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { octets in
      octets.indices.dropFirst().contains { dot in
        octets[dot] == UInt8(ascii: ".") && [UInt8(ascii: "r"), UInt8(ascii: "b")].contains(octets[dot - 1] | 0x20)
          && octets[(dot + 1)...].prefix(shortestKey).count(where: Base32.isDigit) == shortestKey
      }
    }
  }

  /// In characters.
  private static let shortestKey = 18
}
