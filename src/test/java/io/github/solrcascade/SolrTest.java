package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.solr.SolrTestCase;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** A test against one Solr, whose catalogue of 40 products is random but for its seed. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public abstract class SolrTest extends SolrTestCase {
  private static final String[] WORDS = {
    "red", "blue", "running", "walking", "shoe", "boot", "laptop", "printer", "cable", "light"
  };

  /** The Solr under test. */
  protected static TestSolr solr;

  @BeforeClass
  public static void startSolr() throws Exception {
    solr = TestSolr.start(createTempDir(), Map.of());
    assertEquals("", solr.loadError());
    indexRandomProducts();
  }

  @AfterClass
  public static void stopSolr() throws Exception {
    if (solr != null) {
      solr.close();
      solr = null;
    }
  }

  /** Many segments, deletes, and missing values of every kind. */
  private static void indexRandomProducts() throws Exception {
    List<Map<String, Object>> segment = new ArrayList<>();
    for (int id = 0; id < 48; id++) {
      segment.add(randomProduct(id));
      if (random().nextInt(6) == 0) {
        solr.index(segment);
        segment.clear();
      }
    }
    solr.index(segment);
    solr.update("{\"delete\":{\"query\":\"id:(40 41 42 43 44 45 46 47)\"}}", "commit", "true");
  }

  private static Map<String, Object> randomProduct(int id) {
    Random random = random();
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
