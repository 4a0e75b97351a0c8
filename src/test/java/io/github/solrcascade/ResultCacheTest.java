package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import org.junit.Test;

/** The queryResultCache serves a page only to a request that would get the very same one. */
public class ResultCacheTest extends SolrTest {

  private static boolean isCached(String... params) throws Exception {
    return section(params).has("servedFrom");
  }

  private static JsonNode section(String... params) throws Exception {
    Answer answer = solr.search(params);
    return answer.json().path("cascade");
  }

  @Test
  public void samePageIsServedFromTheCache() throws Exception {
    String[] params = {"q", "red shoe", "rq", "{!cascade name=products efi.user=7}"};
    Answer first = solr.search(params);
    Answer second = solr.search(params);
    assertEquals(first.ids(), second.ids());
    assertTrue(isCached(params));
  }

  @Test
  public void whatChangesTheOrderIsAnotherPage() throws Exception {
    String q = "blue shoe";
    assertFalse(isCached("q", q, "rq", "{!cascade name=products}"));
    assertFalse(isCached("q", q, "rq", "{!cascade name=products stages=2}"));
    assertFalse(isCached("q", q, "rq", "{!cascade name=products reRankDocs=4}"));
    assertFalse(isCached("q", q, "rq", "{!cascade name=products efi.text=boot}"));
    assertFalse(isCached("q", q, "rq", "{!cascade name=products efi.wanted=3}"));
    assertFalse(isCached("q", q, "rq", "{!cascade name=popular}"));
    assertFalse(isCached("q", q, "rq", "{!cascade name=products}", "NOW", "1420070400000"));
    assertTrue(isCached("q", q, "rq", "{!cascade name=products}"));
    assertTrue(isCached("q", q, "rq", "{!cascade name=products reRankDocs=5000}"));
  }

  @Test
  public void timeThatEfiBringsCounts() throws Exception {
    String rq = "{!cascade name=products efi.since=NOW-1DAY}";
    // Within the same hour, to which recency is rounded.
    assertFalse(isCached("q", "boot", "rq", rq, "NOW", "1420070400000"));
    assertFalse(isCached("q", "boot", "rq", rq, "NOW", "1420070400001"));
    assertTrue(isCached("q", "boot", "rq", rq, "NOW", "1420070400001"));
  }

  @Test
  public void thoseWhoLookInsideGetARunOfTheirOwn() throws Exception {
    String[] params = {"q", "red boot", "rq", "{!cascade name=products}"};
    assertFalse(isCached(params));
    assertTrue(isCached(params));
    assertFalse(isCached("q", "red boot", "rq", "{!cascade name=products}", "debugQuery", "true"));
    assertFalse(isCached("q", "red boot", "rq", "{!cascade name=products}", "fl", "id,[cascade]"));
  }

  @Test
  public void brokenRunIsNotServedAgain() throws Exception {
    String model =
        "{\"name\":\"popular\",\"class\":\"org.apache.solr.ltr.model.LinearModel\","
            + "\"features\":[{\"name\":\"popularity\"}],\"params\":{\"weights\":{\"popularity\":1e38}}}";
    solr.delete("/schema/model-store/popular");
    solr.put("/schema/model-store", model);
    String[] params = {"q", "popularity:[50 TO *]", "rq", "{!cascade name=popular}"};
    for (int i = 0; i < 3; i++) {
      Answer answer = solr.search(params);
      JsonNode header = answer.json().path("responseHeader");
      assertTrue(header.path("partialResults").asBoolean());
      assertTrue(
          header.toString(),
          header.path("partialResultsDetails").asText().contains("stage 'popular' failed"));
    }
    solr.delete("/schema/model-store/popular");
    solr.put("/schema/model-store", model.replace("1e38", "1"));
    assertFalse(isCached(params));
  }
}
