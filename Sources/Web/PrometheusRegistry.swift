import CoreMetrics
import Foundation
import Synchronization

/// Counters and gauges by the interface of swift-metrics, told in the text format of Prometheus
/// (prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4).
package final class PrometheusRegistry: MetricsFactory {
  private enum Kind: String {
    case counter, gauge
  }

  private struct Family {
    let kind: Kind
    var cells: [String: MetricCell] = [:]
  }

  private let families = Mutex<[String: Family]>([:])
  /// What each metric means, by its name.
  private let help: [String: String]

  package init(help: [String: String] = [:]) { self.help = help }

  /// All that was counted and measured, by name and labels in order.
  package func text() -> String {
    let families = families.withLock { $0.sorted { $0.key < $1.key } }
    var text = ""
    for (name, family) in families {
      if let help = help[name] { text += "# HELP \(name) \(Self.escaped(help))\n" }
      text += "# TYPE \(name) \(family.kind.rawValue)\n"
      for (labels, cell) in family.cells.sorted(by: { $0.key < $1.key }) {
        text += "\(name)\(labels) \(Self.number(cell.value))\n"
      }
    }
    return text
  }

  private func cell(_ kind: Kind, _ name: String, _ dimensions: [(String, String)]) -> MetricCell {
    let labels = Self.labels(dimensions)
    return families.withLock { families in
      let family = families[name]
      precondition(family.map { $0.kind == kind } ?? true, "\(name) is counted in one place and measured in another")
      if let cell = family?.cells[labels] { return cell }
      let cell = MetricCell()
      families[name, default: Family(kind: kind)].cells[labels] = cell
      return cell
    }
  }

  private static func labels(_ dimensions: [(String, String)]) -> String {
    guard !dimensions.isEmpty else { return "" }
    let pairs = dimensions.sorted { $0.0 < $1.0 }.map { name, value in
      let value = escaped(value)
      let isPlain = !value.utf8.contains(UInt8(ascii: "\""))
      return "\(name)=\"\(isPlain ? value : value.replacing("\"", with: "\\\""))\""
    }
    return "{\(pairs.joined(separator: ","))}"
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") }) else { return text }
    return text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }

  /// Whole numbers without a point.
  private static func number(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  // MARK: MetricsFactory

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    cell(.counter, label, dimensions)
  }

  package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    cell(.gauge, label, dimensions)
  }

  /// The last duration, in seconds.
  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    cell(.gauge, label, dimensions)
  }

  // A metric is told as long as the program runs: a counter that goes would be taken for one that began anew.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}

/// One number.
private final class MetricCell: CounterHandler, RecorderHandler, TimerHandler {
  private let number = Mutex(0.0)
  var value: Double { number.withLock { $0 } }

  func increment(by amount: Int64) { number.withLock { $0 += Double(amount) } }
  func reset() { number.withLock { $0 = 0 } }
  func record(_ value: Int64) { number.withLock { $0 = Double(value) } }
  func record(_ value: Double) { number.withLock { $0 = value } }
  func recordNanoseconds(_ duration: Int64) { number.withLock { $0 = Double(duration) / 1e9 } }
}
