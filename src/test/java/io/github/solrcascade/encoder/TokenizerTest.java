package io.github.solrcascade.encoder;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Texts become tokens, never none. */
public class TokenizerTest {
  private static final Path TINY =
      Path.of(System.getProperty("basedir", "."), "src/test/resources/encoder");

  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  /** The tokenizer of XLM-R, whose padding is token 1, without the special tokens around a text. */
  private Path withoutSpecialTokens() throws IOException {
    ObjectMapper json = new ObjectMapper();
    File published = TINY.resolve("xlmr-unigram-sigmoid/tokenizer.json").toFile();
    ObjectNode tokenizer = (ObjectNode) json.readTree(published);
    tokenizer.putNull("post_processor");
    File file = temporary.newFile();
    json.writeValue(file, tokenizer);
    return file.toPath();
  }

  @Test
  public void textWithoutATokenIsOneOfPadding() throws IOException {
    try (Tokenizer tokenizer = new Tokenizer(withoutSpecialTokens(), 32)) {
      assertArrayEquals(new long[] {1}, tokenizer.encode("", 32).ids);
      assertArrayEquals(new long[] {1}, tokenizer.encode("", "", 32).mask);
      assertTrue(tokenizer.encode("red", 32).length() > 0);
    }
  }
}
