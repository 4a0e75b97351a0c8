package io.github.solrcascade.encoder;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertTrue;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Texts become tokens, never none, and those that the library itself would make. */
public class TokenizerTest {
  private static final Path TINY =
      Path.of(System.getProperty("basedir", "."), "src/test/resources/encoder");

  private static final int LONGEST = 48;

  private static final List<String> WORDS =
      List.of(
          "red ",
          "kettle",
          " 1.7",
          "-litre ",
          "é",
          "Ünïté",
          "  ",
          "\n",
          "日本",
          "😀",
          "[SEP]",
          "</s>",
          "<mask>",
          "a",
          " b ",
          "'s",
          "\u0000",
          "\u200b",
          "x".repeat(110),
          ",",
          "##s");

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
      Piece nothing = tokenizer.piece("");
      assertArrayEquals(new long[] {1}, tokenizer.encode(nothing, nothing, 32).mask);
      assertTrue(tokenizer.encode("red", 32).length() > 0);
    }
  }

  /** The library's own tokens of a text or pair are what ours must be, whole and cut. */
  @Test
  public void textsAndPairsAreAsTheLibraryHasThem() throws Exception {
    Random random = new Random(7);
    for (Path file : tokenizers()) {
      try (Tokenizer tokenizer = new Tokenizer(file, LONGEST)) {
        for (int limit : new int[] {Manifest.LEAST_TOKENS, 17, LONGEST}) {
          try (HuggingFaceTokenizer library = library(file, limit)) {
            for (int i = 0; i < 3; i++) {
              assertSame(library, tokenizer, text(random), text(random), limit);
            }
          }
        }
      }
    }
  }

  private static void assertSame(
      HuggingFaceTokenizer library, Tokenizer ours, String first, String second, int limit) {
    String about = "'" + first + "' and '" + second + "' cut to " + limit;
    assertSame(about, library.encode(first), ours.encode(first, limit));
    assertSame(
        about,
        library.encode(first, second),
        ours.encode(ours.piece(first), ours.piece(second), limit));
  }

  private static void assertSame(String message, Encoding expected, Tokens actual) {
    assertArrayEquals(message, expected.getIds(), actual.ids);
    assertArrayEquals(message, expected.getTypeIds(), actual.types);
    assertArrayEquals(message, expected.getAttentionMask(), actual.mask);
  }

  /** One tokenizer of each tiny model, and the committed cross-encoder's. */
  private static List<Path> tokenizers() throws IOException {
    try (Stream<Path> files = Files.walk(TINY)) {
      Path committed = TINY.resolve("../../../../models/product-reranker-l3/tokenizer.json");
      List<Path> found =
          Stream.concat(files, Stream.of(committed))
              .filter(file -> file.endsWith("tokenizer.json"))
              .toList();
      assertTrue("tokenizers: " + found, found.size() > 4);
      return found;
    }
  }

  private static HuggingFaceTokenizer library(Path file, int limit) throws IOException {
    String length = String.valueOf(limit);
    return HuggingFaceTokenizer.newInstance(
        file,
        Map.of(
            "padding",
            "false",
            "truncation",
            "true",
            "maxLength",
            length,
            "modelMaxLength",
            length));
  }

  /** Often longer than the longest, with what tokenizers treat in ways of their own. */
  private static String text(Random random) {
    return random
        .ints(random.nextInt(LONGEST), 0, WORDS.size())
        .mapToObj(WORDS::get)
        .collect(Collectors.joining());
  }
}
