import Deliverability
import Mail
import Rendering
import School

/// What can be done for one account that mail does not reach.
package struct AddressAdvice: Sendable {
  let settings: SchoolSettings
  let directory: Directory

  package init(settings: SchoolSettings, directory: Directory) {
    self.settings = settings
    self.directory = directory
  }

  /// Nil where the account is gone.
  package func context(_ account: AccountID, _ failure: AddressFailure, language: Language) -> AdviceContext? {
    guard let address = directory.accounts[account]?.mailAddress else { return nil }
    let isUnknown = ["unknown-user", "unknown-domain", "mailbox-moved"].contains(failure.reason)
    let correction = isUnknown ? MailAddress(address).flatMap(AddressCorrection.likely) : nil
    return AdviceContext(
      failure: failure, language: language, names: directory.names(of: account),
      pupils: directory.pupils(of: account).map(\.name), address: address, correction: correction?.description,
      sender: settings.scheme.mailbox.description, schoolName: settings.name,
      schoolPhone: settings.phone)
  }
}
