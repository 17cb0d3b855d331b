/// Of what more came than is read, or what is too large to read.
package enum Flood: String, Sendable, Hashable, Codable, CaseIterable {
  /// One whom the school knows.
  case sender
  /// All whom it does not know, together.
  case strangers
  /// Mail that came back without a key of ours.
  case returns
  /// One mail.
  case large
}

/// Tells support, once a day for each side, that mail lies unread in the folder for the eye.
///
/// - Parameters:
///   - address: who wrote, where one address did.
///   - count: how many are read in an hour; of a large mail its size in megabytes.
package func tellOfFlood(_ flood: Flood, from address: String?, count: Int, policy: SchoolPolicy) -> Decision {
  Decision(
    notices: policy.supportDesk.map {
      Notice(
        .flood, to: .account($0), replyTarget: .support, facts: NoticeFacts(count: count, asked: address, flood: flood),
        onceADay: "flood \(flood.rawValue) \(address ?? "")")
    })
}
