package io.github.solrcascade.cloud;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.solr.client.solrj.impl.BaseHttpSolrClient.RemoteSolrException;
import org.apache.solr.client.solrj.request.UpdateRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrInputDocument;
import org.junit.BeforeClass;
import org.junit.Test;

/** Visitors' clicks, from the request and from a collection, over shards with passwords. */
public class PersonalTest extends CloudTest {
  private static final String RED = ",\"values\":{\"brand\":\"red\"}";
  private static final String BLUE = ",\"values\":{\"brand\":\"blue\"}";

  @BeforeClass
  public static void startCluster() throws Exception {
    startGuardedNodes(2);
    Path conf = configset();
    replace(
        conf.resolve("_schema_feature-store.json"),
        "\"managedList\":[",
        """
        "managedList":[{"name": "likesBrand", "store": "_DEFAULT_",
          "class": "io.github.solrcascade.feature.UserAffinityFeature",
          "params": {"field": "brand", "halfLife": "30d"}},""");
    replace(
        conf.resolve("_schema_model-store.json"),
        "\"managedList\":[",
        """
        "managedList":[{"name": "personal", "store": "_DEFAULT_",
          "class": "org.apache.solr.ltr.model.LinearModel", "features": [{"name": "likesBrand"}],
          "params": {"weights": {"likesBrand": 1.0}}},""");
    replace(
        conf.resolve("solrconfig.xml"),
        "<requestHandler name=\"/select\" class=\"solr.SearchHandler\">",
        """
        <searchComponent name="profile" class="io.github.solrcascade.UserProfileComponent">
          <str name="collection">profiles</str>
          <str name="field">notes</str>
        </searchComponent>
        <requestHandler name="/select" class="solr.SearchHandler">
          <arr name="first-components"><str>profile</str></arr>""");
    cluster.uploadConfigSet(conf, "personal");
    create("profiles", 2, 1);
    List<SolrInputDocument> products = products(60, random());
    for (int shards : List.of(1, 3)) {
      create("shop" + shards, "personal", shards, 1);
      index("shop" + shards, products);
    }
  }

  private static void replace(Path file, String from, String to) throws Exception {
    String text =
        Files.readString(file).replaceFirst("\"managedList\"\\s*:\\s*\\[", "\"managedList\":[");
    assertTrue(from, text.contains(from));
    Files.writeString(file, text.replace(from, to));
  }

  private static String clicked(String... visits) {
    return "[" + String.join(",", visits) + "]";
  }

  private static String on(String id, String values) {
    return "{\"id\":\"" + id + "\",\"at\":\"2014-12-31T00:00:00Z\"" + values + "}";
  }

  private static QueryResponse page(String collection, String... more) throws Exception {
    String[] own = {
      "q",
      "*:*",
      "rows",
      "100",
      "fl",
      "id,brand,score",
      "sort",
      "id asc",
      "rq",
      "{!cascade models=personal:60 efi.clicks=$clicks}"
    };
    String[] params = java.util.Arrays.copyOf(own, own.length + more.length);
    System.arraycopy(more, 0, params, own.length, more.length);
    return search(collection, params);
  }

  private static void keep(String visitor, String clicks) throws Exception {
    SolrInputDocument profile = new SolrInputDocument();
    profile.setField("id", visitor);
    profile.setField("notes", clicks);
    send(new UpdateRequest().add(profile), "profiles");
  }

  @Test
  public void clicksWithValuesRankShardsAsOneCore() throws Exception {
    String clicks = clicked(on("gone", RED), on("p0001", BLUE), on("p0002", BLUE));
    QueryResponse expected = page("shop1", "clicks", clicks);
    QueryResponse found = page("shop3", "clicks", clicks);
    assertEquals("blue", found.getResults().get(0).getFieldValue("brand"));
    assertEquals(ids(expected), ids(found));
    assertEquals(scores(expected), scores(found));
  }

  @Test
  public void clicksWithoutValuesAreRefusedOverShards() {
    RemoteSolrException refused =
        expectThrows(
            RemoteSolrException.class, () -> page("shop3", "clicks", clicked(on("p0001", ""))));
    assertEquals(400, refused.code());
    assertTrue(refused.getMessage(), refused.getMessage().contains("must bring values.brand"));
  }

  @Test
  public void aProfileCountsAsTheRequestsClicksUntilItIsDeleted() throws Exception {
    keep("anna", clicked(on("gone", RED), on("lost", BLUE), on("sold", BLUE)));
    for (String shop : List.of("shop1", "shop3")) {
      QueryResponse expected =
          page(shop, "clicks", clicked(on("x", BLUE), on("y", BLUE), on("z", RED)));
      // Not committed: it is there at once.
      QueryResponse found = page(shop, "cascade.profile", "anna");
      assertEquals(scores(expected), scores(found));
      assertEquals(ids(expected), ids(found));
      QueryResponse both =
          page(shop, "cascade.profile", "anna", "clicks", clicked(on("x", RED), on("y", RED)));
      assertEquals("red", both.getResults().get(0).getFieldValue("brand"));
    }
    send(new UpdateRequest().deleteById("anna"), "profiles");
    for (String shop : List.of("shop1", "shop3")) {
      QueryResponse impersonal = page(shop);
      QueryResponse forgotten = page(shop, "cascade.profile", "anna");
      assertEquals(ids(impersonal), ids(forgotten));
      assertEquals(scores(impersonal), scores(forgotten));
      assertNull(forgotten.getHeader().get("partialResults"));
    }
  }

  @Test
  public void aProfileThatCannotBeReadIsFlaggedAndNotRepeated() throws Exception {
    keep("broken", "[secret");
    for (String shop : List.of("shop1", "shop3")) {
      QueryResponse found = page(shop, "cascade.profile", "broken");
      assertEquals(ids(page(shop)), ids(found));
      assertEquals(true, found.getHeader().get("partialResults"));
      assertFalse(found.toString(), found.toString().contains("secret"));
    }
    RemoteSolrException refused =
        expectThrows(
            RemoteSolrException.class,
            () -> page("shop1", "cascade.profile", "broken", "clicks", "secret"));
    assertEquals(400, refused.code());
    assertFalse(refused.getMessage(), refused.getMessage().contains("secret"));
  }
}
