package io.github.solrcascade.encoder;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Names a computation by its content: 128 bits of the SHA-256 of the model, the length limit and
 * the texts. So the texts themselves, which visitors typed, are not kept, and nobody can make two
 * of them meet.
 */
record OutputKey(long high, long low) {

  /**
   * The key of one text or a pair.
   *
   * @param model tells models apart by content
   * @param maxTokens where the input is cut
   */
  static OutputKey of(String model, int maxTokens, String... texts) {
    MessageDigest digest = Sha256.digest();
    add(digest, model);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, maxTokens));
    for (String text : texts) {
      add(digest, text);
    }
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new OutputKey(hash.getLong(), hash.getLong());
  }

  /** With its length, so that no two lists of texts run together to the same bytes. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }
}
