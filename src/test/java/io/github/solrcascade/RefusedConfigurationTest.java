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
    assertRefused("encoder[bi].path: /etc, must lie inside ", Map.of("cascade.bi", "/etc"));
    String url = TestSolr.MODELS.resolve("tiny-bi-encoder").toUri().toString();
    assertRefused("encoder[bi].path: " + url + ", must be a folder in ", Map.of("cascade.bi", url));
  }

  @Test
  public void folderThatLinksOut() throws Exception {
    // Lucene's paths know no links.
    Path models = Path.of(createTempDir().toString());
    Path outside = TestSolr.MODELS.resolve("tiny-bi-encoder").toRealPath();
    Files.createSymbolicLink(models.resolve("tiny-bi-encoder"), outside);
    assertRefused(
        "encoder[bi].path: tiny-bi-encoder, links to " + outside + ", must lie inside " + models,
        Map.of("cascade.models", models.toString()));
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

  /** Refused with the file of the configuration changed in one place. */
  private static void assertRefused(String message, String file, String text, String instead)
      throws Exception {
    Path home = createTempDir();
    Path edited = TestSolr.install(home, "test", Map.of()).resolve(file);
    String before = Files.readString(edited);
    assertTrue(before.contains(text));
    Files.writeString(edited, before.replace(text, instead));
    try (TestSolr solr = TestSolr.start(home)) {
      assertTrue(solr.loadError(), solr.loadError().contains(message));
    }
  }

  @Test
  public void twoCascadesOfOneName() throws Exception {
    assertRefused(
        "cascade[popular].name: popular, must be unique", Map.of("cascade.last", "popular"));
  }

  @Test
  public void unknownKey() throws Exception {
    assertRefused(
        "cascade[trees].stage[1].rerankDocs: 10, unknown key, known: [adaptive, model, name, reRankDocs, scope]",
        "solrconfig.xml",
        "<int name=\"reRankDocs\">10<",
        "<int name=\"rerankDocs\">10<");
  }

  @Test
  public void profilesWithoutAField() throws Exception {
    String field = "<str name=\"field\">notes</str>";
    assertRefused("profile.field: missing, must be given", "solrconfig.xml", field, "");
    assertRefused(
        "profile.fields: notes, unknown key, known: [collection, field]",
        "solrconfig.xml",
        field,
        "<str name=\"fields\">notes</str>");
  }

  @Test
  public void modelOfAnUnknownFeature() throws Exception {
    assertRefused(
        "Feature: unheardOf not found in store: _DEFAULT_",
        "_schema_model-store.json",
        "[{\"name\": \"popularity\"}]",
        "[{\"name\": \"unheardOf\"}]");
  }

  @Test
  public void fileThatIsNotTheManifests() throws Exception {
    Path models = createTempDir();
    TestSolr.copy(TestSolr.MODELS, models.resolve("copy"));
    Path tokenizer = models.resolve("copy/tiny-cross-encoder/tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer) + " ");
    String found = "encoder[cross].path: tiny-cross-encoder, " + tokenizer.toRealPath();
    assertRefused(found + ": sha256 ", Map.of("cascade.models", models.resolve("copy").toString()));
  }

  @Test
  public void vectorsOfAnUnknownOrUnfitEncoder() throws Exception {
    String place = "VectorUpdateProcessorFactory.encoder: ";
    assertRefused(
        place + "nobody, must be one of the encoders [bi, cross, late]",
        Map.of("vector.encoder", "nobody"));
    assertRefused(
        place + "cross, must be a bi-encoder or a late-interaction encoder",
        Map.of("vector.encoder", "cross"));
  }

  @Test
  public void vectorsForAFieldThatDoesNotFit() throws Exception {
    String rule = ", must be a DenseVectorField of dimension 8";
    for (String field : new String[] {"title", "nowhere", "vector4"}) {
      assertRefused(
          "VectorUpdateProcessorFactory.field: " + field + rule, Map.of("vector.field", field));
    }
  }

  @Test
  public void tokenVectorsForAFieldThatDoesNotFit() throws Exception {
    for (String field : new String[] {"vector", "nowhere", "tokens4"}) {
      assertRefused(
          "VectorUpdateProcessorFactory.field: "
              + field
              + ", must be a TokenVectorField of dimension 6",
          Map.of("tokens.field", field));
    }
  }

  @Test
  public void pooledVectorsOfAnImpossibleFactor() throws Exception {
    String rule = ", must be ≥ 1, and 1 but for late interaction";
    String place = "VectorUpdateProcessorFactory.poolFactor: ";
    assertRefused(place + 0 + rule, Map.of("tokens.poolFactor", "0"));
    assertRefused(
        place + 2 + rule,
        Map.of("tokens.poolFactor", "2", "tokens.encoder", "bi", "tokens.field", "vector"));
  }

  @Test
  public void tokenVectorFieldThatCannotBe() throws Exception {
    String type = "dimensions=\"6\"";
    assertRefused(
        "dimensions: 0, must be a whole number from 1 to 9999",
        "schema.xml",
        type,
        "dimensions=\"0\"");
    assertRefused(
        "dimensions: missing, must be a whole number from 1 to 9999", "schema.xml", type, "");
    assertRefused(
        "must have docValues and not be multiValued",
        "schema.xml",
        type,
        type + " docValues=\"false\"");
  }

  @Test
  public void rerankersThatCannotBe() throws Exception {
    String place = "reranker[1].";
    for (String url : new String[] {"http://example.com/", "ftp://localhost/", "rerank", "a b"}) {
      assertRefused(place + "url: " + url, Map.of("rerank.url", url));
    }
    assertRefused(
        place + "url: has a user, keys belong in keyEnv or keyFile",
        Map.of("rerank.url", "https://user:pass@example.com/"));
    assertRefused(place + "api: other, must be one of", Map.of("rerank.api", "other"));
    assertRefused(
        "reranker[hosted].keyFile: nowhere, must be a file that can be read",
        Map.of("rerank.enable", "true"));
    assertRefused(
        place + "keyFile: given, must not be beside keyEnv",
        "solrconfig.xml",
        "<str name=\"keyFile\">",
        "<str name=\"keyEnv\">NONE</str><str name=\"keyFile\">");
  }

  @Test
  public void rerankerWhoseKeyIsNotInTheEnvironment() throws Exception {
    String keyInFile =
        """
              <bool name="enable">${rerank.enable:false}</bool>
              <str name="keyFile">${rerank.keyFile:nowhere}</str>
        """;
    assertRefused(
        "reranker[hosted].keyEnv: NO_SUCH_VARIABLE, must hold a key of printable characters",
        "solrconfig.xml",
        keyInFile,
        "<str name=\"keyEnv\">NO_SUCH_VARIABLE</str>");
  }

  @Test
  public void vectorsOfAnImpossibleLength() throws Exception {
    for (String length : new String[] {"7", "65"}) {
      assertRefused(
          "VectorUpdateProcessorFactory.maxTokens: " + length, Map.of("vector.maxTokens", length));
    }
  }

  @Test
  public void vectorsWithAnUnknownKey() throws Exception {
    assertRefused(
        "VectorUpdateProcessorFactory.maxToken: 64, unknown key",
        "solrconfig.xml",
        "<int name=\"maxTokens\">",
        "<int name=\"maxToken\">");
  }
}
