package io.github.solrcascade.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * What {@code tokenizer.json} says of token ids; the native tokenizer does not tell.
 *
 * @param largest the largest id that a text can get
 * @param padding the id that fills up what must be longer; 0 where none is named
 */
record Vocabulary(long largest, long padding) {
  private static final Set<String> PADDING = Set.of("[PAD]", "<pad>");

  /**
   * Reads the file's content.
   *
   * @throws EncoderException if it is no JSON
   */
  static Vocabulary read(Path file, byte[] content) {
    try {
      JsonNode root = JsonMapper.builder().build().readTree(content);
      return new Vocabulary(largest(root), padding(root));
    } catch (IOException e) {
      throw new EncoderException(file + ": is not a tokenizer, no JSON", e);
    }
  }

  private static long largest(JsonNode root) {
    JsonNode vocabulary = root.at("/model/vocab");
    // Unigram models list their pieces in the ids' order; all others map a piece to its id.
    long largest = vocabulary.isArray() ? vocabulary.size() - 1 : 0;
    if (vocabulary.isObject()) {
      for (JsonNode id : vocabulary) {
        largest = Math.max(largest, id.asLong());
      }
    }
    for (JsonNode added : root.path("added_tokens")) {
      largest = Math.max(largest, added.path("id").asLong());
    }
    return largest;
  }

  private static long padding(JsonNode root) {
    JsonNode declared = root.at("/padding/pad_id");
    if (declared.isIntegralNumber()) {
      return declared.asLong();
    }
    for (JsonNode added : root.path("added_tokens")) {
      if (PADDING.contains(added.path("content").asText())) {
        return added.path("id").asLong();
      }
    }
    return 0;
  }
}
