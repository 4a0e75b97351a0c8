package io.github.solrcascade;

import io.github.solrcascade.TestSolr.Answer;
import java.util.List;
import org.junit.Test;

/** LTR's stores over REST: round trips, refusals, and cascades that follow their models. */
public class StoresTest extends SolrTest {
  private static final String FEATURES = "/schema/feature-store";
  private static final String MODELS = "/schema/model-store";

  private static String feature(String type, String params) {
    String name = "f" + random().nextInt(1 << 30);
    return "[{\"name\":\"" + name + "\",\"class\":\"" + type + "\",\"params\":" + params + "}]";
  }

  private static String ours(String type) {
    return "io.github.solrcascade.feature." + type;
  }

  private static void assertRefused(String message, String feature) throws Exception {
    Answer answer = solr.put(FEATURES, feature);
    assertEquals(answer.json().toString(), 400, answer.status());
    assertTrue(answer.json().toString(), answer.error().contains(message));
  }

  private static String popular(double weight) {
    return "{\"name\":\"popular\",\"class\":\"org.apache.solr.ltr.model.LinearModel\","
        + "\"features\":[{\"name\":\"popularity\"}],\"params\":{\"weights\":{\"popularity\":"
        + weight
        + "}}}";
  }

  private static double bestPopularScore() throws Exception {
    return solr.search(
            "q", "popularity:[1 TO *]", "fl", "score", "rows", "1", "rq", "{!cascade name=popular}")
        .docs()
        .get(0)
        .path("score")
        .asDouble();
  }

  @Test
  public void featuresRoundTrip() throws Exception {
    String params = "{\"field\":\"date\",\"halfLife\":\"30d\",\"function\":\"linear\"}";
    String upload =
        "[{\"name\":\"fresh\",\"class\":\""
            + ours("RecencyFeature")
            + "\",\"store\":\"other\",\"params\":"
            + params
            + "}]";
    assertEquals(200, solr.put(FEATURES, upload).status());
    String stored = solr.read(FEATURES + "/other").json().path("features").get(0).toString();
    assertTrue(stored, stored.contains("\"halfLife\":\"30d\""));
    assertTrue(stored, stored.contains("\"function\":\"linear\""));
    assertEquals(200, solr.delete(FEATURES + "/other").status());
  }

  @Test
  public void configsetShipsFeaturesAndModels() throws Exception {
    String features = solr.read(FEATURES + "/_DEFAULT_").json().toString();
    assertTrue(features, features.contains("titleBm25"));
    assertTrue(solr.read(MODELS).json().toString().contains("MultipleAdditiveTreesModel"));
  }

  @Test
  public void wrongClass() throws Exception {
    assertRefused("NoSuchFeature", feature(ours("NoSuchFeature"), "{}"));
    assertRefused(
        "this solr-ltr cannot run it on Solr 9: use " + ours("QueryFeature"),
        feature("org.apache.solr.ltr.feature.SolrFeature", "{\"q\":\"red\"}"));
  }

  @Test
  public void wrongParameters() throws Exception {
    assertRefused("q: missing, must be given", feature(ours("QueryFeature"), "{}"));
    assertRefused(
        "'query' in " + ours("QueryFeature"), feature(ours("QueryFeature"), "{\"query\":\"red\"}"));
    assertRefused(
        "field: nowhere, must be a field of the schema",
        feature(ours("RecencyFeature"), "{\"field\":\"nowhere\",\"halfLife\":\"1d\"}"));
    assertRefused(
        "field: dates, must be a single-valued date field with docValues",
        feature(ours("RecencyFeature"), "{\"field\":\"dates\",\"halfLife\":\"1d\"}"));
    assertRefused(
        "halfLife: 1y, must be a whole number and a unit",
        feature(ours("RecencyFeature"), "{\"field\":\"date\",\"halfLife\":\"1y\"}"));
    assertRefused(
        "encoder: nobody, must be one of the encoders [bi, cross, late]",
        feature(ours("SemanticFeature"), "{\"field\":\"vector\",\"encoder\":\"nobody\"}"));
    assertRefused(
        "field: title, must be an indexed DenseVectorField of FLOAT32",
        feature(ours("SemanticFeature"), "{\"field\":\"title\",\"encoder\":\"bi\"}"));
    assertRefused(
        "similarity: euclid, must be cosine or dot_product",
        feature(
            ours("SemanticFeature"),
            "{\"field\":\"vector\",\"encoder\":\"bi\",\"similarity\":\"euclid\"}"));
    assertRefused(
        "fields: body, must be stored",
        feature(ours("CrossEncoderFeature"), "{\"fields\":[\"body\"],\"encoder\":\"cross\"}"));
    assertRefused(
        "fields: [], must name at least one stored field",
        feature(ours("CrossEncoderFeature"), "{\"encoder\":\"cross\"}"));
    assertRefused(
        "maxTokens: 500, must be from 8 to the encoder's 64",
        feature(
            ours("CrossEncoderFeature"),
            "{\"fields\":[\"title\"],\"encoder\":\"cross\",\"maxTokens\":500}"));
  }

  @Test
  public void modelOfAnUnknownFeatureIsRefusedAndTheOldOneServes() throws Exception {
    Answer answer = solr.put(MODELS, popular(1).replace("\"popularity\"}]", "\"unheardOf\"}]"));
    assertEquals(400, answer.status());
    assertTrue(answer.error(), answer.error().contains("unheardOf not found in store"));
    assertTrue(bestPopularScore() > 0);
  }

  @Test
  public void cascadesFollowTheirModels() throws Exception {
    double before = bestPopularScore();
    assertEquals(200, solr.delete(MODELS + "/popular").status());
    assertEquals("the old one serves while there is none", before, bestPopularScore(), 0);
    assertEquals(200, solr.put(MODELS, popular(2)).status());
    assertEquals("and no cached page stands in the way", 2 * before, bestPopularScore(), 0);
    solr.delete(MODELS + "/popular");
    assertEquals(200, solr.put(MODELS, popular(1)).status());
    assertEquals(before, bestPopularScore(), 0);
  }

  @Test
  public void modelThatCannotServeHereDoesNotReplaceTheOldOne() throws Exception {
    double before = bestPopularScore();
    // Both uploads are sound, but the weight makes every score infinite.
    solr.delete(MODELS + "/popular");
    assertEquals(200, solr.put(MODELS, popular(1e38)).status());
    Answer broken =
        solr.search("q", "popularity:[50 TO *]", "rows", "5", "rq", "{!cascade name=popular}");
    assertTrue(broken.json().path("responseHeader").path("partialResults").asBoolean());
    assertEquals(
        "the first pass is served",
        solr.search("q", "popularity:[50 TO *]", "rows", "5").ids(),
        broken.ids());
    solr.delete(MODELS + "/popular");
    solr.put(MODELS, popular(1));
    assertEquals(before, bestPopularScore(), 0);
  }

  @Test
  public void modelsRoundTrip() throws Exception {
    String upload = popular(0.5).replace("\"popular\",\"class", "\"spare\",\"class");
    assertEquals(200, solr.put(MODELS, upload).status());
    String stored = solr.read(MODELS).json().toString();
    assertTrue(stored, stored.contains("\"spare\""));
    assertTrue(stored, stored.contains("\"weights\":{\"popularity\":0.5}"));
    assertEquals(200, solr.delete(MODELS + "/spare").status());
    assertFalse(solr.read(MODELS).json().toString().contains("\"spare\""));
  }

  @Test
  public void modelOfAWrongClassOrParameterIsRefusedAndTheOldOneServes() throws Exception {
    double before = bestPopularScore();
    for (String wrong :
        List.of(
            popular(1).replace("model.LinearModel", "model.NoSuchModel"),
            popular(1).replace("\"weights\"", "\"heights\""),
            popular(1).replace("{\"popularity\":1.0}", "{\"price\":1.0}"))) {
      Answer answer = solr.put(MODELS, wrong);
      assertEquals(answer.json().toString(), 400, answer.status());
    }
    assertEquals(before, bestPopularScore(), 0);
  }

  @Test
  public void refusedFeatureLeavesTheStoreAsItWas() throws Exception {
    String before = solr.read(FEATURES + "/_DEFAULT_").json().path("features").toString();
    assertRefused("q: missing", feature(ours("QueryFeature"), "{}"));
    assertEquals(before, solr.read(FEATURES + "/_DEFAULT_").json().path("features").toString());
  }
}
