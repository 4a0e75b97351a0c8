package io.github.solrcascade.encoder;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final Expected expected = new Expected(TINY.resolve("expected.json"));

  @Test
  public void tinyBiEncoder() throws IOException {
    expected.checkVectors(TINY.resolve("tiny-bi-encoder"), FP32);
  }

  @Test
  public void realBiEncoder() throws IOException {
    expected.checkVectors(MODELS.resolve("bge-small-en-v1.5"), INT8 / 10);
  }

  @Test
  public void realBiEncoderWithMeans() throws IOException {
    Path folder = MODELS.resolve("all-minilm-l6-v2");
    assumeFetched(folder);
    expected.checkVectors(folder, INT8 / 10);
  }

  private static void assumeFetched(Path folder) {
    String command = "run scripts/fetch-models " + folder.getFileName() + " first";
    assumeTrue(command, Files.exists(folder.resolve("model.onnx")));
  }

  @Test
  public void tinyLateInteraction() throws IOException {
    expected.checkTokenVectors(TINY.resolve("tiny-late-interaction"), FP32);
  }

  @Test
  public void realLateInteraction() throws IOException {
    Path folder = MODELS.resolve("answerai-colbert-small");
    assumeFetched(folder);
    expected.checkTokenVectors(folder, INT8);
  }

  @Test
  public void tinyCrossEncoder() throws IOException {
    expected.checkScores(TINY.resolve("tiny-cross-encoder"), FP32);
  }

  @Test
  public void tinyCrossEncoderWithAnotherLogitAndSigmoid() throws IOException {
    expected.checkScores(TINY.resolve("tiny-third-logit"), FP32);
  }

  @Test
  public void realCrossEncoder() throws IOException {
    Path folder = MODELS.resolve("ms-marco-minilm-l12-v2");
    assumeFetched(folder);
    expected.checkScores(folder, INT8);
  }
}
