import Rendering
import School
import Store

/// The text that some notices hold beside their own wording: advice, what a test saw, who is meant.
struct PreparedText: Sendable {
  let gateway: SchoolGateway
  let directory: Directory
  private var settings: SchoolSettings { gateway.settings }

  /// Nil where the notice needs none.
  func text(of delivery: DeliveryRecord, for reader: Reader) -> NoticeContext.Prepared? {
    let facts = delivery.facts
    if let account = facts.about, let failure = facts.failure {
      return AddressAdvice(settings: settings, directory: directory)
        .context(account, failure, language: reader.language)
        .map { advice($0, names: $0.names.joined(separator: ", ")) }
    }
    if let account = facts.about {
      let names = directory.names(of: account).joined(separator: ", ")
      return NoticeContext.Prepared(names: names, address: "", text: "")
    }
    if let failure = facts.failure { return provider(failure, reader.language) }
    if facts.broadcast != nil {
      let names = (facts.accounts ?? []).map { directory.name(of: $0) }.joined(separator: ", ")
      return NoticeContext.Prepared(names: names, address: "", text: "")
    }
    if facts.urgent != nil { return toPhone(facts.accounts ?? [], pupils: facts.pupils ?? []) }
    if let damage = facts.damage { return toPhone(damage.compactMap(\.account), pupils: []) }
    if let accounts = facts.accounts { return list(accounts) }
    if let unreached = facts.unreached { return todo(unreached, reader.language) }
    return facts.loopTest.map {
      NoticeContext.Prepared(
        names: "", address: reader.address.description, text: gateway.templates.render($0, language: reader.language))
    }
  }

  private func advice(_ context: AdviceContext, names: String) -> NoticeContext.Prepared {
    NoticeContext.Prepared(names: names, address: context.address, text: gateway.templates.render(context).text)
  }

  /// On a provider that refuses the school: it is about nobody's address.
  private func provider(_ failure: AddressFailure, _ language: Language) -> NoticeContext.Prepared {
    let mailbox = settings.scheme.mailbox.description
    let context = AdviceContext(
      failure: failure, language: language, names: [], pupils: [], address: mailbox, correction: nil, sender: mailbox,
      schoolName: settings.name, schoolPhone: settings.phone)
    return advice(context, names: gateway.templates.providerName(context))
  }

  /// Who is not reached, and what to do for each.
  private func todo(_ unreached: [UnreachedAccount], _ language: Language) -> NoticeContext.Prepared {
    let advice = AddressAdvice(settings: settings, directory: directory)
    let lines = unreached.compactMap { one in
      advice.context(one.account, one.failure, language: language).map { "- \(gateway.templates.todo($0))" }
    }
    return NoticeContext.Prepared(names: "", address: "", text: lines.joined(separator: "\n\n"))
  }

  /// With the child, by whom a school finds the number where the import gave none.
  private func toPhone(_ accounts: [AccountID], pupils: [PupilID]) -> NoticeContext.Prepared? {
    guard !(accounts.isEmpty && pupils.isEmpty) else { return nil }
    let children = pupils.compactMap { directory.pupils[$0] }.map { pupil in
      let groups = pupil.groups.compactMap { directory.groups[$0]?.name }.sorted().joined(separator: ", ")
      return "- \(pupil.name)\(groups.isEmpty ? "" : " (\(groups))")"
    }
    let lines = accounts.map { account in
      let pupils = directory.pupils(of: account).map(\.name).joined(separator: ", ")
      let phones = directory.carers(of: account).map(\.contact.phone).filter { !$0.isEmpty }
      return "- \(directory.names(of: account).joined(separator: ", "))\(pupils.isEmpty ? "" : " (\(pupils))")"
        + (phones.isEmpty ? "" : ": \(phones.joined(separator: ", "))")
    }
    return NoticeContext.Prepared(
      names: "", address: "", text: lines.joined(separator: "\n"), pupils: children.joined(separator: "\n"))
  }

  private func list(_ accounts: [AccountID]) -> NoticeContext.Prepared {
    let lines = accounts.map { account in
      let names = directory.names(of: account).joined(separator: ", ")
      return "- \(names): \(directory.accounts[account]?.mailAddress ?? "?")"
    }
    return NoticeContext.Prepared(names: "", address: "", text: lines.joined(separator: "\n"))
  }
}
