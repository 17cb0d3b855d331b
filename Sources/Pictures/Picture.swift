import Foundation

/// What goes out in place of a photo: two pictures made of its pixels alone. Nothing else of it is in them: no place,
/// no time, no camera, no thumbnail, no colour profile, no comment.
package struct Picture: Sendable, Hashable {
  /// JPEG, upright, in sRGB; its longest side is `PictureLimits.screen` pixels, or what it was if that is less.
  package let screen: Data
  /// The same at `PictureLimits.thumbnail`.
  package let thumbnail: Data
}

/// Why no picture was made.
package enum PictureError: Error, Sendable, Hashable {
  /// No JPEG, PNG, HEIC or WebP.
  case unknownForm
  /// More octets than `PictureLimits.octets`.
  case tooLarge
  /// More pixels than `PictureLimits.pixels`, by its header: it was not decoded.
  case tooManyPixels
  /// It cannot be decoded, or ends too early.
  case damaged
  /// libvips is not there: it says nothing of the photo.
  case unavailable
}

/// What a photo may cost, and what is made of it.
package enum PictureLimits {
  /// Octets of one photo.
  package static let octets = 32 << 20
  /// Pixels of one photo: phones make 12 to 50 million. What is decoded whole takes three or four octets each.
  package static let pixels = 70_000_000
  /// The longest side of the picture for a screen, in pixels.
  package static let screen = 1_600
  /// The longest side of the small one.
  package static let thumbnail = 240
  /// JPEG's quality, of 100.
  package static let quality = 82
}
