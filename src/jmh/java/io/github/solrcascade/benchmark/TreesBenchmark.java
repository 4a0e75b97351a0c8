package io.github.solrcascade.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.solrcascade.candidates.FeatureMatrix;
import io.github.solrcascade.feature.FeatureSet;
import io.github.solrcascade.model.StageModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.solr.core.SolrResourceLoader;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.feature.ValueFeature;
import org.apache.solr.ltr.model.LTRScoringModel;
import org.apache.solr.ltr.model.ModelException;
import org.apache.solr.ltr.model.MultipleAdditiveTreesModel;
import org.apache.solr.ltr.norm.IdentityNormalizer;
import org.apache.solr.ltr.norm.Normalizer;

/**
 * 200 documents through LTR's own {@code MultipleAdditiveTreesModel}, one by one, and through a
 * stage's model: LightGBM rankers read from JSON dumps, and one of 1,000 trees made of the second
 * by moving its thresholds. Feature values are drawn at random between a feature's lowest and
 * highest threshold.
 */
final class TreesBenchmark {
  private static final int DOCUMENTS = 200;
  private static final int REPEATS = 20;
  private static final int MANY_TREES = 1000;

  private TreesBenchmark() {}

  static void run(PrintStream out, Path folder) throws Exception {
    JsonNode many = read(folder.resolve("product_ranker_simple_lightgbm.json.gz"));
    List<String> models =
        List.of(
            measure(out, trees(many, many.path("tree_info").size()), features(many)).toJson(),
            measure(out, trees(many, MANY_TREES), features(many)).toJson(),
            measureOther(out, read(folder.resolve("product_ranker_lightgbm.json.gz"))).toJson());
    String first = models.get(0);
    out.println(
        first.substring(0, first.length() - 1) + ",\"models\":[" + String.join(",", models) + "]}");
  }

  /** Milliseconds of a stage's model of so many trees. */
  static double millis(PrintStream out, Path folder, int trees) throws Exception {
    JsonNode many = read(folder.resolve("product_ranker_simple_lightgbm.json.gz"));
    return measure(out, trees(many, trees), features(many)).oursMs();
  }

  private record Result(int trees, double ltrMs, double oursMs) {
    String toJson() {
      return String.format(
          Locale.ROOT,
          "{\"trees\":%d,\"ratio\":%.3f,\"ltrMs\":%.4f,\"oursMs\":%.4f}",
          trees,
          ltrMs / oursMs,
          ltrMs,
          oursMs);
    }
  }

  private static Result measureOther(PrintStream out, JsonNode dump) throws Exception {
    return measure(out, trees(dump, dump.path("tree_info").size()), features(dump));
  }

  private static JsonNode read(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static int features(JsonNode dump) {
    return dump.path("max_feature_idx").asInt() + 1;
  }

  private static Result measure(PrintStream out, List<Map<String, Object>> trees, int features)
      throws Exception {
    MultipleAdditiveTreesModel reference = model(trees, features);
    StageModel ours = new StageModel(reference, new FeatureSet());
    float[][] documents = documents(trees, features);
    FeatureMatrix matrix = matrix(documents, features);
    int[] all = IntStream.range(0, DOCUMENTS).toArray();
    if (!Arrays.equals(oneByOne(reference, documents), ours.score(matrix, all))) {
      throw new IllegalStateException("scores differ");
    }
    Map<String, Double> millis =
        new Contest()
            .add("solr-ltr", () -> repeat(() -> oneByOne(reference, documents)))
            .add("solr-cascade", () -> repeat(() -> ours.score(matrix, all)))
            .run(20, 31);
    double theirs = millis.get("solr-ltr") / REPEATS;
    double mine = millis.get("solr-cascade") / REPEATS;
    out.printf(
        Locale.ROOT,
        "%d trees, %d features, %d documents: solr-ltr %.3f ms, solr-cascade %.3f ms, equal to the"
            + " bit%n",
        trees.size(),
        features,
        DOCUMENTS,
        theirs,
        mine);
    return new Result(trees.size(), theirs, mine);
  }

  private static void repeat(Runnable task) {
    for (int i = 0; i < REPEATS; i++) {
      task.run();
    }
  }

  /** As LTR's rescorer does: a vector a document, normalized, scored. */
  private static float[] oneByOne(LTRScoringModel model, float[][] documents) {
    float[] scores = new float[documents.length];
    float[] vector = new float[documents[0].length];
    for (int doc = 0; doc < scores.length; doc++) {
      System.arraycopy(documents[doc], 0, vector, 0, vector.length);
      model.normalizeFeaturesInPlace(vector);
      scores[doc] = model.score(vector);
    }
    return scores;
  }

  private static MultipleAdditiveTreesModel model(List<Map<String, Object>> trees, int count)
      throws ModelException {
    List<Feature> features = new ArrayList<>();
    List<Normalizer> norms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      features.add(new ValueFeature("f" + i, new HashMap<>(Map.of("value", 1))));
      norms.add(IdentityNormalizer.INSTANCE);
    }
    return (MultipleAdditiveTreesModel)
        LTRScoringModel.getInstance(
            new SolrResourceLoader(Path.of("").toAbsolutePath()),
            MultipleAdditiveTreesModel.class.getName(),
            "trees",
            features,
            norms,
            "store",
            features,
            new HashMap<>(Map.of("trees", trees)));
  }

  /** So many of the dump's trees in LTR's form; past the last they begin anew, thresholds moved. */
  private static List<Map<String, Object>> trees(JsonNode dump, int count) {
    Random random = new Random(5);
    JsonNode all = dump.path("tree_info");
    List<Map<String, Object>> trees = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double moved = i < all.size() ? 0 : 0.1 * random.nextGaussian();
      JsonNode root = all.get(i % all.size()).path("tree_structure");
      trees.add(Map.of("weight", "1", "root", node(root, 1 + moved)));
    }
    return trees;
  }

  private static Map<String, Object> node(JsonNode node, double factor) {
    if (node.has("leaf_value")) {
      return Map.of("value", node.path("leaf_value").asText());
    }
    return Map.of(
        "feature",
        "f" + node.path("split_feature").asInt(),
        "threshold",
        String.valueOf(node.path("threshold").asDouble() * factor),
        "left",
        node(node.path("left_child"), factor),
        "right",
        node(node.path("right_child"), factor));
  }

  private static float[][] documents(List<Map<String, Object>> trees, int features) {
    float[] low = new float[features];
    float[] high = new float[features];
    trees.forEach(tree -> spread((Map<?, ?>) tree.get("root"), low, high));
    Random random = new Random(6);
    float[][] documents = new float[DOCUMENTS][features];
    for (float[] document : documents) {
      for (int f = 0; f < features; f++) {
        document[f] = low[f] + random.nextFloat() * (high[f] - low[f]);
      }
    }
    return documents;
  }

  private static void spread(Map<?, ?> node, float[] low, float[] high) {
    if (node.containsKey("feature")) {
      int feature = Integer.parseInt(((String) node.get("feature")).substring(1));
      float threshold = Float.parseFloat((String) node.get("threshold"));
      low[feature] = Math.min(low[feature], threshold);
      high[feature] = Math.max(high[feature], threshold);
      spread((Map<?, ?>) node.get("left"), low, high);
      spread((Map<?, ?>) node.get("right"), low, high);
    }
  }

  private static FeatureMatrix matrix(float[][] documents, int features) {
    FeatureMatrix matrix = new FeatureMatrix(documents.length, features);
    for (int doc = 0; doc < documents.length; doc++) {
      for (int f = 0; f < features; f++) {
        matrix.set(f, doc, documents[doc][f]);
      }
    }
    return matrix;
  }
}
