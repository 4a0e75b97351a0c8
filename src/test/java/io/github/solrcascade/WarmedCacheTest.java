package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Solr fills a new searcher's queryResultCache without the request that a page was made for. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class WarmedCacheTest extends SolrTestCase {
  private static TestSolr solr;

  @BeforeClass
  public static void startSolr() throws Exception {
    Path home = createTempDir();
    Path config = TestSolr.install(home, "test", Map.of()).resolve("solrconfig.xml");
    String warmed = "<queryResultCache size=\"64\" autowarmCount=\"64\"/>";
    Files.writeString(
        config, Files.readString(config).replace("<queryResultCache size=\"64\"/>", warmed));
    solr = TestSolr.start(home);
    assertEquals("", solr.loadError());
    RandomProducts.index(solr, 30, 0, random());
  }

  @AfterClass
  public static void stopSolr() {
    if (solr != null) {
      solr.close();
      solr = null;
    }
  }

  private static JsonNode page(String handler, String localParams, String... more)
      throws Exception {
    List<String> params = new ArrayList<>(List.of(more));
    params.addAll(List.of("q", "red shoe", "fl", "id,score", "rows", "20"));
    params.addAll(List.of("rq", "{!cascade name=products " + localParams + "}"));
    return solr.get(handler, params.toArray(new String[0])).docs();
  }

  private static void warm() throws Exception {
    // A searcher is opened only if there is something new.
    solr.index(List.of(Map.of("id", "1000", "brand", "new")));
  }

  @Test
  public void pageOfAnotherTimeStaysOfThatTime() throws Exception {
    String[] past = {"NOW", "1420070400000"};
    page("/select", "", past);
    warm();
    JsonNode served = page("/select", "", past);
    assertEquals(page("/select", "cache=false", past), served);
  }

  @Test
  public void elevatedDocumentsStayOnTop() throws Exception {
    page("/elevate", "");
    warm();
    JsonNode served = page("/elevate", "");
    assertEquals("7", served.get(0).path("id").asText());
    assertEquals(page("/elevate", "cache=false"), served);
  }
}
