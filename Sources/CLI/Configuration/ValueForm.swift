import Foundation
import Mail
import School
import Transport
import Yams

/// What the value of a key looks like: how to read it, and how to say it.
struct ValueForm<Value: Sendable>: Sendable {
  /// Goes after "must be".
  let name: String
  /// Nil where the node is not of this form.
  let read: @Sendable (Node) -> Value?
  /// As the file has it.
  let text: @Sendable (Value) -> String
}

extension ValueForm where Value == String {
  /// The longest text that is taken, in characters.
  private static var longest: Int { 200 }

  private static func words(_ name: String, _ isValid: @escaping @Sendable (String) -> Bool) -> ValueForm {
    ValueForm(
      name: name,
      read: { node in
        guard let text = node.scalar?.string.trimmingCharacters(in: .whitespaces), !text.isEmpty,
          text.count <= longest, !text.contains(where: \.isNewline), isValid(text)
        else { return nil }
        return text
      }, text: { $0 })
  }

  static var text: ValueForm { words("a text of one line, at most \(longest) characters") { _ in true } }

  static var path: ValueForm { words("the path of a file") { _ in true } }

  static var folder: ValueForm { words("the name of a mail folder, with / between its parts") { _ in true } }

  /// What a URL and EHLO can hold; an IP address is one too.
  static var host: ValueForm {
    words("a host name") { $0.unicodeScalars.allSatisfy { $0.isASCII && isInHostName(Character($0)) } }
  }

  static var domain: ValueForm {
    words("a domain, as ouders.school.nl") { text in
      text.contains(".") && !text.hasPrefix(".") && !text.hasSuffix(".")
        && text.allSatisfy {
          $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".")
        }
    }
  }

  /// RFC 8601, section 2.2: a value of MIME, in practice a host name.
  static var authservID: ValueForm {
    words("the first word of your server's Authentication-Results") { text in
      !text.contains { $0.isWhitespace || $0 == ";" || $0 == "=" || $0 == "\"" }
    }
  }

  static var environmentName: ValueForm {
    words("the name of an environment variable, as SCHOOL_IMAP_PASSWORD") { text in
      text.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") } && text.first?.isNumber == false
    }
  }

  private static func isInHostName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "-._:".contains(character)
  }
}

extension ValueForm where Value == Int {
  static func number(_ range: ClosedRange<Int>) -> ValueForm {
    ValueForm(
      name: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { node in node.int.flatMap { range.contains($0) ? $0 : nil } }, text: { String($0) })
  }
}

extension ValueForm where Value == Int {
  /// In minutes after midnight.
  static var clock: ValueForm {
    ValueForm(
      name: "a time of the day in quotes, as \"08:20\"",
      read: { node in
        let parts = node.scalar?.string.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) } ?? []
        guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...23).contains(hour),
          (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
      },
      text: { "\"\($0 < 600 ? "0" : "")\($0 / 60):\($0 % 60 < 10 ? "0" : "")\($0 % 60)\"" })
  }
}

extension ValueForm where Value == Bool {
  static var yesOrNo: ValueForm { ValueForm(name: "true or false", read: { $0.bool }, text: { String($0) }) }
}

extension ValueForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of an enumeration.
  static var word: ValueForm { word(Array(Value.allCases)) }

  /// One of these of its words.
  static func word(_ values: [Value]) -> ValueForm {
    ValueForm(
      name: "one of " + values.map(\.rawValue).joined(separator: ", "),
      read: { node in values.first { $0.rawValue == node.scalar?.string } }, text: { $0.rawValue })
  }
}

extension ValueForm where Value == TimeZone {
  static var timeZone: ValueForm {
    ValueForm(
      name: "a time zone, as Europe/Amsterdam",
      read: { node in
        guard let name = node.scalar?.string, TimeZone.knownTimeZoneIdentifiers.contains(name) || name == "UTC" else {
          return nil
        }
        return TimeZone(identifier: name)
      }, text: { $0.identifier })
  }
}

extension ValueForm where Value == MailAddress {
  static var address: ValueForm {
    ValueForm(
      name: "a mail address", read: { $0.scalar.flatMap { MailAddress($0.string) } }, text: { $0.description })
  }
}

extension ValueForm {
  /// `[one, another]`; one alone needs no brackets.
  static func list<Element>(of form: ValueForm<Element>, named name: String) -> ValueForm<[Element]>
  where Value == [Element] {
    ValueForm<[Element]>(
      name: name,
      read: { node in
        let nodes = node.sequence.map(Array.init) ?? [node]
        let values = nodes.compactMap(form.read)
        return values.count == nodes.count ? values : nil
      }, text: { "[\($0.map(form.text).joined(separator: ", "))]" })
  }
}
