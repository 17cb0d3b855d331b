/// Where a carer can be reached beside mail, as the school's file of parents says it; empty where it says nothing.
package struct ContactDetails: Sendable, Hashable {
  /// One column each.
  package enum Part: String, Sendable, Hashable, CaseIterable {
    case phone, street, postcode, city
  }

  package var phone: String
  /// With the number.
  package var street: String
  package var postcode: String
  package var city: String

  package init(phone: String = "", street: String = "", postcode: String = "", city: String = "") {
    self.phone = phone
    self.street = street
    self.postcode = postcode
    self.city = city
  }

  /// `Dorpsstraat 1, 9001 AB Grou`
  package var postalAddress: String {
    let place = [postcode, city].filter { !$0.isEmpty }.joined(separator: " ")
    return [street, place].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  package subscript(part: Part) -> String {
    switch part {
    case .phone: phone
    case .street: street
    case .postcode: postcode
    case .city: city
    }
  }

  var parts: [Part: String] { Dictionary(uniqueKeysWithValues: Part.allCases.map { ($0, self[$0]) }) }
}

/// What a family may show of each parent on a class list.
package enum ContactField: String, Sendable, Hashable, Codable, CaseIterable {
  case phone, mail, address
}
