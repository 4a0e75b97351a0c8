package io.github.solrcascade.encoder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Checks a model folder's files against its manifest. */
final class ModelFiles {
  private ModelFiles() {}

  /**
   * Checks that each listed file lies in the folder and is the one that the manifest means.
   *
   * @throws EncoderException with the file, what was found and the rule
   */
  static void check(Path folder, Manifest manifest) {
    manifest.sha256().forEach((name, sha256) -> check(folder, folder.resolve(name), sha256));
  }

  /** The file's bytes. */
  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new EncoderException(file + ": cannot be read", e);
    }
  }

  /**
   * Checks that the file lies in the folder, links followed.
   *
   * @throws EncoderException with where it lies
   */
  static void checkPlace(Path folder, Path file) throws IOException {
    if (!file.toRealPath().startsWith(folder.toRealPath())) {
      throw EncoderException.at(file, "links to " + file.toRealPath(), "must stay in its folder");
    }
  }

  private static void check(Path folder, Path file, String expected) {
    try {
      if (!Files.isRegularFile(file)) {
        throw EncoderException.at(file, "no such file", "model.json lists it");
      }
      checkPlace(folder, file);
      String found = sha256(file);
      if (!found.equals(expected)) {
        throw EncoderException.at(file, "sha256 " + found, "must be " + expected);
      }
    } catch (IOException e) {
      throw new EncoderException(file + ": cannot be read", e);
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
