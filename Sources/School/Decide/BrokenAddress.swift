/// What support is told, once, when mail to an account no longer arrives. The other parent is not told: that somebody's
/// address fails is theirs to tell, and the school does not know who lives apart.
package func tellOfBrokenAddress(
  _ account: AccountID, _ failure: AddressFailure, directory: Directory, policy: SchoolPolicy
) -> Decision {
  let facts = NoticeFacts(about: account, failure: failure)
  return Decision(
    changes: [.markStandingTold(account)],
    notices: policy.supportDesk.filter { $0 != account }.map {
      Notice(.addressBroken, to: .account($0), replyTarget: .support, facts: facts)
    })
}
