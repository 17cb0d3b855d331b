// swift-tools-version:6.1
import PackageDescription

let package = Package(
  name: "postplein",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "postplein", targets: ["CLI"])],
  dependencies: [
    // The command line: subcommands, --help and exit codes by the usual library.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // HMAC for reply keys and SHA-256 for the names of raw messages.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // Verifies the IMAP server's certificate chain and host name, which libetpan does not do.
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    // DER of those certificates (swift-certificates' own companion).
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    // Structured logs.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // Start order, SIGTERM and a clean stop of the long-running services.
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    // SQLite; 7.10.0 is the version that links against Debian 12's SQLite.
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    // Mustache templates, which schools can read and override.
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    // CSV of parents, with quotes and any delimiter.
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    // YAML, the format of a school's configuration file.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
    .systemLibrary(name: "CLibetpan", providers: [.apt(["libetpan-dev"])]),
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-gnutls-dev"])]),

    .target(name: "Mail", dependencies: ["CGMime"]),
    .target(name: "School"),
    .target(name: "Deliverability", dependencies: ["Mail"]),
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
      name: "Rendering",
      dependencies: ["School", "Mail", .product(name: "Mustache", package: "swift-mustache")]),
    .target(
      name: "Store",
      dependencies: [
        "School", "Mail", "Deliverability",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Gateway",
      dependencies: [
        "Mail", "School", "Deliverability", "Transport", "Rendering", "Store",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Mail", "School", "Deliverability", "Transport", "TransportIMAP", "TransportSMTP", "Rendering", "Store",
        "Gateway",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
