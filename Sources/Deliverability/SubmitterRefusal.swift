/// Answers of the server that takes a school's mail for delivery which are about the school's account there, and say
/// nothing of the mail or its recipient. Data: a new one is a row.
///
/// Sources: RFC 4954, section 6; Microsoft Learn, "Email non-delivery reports in Exchange Online"; Google Workspace
/// Admin Help, "SMTP error reference".
package enum SubmitterRefusal {
  /// Authentication required, too weak, wrong, or only by TLS.
  private static let codes: Set<Int> = [530, 534, 535, 538]
  /// Limits of an account or a tenant, no right to send as this sender, no login, an account that is shut.
  private static let statuses: Set<String> = [
    "5.4.5", "5.1.90", "5.7.57", "5.7.60", "5.7.232", "5.7.233", "5.7.705", "5.7.708", "5.1.8",
  ]
  private static let phrases = [
    "sendasdenied", "submissionquotaexceeded", "sending limit", "sending quota", "relay quota",
    "authentication required",
  ]

  /// - Parameters:
  ///   - code: the reply code; nil where there was none.
  ///   - status: `5.4.5`.
  ///   - words: all that was said.
  package static func isOne(code: Int?, status: String?, words: String) -> Bool {
    if let code, codes.contains(code) { return true }
    if let status, statuses.contains(status) { return true }
    let said = words.lowercased()
    return phrases.contains { said.contains($0) }
  }
}
