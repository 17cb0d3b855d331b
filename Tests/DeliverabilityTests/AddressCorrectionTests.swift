import Mail
import Testing

@testable import Deliverability

@Suite("What somebody meant to type")
struct AddressCorrectionTests {
  @Test(
    "A domain that is nearly a provider's is that one",
    arguments: [
      ("els@hotmial.com", "els@hotmail.com"), ("els@gmial.com", "els@gmail.com"), ("els@gmail.con", "els@gmail.com"),
      ("els@gmail.nl", "els@gmail.com"), ("els@hotmil.com", "els@hotmail.com"), ("els@zigo.nl", "els@ziggo.nl"),
      ("els@outlok.com", "els@outlook.com"), ("els@iclod.com", "els@icloud.com"), ("els@planetnl", "els@planet.nl"),
      ("els@kpnmial.nl", "els@kpnmail.nl"), ("Els.B@GNAIL.com", "Els.B@gmail.com"),
    ])
  func near(typed: String, meant: String) throws {
    let address = try #require(MailAddress(typed))
    #expect(AddressCorrection.likely(for: address)?.description == meant)
  }

  @Test(
    "Others stay as they are",
    arguments: [
      "els@hotmail.com", "els@ziggo.nl", "els@school.nl", "els@wilgenhof.nl", "els@mail.nl", "els@gemeente-drachten.nl",
      "els@x.nl", "els@live.nl",
    ])
  func far(typed: String) throws {
    #expect(AddressCorrection.likely(for: try #require(MailAddress(typed))) == nil)
  }
}
