package io.github.solrcascade.encoder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder's tokenizer. Nothing is padded; what is longer than the limit is cut, the longer text of
 * a pair first, special tokens never.
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
    return tokens(withLimit(maxTokens).encode(clean(text)));
  }

  /** The tokens of a pair. */
  Tokens encode(String first, String second, int maxTokens) {
    return tokens(withLimit(maxTokens).encode(clean(first), clean(second)));
  }

  /** Half a surrogate pair is not text, and native code may not survive it. */
  private static String clean(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** A text without a token, where no special ones are added, becomes one of padding. */
  private Tokens tokens(Encoding encoding) {
    if (encoding.getIds().length == 0) {
      return Tokens.repeated(vocabulary.padding(), 1);
    }
    return new Tokens(encoding.getIds(), encoding.getAttentionMask(), encoding.getTypeIds());
  }

  @Override
  public void close() {
    byLimit.values().forEach(HuggingFaceTokenizer::close);
    byLimit.clear();
  }
}
