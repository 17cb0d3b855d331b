import Gateway
import School

/// The addresses that the configuration names for some work. One that nobody of the staff has may be meant, for the
/// gateway writes to every desk; but where it is a typing error, or of somebody who left, nobody else would tell.
struct NamedStaff {
  private typealias Keys = ConfigurationKeys

  private struct Named {
    let key: String
    let addresses: [String]
    /// Whether a mailbox that several share is as usual as a person: only what looks like a typing error is told.
    var isMailbox = false
  }

  let settings: SchoolSettings

  private var named: [Named] {
    let (people, absence) = (settings.people, settings.absence)
    return [
      Named(key: Keys.urgentSenders.path, addresses: people.urgentSenders),
      Named(key: Keys.supportDesk.path, addresses: people.supportDesk),
      // Where nobody is given those of support stand here, who are told of already.
      Named(key: Keys.urgentDesk.path, addresses: people.urgentDesk == people.supportDesk ? [] : people.urgentDesk),
      Named(key: Keys.mailAdmins.path, addresses: people.mailAdmins),
      Named(key: Keys.approvers.path, addresses: settings.broadcast.approvers),
      Named(key: Keys.moderators.path, addresses: settings.schoolyard.moderators, isMailbox: true),
      Named(key: Keys.absenceDesk.path, addresses: absence.desk, isMailbox: true),
      Named(key: Keys.absenceHead.path, addresses: absence.head, isMailbox: true),
    ]
  }

  /// None before the staff were imported.
  func lines(_ directory: Directory) -> [CheckLine] {
    guard !directory.staff.isEmpty else { return [] }
    let staff = directory.accounts.values.filter { directory.isStaff($0.id) }.map(\.address).sorted()
    return named.flatMap { named in
      named.addresses.filter { address in directory.account(address: address).map { !directory.isStaff($0.id) } ?? true
      }
      .compactMap { address in
        let near = staff.first { Spelling.distance($0, address) <= 2 }
        if named.isMailbox, near == nil { return nil }
        return .warning(
          named.key, "\(address) is no address of anybody of the staff",
          advice: near.map { "did you mean \($0)?" } ?? advice(named.key))
      }
    }
  }

  private func advice(_ key: String) -> String {
    key == Keys.urgentSenders.path
      ? "correct it: nobody may send urgent mail by it"
      : "correct it, unless it is a mailbox that several share: mail goes there all the same"
  }
}
