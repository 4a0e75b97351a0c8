package io.github.solrcascade.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import org.junit.Test;

/** The largest id and the padding's, wherever a tokenizer.json says them. */
public class VocabularyTest {
  private Vocabulary read(String json) {
    return Vocabulary.read(Path.of("tokenizer.json"), json.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  public void piecesMappedToIds() {
    assertEquals(new Vocabulary(7, 0), read("{'model': {'vocab': {'a': 7, 'b': 2}}}"));
  }

  @Test
  public void piecesInTheOrderOfIds() {
    assertEquals(new Vocabulary(1, 0), read("{'model': {'vocab': [['a', -1.5], ['b', -2]]}}"));
  }

  @Test
  public void addedTokens() {
    String added =
        "'added_tokens': [{'id': 3, 'content': '<pad>'}, {'id': 9, 'content': '<mask>'}]";
    assertEquals(new Vocabulary(9, 3), read("{'model': {'vocab': {'a': 7}}, " + added + "}"));
  }

  @Test
  public void declaredPaddingGoesFirst() {
    String added = "'added_tokens': [{'id': 3, 'content': '[PAD]'}]";
    assertEquals(new Vocabulary(3, 1), read("{'padding': {'pad_id': 1}, " + added + "}"));
  }
}
