/// Of what more came than is read, what is too large to read, or what cannot be put away.
package enum Flood: String, Sendable, Hashable, Codable, CaseIterable {
  /// One whom the school knows.
  case sender
  /// All whom it does not know, together.
  case strangers
  /// Mail that came back without a key of ours.
  case returns
  /// What other machines send: the school's own mail again, and reports of it.
  case machines
  /// One mail.
  case large
  /// One mail that the server does not hand out.
  case ungiven
  /// Mail that was read and that the server will not move out of the inbox.
  case unmoved
}

/// Tells support, once a day for each side, that mail lies unread in the folder for the eye, or read in the inbox.
///
/// - Parameters:
///   - address: who wrote, where one address did; of mail that is not moved the folder that it should go to.
///   - isKnown: whether the school knows them; all others count as one, for addresses can be made up.
///   - count: how many are read in an hour; of a large mail its size in megabytes; of mail that is not moved how many.
package func tellOfFlood(
  _ flood: Flood, from address: String?, isKnown: Bool, count: Int, policy: SchoolPolicy
) -> Decision {
  Decision(
    notices: policy.supportDesk.map {
      Notice(
        .flood, to: .account($0), replyTarget: .support, facts: NoticeFacts(count: count, asked: address, flood: flood),
        onceADay: "flood \(flood.rawValue) \(isKnown ? address ?? "" : "")")
    })
}
