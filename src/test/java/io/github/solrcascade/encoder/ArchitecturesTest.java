package io.github.solrcascade.encoder;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.Test;

/**
 * Vectors and scores of each architecture, output, pooling, number format and shape equal those
 * that scripts/make-architectures computed without the plugin.
 */
public class ArchitecturesTest {
  private static final Path TINY =
      Path.of(System.getProperty("basedir", "."), "src/test/resources/encoder");

  private static final float FP32 = 1e-4f;

  /** Half floats have three decimal places; one more or less in a sum moves the last of them. */
  private static final float FP16 = 1e-3f;

  /** Vectors are of length 1, and a rounding moves a number by some thousandths. */
  private static final float INT8 = 1e-3f;

  private final Expected expected = new Expected(TINY.resolve("expected-architectures.json"));

  @Test
  public void bertWithTokenTypesAndOneLogit() throws IOException {
    expected.checkScores(TINY.resolve("bert-cross-encoder"), FP32);
  }

  @Test
  public void secondOfTwoLogitsAndFixedAxes() throws IOException {
    expected.checkScores(TINY.resolve("bert-two-logits-fixed"), FP32);
  }

  @Test
  public void miniLmMeanInt8AndNamedOutput() throws IOException {
    expected.checkVectors(TINY.resolve("minilm-mean-int8"), INT8);
  }

  @Test
  public void robertaWithBytePairsAndFixedTokens() throws IOException {
    expected.checkScores(TINY.resolve("roberta-fixed-tokens"), FP32);
  }

  @Test
  public void xlmRobertaWithUnigramsAndSigmoid() throws IOException {
    expected.checkScores(TINY.resolve("xlmr-unigram-sigmoid"), FP32);
  }

  @Test
  public void meanLeavesPaddingOut() throws IOException {
    expected.checkVectors(TINY.resolve("xlmr-mean-fixed"), FP32);
  }

  @Test
  public void distilBertFirstTokenAndInt32() throws IOException {
    expected.checkVectors(TINY.resolve("distilbert-cls-int32"), FP32);
  }

  @Test
  public void modernBertLastTokenAndIdsOnly() throws IOException {
    expected.checkVectors(TINY.resolve("modernbert-last-ids-only"), FP32);
  }

  @Test
  public void modernBertOneAxisFp16() throws IOException {
    expected.checkScores(TINY.resolve("modernbert-one-axis-fp16"), FP16);
  }
}
