import Mail

/// Who runs the mail of a domain, as far as the domain tells: for reports and advice.
package enum Provider {
  /// A provider's name, as `outlook-consumer` or `kpn`; nil for a domain that is not in the table.
  package static func of(domain: String) -> String? { byDomain[domain.lowercased()] }

  /// Whose server spoke, by the name of a host in its words; nil where none is known. Of several the one that the
  /// reporting server spoke to, which is often one of those that host schools too.
  package static func of(words: String) -> String? {
    let text = words.lowercased()
    let named = hosts.filter { $0.suffixes.contains { text.holds($0) } }.map(\.provider)
    return named.first { !hosting.contains($0) } ?? named.first
  }

  /// Whose server refused a mail to this address: by its mail exchanger, else by the host that spoke, else by the
  /// address's domain.
  ///
  /// - Parameter remoteMTA: of a delivery status: the host that was asked.
  package static func of(recipient: MailAddress?, words: String?, remoteMTA: String? = nil) -> String? {
    let byDomain = recipient.flatMap { of(domain: $0.domain) }
    guard let byHost = remoteMTA.flatMap(of(words:)) ?? words.flatMap(of(words:)) else {
      // Google signs for its own users and for those of its customers alike.
      let isGoogle = words?.lowercased().hasSuffix("gsmtp") ?? false
      return byDomain ?? (isGoogle ? (recipient == nil ? "gmail" : "google-workspace") : nil)
    }
    // The large ones also send: a name of theirs may be that of the school's own provider, or of a host that serves
    // both kinds of users.
    return hosting.contains(byHost) ? byDomain ?? byHost : byHost
  }

  private static let hosting: Set<String> = ["m365-tenant", "google-workspace", "gmail"]

  /// Endings of the names of mail exchangers. Sources: the providers' postmaster pages, and their MX records.
  private static let hosts: [(provider: String, suffixes: [String])] = [
    ("outlook-consumer", [".olc.protection.outlook.com", ".hotmail.com"]),
    (
      "m365-tenant",
      [
        ".mail.protection.outlook.com", ".prod.outlook.com", ".prod.protection.outlook.com", ".prod.exchangelabs.com",
        ".mx.microsoft",
      ]
    ),
    ("gmail", ["gmail-smtp-in.l.google.com", "gmr-mx.google.com"]),
    ("google-workspace", ["aspmx.l.google.com", ".googlemail.com", "smtp.google.com"]),
    ("yahoo", [".yahoodns.net", ".mail.yahoo.com"]),
    ("icloud", [".mail.icloud.com", ".mail.me.com", ".privaterelay.appleid.com"]),
    ("kpn", ["mx.kpnmail.nl", ".kpnmail.nl", ".kpnxchange.com"]), ("ziggo", [".ziggo.nl", ".as9143.net"]),
    ("mimecast", [".mimecast.com"]), ("proofpoint", [".pphosted.com", ".ppe-hosted.com"]),
    ("spamexperts", [".antispamcloud.com", ".mtroutes.", "mx.spamexperts.com"]),
    ("barracuda", [".barracudanetworks.com", ".ess.barracuda"]), ("cisco", [".iphmx.com"]),
    ("symantec", [".messagelabs.com", "symanteccloud.com"]), ("zoho", [".zoho.com", ".zoho.eu"]),
    ("proton", [".protonmail.ch"]),
    ("transip", [".transip.email"]), ("combell", [".mailprotect.be", ".mailprotect.eu"]),
    ("cloudflare", [".mx.cloudflare.net"]), ("soverin", [".soverin.net"]), ("solcon", [".solcon.nl"]),
  ]

  private static let byDomain = Dictionary(
    table.flatMap { provider, domains in domains.split(whereSeparator: \.isWhitespace).map { (String($0), provider) } },
    uniquingKeysWith: { first, _ in first })

  /// Source: the autoconfiguration database of Thunderbird (ispdb) and the providers' own pages.
  private static let table: [(provider: String, domains: String)] = [
    (
      "outlook-consumer",
      """
      hotmail.com live.com msn.com outlook.com windowslive.com outlook.at outlook.be outlook.cl outlook.cz
      outlook.de outlook.dk outlook.es outlook.fr outlook.hu outlook.ie outlook.in outlook.it outlook.jp
      outlook.kr outlook.lv outlook.my outlook.ph outlook.pt outlook.sa outlook.sg outlook.sk
      outlook.co.id outlook.co.il outlook.co.th outlook.com.ar outlook.com.au outlook.com.br
      outlook.com.gr outlook.com.tr outlook.com.vn hotmail.be hotmail.ca hotmail.cl hotmail.cz hotmail.de
      hotmail.dk hotmail.es hotmail.fi hotmail.fr hotmail.gr hotmail.hu hotmail.it hotmail.lt hotmail.lv
      hotmail.my hotmail.nl hotmail.no hotmail.ph hotmail.rs hotmail.se hotmail.sg hotmail.sk
      hotmail.co.id hotmail.co.il hotmail.co.in hotmail.co.jp hotmail.co.kr hotmail.co.th hotmail.co.uk
      hotmail.co.za hotmail.com.ar hotmail.com.au hotmail.com.br hotmail.com.hk hotmail.com.tr
      hotmail.com.tw hotmail.com.vn live.at live.be live.ca live.cl live.cn live.de live.dk live.fi
      live.fr live.hk live.ie live.in live.it live.jp live.nl live.no live.ru live.se live.co.jp
      live.co.kr live.co.uk live.co.za live.com.ar live.com.au live.com.mx live.com.my live.com.ph
      live.com.pt live.com.sg livemail.tw olc.protection.outlook.com
      """
    ),
    ("gmail", "gmail.com googlemail.com google.com jazztel.es nyu.edu"),
    (
      "kpn",
      """
      kpnmail.nl kpnplanet.nl planet.nl wxs.nl hetnet.nl freeler.nl snelnet.net on.nl onsbrabantnet.nl
      onsmail.nl onsnet.nu onsneteindhoven.nl onsnetnuenen.nl xs4all.nl telfort.nl tip.nl tiscali.nl
      tiscalimail.nl
      """
    ),
    (
      "ziggo",
      """
      hahah.nl ziggomail.com casema.nl zinders.nl ziggo.nl zeggis.nl zeggis.com razcall.nl razcall.com
      upcmail.nl chello.nl multiweb.nl home.nl quicknet.nl
      """
    ),
    ("delta-zeelandnet", "zeelandnet.nl"),
    (
      "yahoo",
      """
      yahoo.com yahoo.ca yahoo.de yahoo.it yahoo.fr yahoo.es yahoo.se yahoo.co.in yahoo.co.uk yahoo.co.nz
      yahoo.com.au yahoo.com.ar yahoo.com.br yahoo.com.mx ymail.com myyahoo.com rocketmail.com cox.net
      mail.am0.yahoodns.net am0.yahoodns.net yahoodns.net aol.com
      """
    ),
    ("icloud", "icloud.com me.com mac.com privaterelay.appleid.com"),
  ]
}
