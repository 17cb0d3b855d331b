import Foundation
import Testing

@testable import Mail

@Suite("What is for its reader alone is taken out of what comes back")
struct PrivatePartTests {
  @Test(
    "Between its marks, however often, quoted or not, ended or not",
    arguments: [
      ("Dank u!", "Dank u!"), ("a [[= b =]] c", "a … c"), ("a [[= b =]] c [[=d=]] e", "a … c … e"),
      ("Hoi\n> [[=\n> score 212\n> =]]\n> Groet", "Hoi\n> …\n> Groet"), ("a [[= b", "a …"), ("[[=[[= b =]] c", "… c"),
      ("=]] a", "=]] a"), ("[= geen merk =]", "[= geen merk =]"), ("", ""),
    ])
  func removed(text: String, left: String) { #expect(PrivatePart.removed(from: text) == left) }

  @Test("A picture is known by its mark, whatever a client calls it")
  func picture() {
    let file = { (data: String) in
      Attachment(
        fileName: "image001.png", mediaType: "image/png", contentID: "x", isInline: true, data: Data(data.utf8))
    }
    let mark = PrivatePart.pictureMark
    for data in ["…Comment\0\(mark)…", mark, "ppp\(mark)", "\(mark)p", "postplein-\(mark)"] {
      #expect(file(data).isPrivatePart, "\(data)")
    }
    for data in ["foto", "", "p", String(mark.dropLast()), "\(mark.dropLast())\0", "postplein-\(mark.dropFirst())"] {
      #expect(!file(data).isPrivatePart, "\(data)")
    }
  }
}
