import Foundation
import School
import Testing

@testable import Gateway

@Suite("Keys")
struct KeyRingTests {
  static let ring = KeyRing(secret: Data(repeating: 7, count: 32))
  let keys: KeyRing
  let account = AccountID(300)

  init() throws { keys = try #require(Self.ring) }

  static let targets: [ReplyTarget] = [
    .thread(ThreadID(1)), .privately(ThreadID(1)), .entry(EntryID(128)), .held(InboundID(70_000)),
    .digest(DeliveryID(1 << 40)), .support, .offer(ThreadID(9)), .results(DeliveryID(300)),
  ]

  @Test("A reply key says whose it is and what it answers, in any case", arguments: targets)
  func roundTrip(target: ReplyTarget) throws {
    let key = keys.replyKey(account: account, target: target, generation: 2)
    for written in [key, key.uppercased()] {
      let read = try #require(keys.readReplyKey(written) { $0 == account ? 2 : nil })
      #expect(read.account == account && read.target == target)
    }
    #expect("ouderportaal-van-de-school+r.\(key)".utf8.count <= 64, "a local part of an address holds it")
  }

  @Test("A key of an older generation, of nobody or of another school is worthless")
  func worthless() throws {
    let key = keys.replyKey(account: account, target: .support, generation: 0)
    #expect(keys.readReplyKey(key) { _ in 1 } == nil)
    #expect(keys.readReplyKey(key) { _ in nil } == nil)
    let other = try #require(KeyRing(secret: Data(repeating: 8, count: 32)))
    #expect(other.readReplyKey(key) { _ in 0 } == nil)
    #expect(KeyRing(secret: Data(repeating: 8, count: 31)) == nil)
  }

  @Test("A key with any character changed, cut off or added is no key")
  func tampered() {
    let key = Array(keys.replyKey(account: account, target: .thread(ThreadID(9)), generation: 0))
    for place in key.indices {
      var changed = key
      changed[place] = key[place] == "a" ? "b" : "a"
      #expect(keys.readReplyKey(String(changed)) { _ in 0 } == nil, "changed at \(place)")
      #expect(keys.readReplyKey(String(key[..<place])) { _ in 0 } == nil, "cut at \(place)")
    }
    for text in ["", "a", "!", String(key) + "a", String(repeating: "a", count: 10_000), "é"] {
      #expect(keys.readReplyKey(text) { _ in 0 } == nil)
      #expect(keys.readBounceKey(text) == nil && keys.delivery(messageID: "\(text)@school.test") == nil)
    }
  }

  @Test("A key of one use is worthless for another")
  func uses() {
    let delivery = DeliveryID(5)
    #expect(keys.readBounceKey(keys.bounceKey(delivery)) == delivery)
    for domain in ["school.test", "nu-anders.test"] {
      #expect(keys.delivery(messageID: "\(keys.messageIDKey(delivery))@\(domain)") == delivery)
    }
    #expect(keys.delivery(messageID: "\(keys.bounceKey(delivery))@school.test") == nil)
    #expect(keys.delivery(messageID: keys.messageIDKey(delivery)) == nil)
    #expect(keys.readBounceKey(keys.messageIDKey(delivery)) == nil)
  }

  @Test("Base32 is that of RFC 4648, in lower case without padding")
  func base32() {
    let vectors = [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb")]
    for (plain, text) in vectors {
      #expect(Base32.text(Array(plain.utf8)) == text)
      #expect(Base32.octets(text).map { String(decoding: $0, as: UTF8.self) } == plain)
    }
    #expect(Base32.octets("mz") == nil, "unused bits are set")
    #expect(Base32.octets("0") == nil)
  }
}
