import Crypto
import Foundation
import School

/// Makes and reads the keys that stand in addresses and Message-IDs. A key holds what it is about and a MAC over it
/// (HMAC-SHA256, RFC 2104, the first 80 bits): nothing need be stored to recognise it, and nobody without the school's
/// secret can make one. Written in base32 (RFC 4648) in lower case without padding; read without regard to case.
package struct KeyRing: Sendable {
  /// What the secret must have at least, in octets.
  package static let secretOctets = 32
  static let macOctets = 10
  /// The longest key that is looked at, in characters; ours are about 25.
  static let longestKey = 52

  /// Has taken the school's secret in, and nothing else: that is half of the work, and done once.
  private let keyed: HMAC<SHA256>

  /// Nil where the secret is too short.
  package init?(secret: Data) {
    guard secret.count >= Self.secretOctets else { return nil }
    keyed = HMAC(key: SymmetricKey(data: secret))
  }

  /// What a key is for. A key of one use is worthless for another.
  private enum Use: UInt8 {
    case reply = 1
    case bounce, messageID, event, talk
  }

  // MARK: Reply keys

  func replyKey(account: AccountID, target: ReplyTarget, generation: Int) -> String {
    let payload = [target.tag] + Varint.octets(account.rawValue) + Varint.octets(target.number)
    return Base32.text(payload + mac(.reply, payload, generation: generation))
  }

  /// Nil where the text is no reply key of the account with that generation of keys.
  func readReplyKey(_ text: String, generation: (AccountID) -> Int?) -> (account: AccountID, target: ReplyTarget)? {
    guard let (payload, mac) = split(text), let tag = payload.first else { return nil }
    var rest = payload.dropFirst()
    guard let account = Varint.take(&rest).map({ AccountID($0) }), let number = Varint.take(&rest), rest.isEmpty,
      let target = ReplyTarget(tag: tag, number: number), let generation = generation(account),
      isEqual(mac, self.mac(.reply, payload, generation: generation))
    else { return nil }
    return (account, target)
  }

  // MARK: Delivery keys

  /// The detail of the reverse path of one delivery (VERP).
  func bounceKey(_ delivery: DeliveryID) -> String { key(.bounce, delivery.rawValue) }

  func readBounceKey(_ text: String) -> DeliveryID? { read(.bounce, text).map { DeliveryID($0) } }

  /// The left side of the Message-ID of one delivery, as unguessable as a key.
  func messageIDKey(_ delivery: DeliveryID) -> String { key(.messageID, delivery.rawValue) }

  /// The delivery whose Message-ID this is, whatever the school's domain was then; nil for one that is not ours or is
  /// forged.
  func delivery(messageID: String) -> DeliveryID? {
    guard let at = messageID.lastIndex(of: "@") else { return nil }
    return read(.messageID, String(messageID[..<at])).map { DeliveryID($0) }
  }

  /// The left side of the name by which calendars know an event.
  func eventKey(_ event: EventID) -> String { key(.event, event.rawValue) }

  func readEventKey(_ text: String) -> EventID? { read(.event, text).map { EventID($0) } }

  /// The left side of the name by which calendars know a conference.
  func talkKey(_ talk: TalkID) -> String { key(.talk, talk.rawValue) }

  func readTalkKey(_ text: String) -> TalkID? { read(.talk, text).map { TalkID($0) } }

  private func key(_ use: Use, _ number: Int64) -> String {
    let payload = Varint.octets(number)
    return Base32.text(payload + mac(use, payload, generation: 0))
  }

  private func read(_ use: Use, _ text: String) -> Int64? {
    guard let (payload, mac) = split(text), isEqual(mac, self.mac(use, payload, generation: 0)) else { return nil }
    var rest = payload[...]
    guard let number = Varint.take(&rest), rest.isEmpty else { return nil }
    return number
  }

  // MARK: MAC

  private func mac(_ use: Use, _ payload: [UInt8], generation: Int) -> [UInt8] {
    var mac = keyed
    mac.update(data: [use.rawValue] + Varint.octets(Int64(generation)) + payload)
    return mac.finalize().withUnsafeBytes { Array($0.prefix(Self.macOctets)) }
  }

  private func split(_ text: String) -> (payload: [UInt8], mac: [UInt8])? {
    guard text.utf8.count <= Self.longestKey, let octets = Base32.octets(text), octets.count > Self.macOctets else {
      return nil
    }
    return (Array(octets.dropLast(Self.macOctets)), Array(octets.suffix(Self.macOctets)))
  }

  /// In constant time.
  private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension ReplyTarget {
  /// Stands in every key that was ever sent: never renumber.
  fileprivate var tag: UInt8 {
    switch self {
    case .thread: 1
    case .privately: 2
    case .entry: 3
    case .held: 4
    case .digest: 5
    case .support: 6
    case .activation: 7
    case .addressChange: 8
    case .addressApproval: 10
    case .documents: 40
    case .filing: 41
    case .classList: 42
    case .broadcast: 9
    case .offer: 30
    case .posted: 50
    case .settings: 51
    case .settingsReceipt: 52
    case .unsubscribe: 53
    case .reported: 54
    case .event: 20
    case .calendarPost: 21
    case .calendarWeek: 22
    case .conference(.invited): 70
    case .conference(.plan): 71
    case .conference(.talk): 72
    case .results: 80
    case .absence: 90
    case .album: 60
    case .photoBatch: 61
    case .albums: 62
    case .consent: 63
    }
  }

  fileprivate var number: Int64 {
    switch self {
    case .thread(let id), .privately(let id), .offer(let id): id.rawValue
    case .entry(let id), .broadcast(let id), .reported(let id): id.rawValue
    case .held(let id): id.rawValue
    case .digest(let id), .posted(let id), .settingsReceipt(let id), .addressApproval(let id): id.rawValue
    case .unsubscribe(let subscription): subscription.number
    case .addressChange(let id): id.rawValue
    case .event(let id): id.rawValue
    case .calendarPost(let id): id.rawValue
    case .conference(.invited(let id)), .conference(.plan(let id)): id.rawValue
    case .conference(.talk(let id)): id.rawValue
    case .results(let id): id.rawValue
    case .filing(let id): id.rawValue
    case .absence(let id): id.rawValue
    case .album(let id): id.rawValue
    case .photoBatch(let id): id.rawValue
    case .support, .activation, .documents, .classList, .settings, .albums, .consent, .calendarWeek: 0
    }
  }

  fileprivate init?(tag: UInt8, number: Int64) {
    switch tag {
    case 1: self = .thread(ThreadID(number))
    case 2: self = .privately(ThreadID(number))
    case 3: self = .entry(EntryID(number))
    case 4: self = .held(InboundID(number))
    case 5: self = .digest(DeliveryID(number))
    case 6: self = .support
    case 7: self = .activation
    case 8: self = .addressChange(AccountID(number))
    case 10: self = .addressApproval(DeliveryID(number))
    case 40: self = .documents
    case 41: self = .filing(FilingID(number))
    case 42: self = .classList
    case 9: self = .broadcast(EntryID(number))
    case 30: self = .offer(ThreadID(number))
    case 50: self = .posted(DeliveryID(number))
    case 51: self = .settings
    case 52: self = .settingsReceipt(DeliveryID(number))
    case 53:
      guard let subscription = Subscription(number: number) else { return nil }
      self = .unsubscribe(subscription)
    case 54: self = .reported(EntryID(number))
    case 20: self = .event(EventID(number))
    case 21: self = .calendarPost(EntryID(number))
    case 22: self = .calendarWeek
    case 70: self = .conference(.invited(ConferenceID(number)))
    case 71: self = .conference(.plan(ConferenceID(number)))
    case 72: self = .conference(.talk(TalkID(number)))
    case 80: self = .results(DeliveryID(number))
    case 90: self = .absence(DeliveryID(number))
    case 60: self = .album(AlbumID(number))
    case 61: self = .photoBatch(PhotoBatchID(number))
    case 62: self = .albums
    case 63: self = .consent
    default: return nil
    }
  }
}

extension Subscription {
  /// Stands in keys: never renumber.
  fileprivate var number: Int64 {
    switch self {
    case .schoolyard: 1
    case .calendar: 2
    }
  }

  fileprivate init?(number: Int64) {
    guard let found = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = found
  }
}
