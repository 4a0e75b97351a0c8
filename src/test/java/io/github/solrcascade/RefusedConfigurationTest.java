package io.github.solrcascade;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.Test;

/** A configuration that cannot be run fails when the core loads, with path, value and rule. */
public class RefusedConfigurationTest extends SolrTestCase {

  private static void assertRefused(String message, Map<String, String> properties)
      throws Exception {
    try (TestSolr solr = TestSolr.start(createTempDir(), properties)) {
      assertTrue(solr.loadError(), solr.loadError().contains(message));
    }
  }

  @Test
  public void missingModel() throws Exception {
    assertRefused(
        "cascade[products].stage[1].model: nothing, must be in the model store",
        Map.of("cascade.model", "nothing"));
  }

  @Test
  public void impossibleDepth() throws Exception {
    assertRefused(
        "cascade[products].stage[1].reRankDocs: -5, must be ≥ 1", Map.of("cascade.depth", "-5"));
    assertRefused(
        "cascade[products].stage[2].reRankDocs: 8, must be ≤ 7, the depth of the stage before",
        Map.of("cascade.depth", "7"));
  }

  @Test
  public void missingEncoder() throws Exception {
    assertRefused(
        "encoder[bi].path: nowhere, must be a folder in ", Map.of("cascade.bi", "nowhere"));
    assertRefused("encoder[bi].path: ../solr, must lie inside ", Map.of("cascade.bi", "../solr"));
  }

  @Test
  public void encoderOfTheOtherKind() throws Exception {
    assertRefused(
        "cascade[products]: feature 'semantic': encoder: bi, must be a bi-encoder",
        Map.of("cascade.bi", "tiny-cross-encoder"));
  }

  @Test
  public void graphThatDoesNotFit() throws Exception {
    assertRefused("encoder[cross].path: refused-input, ", Map.of("cascade.cross", "refused-input"));
  }

  @Test
  public void modelsElsewhere() throws Exception {
    Path elsewhere = createTempDir();
    Files.createDirectories(elsewhere.resolve("tiny-bi-encoder"));
    assertRefused(
        "tiny-bi-encoder/model.json: cannot be read",
        Map.of("cascade.models", elsewhere.toString()));
  }
}
