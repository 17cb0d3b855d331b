// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "postplein",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "postplein", targets: ["CLI"])],
  dependencies: [
    // HMAC for reply keys, SHA-256 for the names of raw messages and the fingerprints of mails.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // SQLite; 7.10.0 is the version that links against Debian 12's SQLite 3.40.
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    // Mustache templates, which schools can read and override.
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    // Structured logs.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // Counters and gauges, by the interface that Prometheus's and other back ends share.
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    // The small HTTP surface: one actor over sockets, in half a minute of building where Hummingbird takes four.
    .package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1")),
    // The command line: subcommands, --help and exit codes by the usual library.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Signals, and a clean stop of the services.
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    // YAML, the format of a school's configuration file.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // The CSV file of carers: quotes, any delimiter.
    .package(url: "https://github.com/swiftcsv/SwiftCSV", .upToNextMinor(from: "0.10.0")),
    // Verifies the IMAP server's certificate chain and host name, which libetpan does not do.
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    // DER of those certificates, and of S/MIME's signed data: swift-certificates' own companion.
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
  ],
  targets: [
    // MIME, as notmuch and Geary read it.
    .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
    // HTML bodies, by a parser that forgives what mail clients write.
    .systemLibrary(name: "CLibxml2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    // TNEF (winmail.dat), as Evolution reads it; of GPL-2+, so binaries that link it are passed on under its terms.
    .systemLibrary(name: "CYTNEF", pkgConfig: "libytnef", providers: [.apt(["libytnef0-dev"])]),
    // What DMARC and TLS reports come packed in: zip, gzip, gzip in gzip; and the zip of all that is kept of a person.
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    // Letters as PDF: text laid out in any script, with its fonts embedded.
    .systemLibrary(
      name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev", "libcairo2-dev"])]),
    // The DNS, asked as a validating resolver asks it; it tells the data of any record type.
    .systemLibrary(name: "CUnbound", pkgConfig: "libunbound", providers: [.apt(["libunbound-dev"])]),
    // iCalendar (RFC 5545) with its time zones, as Evolution reads and writes it.
    .systemLibrary(name: "CLibical", pkgConfig: "libical", providers: [.apt(["libical-dev"])]),
    // How much of what was freed the C library keeps for itself.
    .systemLibrary(name: "CGlibc"),
    // Photos: upright, small and without metadata, read as they are decoded; HEIC by its module over libheif. It is loaded
    // with the first photo: linked is only what its headers name.
    .systemLibrary(name: "CVips", pkgConfig: "gio-2.0", providers: [.apt(["libvips-dev"])]),
    // IMAP, prescribed by the project's owner.
    .systemLibrary(name: "CLibetpan", providers: [.apt(["libetpan-dev"])]),
    // SMTP, prescribed by the project's owner.
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-gnutls-dev"])]),

    .target(
      name: "Mail",
      dependencies: [
        "CGMime", "CLibxml2", "CYTNEF", .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "School"),
    .target(name: "Packing", dependencies: ["CArchive"]),
    .target(name: "Deliverability", dependencies: ["Mail", "Packing"]),
    .target(name: "Transport", dependencies: ["Mail"]),
    .target(
      name: "TransportIMAP",
      dependencies: [
        "Transport", "Mail", "CLibetpan",
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
      ]),
    .target(name: "TransportSMTP", dependencies: ["Transport", "Mail", "CLibcurl"]),

    .target(
      name: "Store",
      dependencies: [
        "School", "Mail", "CGlibc", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Rendering", dependencies: ["School", "Mail", .product(name: "Mustache", package: "swift-mustache")]),
    .target(
      name: "Gateway",
      dependencies: [
        "School", "Mail", "Store", "Deliverability", "Rendering", "Transport", "Printing", "Packing", "ICalendar",
        "Pictures", .product(name: "SwiftCSV", package: "SwiftCSV"),
        .product(name: "Logging", package: "swift-log"), .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ]),
    .target(
      name: "Web",
      dependencies: [
        "Gateway", .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ]),

    .target(name: "DNS", dependencies: ["CUnbound"]),
    .target(name: "Printing", dependencies: ["CPango"]),
    .target(name: "ICalendar", dependencies: ["CLibical"]),
    .target(name: "Pictures", dependencies: ["CVips"]),

    .executableTarget(
      name: "CLI",
      dependencies: [
        "Gateway", "Web", "Printing", "Pictures", "DNS", "Store", "Rendering", "Deliverability", "School", "Mail",
        "Transport", "TransportIMAP", "TransportSMTP", "CGlibc",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"), .product(name: "Yams", package: "Yams"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),

    .target(name: "TestServers", path: "Tests/TestServers"),
    .target(name: "TestRandom", path: "Tests/TestRandom"),
    .testTarget(name: "MailTests", dependencies: ["Mail", "TestRandom"], resources: [.copy("Fixtures")]),
    .testTarget(name: "SchoolTests", dependencies: ["School", "TestRandom"]),
    .testTarget(name: "PackingTests", dependencies: ["Packing"]),
    .testTarget(name: "DeliverabilityTests", dependencies: ["Deliverability", "Mail", "Packing"]),
    .testTarget(
      name: "RenderingTests", dependencies: ["Rendering", "School", "Mail", "TestRandom"], exclude: ["Golden"]),
    .testTarget(name: "PrintingTests", dependencies: ["Printing"]),
    .testTarget(name: "ICalendarTests", dependencies: ["ICalendar"], resources: [.copy("Fixtures")]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "TestServers"]),
    .testTarget(name: "StoreTests", dependencies: ["Store", "School"]),
    .testTarget(
      name: "GatewayTests",
      dependencies: [
        "Gateway", "School", "Mail", "Store", "Rendering", "Packing", "ICalendar", "Transport", "TransportIMAP",
        "TransportSMTP", "TestServers", "TestRandom",
      ]),
    .testTarget(name: "WebTests", dependencies: ["Web", .product(name: "CoreMetrics", package: "swift-metrics")]),
    .testTarget(name: "TransportIMAPTests", dependencies: ["TransportIMAP", "Transport"]),
    .testTarget(
      name: "TransportSMTPTests", dependencies: ["TransportSMTP", "Transport", "Mail"], exclude: ["Fixtures"]),
    .testTarget(name: "TestServersTests", dependencies: ["TestServers"]),
    .testTarget(
      name: "CLITests",
      dependencies: [
        "CLI", "TestServers", "DNS", "Store", "School", "Gateway", "Mail", "Transport",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(name: "RepositoryTests", dependencies: ["CLI"]),
  ],
  swiftLanguageModes: [.v6]
)

// CI builds with warnings as errors; `-warnings-as-errors` on the command line would reach the dependencies too.
if Context.environment["POSTPLEIN_STRICT"] != nil {
  for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}

// Fuzz targets need the whole program instrumented, so they are built apart, by deploy/fuzz.
if Context.environment["POSTPLEIN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["Mail", "Deliverability"], path: "Tests/Fuzz",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-use-ld=lld"])]))
}
