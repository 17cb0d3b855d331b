/// Everybody who is responsible for the same children. Who shares one child with somebody is of their family here, also
/// where they live apart: the school reaches a child's home when it reaches one of them.
package struct Family: Sendable, Hashable {
  /// In order of their ids.
  package var accounts: [AccountID]
  package var pupils: [Pupil]

  package init(accounts: [AccountID], pupils: [Pupil]) {
    self.accounts = accounts
    self.pupils = pupils
  }
}

extension Directory {
  /// The accounts with full authority over a pupil, in order.
  package func guardians(of pupil: PupilID) -> [AccountID] {
    Set(carers.values.filter { $0.authority[pupil] == .full }.map(\.account)).sorted()
  }

  /// The pupils of an audience with nobody to mail who has full authority over them, in order of their names.
  package func pupilsWithoutAddress(in audience: Audience) -> [Pupil] {
    let reached = Set(carers.values.flatMap { carer in carer.authority.filter { $0.value == .full }.map(\.key) })
    return pupils.values.filter { audience.holds($0) && !reached.contains($0.id) }
      .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
  }

  /// Each account with full authority over a pupil in one family, in order of the first account.
  package var allFamilies: [Family] {
    var pupilsOf: [AccountID: Set<PupilID>] = [:]
    var accountsOf: [PupilID: Set<AccountID>] = [:]
    for carer in carers.values {
      for (pupil, authority) in carer.authority where authority == .full && pupils[pupil] != nil {
        pupilsOf[carer.account, default: []].insert(pupil)
        accountsOf[pupil, default: []].insert(carer.account)
      }
    }
    var seen: Set<AccountID> = []
    return pupilsOf.keys.sorted().compactMap { first in
      guard seen.insert(first).inserted else { return nil }
      var (found, toVisit): ([AccountID], [AccountID]) = ([], [first])
      var children: Set<PupilID> = []
      while let account = toVisit.popLast() {
        found.append(account)
        for pupil in pupilsOf[account, default: []] where children.insert(pupil).inserted {
          toVisit += accountsOf[pupil, default: []].filter { seen.insert($0).inserted }
        }
      }
      return Family(accounts: found.sorted(), pupils: children.sorted().compactMap { pupils[$0] })
    }
  }
}
