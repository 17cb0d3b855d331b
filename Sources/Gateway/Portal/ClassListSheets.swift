import Foundation
import Mail
import Printing
import Rendering
import School

/// The class lists of a mail as PDF, a file a group.
struct ClassListSheets: Sendable {
  let gateway: SchoolGateway

  func files(_ context: NoticeContext, at: Date) async -> [OutgoingAttachment] {
    let sheets = (context.classLists?.lists ?? []).map { list in
      (list, gateway.templates.sheet(of: list, context, at: at))
    }
    return await withCheckedContinuation { continuation in
      // Cairo and Pango read fonts from disk.
      DispatchQueue.global().async {
        continuation.resume(
          returning: sheets.compactMap { list, sheet in
            Self.table(list, sheet, at: at).pdf().map { pdf in
              let name = "\(RouteWord.classList.canonical)-\(list.group.routeWord).pdf"
              return OutgoingAttachment(fileName: name, mediaType: "application/pdf", data: pdf)
            }
          })
      }
    }
  }

  private static func table(_ list: ClassList, _ sheet: ClassListSheet, at: Date) -> PrintedTable {
    let columns = zip(sheet.columns, [36.0, 34, 28, 44, 44]).map { PrintedTable.Column(title: $0, width: $1) }
    return PrintedTable(
      title: sheet.title, note: sheet.note, columns: Array(columns),
      rows: list.rows.map { row in
        let lines = row.carers.map { ["", $0.name, $0.phone ?? "", $0.mail ?? "", $0.address ?? ""] }
        var first = lines.first ?? [String](repeating: "", count: columns.count)
        first[0] = row.pupil
        return [first] + lines.dropFirst()
      }, footer: sheet.footer, made: at)
  }
}
