package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.Test;

/** What model.json says of a model's speed binds the first search after a start. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class FirstSearchTest extends SolrTestCase {

  @Test
  public void knowsWhatItsEncodersTake() throws Exception {
    Path models = createTempDir();
    for (String model : List.of("tiny-bi-encoder", "tiny-cross-encoder", "tiny-late-interaction")) {
      TestSolr.copy(TestSolr.MODELS.resolve(model), models.resolve(model));
    }
    // A pair takes longer than the budget, it says.
    Path manifest = models.resolve("tiny-cross-encoder/model.json");
    String slow = "\"measured\": {\"cost\": {\"ms\": 100000, \"tokenMs\": 0}}, \"task\"";
    Files.writeString(manifest, Files.readString(manifest).replace("\"task\"", slow));
    try (TestSolr solr =
        TestSolr.start(createTempDir(), Map.of("cascade.models", models.toString()))) {
      assertEquals("", solr.loadError());
      RandomProducts.index(solr, 30, 0, random());
      String[] query = {"q", "red shoe", "rq", "{!cascade name=products budgetMs=60000}"};

      JsonNode first = solr.search(query).json();

      assertEquals("completed", outcome(first, 1));
      assertEquals("skipped: too little of its time was left for the encoders", outcome(first, 2));
      assertTrue(first.path("responseHeader").path("partialResults").asBoolean());
      JsonNode cross = solr.read("/admin/cascade").json().path("encoders").path("cross");
      assertEquals(5, cross.path("refused").asInt());
      for (int i = 0; i < 100; i++) {
        if (outcome(solr.search(query).json(), 2).equals("completed")) {
          return;
        }
      }
      fail("was never tried, so never learnt");
    }
  }

  private static String outcome(JsonNode answer, int stage) {
    return answer.path("cascade").path("stages").path(stage).path("outcome").asText();
  }
}
