package io.github.solrcascade.encoder;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The largest id and the padding's, wherever a tokenizer.json says them. */
public class VocabularyTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private Vocabulary read(String json) throws IOException {
    Path file = temporary.newFile().toPath();
    return Vocabulary.read(Files.writeString(file, json.replace('\'', '"')));
  }

  @Test
  public void piecesMappedToIds() throws IOException {
    assertEquals(new Vocabulary(7, 0), read("{'model': {'vocab': {'a': 7, 'b': 2}}}"));
  }

  @Test
  public void piecesInTheOrderOfIds() throws IOException {
    assertEquals(new Vocabulary(1, 0), read("{'model': {'vocab': [['a', -1.5], ['b', -2]]}}"));
  }

  @Test
  public void addedTokens() throws IOException {
    String added =
        "'added_tokens': [{'id': 3, 'content': '<pad>'}, {'id': 9, 'content': '<mask>'}]";
    assertEquals(new Vocabulary(9, 3), read("{'model': {'vocab': {'a': 7}}, " + added + "}"));
  }

  @Test
  public void declaredPaddingGoesFirst() throws IOException {
    String added = "'added_tokens': [{'id': 3, 'content': '[PAD]'}]";
    assertEquals(new Vocabulary(3, 1), read("{'padding': {'pad_id': 1}, " + added + "}"));
  }
}
