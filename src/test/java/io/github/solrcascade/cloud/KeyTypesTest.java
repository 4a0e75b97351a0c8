package io.github.solrcascade.cloud;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrInputDocument;
import org.junit.BeforeClass;
import org.junit.Test;

/** Unique keys that are no strings: shards find their documents, and equal scores keep to them. */
public class KeyTypesTest extends CloudTest {
  private static final int PRODUCTS = 60;

  /** Solr wants no points for keys. */
  private static final String KEY_TYPES =
      """
      <fieldType name="trieInt" class="solr.TrieIntField" precisionStep="0" docValues="true"/>
      <fieldType name="trieLong" class="solr.TrieLongField" precisionStep="0" docValues="true"/>
      <fieldType name="uuid" class="solr.UUIDField" docValues="true"/>
      """;

  @BeforeClass
  public static void startCluster() throws Exception {
    startNodes(2);
  }

  @Test
  public void anIntKeyRanksAsOneCore() throws Exception {
    // As texts they would be in another order.
    assertParity("trieInt", id -> 7 * id - 100);
  }

  @Test
  public void aLongKeyRanksAsOneCore() throws Exception {
    assertParity("trieLong", id -> (id - 20) * 10_000_000_000L);
  }

  @Test
  public void aUuidKeyRanksAsOneCore() throws Exception {
    List<String> sorted =
        IntStream.range(0, PRODUCTS)
            .mapToObj(id -> new UUID(random().nextLong(), random().nextLong()).toString())
            .sorted()
            .toList();
    assertParity("uuid", sorted::get);
  }

  private static void assertParity(String type, IntFunction<Object> key) throws Exception {
    Path conf = configset();
    Path schema = conf.resolve("schema.xml");
    Files.writeString(
        schema,
        Files.readString(schema)
            .replace("name=\"id\" type=\"string\"", "name=\"id\" type=\"" + type + "\"")
            .replace("</schema>", KEY_TYPES + "</schema>"));
    // Elevation wants keys that are strings.
    Path config = conf.resolve("solrconfig.xml");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("(?s)<searchComponent name=\"elevator.*?</searchComponent>", "")
            .replaceFirst("(?s)<requestHandler name=\"/elevate.*?</requestHandler>", ""));
    cluster.uploadConfigSet(conf, type);
    List<SolrInputDocument> products = products(PRODUCTS, random());
    for (int id = 0; id < PRODUCTS; id++) {
      products.get(id).setField("id", key.apply(id));
    }
    for (int shards : List.of(1, 3)) {
      create(type + shards, type, shards, 1);
      index(type + shards, products);
    }
    for (String cascade : List.of("mixed", "shard", "global", "adaptive")) {
      for (String order : List.of("score desc, id asc", "price asc, id asc")) {
        assertSame(type, cascade, order, "rows", "100", "fl", "id,title,score");
        assertSame(type, cascade, order, "start", "3", "rows", "10", "fl", "id,score");
        assertSame(type, cascade, order, "fl", "id,score,[cascade]", "debugQuery", "true");
      }
    }
  }

  private static void assertSame(String type, String cascade, String order, String... page)
      throws Exception {
    String[] params = java.util.Arrays.copyOf(page, page.length + 6);
    String[] search = {"q", "red shoe", "sort", order, "rq", "{!cascade name=" + cascade + "}"};
    System.arraycopy(search, 0, params, page.length, search.length);
    QueryResponse expected = search(type + 1, params);
    QueryResponse actual = search(type + 3, params);
    String told = type + List.of(params);
    assertNull(told, actual.getHeader().get("partialResults"));
    assertEquals(told, ids(expected), ids(actual));
    scores(expected).forEach((id, score) -> assertEquals(score, scores(actual).get(id), 1e-5));
    for (int i = 0; i < ids(expected).size(); i++) {
      SolrDocument document = expected.getResults().get(i);
      assertEquals(
          document.getFieldValue("[cascade]"),
          actual.getResults().get(i).getFieldValue("[cascade]"));
    }
    if (expected.getExplainMap() != null) {
      assertEquals(expected.getExplainMap().keySet(), actual.getExplainMap().keySet());
    }
  }
}
