import Foundation
import Mail
import Rendering
import School

/// What one school's configuration says to the gateway.
package struct SchoolSettings: Sendable {
  package var name: String
  /// Where people can call; stands below every mail.
  package var phone: String?
  /// For those whose language nobody stated, and for strangers.
  package var language: Language
  package var timeZone: TimeZone
  package var scheme: AddressScheme
  /// The name by which our own mail server signs `Authentication-Results` (RFC 8601, section 2.5); nil trusts none.
  package var authservID: String?
  package var people = People()
  package var schoolyard = Schoolyard()
  package var broadcast = Broadcast()
  package var calendar = SchoolCalendar()
  package var conferences = Conferences()
  package var absence = Absence()
  package var photos = Photos()
  package var folders = Folders()
  package var limits = Limits()
  package var sending = Sending()

  package init(
    name: String, language: Language, timeZone: TimeZone, scheme: AddressScheme, authservID: String? = nil
  ) {
    self.name = name
    self.language = language
    self.timeZone = timeZone
    self.scheme = scheme
    self.authservID = authservID
  }

  /// Who may and does what, by address in lower case.
  package struct People: Sendable, Hashable {
    package var urgentRoles: Set<String> = ["DIR", "ADJ", "LOC"]
    package var urgentSenders: [String] = []
    package var supportDesk: [String] = []
    package var urgentDesk: [String] = []
    package var mailAdmins: [String] = []
    package var parentsMayOpenSchoolyard = false
    /// Whether new parents are mailed at once, to answer JA.
    package var activationByMail = true

    package init() {}
  }

  package struct Schoolyard: Sendable, Hashable {
    /// In seconds.
    package var undoWindow: TimeInterval = 600
    /// 0 to 23.
    package var digestHour = 17
    /// 1 for Monday to 7 for Sunday.
    package var digestWeekday = 5
    /// Who looks after it, by address in lower case; empty for the teachers of each group.
    package var moderators: [String] = []
    /// Whether items that parents open wait until one of them approves.
    package var approvesParentItems = false

    package init() {}
  }

  /// What is sent to the whole school, but for urgent messages.
  package struct Broadcast: Sendable, Hashable {
    /// As `BroadcastGuard`, in the words of the configuration.
    package enum Check: String, Sendable, Hashable, CaseIterable {
      case none, undo, approval
    }

    package var check = Check.undo
    /// In seconds.
    package var undoWindow: TimeInterval = 60
    package var approvers: [String] = []

    package init() {}
  }

  /// When the overview of the coming week is mailed.
  package struct SchoolCalendar: Sendable, Hashable {
    package var sendsOverview = true
    /// 0 to 23.
    package var hour = 16
    /// 1 for Monday to 7 for Sunday.
    package var weekday = 7

    package init() {}
  }

  package struct Conferences: Sendable, Hashable {
    /// How long before all others families with several conferences are invited, in seconds.
    package var lead: TimeInterval = 86_400

    package init() {}
  }

  package struct Photos: Sendable, Hashable {
    /// How long after the last photo parents are mailed of an album, in seconds.
    package var pause = SchoolPolicy.usualAlbumPause

    package init() {}
  }

  /// Folders of the IMAP account.
  package struct Folders: Sendable, Hashable {
    package var inbox = "INBOX"
    package var handled = "Postplein/Verwerkt"
    /// For how many days after its arrival mail stays in the handled folder; nil for ever.
    package var keepDays: Int?
    /// For what could not be handled and a person must look at.
    package var attention = "Postplein/Bekijken"
    /// How long to wait where the server has no IDLE, and at most where it has.
    package var pollInterval: Duration = .seconds(60)

    package init() {}
  }

  package struct Limits: Sendable, Hashable {
    /// Octets of one file that travels with a message; larger ones are refused by name.
    package var fileOctets = 10 << 20
    /// Octets of all files of one message together.
    package var filesOctets = 15 << 20
    /// Files of one message.
    package var files = 50
    /// How often a mail may end the reading before it is set aside.
    package var attempts = 3
    /// Mails of one person whom the school knows that are read in an hour.
    package var mailsPerHour = 200
    /// Of all others together; and as many that come back without a key of ours.
    package var strangersPerHour = 500

    package init() {}
  }

  package struct Sending: Sendable, Hashable {
    /// How many the submitter has at most.
    package var connections = 4
    /// Messages under way for each: one that the server takes, one that has begun, and one that is being made.
    package var messagesPerConnection = 3
    /// Nil for no limit of ours.
    package var messagesPerMinute: Int?

    package init() {}
  }

  /// The school as a contact, with the address that its mail comes from.
  package var vCard: String { VCard.of(school: name, address: scheme.mailbox, phone: phone) }

  /// The policy for the people that the directory knows now.
  package func policy(_ directory: Directory) -> SchoolPolicy {
    let accounts = { (addresses: [String]) in addresses.compactMap { directory.account(address: $0)?.id } }
    let desk = accounts(people.supportDesk)
    var policy = SchoolPolicy(
      urgentRoles: people.urgentRoles, urgentSenders: Set(accounts(people.urgentSenders)),
      supportDesk: desk.isEmpty ? directory.heads : desk, urgentDesk: accounts(people.urgentDesk),
      mailAdmins: accounts(people.mailAdmins),
      parentsMayOpenSchoolyard: people.parentsMayOpenSchoolyard, undoWindow: schoolyard.undoWindow,
      broadcast: broadcastGuard(approvers: accounts(broadcast.approvers)),
      digestHour: schoolyard.digestHour, digestWeekday: schoolyard.digestWeekday, timeZone: timeZone,
      calendarWeekday: calendar.sendsOverview ? calendar.weekday : nil, calendarHour: calendar.hour)
    policy.conferenceLead = conferences.lead
    policy.moderators = accounts(schoolyard.moderators)
    policy.approvesParentItems = schoolyard.approvesParentItems
    policy.absence = absencePolicy(accounts)
    policy.albumPause = photos.pause
    return policy
  }

  private func broadcastGuard(approvers: [AccountID]) -> BroadcastGuard {
    switch broadcast.check {
    case .none: .none
    case .undo: .undo(seconds: broadcast.undoWindow)
    case .approval: .approval(by: approvers)
    }
  }
}
