import Foundation

/// The one definition of a key of `postplein.yaml`: what reads it, checks it and documents it.
struct ConfigurationKey<Value: Sendable>: Sendable {
  enum Presence: Sendable {
    case required
    /// What holds where the file does not say it.
    case fallback(Value)
    /// Nothing, or what stands beside the key in the documentation.
    case optional
  }

  /// Section and word: `imap.port`.
  let path: String
  let form: ValueForm<Value>
  let presence: Presence
  /// As the documented example has it; nil for the fallback.
  let example: String?
  /// Sentences, without the form and the fallback, which are added.
  let doc: String

  init(
    _ path: String, _ form: ValueForm<Value>, _ presence: Presence, example: String? = nil, _ doc: String
  ) {
    self.path = path
    self.form = form
    self.presence = presence
    self.example = example
    self.doc = doc
  }
}

/// A key, whatever its value.
protocol AnyConfigurationKey: Sendable {
  var path: String { get }
  var doc: String { get }
  /// For the documentation.
  var formName: String { get }
  var fallbackText: String? { get }
  var isRequired: Bool { get }
  var exampleText: String { get }
  /// What is wrong with its value in this file; nil where it is well.
  func problem(in file: ConfigurationFile) -> ConfigurationProblem?
}

extension ConfigurationKey: AnyConfigurationKey {
  var formName: String { form.name }

  var fallbackText: String? {
    if case .fallback(let value) = presence { form.text(value) } else { nil }
  }

  var isRequired: Bool {
    if case .required = presence { true } else { false }
  }

  var exampleText: String { example ?? fallbackText ?? "" }

  func problem(in file: ConfigurationFile) -> ConfigurationProblem? {
    do {
      if isRequired { _ = try file.value(self) } else { _ = try file.valueIfPresent(self) }
      return nil
    } catch { return error }
  }
}

extension AnyConfigurationKey {
  var section: String { String(path.prefix { $0 != "." }) }
  var word: String { String(path.drop { $0 != "." }.dropFirst()) }
}
