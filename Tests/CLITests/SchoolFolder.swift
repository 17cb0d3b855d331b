import Foundation

/// A school's folder for one test; gone with it.
final class SchoolFolder {
  let url: URL

  /// The least that a school must say.
  static let least = """
    school:
      name: De Wilgenhof
    address:
      mode: subaddress
      mailbox: Ouders@School.nl
    imap:
      host: imap.school.nl
      user: ouders
      password-env: IMAP_PASSWORD
    smtp:
      host: smtp.school.nl
      user: ouders
      password-file: mail-password

    """
  static let environment = ["IMAP_PASSWORD": "imap-geheim"]

  init(_ yaml: String = SchoolFolder.least, password: String? = "smtp-geheim\n", rights: Int = 0o600) throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "school-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try write(yaml, to: "postplein.yaml")
    if let password { try write(password, to: "mail-password", rights: rights) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to name: String, rights: Int = 0o600) throws {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: file.path)
  }
}
