package io.github.solrcascade.feature;

import io.github.solrcascade.TestSolr;
import io.github.solrcascade.TestSolr.Answer;
import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Encoders;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.Scorer;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.core.SolrCore;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrQueryRequestBase;
import org.apache.solr.search.SolrIndexSearcher;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Pairs read jointly, checked against the encoder itself. */
public class CrossEncoderFeatureTest extends FeatureTest {
  private static CrossEncoder encoder;

  @BeforeClass
  public static void indexTexts() throws Exception {
    encoder = (CrossEncoder) Encoders.acquire(TestSolr.MODELS.resolve("tiny-cross-encoder"));
    index(
        List.of(
            Map.of("id", "1", "title", "red running shoe", "text", "light printer cable"),
            Map.of("id", "2", "title", "laptop")));
    index(
        List.of(
            Map.of("id", "3", "text", "plain lamp ".repeat(30)),
            Map.of("id", "4", "notes", List.of("plain", " lamp ")),
            Map.of("id", "5", "title", " ", "text", "  ")));
  }

  @AfterClass
  public static void release() {
    Encoders.release(encoder);
    encoder = null;
  }

  private static Map<String, Float> feature(String params, String localParams) throws Exception {
    String all =
        "{\"encoder\":\"cross\",\"fields\":[\"title\",\"text\"],\"defaultValue\":-9" + params + "}";
    return values(ours("CrossEncoderFeature"), all, localParams);
  }

  private static float score(String query, String document, int maxTokens) {
    return encoder.score(query, List.of(document), maxTokens)[0];
  }

  @Test
  public void readsTheFieldsInTheirOrder() throws Exception {
    Map<String, Float> values = feature("", "efi.text='red shoe'");
    assertEquals(score("red shoe", "red running shoe light printer cable", 64), values.get("1"), 0);
    assertEquals(score("red shoe", "laptop", 64), values.get("2"), 0);
  }

  @Test
  public void readsAllValuesOfAField() throws Exception {
    String params = "{\"encoder\":\"cross\",\"fields\":[\"notes\"],\"defaultValue\":-9}";
    Map<String, Float> values = values(ours("CrossEncoderFeature"), params, "efi.text=red");
    assertEquals(score("red", "plain lamp", 64), values.get("4"), 0);
  }

  @Test
  public void missingTextIsTheDefaultAndSaysSo() throws Exception {
    Map<String, Float> values = feature("", "efi.text=red");
    assertEquals(-9, values.get("4"), 0);
    assertEquals("blanks are no text", -9, values.get("5"), 0);
    String missing = explanation(ask("efi.text=red"), "4");
    assertTrue(missing, missing.contains("-9.0 = default value, document has none: CrossEncoder"));
  }

  @Test
  public void textIsTheQuerysUnlessEfiGivesAnother() throws Exception {
    serve(ours("CrossEncoderFeature"), "{\"encoder\":\"cross\",\"fields\":[\"title\"]}");
    Answer own = ask("", "q", "{!lucene df=title}laptop");
    assertEquals(score("laptop", "laptop", 64), own.docs().get(0).path("score").floatValue(), 0);
    Answer other = ask("efi.text=boot", "q", "{!lucene df=title}laptop");
    assertEquals(score("boot", "laptop", 64), other.docs().get(0).path("score").floatValue(), 0);
  }

  @Test
  public void maxTokensCutsThePair() throws Exception {
    String text = "plain lamp ".repeat(30).strip();
    float cut = feature(",\"maxTokens\":16", "efi.text=red").get("3");
    assertEquals(score("red", text, 16), cut, 0);
    assertNotEquals(score("red", text, 64), cut, 0);
  }

  @Test
  public void emptyQueryTextIsScored() throws Exception {
    assertEquals(score("", "laptop", 64), feature("", "efi.text=''").get("2"), 0);
  }

  @Test
  public void manyAtOnceAreScoredAsOneByOne() throws Exception {
    try (SolrCore core = solr.cores().getCore("test");
        SolrQueryRequest request = new SolrQueryRequestBase(core, new ModifiableSolrParams()) {}) {
      SolrIndexSearcher searcher = request.getSearcher();
      Map<String, Object> params = Map.of("encoder", "cross", "fields", List.of("title", "text"));
      Feature feature =
          Feature.getInstance(
              core.getResourceLoader(), ours("CrossEncoderFeature"), "pair", params);
      Map<String, String[]> efi = Map.of("text", new String[] {"red shoe"});
      Feature.FeatureWeight weight = feature.createWeight(searcher, true, request, null, efi);
      float[] batch = ((BatchWeight) weight).values(new int[] {0, 1, 2, 3, 4}, new Findings());
      assertTrue("no text, no value", Float.isNaN(batch[3]) && Float.isNaN(batch[4]));
      for (int doc = 0; doc < batch.length; doc++) {
        float expected = Float.isNaN(batch[doc]) ? feature.getDefaultValue() : batch[doc];
        assertEquals(expected, single(weight, searcher, doc), 0);
      }
    }
  }

  private static float single(Feature.FeatureWeight weight, SolrIndexSearcher searcher, int doc)
      throws IOException {
    List<LeafReaderContext> leaves = searcher.getTopReaderContext().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    Scorer scorer = weight.scorer(leaf);
    assertEquals(doc - leaf.docBase, scorer.iterator().advance(doc - leaf.docBase));
    return scorer.score();
  }
}
