package io.github.solrcascade.feature;

import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr;
import io.github.solrcascade.TestSolr.Answer;
import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.encoder.Encoders;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.util.VectorUtil;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.core.SolrCore;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrQueryRequestBase;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** MaxSim of query and documents in a real index, against the encoder's own vectors. */
public class LateInteractionFeatureTest extends FeatureTest {
  /** Numbers are rounded to a 127th. */
  private static final float ROUNDED = 0.01f;

  private static final String TEXT = "red shoe";
  private static final Map<String, String> TITLES = new HashMap<>();
  private static LateInteractionEncoder encoder;

  /** Two segments at least, and documents without tokens in between. */
  @BeforeClass
  public static void indexTokens() throws Exception {
    encoder =
        (LateInteractionEncoder) Encoders.acquire(TestSolr.MODELS.resolve("tiny-late-interaction"));
    String[] words = {"red", "running", "shoe", "laptop", "printer", "cable", "light", "plain"};
    List<Map<String, Object>> segment = new ArrayList<>();
    for (int id = 0; id < 150; id++) {
      List<String> title = new ArrayList<>();
      for (int i = random().nextInt(8); i > 0; i--) {
        title.add(words[random().nextInt(words.length)]);
      }
      TITLES.put(String.valueOf(id), String.join(" ", title));
      segment.add(Map.of("id", String.valueOf(id), "title", String.join(" ", title)));
      if (id % 40 == 39) {
        index(segment);
        segment.clear();
      }
    }
    index(segment);
  }

  @AfterClass
  public static void release() {
    Encoders.release(encoder);
    encoder = null;
    TITLES.clear();
  }

  private static Map<String, Float> feature(String params, String localParams) throws Exception {
    String all = "{\"encoder\":\"late\",\"field\":\"tokens\",\"defaultValue\":-7" + params + "}";
    return values(ours("LateInteractionFeature"), all, localParams);
  }

  private static double sum(String query, String title) {
    double sum = 0;
    for (float[] of : encoder.encodeQuery(query)) {
      double best = -1;
      for (float[] with : encoder.encodeDocument(title, 64)) {
        best = Math.max(best, VectorUtil.dotProduct(of, with));
      }
      sum += best;
    }
    return sum;
  }

  private static int tokens(String query) {
    return encoder.encodeQuery(query).length;
  }

  @Test
  public void isTheMeanOverTheQuerysTokens() throws Exception {
    Map<String, Float> values = feature("", "efi.text='" + TEXT + "'");
    assertEquals(100, values.size());
    values.forEach(
        (id, value) -> {
          String title = TITLES.get(id);
          double expected = title.isEmpty() ? -7 : sum(TEXT, title) / tokens(TEXT);
          assertEquals(title, expected, value, ROUNDED);
        });
  }

  @Test
  public void orTheirSum() throws Exception {
    Map<String, Float> values = feature(",\"aggregation\":\"sum\"", "efi.text='" + TEXT + "'");
    values.forEach(
        (id, value) -> {
          String title = TITLES.get(id);
          double expected = title.isEmpty() ? -7 : sum(TEXT, title);
          assertEquals(title, expected, value, ROUNDED * tokens(TEXT));
        });
  }

  @Test
  public void textMayBeAnother() throws Exception {
    Map<String, Float> values = feature(",\"text\":\"plain ${what}\"", "efi.what=lamp");
    String id = values.keySet().stream().filter(i -> !TITLES.get(i).isEmpty()).findFirst().get();
    double expected = sum("plain lamp", TITLES.get(id)) / tokens("plain lamp");
    assertEquals(expected, values.get(id), ROUNDED);
  }

  @Test
  public void missingTokensAreTheDefaultAndSaySo() throws Exception {
    Map<String, Float> values = feature("", "efi.text=red");
    String id = values.keySet().stream().filter(i -> TITLES.get(i).isEmpty()).findFirst().get();
    String missing = explanation(ask("efi.text=red"), id);
    assertThat(missing, containsString("-7.0 = default value, document has none: LateInteraction"));
  }

  private static LateInteractionFeature made() {
    LateInteractionFeature feature = new LateInteractionFeature("late", Map.of());
    feature.setEncoder("late");
    feature.setField("tokens");
    return feature;
  }

  /** The documents of the whole index, in a random order. */
  private static int[] shuffled(int count) {
    List<Integer> docs = new ArrayList<>();
    for (int doc = 0; doc < count; doc++) {
      docs.add(doc);
    }
    Collections.shuffle(docs, random());
    return docs.stream().mapToInt(Integer::intValue).toArray();
  }

  @FunctionalInterface
  private interface WithWeight {
    void run(SolrQueryRequest request, Feature.FeatureWeight weight) throws Exception;
  }

  private static void withWeight(WithWeight test) throws Exception {
    try (SolrCore core = solr.cores().getCore("test");
        SolrQueryRequest request = new SolrQueryRequestBase(core, new ModifiableSolrParams()) {}) {
      Map<String, String[]> efi = Map.of("text", new String[] {TEXT});
      test.run(
          request,
          made().createWeight(request.getSearcher(), true, request, new MatchAllDocsQuery(), efi));
    }
  }

  @Test
  public void aBatchScoresAsSinglesDoAndAsLtrDoes() throws Exception {
    withWeight(
        (request, weight) -> {
          int[] docs = shuffled(request.getSearcher().maxDoc());
          float[] batch = ((BatchWeight) weight).values(docs, new Findings());
          float[] byDoc = new float[docs.length];
          for (int i = 0; i < docs.length; i++) {
            assertEquals(
                ((BatchWeight) weight).values(new int[] {docs[i]}, new Findings())[0], batch[i], 0);
            byDoc[docs[i]] = batch[i];
          }
          int scored = 0;
          for (LeafReaderContext leaf : request.getSearcher().getIndexReader().leaves()) {
            Scorer scorer = weight.scorer(leaf);
            for (int doc = scorer.iterator().nextDoc();
                doc < leaf.reader().maxDoc();
                doc = scorer.iterator().nextDoc()) {
              assertEquals(byDoc[leaf.docBase + doc], scorer.score(), 0);
              scored++;
            }
          }
          int with = (int) TITLES.values().stream().filter(title -> !title.isEmpty()).count();
          assertEquals(with, scored);
        });
  }

  @Test
  public void whenTheTimeIsUpTheRestIsLeft() throws Exception {
    withWeight(
        (request, weight) -> {
          int[] docs = shuffled(100);
          float[] all = ((BatchWeight) weight).values(docs, new Findings());
          RequestDeadline.put(request, Deadline.NONE.and(() -> true));
          assertEquals(0, ((BatchWeight) weight).values(docs, new Findings()).length);

          AtomicInteger asked = new AtomicInteger();
          RequestDeadline.put(request, Deadline.NONE.and(() -> asked.incrementAndGet() > 1));
          float[] some = ((BatchWeight) weight).values(docs, new Findings());
          assertEquals(64, some.length);
          assertArrayEquals(Arrays.copyOf(all, 64), some, 0);
        });
  }

  private static void assertRefused(String rule, String params) throws Exception {
    Answer answer =
        solr.put(
            "/schema/feature-store",
            String.format(
                Locale.ROOT,
                "[{\"name\":\"refused\",\"class\":\"%s\",\"params\":{%s}}]",
                ours("LateInteractionFeature"),
                params));
    assertEquals(answer.json().toString(), 400, answer.status());
    assertThat(answer.json().toString(), containsString("feature 'refused': " + rule));
  }

  @Test
  public void whatDoesNotFitIsRefused() throws Exception {
    String good = "'encoder':'late','field':'tokens'".replace('\'', '"');
    assertRefused("encoder: missing, must be given", "\"field\":\"tokens\"");
    assertRefused("field: missing, must be given", "\"encoder\":\"late\"");
    assertRefused("aggregation: max, must be mean or sum", good + ",\"aggregation\":\"max\"");
    assertRefused("encoder: bi, must be a late-interaction encoder", good.replace("late", "bi"));
    assertRefused("encoder: x, must be one of the encoders", good.replace("late", "x"));
    assertRefused("field: vector, must be a TokenVectorField", good.replace("tokens", "vector"));
    assertRefused("field: nowhere, must be a field", good.replace("tokens", "nowhere"));
    assertRefused(
        "field: tokens4 has dimensions 4, must be 6 as encoder 'late' gives",
        good.replace("tokens", "tokens4"));
  }

  @Test
  public void aFirstPassByMaxSimIsExact() throws Exception {
    Answer answer =
        solr.search(
            "q",
            "{!late_interaction encoder=late f=tokens v=$text}",
            "text",
            TEXT,
            "rows",
            "200",
            "fl",
            "id,score");
    long with = TITLES.values().stream().filter(title -> !title.isEmpty()).count();
    assertEquals(with, answer.docs().size());
    float before = 1;
    for (JsonNode doc : answer.docs()) {
      double mean = sum(TEXT, TITLES.get(doc.path("id").asText())) / tokens(TEXT);
      float score = doc.path("score").floatValue();
      assertEquals((1 + mean) / 2, score, ROUNDED);
      assertTrue(score <= before);
      before = score;
    }
  }

  @Test
  public void aFirstPassByMaxSimKeepsToFilters() throws Exception {
    Answer answer =
        solr.search(
            "q",
            "{!late_interaction encoder=late f=tokens}red",
            "fq",
            "id:(3 7 11)",
            "debugQuery",
            "true");
    answer.ids().forEach(id -> assertTrue(id, List.of("3", "7", "11").contains(id)));
  }

  private static void assertNoQuery(String message, String localParams) throws Exception {
    Answer answer = solr.get("/select", "q", "{!late_interaction " + localParams + "}red");
    assertEquals(answer.json().toString(), 400, answer.status());
    assertThat(answer.error(), containsString(message));
  }

  @Test
  public void aFirstPassThatCannotBeIsRefused() throws Exception {
    assertNoQuery("encoder: missing, must be given", "f=tokens");
    assertNoQuery("f: missing, must be given", "encoder=late");
    assertNoQuery("encoder: bi, must be a late-interaction encoder", "encoder=bi f=tokens");
    String rule = ", must be a TokenVectorField of 6 dimensions";
    for (String field : List.of("vector", "nowhere", "tokens4")) {
      assertNoQuery("f: " + field + rule, "encoder=late f=" + field);
    }
    Answer answer = solr.get("/select", "q", "tokens:red");
    assertEquals(400, answer.status());
    assertThat(answer.error(), containsString("must be searched with {!late_interaction}"));
  }
}
