import FlyingFox
import FlyingSocks
import Foundation
import Gateway

/// What a running gateway tells of itself by HTTP, on loopback alone: `/metrics` for Prometheus, `/healthz` (its parts
/// come round) and `/readyz` (mail comes in, and the store answers and takes what is to be written). Nothing personal
/// stands in it.
package struct ObservationServer: Sendable {
  let gateway: SchoolGateway
  let registry: PrometheusRegistry
  private let server: HTTPServer

  /// - Parameter port: 0 for any that is free.
  /// - Throws: never for a port in use; `run` does.
  package init(port: UInt16, gateway: SchoolGateway, registry: PrometheusRegistry) throws {
    self.gateway = gateway
    self.registry = registry
    // A scrape that takes longer is given up. A client that says nothing is not: the port trusts this machine.
    server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), timeout: 10, logger: .disabled)
  }

  /// Until the task is cancelled.
  package func run() async throws {
    await server.appendRoute("GET,HEAD /metrics") { [self] in await Self.answer($0, metrics()) }
    await server.appendRoute("GET,HEAD /healthz") { [self] in Self.answer($0, health()) }
    await server.appendRoute("GET,HEAD /readyz") { [self] in await Self.answer($0, readiness()) }
    try await server.run()
  }

  /// Where it listens, once it does.
  package func listeningPort() async throws -> UInt16? {
    try await server.waitUntilListening(timeout: 10)
    guard case .ip4(_, let port) = await server.listeningAddress else { return nil }
    return port
  }

  private func metrics() async -> HTTPResponse {
    do { try await gateway.measure() } catch {
      return Self.response(.internalServerError, "the store does not answer\n")
    }
    return Self.response(.ok, registry.text(), type: "text/plain; version=0.0.4; charset=utf-8")
  }

  private func health() -> HTTPResponse {
    let late = gateway.vitals.late.map(\.rawValue)
    guard late.isEmpty else { return Self.response(.serviceUnavailable, "late: \(late.joined(separator: ", "))\n") }
    return Self.response(.ok, "ok\n")
  }

  private func readiness() async -> HTTPResponse {
    guard gateway.vitals.isMailboxOpen else {
      return Self.response(.serviceUnavailable, "the mailbox is not reached\n")
    }
    guard gateway.vitals.isTakingMail, gateway.store.takesWrites else {
      return Self.response(.serviceUnavailable, "the store cannot be written\n")
    }
    guard (try? await gateway.store.waitingDeliveries()) != nil else {
      return Self.response(.serviceUnavailable, "the store does not answer\n")
    }
    return Self.response(.ok, "ok\n")
  }

  /// Who asks by HEAD, as some that watch do, gets all but the content (RFC 9110, section 9.3.2).
  private static func answer(_ request: HTTPRequest, _ response: HTTPResponse) -> HTTPResponse {
    guard request.method == HTTPMethod("HEAD") else { return response }
    return HTTPResponse(statusCode: response.statusCode, headers: response.headers, body: Data())
  }

  private static func response(
    _ status: HTTPStatusCode, _ text: String, type: String = "text/plain; charset=utf-8"
  ) -> HTTPResponse {
    let body = Data(text.utf8)
    return HTTPResponse(
      statusCode: status,
      headers: [.contentType: type, .contentLength: "\(body.count)", .connection: "close"], body: body)
  }
}
