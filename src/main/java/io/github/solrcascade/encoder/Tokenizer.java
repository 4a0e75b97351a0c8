package io.github.solrcascade.encoder;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A folder's tokenizer. Nothing is padded; what is longer than the limit is cut, the longer text of
 * a pair first, special tokens never.
 *
 * <p>The two texts of a pair are tokenized apart and put together here, which gives what the
 * library gives for the pair and lets a document's tokens serve every query.
 *
 * <p>Of what the library knows of a text only the numbers are asked for: its own {@code encode}
 * makes strings and spans of every token, which costs a third more and a lot of garbage.
 *
 * <p>Thread-safe.
 */
final class Tokenizer implements AutoCloseable {
  private final int maxTokens;
  private final Vocabulary vocabulary;
  private final HuggingFaceTokenizer library;
  private final Frame single;
  private final Frame pair;

  /**
   * Loads the tokenizer.
   *
   * @param maxTokens the largest limit that will be asked for
   * @throws EncoderException if the file is no tokenizer, or the native library cannot be loaded
   */
  Tokenizer(Path file, int maxTokens) {
    this.maxTokens = maxTokens;
    TokenizerLibrary.load();
    byte[] content = ModelFiles.read(file);
    vocabulary = Vocabulary.read(file, content);
    library = load(file, content);
    try {
      long[] a = piece("a").ids;
      long[] b = piece("b").ids;
      single = frame(file, TokenizersLibrary.LIB.encode(library.getHandle(), "a", true), a);
      pair =
          frame(file, TokenizersLibrary.LIB.encodeDual(library.getHandle(), "a", "b", true), a, b);
    } catch (EncoderException e) {
      library.close();
      throw e;
    }
  }

  private static HuggingFaceTokenizer load(Path file, byte[] content) {
    try (var in = new ByteArrayInputStream(content)) {
      return HuggingFaceTokenizer.newInstance(
          in, Map.of("padding", "false", "truncation", "false"));
    } catch (Exception e) {
      throw new EncoderException(file + ": is not a tokenizer, " + e.getMessage(), e);
    }
  }

  private static Frame frame(Path file, long encoding, long[]... texts) {
    Frame frame = Frame.of(tokens(encoding), texts);
    if (frame == null) {
      throw EncoderException.at(
          file,
          "'a' and 'b' are not found again in the tokens of the pair",
          "a pair's tokens must be those of its texts with special ones around them");
    }
    return frame;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** A text's tokens, to be framed. */
  Piece piece(String text) {
    // Half a surrogate pair is not text, and native code may not survive it.
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String clean = new String(bytes, StandardCharsets.UTF_8);
    long[] ids = tokens(TokenizersLibrary.LIB.encode(library.getHandle(), clean, false)).ids;
    return new Piece(Arrays.copyOf(ids, Math.min(ids.length, maxTokens)), ids.length);
  }

  /** The tokens of one text. */
  Tokens encode(String text, int limit) {
    Piece piece = piece(text);
    int length = Math.min(piece.length, limit - single.size());
    return neverEmpty(single.around(new int[] {length}, piece.ids));
  }

  /** The tokens of a pair. */
  Tokens encode(Piece first, Piece second, int limit) {
    int[] lengths = lengths(first.length, second.length, limit - pair.size());
    return neverEmpty(pair.around(lengths, first.ids, second.ids));
  }

  /** Cuts the longer text down, and where that is not enough both to one half of the room. */
  private static int[] lengths(int first, int second, int room) {
    if (first + second <= room) {
      return new int[] {first, second};
    }
    int shorter = Math.min(Math.min(first, second), room / 2);
    int longer = room - shorter;
    return first <= second ? new int[] {shorter, longer} : new int[] {longer, shorter};
  }

  /** A text without a token, where no special ones are added, becomes one of padding. */
  private Tokens neverEmpty(Tokens tokens) {
    return tokens.length() == 0 ? Tokens.repeated(vocabulary.padding(), 1) : tokens;
  }

  private static Tokens tokens(long encoding) {
    try {
      return Tokens.of(
          TokenizersLibrary.LIB.getTokenIds(encoding), TokenizersLibrary.LIB.getTypeIds(encoding));
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  @Override
  public void close() {
    library.close();
  }
}
