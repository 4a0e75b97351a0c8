package io.github.solrcascade.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What does not fit is refused at load, with what was found and what was expected. */
public class ModelFolderTest {
  private static final Path TINY =
      Path.of(System.getProperty("basedir", "."), "src/test/resources/encoder");

  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private Path folder;

  /** A copy of a good model, one piece of its manifest replaced. */
  private void manifest(String model, String part, String by) throws IOException {
    folder = temporary.newFolder().toPath();
    try (Stream<Path> files = Files.list(TINY.resolve(model))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    String json = Files.readString(folder.resolve("model.json"));
    assertTrue(json.contains(part));
    Files.writeString(folder.resolve("model.json"), json.replace(part, by));
  }

  /** Writes a file and its right sha256. */
  private void file(String name, byte[] content) throws Exception {
    byte[] before = Files.readAllBytes(folder.resolve(name));
    Files.write(folder.resolve(name), content);
    String json = Files.readString(folder.resolve("model.json"));
    Files.writeString(folder.resolve("model.json"), json.replace(sha(before), sha(content)));
  }

  private static String sha(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private void assertRefused(String file, String... parts) throws InterruptedException {
    EncoderException e = assertThrows(EncoderException.class, () -> Encoders.acquire(folder));
    assertTrue(e.getMessage(), e.getMessage().contains(folder.resolve(file).toString()));
    for (String part : parts) {
      assertTrue(e.getMessage(), e.getMessage().contains(part));
    }
    EncodersTest.assertWorkersEnd();
  }

  @Test
  public void manifestMustBeJson() throws Exception {
    manifest("tiny-bi-encoder", "{", "");
    assertRefused("model.json", "not JSON");
  }

  @Test
  public void manifestMustBeThere() throws Exception {
    manifest("tiny-bi-encoder", "{", "{");
    Files.delete(folder.resolve("model.json"));
    assertRefused("model.json", "cannot be read");
  }

  @Test
  public void unknownKey() throws Exception {
    manifest("tiny-bi-encoder", "\"task\"", "\"poling\": 1, \"task\"");
    assertRefused("model.json", "poling: 1, unknown key, known: [task, ");
  }

  @Test
  public void keyOfTheOtherTask() throws Exception {
    manifest("tiny-bi-encoder", "\"task\"", "\"logit\": 1, \"task\"");
    assertRefused("model.json", "logit: 1, unknown key");
  }

  @Test
  public void repeatedKey() throws Exception {
    manifest("tiny-bi-encoder", "\"task\"", "\"maxTokens\": 9, \"task\"");
    assertRefused("model.json", "Duplicate field 'maxTokens'");
  }

  @Test
  public void missingKey() throws Exception {
    manifest("tiny-bi-encoder", "\"maxTokens\": 64,", "");
    assertRefused("model.json", "maxTokens: missing, must be a whole number ≥ 8");
  }

  @Test
  public void wrongTypes() throws Exception {
    manifest("tiny-bi-encoder", "\"maxTokens\": 64", "\"maxTokens\": \"64\"");
    assertRefused("model.json", "maxTokens: \"64\", must be a whole number ≥ 8");
    manifest("tiny-bi-encoder", "\"normalize\": true", "\"normalize\": 1");
    assertRefused("model.json", "normalize: 1, must be true or false");
    manifest("tiny-bi-encoder", "\"mean\"", "\"max\"");
    assertRefused("model.json", "pooling: max, must be cls, mean or last");
    manifest("tiny-bi-encoder", "\"bi-encoder\"", "\"encoder\"");
    assertRefused(
        "model.json", "task: encoder, must be bi-encoder, cross-encoder or late-interaction");
  }

  @Test
  public void projectionThatDoesNotFit() throws Exception {
    String model = "tiny-late-interaction";
    manifest(model, "\"dimensions\": 6", "\"dimensions\": 7");
    assertRefused(
        "projection.bin", "54 floats, must be 9 rows, one more than the graph's dimensions, of 7");
    manifest(model, "\"dimensions\": 6", "\"dimensions\": 0");
    assertRefused("model.json", "projection.dimensions: 0, must be a whole number ≥ 1");
    manifest(model, "\"file\": \"projection.bin\"", "\"file\": \"other.bin\"");
    assertRefused("model.json", "projection.file: other.bin, must be one of files");
    manifest(model, "\"dimensions\": 6", "\"dimensions\": 6, \"kind\": \"pca\"");
    assertRefused("model.json", "projection.kind: \"pca\", unknown key, known: [file, dimensions]");
    manifest(model, "\"queryPrefix\"", "\"pooling\": \"mean\", \"queryPrefix\"");
    assertRefused("model.json", "pooling: \"mean\", unknown key");
  }

  @Test
  public void anotherProjectionThanTheProbesIsRefused() throws Exception {
    manifest(
        "tiny-late-interaction",
        "\"projection\"",
        "\"probe\": {\"query\": \"red\", \"document\": \"shoe\", \"score\": 3}, \"projection\"");
    assertRefused("model.json", "probe: scored ", "must be near 3.0");
  }

  @Test
  public void filesOutsideTheFolder() throws Exception {
    manifest("tiny-bi-encoder", "\"model.onnx\"", "\"../model.onnx\"");
    assertRefused("model.json", "files: ../model.onnx, must be the plain name");
    manifest("tiny-bi-encoder", "{", "{");
    Path outside = temporary.newFile().toPath();
    Files.copy(
        folder.resolve("model.onnx"), outside, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.delete(folder.resolve("model.onnx"));
    Files.createSymbolicLink(folder.resolve("model.onnx"), outside);
    assertRefused("model.onnx", "must stay in its folder");
  }

  @Test
  public void missingFile() throws Exception {
    manifest("tiny-bi-encoder", "{", "{");
    Files.delete(folder.resolve("tokenizer.json"));
    assertRefused("tokenizer.json", "no such file");
  }

  @Test
  public void changedFile() throws Exception {
    manifest("tiny-bi-encoder", "{", "{");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertRefused("tokenizer.json", "sha256 " + sha(new byte[] {'{', '}'}), "must be ");
  }

  @Test
  public void notAGraphAndNotATokenizer() throws Exception {
    manifest("tiny-bi-encoder", "{", "{");
    byte[] graph = Files.readAllBytes(folder.resolve("model.onnx"));
    file("model.onnx", Arrays.copyOf(graph, graph.length / 2));
    assertRefused("model.onnx", "is not an ONNX graph");
    file("model.onnx", new byte[0]);
    assertRefused("model.onnx", "is not an ONNX graph");
    manifest("tiny-bi-encoder", "{", "{");
    file("tokenizer.json", new byte[] {'{', '}'});
    assertRefused("tokenizer.json", "is not a tokenizer");
  }

  @Test
  public void graphsThatDoNotFit() throws Exception {
    folder = TINY.resolve("refused-input").toRealPath();
    assertRefused("model.onnx", "pixels", "must be input_ids and no others");
    folder = TINY.resolve("refused-logit").toRealPath();
    assertRefused("model.onnx", "3 logits", "wants logit 3");
    folder = TINY.resolve("refused-task").toRealPath();
    assertRefused("model.onnx", "must be one output of floats [batch, tokens, dimensions]");
    folder = TINY.resolve("refused-batch").toRealPath();
    assertRefused("model.onnx", "input ", "batch to 1");
  }

  @Test
  public void severalOutputsWantOneNamed() throws Exception {
    manifest("minilm-mean-int8", "\"output\": \"last_hidden_state\"", "\"measured\": {}");
    assertRefused(
        "model.onnx", "outputs [last_hidden_state, pooler_output], model.json must name one");
    manifest("minilm-mean-int8", "\"output\": \"last_hidden_state\"", "\"output\": \"logits\"");
    assertRefused("model.onnx", "pooler_output], model.json wants output logits");
    manifest(
        "minilm-mean-int8", "\"output\": \"last_hidden_state\"", "\"output\": \"pooler_output\"");
    assertRefused("model.onnx", "output pooler_output", "[batch, tokens, dimensions]");
  }

  @Test
  public void tokenizerOfALargerVocabulary() throws Exception {
    manifest("bert-cross-encoder", "{", "{");
    file("tokenizer.json", Files.readAllBytes(TINY.resolve("roberta-fixed-tokens/tokenizer.json")));
    assertRefused(
        "tokenizer.json",
        "largest token id 299, must be one that the graph takes: ",
        folder.resolve("model.onnx").toString(),
        "idx=299 must be within the inclusive range [-70,69]");
  }

  @Test
  public void longerThanTheGraphTakes() throws Exception {
    manifest("bert-cross-encoder", "\"maxTokens\": 32", "\"maxTokens\": 33");
    assertRefused("model.json", "maxTokens: 33, the graph must take 33 tokens: ");
    manifest("roberta-fixed-tokens", "\"maxTokens\": 32", "\"maxTokens\": 33");
    assertRefused("model.json", "maxTokens: 33, the graph takes exactly 32 tokens");
  }

  private void probe(String model, String probe) throws IOException {
    manifest(model, "\"task\"", "\"probe\": " + probe + ", \"task\"");
  }

  @Test
  public void probeOfAScore() throws Exception {
    String pair =
        "{\"query\": \"red running shoes\", \"document\": \"a plain lamp\", \"score\": %s}";
    probe("bert-cross-encoder", String.format(Locale.ROOT, pair, "-2.6"));
    Encoders.release(Encoders.acquire(folder));
    probe("bert-cross-encoder", String.format(Locale.ROOT, pair, "-2.9"));
    assertRefused("model.json", "probe: scored -2.56", "must be near -2.9");
    probe("bert-cross-encoder", String.format(Locale.ROOT, pair, "\"high\""));
    assertRefused("model.json", "probe.score: \"high\", must be a number");
    probe("bert-cross-encoder", "{\"query\": \"a\", \"text\": \"a\"}");
    assertRefused("model.json", "probe.text: \"a\", unknown key, known: [query, document, score]");
  }

  @Test
  public void probeOfAVector() throws Exception {
    String beginning = "{\"query\": \"red running shoes\", \"vector\": [%s]}";
    probe("xlmr-mean-fixed", String.format(Locale.ROOT, beginning, "-0.43, 0.42"));
    Encoders.release(Encoders.acquire(folder));
    probe("xlmr-mean-fixed", String.format(Locale.ROOT, beginning, "-0.43, 0.22"));
    assertRefused("model.json", "probe: [-0.42", "must be near [-0.43, 0.22]");
    probe("xlmr-mean-fixed", String.format(Locale.ROOT, beginning, ""));
    assertRefused("model.json", "probe.vector: [], must be the vector's first numbers");
    probe("xlmr-mean-fixed", "[]");
    assertRefused("model.json", "probe: [], must be an object of [query, vector]");
  }

  /** Another piece of the graph: of a protocol buffer given twice, readers put both together. */
  private void addToGraph(byte[] part) throws Exception {
    manifest("tiny-cross-encoder", "{", "{");
    byte[] graph = Files.readAllBytes(folder.resolve("model.onnx"));
    file("model.onnx", join(graph, message(7, part)));
  }

  private static byte[] message(int field, byte[] content) {
    int length = content.length;
    byte[] head = {(byte) (field << 3 | 2), (byte) (length | 0x80), (byte) (length >> 7)};
    return join(head, content);
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  public void weightsInAnotherFile() throws Exception {
    String rule = "weights in another file, must hold its weights itself";
    byte[] elsewhere = {14 << 3, 1};
    addToGraph(message(5, elsewhere));
    assertRefused("model.onnx", rule);
    byte[] location = message(13, message(1, "location".getBytes(UTF_8)));
    addToGraph(message(5, location));
    assertRefused("model.onnx", rule);
    // In the constant of a branch of a node.
    byte[] branch = message(6, message(1, message(5, message(5, location))));
    addToGraph(message(1, message(5, branch)));
    assertRefused("model.onnx", rule);
  }

  @Test
  public void operatorsThatTheRuntimeDoesNotBring() throws Exception {
    addToGraph(message(1, message(7, "com.example".getBytes(UTF_8))));
    assertRefused("model.onnx", "operators of [com.example], must be ONNX's own or the runtime's");
  }

  @Test
  public void graphsInGraphsWithoutEnd() throws Exception {
    byte[] graph = {};
    for (int i = 0; i < 25; i++) {
      graph = message(1, message(5, message(6, graph)));
    }
    addToGraph(graph);
    assertRefused("model.onnx", "graphs in graphs, must be at most 64 deep");
  }

  @Test
  public void manifestThatLinksOut() throws Exception {
    manifest("tiny-bi-encoder", "{", "{");
    Path outside = temporary.newFolder().toPath().resolve("model.json");
    Files.move(folder.resolve("model.json"), outside);
    Files.createSymbolicLink(folder.resolve("model.json"), outside);
    assertRefused("model.json", "must stay in its folder");
  }

  @Test
  public void measuredSpeed() throws Exception {
    String cost = "\"measured\": {\"date\": \"2026\", \"cost\": %s}, \"task\"";
    manifest(
        "tiny-bi-encoder",
        "\"task\"",
        String.format(Locale.ROOT, cost, "{\"ms\": -1, \"tokenMs\": 0}"));
    assertRefused("model.json", "measured.cost.ms: -1, must be a number ≥ 0");
    manifest("tiny-bi-encoder", "\"task\"", String.format(Locale.ROOT, cost, "{\"ms\": 1}"));
    assertRefused("model.json", "measured.cost.tokenMs: missing, must be a number ≥ 0");
    manifest("tiny-bi-encoder", "\"task\"", String.format(Locale.ROOT, cost, "7"));
    assertRefused("model.json", "measured.cost: 7, must be an object of [command, ms, tokenMs]");
  }
}
