import Mail
import School
import Transport

/// In which order a long row of mails is read: the first of everybody, then the second, so that ten thousand of one
/// sender keep nobody waiting. Of one sender they stay in their order.
enum FairOrder {
  /// Rows up to this long are read as they came: they take a second.
  static let shortRow = 50
  /// Mails read before the inbox is looked at again, for who came meanwhile.
  static let turn = 100

  /// The next turn of a row.
  ///
  /// - Parameter senders: by UID, as From has them; all whom the directory does not know count as one.
  static func next(_ row: [UID], senders: [UID: String], directory: Directory) -> [UID] {
    guard row.count > shortRow else { return row }
    var places: [AccountID?: Int] = [:]
    let placed = row.map { uid in
      let account = senders[uid].flatMap { directory.account(address: $0)?.id }
      defer { places[account, default: 0] += 1 }
      return (place: places[account, default: 0], uid: uid)
    }
    return placed.sorted { ($0.place, $0.uid) < ($1.place, $1.uid) }.prefix(turn).map(\.uid)
  }

  /// The address in a header that holds From alone.
  static func sender(_ header: [UInt8]) -> String? {
    let message = MailMessage.parse(.init(header + [0x0D, 0x0A]))
    return message.from.count == 1 ? message.from.first?.address.canonical : nil
  }
}
