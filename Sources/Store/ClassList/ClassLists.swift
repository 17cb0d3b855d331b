import GRDB
import School

extension Schema {
  /// What carers can be reached at beside mail, and what of it they show beside which child. Both belong to the
  /// directory, and go with the carer or the pupil.
  static let classLists =
    ContactDetails.Part.allCases.map { "ALTER TABLE carer ADD COLUMN \($0.rawValue) TEXT NOT NULL DEFAULT ''" } + [
      """
      CREATE TABLE class_list_shown (
        carer TEXT NOT NULL REFERENCES carer (id) ON DELETE CASCADE,
        pupil TEXT NOT NULL REFERENCES pupil (id) ON DELETE CASCADE, field TEXT NOT NULL,
        PRIMARY KEY (carer, pupil, field)
      ) STRICT
      """,
      "CREATE INDEX class_list_shown_pupil ON class_list_shown (pupil)",
    ] + countingChanges(of: "class_list_shown")
}

extension ContactDetails {
  init(_ row: Row) {
    self.init(phone: row["phone"], street: row["street"], postcode: row["postcode"], city: row["city"])
  }
}

extension Database {
  func apply(_ change: ClassListChange) throws {
    for carer in change.carers {
      try run(
        change.shows
          ? "INSERT INTO class_list_shown (carer, pupil, field) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
          : "DELETE FROM class_list_shown WHERE carer = ? AND pupil = ? AND field = ?",
        [carer, change.pupil, change.field.rawValue])
    }
  }

  /// What each carer shows beside each child.
  func classListShown() throws -> [CarerID: [PupilID: Set<ContactField>]] {
    var shown: [CarerID: [PupilID: Set<ContactField>]] = [:]
    let rows = try Row.fetchCursor(self, sql: "SELECT carer, pupil, field FROM class_list_shown")
    while let row = try rows.next() {
      guard let field = ContactField(rawValue: row["field"]) else { continue }
      shown[row["carer"], default: [:]][row["pupil"], default: []].insert(field)
    }
    return shown
  }

  /// Only what is stated; the rest stays as it is.
  func setContact(_ carer: CarerID, _ stated: [ContactDetails.Part: String]) throws {
    for (part, value) in stated {
      try run("UPDATE carer SET \(part.rawValue) = ? WHERE id = ?", [value, carer])
    }
  }
}
