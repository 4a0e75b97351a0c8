package io.github.solrcascade.encoder;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that tells files and texts apart. */
final class Sha256 {
  private Sha256() {}

  /** A new digest. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
