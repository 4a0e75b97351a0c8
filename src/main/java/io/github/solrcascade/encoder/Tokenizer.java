package io.github.solrcascade.encoder;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder's tokenizer. Nothing is padded; what is longer than the limit is cut, the longer text of
 * a pair first, special tokens never.
 *
 * <p>Of what the library knows of a text only the numbers are asked for: its own {@code encode}
 * makes strings and spans of every token, which costs a third more and a lot of garbage.
 *
 * <p>Thread-safe. Each limit that is used has a native tokenizer of its own, since the limit is
 * part of it.
 */
final class Tokenizer implements AutoCloseable {
  private final Path file;
  private final Vocabulary vocabulary;
  private final Map<Integer, HuggingFaceTokenizer> byLimit = new ConcurrentHashMap<>();

  /**
   * Loads the tokenizer.
   *
   * @throws EncoderException if the file is no tokenizer, or the native library cannot be loaded
   */
  Tokenizer(Path file, int maxTokens) {
    this.file = file;
    TokenizerLibrary.load();
    withLimit(maxTokens);
    vocabulary = Vocabulary.read(file);
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  private HuggingFaceTokenizer withLimit(int maxTokens) {
    return byLimit.computeIfAbsent(maxTokens, this::load);
  }

  private HuggingFaceTokenizer load(int maxTokens) {
    String limit = String.valueOf(maxTokens);
    Map<String, String> options =
        Map.of(
            "padding", "false", "truncation", "true", "maxLength", limit, "modelMaxLength", limit);
    try (var in = Files.newInputStream(file)) {
      return HuggingFaceTokenizer.newInstance(in, options);
    } catch (Exception e) {
      throw new EncoderException(file + ": is not a tokenizer, " + e.getMessage(), e);
    }
  }

  /** The tokens of one text. */
  Tokens encode(String text, int maxTokens) {
    long tokenizer = withLimit(maxTokens).getHandle();
    return tokens(TokenizersLibrary.LIB.encode(tokenizer, clean(text), true));
  }

  /** The tokens of a pair. */
  Tokens encode(String first, String second, int maxTokens) {
    long tokenizer = withLimit(maxTokens).getHandle();
    return tokens(TokenizersLibrary.LIB.encodeDual(tokenizer, clean(first), clean(second), true));
  }

  /** Half a surrogate pair is not text, and native code may not survive it. */
  private static String clean(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** A text without a token, where no special ones are added, becomes one of padding. */
  private Tokens tokens(long encoding) {
    try {
      long[] ids = TokenizersLibrary.LIB.getTokenIds(encoding);
      return ids.length == 0
          ? Tokens.repeated(vocabulary.padding(), 1)
          : Tokens.of(ids, TokenizersLibrary.LIB.getTypeIds(encoding));
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  @Override
  public void close() {
    byLimit.values().forEach(HuggingFaceTokenizer::close);
    byLimit.clear();
  }
}
