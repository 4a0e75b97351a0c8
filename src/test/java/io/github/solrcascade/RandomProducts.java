package io.github.solrcascade;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** An index of products in segments of random size, with missing values of every kind. */
final class RandomProducts {
  private static final String[] WORDS = {
    "red", "blue", "running", "walking", "shoe", "boot", "laptop", "printer", "cable", "light"
  };

  private RandomProducts() {}

  /**
   * Replaces what is there by products 0 to {@code kept - 1}, with some deleted ones among them.
   */
  static void index(TestSolr solr, int kept, int deleted, Random random) throws Exception {
    clear(solr);
    List<Integer> ids = new ArrayList<>(IntStream.range(0, kept + deleted).boxed().toList());
    Collections.shuffle(ids, random);
    List<Map<String, Object>> segment = new ArrayList<>();
    for (int id : ids) {
      segment.add(product(id, random));
      if (random.nextInt(6) == 0) {
        solr.index(segment);
        segment.clear();
      }
    }
    solr.index(segment);
    for (int id = kept; id < kept + deleted; id++) {
      solr.update("{\"delete\":\"" + id + "\"}");
    }
    solr.update("{\"commit\":{}}");
  }

  /** Leaves an empty index. */
  static void clear(TestSolr solr) throws Exception {
    solr.update("{\"delete\":{\"query\":\"*:*\"}}", "commit", "true");
  }

  private static Map<String, Object> product(int id, Random random) {
    Map<String, Object> product = new HashMap<>();
    product.put("id", String.valueOf(id));
    // Nearly all match the query "red shoe", with different scores.
    product.put(
        "title", random.nextInt(12) == 0 ? "plain lamp" : "red " + words(random, 3) + " shoe");
    if (random.nextInt(4) != 0) {
      product.put("text", words(random, 12));
    }
    if (random.nextInt(4) != 0) {
      product.put("popularity", random.nextInt(100));
    }
    if (random.nextInt(3) != 0) {
      product.put("date", "20" + (10 + random.nextInt(15)) + "-03-01T00:00:00Z");
    }
    product.put("brand", WORDS[random.nextInt(3)]);
    product.put("price", random.nextInt(50));
    return product;
  }

  private static String words(Random random, int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return String.join(" ", words);
  }
}
