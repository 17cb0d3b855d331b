import CoreMetrics
import Foundation
import Testing

@testable import Web

@Suite("What Prometheus is told")
struct PrometheusRegistryTests {
  @Test("Counters and gauges, by name and labels in order, with what they mean")
  func text() {
    let registry = PrometheusRegistry(help: ["b_total": "Mails \\ sent\nin all."])
    for provider in ["kpn", "gmail", "kpn"] {
      Counter(label: "b_total", dimensions: [("provider", provider), ("outcome", "accepted")], factory: registry)
        .increment()
    }
    Gauge(label: "a_seconds", factory: registry).record(0.25)
    Gauge(label: "c", dimensions: [("words", "a \"b\" \\ c\nd")], factory: registry).record(3)
    #expect(
      registry.text() == """
        # TYPE a_seconds gauge
        a_seconds 0.25
        # HELP b_total Mails \\\\ sent\\nin all.
        # TYPE b_total counter
        b_total{outcome="accepted",provider="gmail"} 1
        b_total{outcome="accepted",provider="kpn"} 2
        # TYPE c gauge
        c{words="a \\"b\\" \\\\ c\\nd"} 3

        """)
  }

  @Test("Counting from many tasks at once loses nothing")
  func concurrent() async {
    let registry = PrometheusRegistry()
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 { Counter(label: "x_total", dimensions: [("a", "b")], factory: registry).increment() }
        }
      }
    }
    #expect(registry.text() == "# TYPE x_total counter\nx_total{a=\"b\"} 8000\n")
  }
}
