/// Tells who looks after the school's mail that a provider refuses it, once an alarm.
package func tellOfProvider(_ hold: ProviderHold, policy: SchoolPolicy) -> Decision {
  let desk = policy.mailAdmins.isEmpty ? policy.supportDesk : policy.mailAdmins
  let failure = AddressFailure(reason: hold.reason, provider: hold.provider, actor: "mail-admin", words: hold.words)
  return Decision(
    changes: [.holdProvider(hold)],
    notices: desk.map {
      Notice(
        .providerAlarm, to: .account($0), replyTarget: .support,
        facts: NoticeFacts(count: hold.count, failure: failure, since: hold.since))
    })
}
