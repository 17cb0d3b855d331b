import Foundation
import Mail
import School

/// Takes the rows one by one; a carer who stands in several rows, once for each child, is one carer.
struct CarerReading {
  let columns: CarerColumns
  let pupils: [PupilID: Pupil]
  var carers: [CarerID: RosterCarer] = [:]
  var problems: [ImportProblem] = []

  init(columns: CarerColumns, pupils: [PupilID: Pupil]) {
    self.columns = columns
    self.pupils = pupils
  }

  mutating func read(_ row: CarerTable.Row) {
    var isAnybody = false
    for places in columns.carers {
      let cell = { (field: CarerColumns.Field) in
        places[field].flatMap { $0 < row.fields.count ? row.fields[$0] : nil } ?? ""
      }
      // In a row a pupil, the second parent's cells are often empty.
      let isEmpty = [CarerColumns.Field.address, .name, .givenName, .familyName].allSatisfy { cell($0).isEmpty }
      if isEmpty, columns.carers.count > 1 { continue }
      isAnybody = true
      do throws(Refusal) {
        try take(cell, contact: contact(places, row), statesAuthority: places[.authority] != nil)
      } catch {
        problems.append(ImportProblem(line: row.line, reason: error.reason))
      }
    }
    if !isAnybody { problems.append(ImportProblem(line: row.line, reason: "no carer stands in this row")) }
  }

  private struct Refusal: Error { let reason: String }

  private mutating func take(
    _ cell: (CarerColumns.Field) -> String, contact: [ContactDetails.Part: String], statesAuthority: Bool
  ) throws(Refusal) {
    guard !cell(.address).isEmpty else { throw Refusal(reason: "the mail address is missing") }
    guard let address = MailAddress(cell(.address)), address.domain.contains(".") else {
      throw Refusal(reason: "the mail address is not one: look for spaces, commas or a missing @")
    }
    let parts = cell(.name).isEmpty ? [cell(.givenName), cell(.prefix), cell(.familyName)] : [cell(.name)]
    let name = parts.filter { !$0.isEmpty }.joined(separator: " ")
    guard !name.isEmpty else { throw Refusal(reason: "the name is missing") }
    guard let language = CarerWords.language(cell(.language)) else {
      throw Refusal(reason: "the language is not known: use nl, fy or en")
    }
    guard let authority = CarerWords.authority(cell(.authority)) else {
      throw Refusal(reason: "the authority is not known: use ja, op verzoek or nee")
    }
    let code = cell(.code)
    let id = CarerID(code.isEmpty ? "\(address.canonical) \(CarerWords.plain(name))" : code)
    guard contact.values.allSatisfy({ $0.count <= ImportLimits.contactCharacters }) else {
      throw Refusal(
        reason: "the phone number or the postal address is longer than \(ImportLimits.contactCharacters) characters")
    }
    var carer = RosterCarer(
      id: id, name: name, address: address.canonical, language: language, authority: carers[id]?.authority ?? [:],
      contact: contact)
    // The row of one child may lack what that of another has.
    carer.contact.merge(carers[id]?.contact ?? [:]) { new, before in new.isEmpty ? before : new }
    carer.unstated = carers[id]?.unstated ?? []
    for pupil in try children(cell(.pupils)) {
      let isStated = carer.authority[pupil] != nil && !carer.unstated.contains(pupil)
      if statesAuthority { carer.unstated.remove(pupil) } else if !isStated { carer.unstated.insert(pupil) }
      if statesAuthority || !isStated { carer.authority[pupil] = authority }
    }
    carers[id] = carer
  }

  /// What the row states, empty cells included; not what the file has no column for.
  private func contact(
    _ places: [CarerColumns.Field: Int], _ row: CarerTable.Row
  ) -> [ContactDetails.Part: String] {
    let cell = { (field: CarerColumns.Field) -> String? in
      guard let place = places[field] else { return nil }
      // Sheets leave out what is empty at the end of a row.
      return (place < row.fields.count ? row.fields[place] : "").split(whereSeparator: \.isWhitespace).joined(
        separator: " ")
    }
    let street = [cell(.street), cell(.houseNumber), cell(.houseAddition)]
    var stated: [ContactDetails.Part: String] = [:]
    stated[.phone] = cell(.phone)
    stated[.street] = street[0] == nil ? nil : street.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
    stated[.postcode] = cell(.postcode)
    stated[.city] = cell(.city)
    return stated
  }

  private func children(_ text: String) throws(Refusal) -> [PupilID] {
    let numbers = text.split { ",;|/ ".contains($0) || $0.isNewline }.map(String.init)
    guard !numbers.isEmpty else { throw Refusal(reason: "no pupil stands in this row") }
    let unknown = numbers.filter { pupils[PupilID($0)] == nil }
    guard unknown.isEmpty else {
      throw Refusal(
        reason:
          "pupil \(unknown.joined(separator: ", ")) is not at the school: import EDEXML first, or correct the number")
    }
    return numbers.map { PupilID($0) }
  }
}
