import CLibical
import Foundation
import Synchronization

/// The door to libical. Its error state and its time zones are of the whole process: one at a time goes through.
enum Libical {
  private static let door = Mutex(())

  static func use<Result: Sendable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result: Swift.Result<Result, Failure> = door.withLock { _ in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

/// A component and all in it, freed with its last reference.
struct Component: ~Copyable {
  let pointer: OpaquePointer

  init?(owning pointer: OpaquePointer?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  deinit { icalcomponent_free(pointer) }
}

extension OpaquePointer {
  /// The properties of a kind, of this component.
  func properties(_ kind: icalproperty_kind) -> [OpaquePointer] {
    var found: [OpaquePointer] = []
    var next = icalcomponent_get_first_property(self, kind)
    while let property = next {
      found.append(property)
      next = icalcomponent_get_next_property(self, kind)
    }
    return found
  }

  /// The components of a kind, right below this one.
  func components(_ kind: icalcomponent_kind) -> [OpaquePointer] {
    var found: [OpaquePointer] = []
    var next = icalcomponent_get_first_component(self, kind)
    while let component = next {
      found.append(component)
      next = icalcomponent_get_next_component(self, kind)
    }
    return found
  }
}
