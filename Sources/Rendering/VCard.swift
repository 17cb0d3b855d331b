import Mail

/// The school as a contact (RFC 6350), for people to add to theirs: mail from a contact lands among spam less often.
package enum VCard {
  package static func of(school: String, address: MailAddress, phone: String?) -> String {
    let escape = { (text: String) in
      text.replacing("\\", with: "\\\\").replacing(",", with: "\\,").replacing(";", with: "\\;")
        .replacing("\n", with: "\\n")
    }
    let lines =
      ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", "FN:\(escape(school))", "ORG:\(escape(school))"]
      + ["EMAIL:\(address)"] + (phone.map { ["TEL:\(escape($0))"] } ?? []) + ["END:VCARD"]
    return lines.map { "\($0)\r\n" }.joined()
  }
}
