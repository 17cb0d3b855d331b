import Foundation
import Mail
import School

/// What a mail to a route of the portal, or an answer to one of its mails, asks.
extension MailContents {
  /// Nil where the act is none of these, or where an answer is no command: that is for support.
  func portalAct(_ act: Act) -> Act? {
    switch act {
    case .documents(let request): .documents(DocumentRequest(documentAsk(text(for: act)), group: request.group))
    case .classList(let request):
      .classList(
        ClassListRequest(ClassListRequest.Ask.read(subject: subject, text: text(for: act)), group: request.group))
    case .answer(.documents): DocumentRequest.Ask.answer(text(for: act)).map { .documents(DocumentRequest($0)) }
    case .answer(.classList): ClassListRequest.Ask.answer(text(for: act)).map { .classList(ClassListRequest($0)) }
    case .answer(.filing(let filing)): filingAsk(filing, text(for: act)).map { .documents(DocumentRequest($0)) }
    case .answer(.results): ResultsWord.isAsked(text(for: act), children: children) ? .results : nil
    case .photos, .answer(.album), .answer(.photoBatch), .answer(.albums), .answer(.consent): photoAct(act)
    default: nil
    }
  }

  private func documentAsk(_ text: String) -> DocumentRequest.Ask {
    DocumentRequest.Ask.read(subject: subject, text: text, hasFiles: !documentFiles.isEmpty)
  }

  private func filingAsk(_ filing: FilingID, _ text: String) -> DocumentRequest.Ask? {
    CommandWord(firstLineOf: text) == .retract ? .restore(filing) : DocumentRequest.Ask.answer(text)
  }

  /// Without `Re:`, and without the route that stands in it in mode `plain`.
  var subject: String {
    let whole = mail.message.subject
    return SubjectLine(gateway.settings.scheme.route(inSubject: whole)?.subject ?? whole).base
  }

  /// A picture within the text belongs to a signature.
  var documentFiles: [Attachment] {
    mail.message.attachments.filter { !($0.isInline && $0.mediaType.hasPrefix("image/")) }
  }
}
