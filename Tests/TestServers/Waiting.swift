import Foundation
import Glibc

extension Process {
  /// Waits until the process has ended, by the kernel's word. `waitUntilExit` waits for the end of a socket that whatever
  /// the process started may hold too, and goes round and round until then.
  ///
  /// - Returns: its exit code.
  @discardableResult
  package func waitByKernel() -> Int32 {
    var info = siginfo_t()
    while waitid(P_PID, id_t(processIdentifier), &info, WEXITED | WNOWAIT) != 0 {
      if errno == EINTR { continue }
      // Foundation was told first, has let go of it, and says so in a moment.
      while isRunning { usleep(1_000) }
      return terminationStatus
    }
    return info._sifields._sigchld.si_status
  }
}
