/// The identity of one thing of one kind; two kinds cannot be confused.
package struct Identifier<Subject, RawValue: Hashable & Sendable & Codable & Comparable & CustomStringConvertible>:
  Hashable, Sendable, Codable, Comparable, CustomStringConvertible
{
  package let rawValue: RawValue
  package init(_ rawValue: RawValue) { self.rawValue = rawValue }
  package var description: String { rawValue.description }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  // The bare value: what is stored as JSON can be looked up by it.
  package init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(RawValue.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// Given by the store, in order of arrival.
package typealias AccountID = Identifier<Account, Int64>
package typealias ThreadID = Identifier<SchoolThread, Int64>
package typealias EntryID = Identifier<ThreadEntry, Int64>
package typealias InboundID = Identifier<InboundKind, Int64>
package typealias DeliveryID = Identifier<Notice, Int64>

/// Given by the school's pupil administration (EDEXML's `key`), or by the file of carers.
package typealias GroupID = Identifier<SchoolGroup, String>
package typealias PupilID = Identifier<Pupil, String>
package typealias StaffID = Identifier<StaffMember, String>
package typealias CarerID = Identifier<Carer, String>

/// A message that came in; School knows of it only that it was there.
package enum InboundKind {}
