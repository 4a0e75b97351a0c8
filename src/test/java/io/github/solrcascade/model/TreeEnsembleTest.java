package io.github.solrcascade.model;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.solr.core.SolrResourceLoader;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.feature.ValueFeature;
import org.apache.solr.ltr.model.LTRScoringModel;
import org.apache.solr.ltr.model.ModelException;
import org.apache.solr.ltr.model.MultipleAdditiveTreesModel;
import org.apache.solr.ltr.norm.IdentityNormalizer;
import org.apache.solr.ltr.norm.Normalizer;
import org.junit.Test;

/** Flat trees give what LTR's own give, to the bit. */
public class TreeEnsembleTest {
  private static final int FEATURES = 5;

  private static Map<String, Object> leaf(Object value) {
    return Map.of("value", String.valueOf(value));
  }

  private static Map<String, Object> split(
      int feature, Object threshold, Map<String, Object> left, Map<String, Object> right) {
    return Map.of(
        "feature", "f" + feature, "threshold", threshold + "", "left", left, "right", right);
  }

  private static Map<String, Object> tree(Object weight, Map<String, Object> root) {
    return Map.of("weight", weight + "", "root", root);
  }

  private static MultipleAdditiveTreesModel model(List<Map<String, Object>> trees)
      throws ModelException {
    List<Feature> features = new ArrayList<>();
    List<Normalizer> norms = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      features.add(new ValueFeature("f" + i, new HashMap<>(Map.of("value", 1))));
      norms.add(IdentityNormalizer.INSTANCE);
    }
    return (MultipleAdditiveTreesModel)
        LTRScoringModel.getInstance(
            new SolrResourceLoader(java.nio.file.Path.of("").toAbsolutePath()),
            MultipleAdditiveTreesModel.class.getName(),
            "trees",
            features,
            norms,
            "store",
            features,
            new HashMap<>(Map.of("trees", trees)));
  }

  /** Holds both ways against each other, documents as rows. */
  private static float[] assertSame(MultipleAdditiveTreesModel model, float[]... documents) {
    float[][] columns = new float[FEATURES][documents.length];
    float[] expected = new float[documents.length];
    for (int doc = 0; doc < documents.length; doc++) {
      expected[doc] = model.score(documents[doc]);
      for (int f = 0; f < FEATURES; f++) {
        columns[f][doc] = documents[doc][f];
      }
    }
    float[] scores = TreeEnsemble.of(model).score(columns, documents.length);
    assertArrayEquals(expected, scores, 0);
    return scores;
  }

  @Test
  public void walksLeftAtTheThresholdAndRightAboveIt() throws Exception {
    MultipleAdditiveTreesModel model =
        model(
            List.of(
                tree(2, split(0, 0.5, leaf(1), split(3, -1, leaf(10), leaf(100)))),
                tree(1, leaf(0.25))));
    float[] scores =
        assertSame(
            model,
            new float[] {0.5f, 0, 0, 0, 0},
            new float[] {0.6f, 0, 0, -1, 0},
            new float[] {0.6f, 0, 0, 1, 0});
    assertArrayEquals(new float[] {2.25f, 20.25f, 200.25f}, scores, 0);
  }

  @Test
  public void anyNumberOfDocuments() throws Exception {
    MultipleAdditiveTreesModel model = model(List.of(tree(1, split(1, 0, leaf(-1), leaf(1)))));
    assertEquals(0, assertSame(model).length);
    for (int count : new int[] {1, 63, 64, 65, 200, 256, 257, 700}) {
      float[][] documents = new float[count][FEATURES];
      for (int doc = 0; doc < count; doc++) {
        documents[doc][1] = doc % 3 - 1;
      }
      assertSame(model, documents);
    }
  }

  @Test
  public void valuesThatAreNoOrdinaryNumbers() throws Exception {
    MultipleAdditiveTreesModel model =
        model(List.of(tree(1, split(0, -0.000001, leaf(1), leaf(2)))));
    float[] odd = {
      -0f, 0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -1e-6f
    };
    float[][] documents = new float[odd.length][FEATURES];
    for (int i = 0; i < odd.length; i++) {
      documents[i][0] = odd[i];
    }
    assertSame(model, documents);
  }

  @Test
  public void randomTreesOverRandomDocuments() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 50; round++) {
      List<Map<String, Object>> trees = new ArrayList<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        trees.add(tree(random.nextFloat(), randomNode(random, 0)));
      }
      float[][] documents = new float[random.nextInt(600)][FEATURES];
      for (float[] document : documents) {
        for (int f = 0; f < FEATURES; f++) {
          document[f] = value(random);
        }
      }
      assertSame(model(trees), documents);
    }
  }

  private static Map<String, Object> randomNode(Random random, int level) {
    return random.nextInt(12) < level
        ? leaf(random.nextGaussian())
        : split(
            random.nextInt(FEATURES),
            value(random),
            randomNode(random, level + 1),
            randomNode(random, level + 1));
  }

  /** Often one of a few, so that values and thresholds meet. */
  private static float value(Random random) {
    return random.nextBoolean() ? random.nextInt(5) / 4f : random.nextFloat();
  }
}
