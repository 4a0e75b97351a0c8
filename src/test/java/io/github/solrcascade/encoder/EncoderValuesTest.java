package io.github.solrcascade.encoder;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

/** Vectors and logits equal those that scripts/make-fixtures computed without the plugin. */
public class EncoderValuesTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
  private static final Path TINY = ROOT.resolve("src/test/resources/encoder");
  private static final Path MODELS = ROOT.resolve("models");

  /** The tiny models are fp32. */
  private static final float FP32 = 1e-4f;

  /**
   * The real ones are int8: activations are quantized while they run, and a rounding that falls to
   * the other side in another release of the runtime moves a logit by some hundredths.
   */
  private static final float INT8 = 0.1f;

  private static JsonNode expected(String model) throws IOException {
    return new ObjectMapper().readTree(TINY.resolve("expected.json").toFile()).path(model);
  }

  @Test
  public void tinyBiEncoder() throws IOException {
    checkVectors(TINY.resolve("tiny-bi-encoder"), FP32);
  }

  @Test
  public void realBiEncoder() throws IOException {
    checkVectors(MODELS.resolve("bge-small-en-v1.5"), INT8 / 10);
  }

  @Test
  public void tinyCrossEncoder() throws IOException {
    checkScores(TINY.resolve("tiny-cross-encoder"), FP32);
  }

  @Test
  public void tinyCrossEncoderWithAnotherLogitAndSigmoid() throws IOException {
    checkScores(TINY.resolve("tiny-third-logit"), FP32);
  }

  @Test
  public void realCrossEncoder() throws IOException {
    Path folder = MODELS.resolve("ms-marco-minilm-l12-v2");
    assumeTrue("run scripts/fetch-models first", Files.exists(folder.resolve("model.onnx")));
    checkScores(folder, INT8);
  }

  private static void checkVectors(Path folder, float tolerance) throws IOException {
    BiEncoder encoder = (BiEncoder) Encoders.acquire(folder);
    try {
      for (JsonNode each : expected(folder.getFileName().toString())) {
        String text = each.path("text").asText();
        assertVector(each.path("query"), encoder.encodeQuery(text), tolerance);
        assertVector(
            each.path("document"),
            encoder.encodeDocument(text, encoder.manifest().maxTokens()),
            tolerance);
      }
    } finally {
      Encoders.release(encoder);
    }
  }

  private static void assertVector(JsonNode expected, float[] vector, float tolerance) {
    float[] beginning = new float[expected.size()];
    IntStream.range(0, beginning.length)
        .forEach(i -> beginning[i] = (float) expected.get(i).asDouble());
    assertArrayEquals(beginning, Arrays.copyOf(vector, beginning.length), tolerance);
  }

  private static void checkScores(Path folder, float tolerance) throws IOException {
    CrossEncoder encoder = (CrossEncoder) Encoders.acquire(folder);
    try {
      for (JsonNode each : expected(folder.getFileName().toString())) {
        float[] scores =
            encoder.score(
                each.path("query").asText(),
                List.of(each.path("document").asText()),
                each.path("maxTokens").asInt());
        assertEquals(each.toString(), each.path("score").asDouble(), scores[0], tolerance);
      }
    } finally {
      Encoders.release(encoder);
    }
  }
}
