/// An optional value that lies apart. Of the facts most have few, and they are copied with each mail: so nobody carries
/// room for what is not there. In JSON it is as if it lay in its place.
@propertyWrapper
package struct Apart<Value: Sendable & Hashable & Codable>: Sendable, Hashable, Codable {
  private final class Place: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  private var place: Place?

  package init() {}
  package init(wrappedValue: Value?) { place = wrappedValue.map(Place.init) }

  package var wrappedValue: Value? {
    get { place?.value }
    set { place = newValue.map(Place.init) }
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.place === right.place || left.wrappedValue == right.wrappedValue
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }

  package init(from decoder: any Decoder) throws {
    self.init(wrappedValue: try decoder.singleValueContainer().decode(Value?.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

extension KeyedDecodingContainer {
  /// Where the key is missing, there is none.
  package func decode<Value>(_: Apart<Value>.Type, forKey key: Key) throws -> Apart<Value> {
    Apart(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
  }
}

extension KeyedEncodingContainer {
  /// Where there is none, the key is left out.
  package mutating func encode<Value>(_ value: Apart<Value>, forKey key: Key) throws {
    try encodeIfPresent(value.wrappedValue, forKey: key)
  }
}
