import Transport

/// The live mailbox over libetpan, with TLS always and its certificate verified here.
package struct EtpanConnector: IMAPConnector {
  private let account: ServerAccount
  private let limits: IMAPLimits

  package init(account: ServerAccount, limits: IMAPLimits = IMAPLimits()) {
    self.account = account
    self.limits = limits
  }

  /// Connects, verifies chain and host name before anything secret is sent, logs in and selects the folder.
  ///
  /// - Parameter folder: `INBOX`, or a path with `/` between its parts whatever the server's separator is.
  package func connect(folder: String) async throws(TransportError) -> any IMAPSession {
    let session = try EtpanSession(limits: limits)
    do {
      try await session.open(account, folder: folder)
    } catch {
      await session.close()
      throw error
    }
    return session
  }
}
