package io.github.solrcascade.feature;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.solr.SolrTestCase;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** A test of features in a real core: a cascade whose score is one feature's value. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public abstract class FeatureTest extends SolrTestCase {
  private static final String MODELS = "/schema/model-store";
  private static int uploads;

  /** The Solr under test; its documents are the subclass's. */
  protected static TestSolr solr;

  @BeforeClass
  public static void startSolr() throws Exception {
    solr = TestSolr.start(createTempDir(), Map.of("cascade.popular.depth", "100"));
    assertEquals("", solr.loadError());
  }

  @AfterClass
  public static void stopSolr() throws Exception {
    if (solr != null) {
      solr.close();
      solr = null;
    }
  }

  protected static void index(List<Map<String, Object>> docs) throws Exception {
    solr.index(docs);
  }

  protected static String ours(String type) {
    return "io.github.solrcascade.feature." + type;
  }

  protected static String ltrs(String type) {
    return "org.apache.solr.ltr.feature." + type;
  }

  /**
   * Makes the feature the score of the cascade {@code popular}.
   *
   * @return the feature's name
   */
  protected static String serve(String type, String params) throws Exception {
    String name = "f" + ++uploads;
    upload(
        "/schema/feature-store",
        String.format(
            Locale.ROOT, "[{\"name\":\"%s\",\"class\":\"%s\",\"params\":%s}]", name, type, params));
    solr.delete(MODELS + "/popular");
    upload(
        MODELS,
        String.format(
            Locale.ROOT,
            """
        {"name": "popular", "class": "org.apache.solr.ltr.model.LinearModel",
         "features": [{"name": "%1$s"}], "params": {"weights": {"%1$s": 1}}}
        """,
            name));
    return name;
  }

  private static void upload(String store, String json) throws Exception {
    Answer answer = solr.put(store, json);
    assertEquals(answer.json().toString(), 200, answer.status());
  }

  /** What the cascade answers for all documents. */
  protected static Answer ask(String localParams, String... params) throws Exception {
    // Of a parameter given twice, Solr takes the first.
    List<String> all = new ArrayList<>(List.of(params));
    all.addAll(
        List.of("q", "*:*", "rows", "100", "fl", "id,score,[cascade]", "debugQuery", "true"));
    all.addAll(List.of("rq", "{!cascade name=popular " + localParams + "}"));
    return solr.search(all.toArray(new String[0]));
  }

  /** Each document's value, by its id, which must be its score too. */
  protected static Map<String, Float> values(
      String type, String params, String localParams, String... more) throws Exception {
    String name = serve(type, params);
    Map<String, Float> values = new TreeMap<>();
    for (JsonNode doc : ask(localParams, more).docs()) {
      float value = doc.path("[cascade]").path("features").path(name).floatValue();
      assertEquals(doc.path("score").floatValue(), value, 0);
      values.put(doc.path("id").asText(), value);
    }
    return values;
  }

  /** How the document's score is explained. */
  protected static String explanation(Answer answer, String id) {
    return answer.json().path("debug").path("explain").path(id).asText();
  }
}
