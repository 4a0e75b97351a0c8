package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.EmbeddedCloud;
import io.github.solrcascade.demo.Indexer;
import io.github.solrcascade.demo.JudgedSet.Query;
import io.github.solrcascade.demo.Latencies;
import io.github.solrcascade.demo.StoredDocuments;
import io.github.solrcascade.demo.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.util.NamedList;

/**
 * What the demo's global stage costs in a SolrCloud of 1, 2 and 4 shards, a node each, all on this
 * machine: its time beyond that of the slowest shard's features and model, that is the round trip;
 * its pairs; the requests that a search makes. No score comes out of a cache.
 */
final class CloudBenchmark {
  private static final int[] SHARDS = {1, 2, 4};
  private static final int WARM_UPS = 60;

  private CloudBenchmark() {}

  /** One search, in milliseconds and counts. */
  private record Cost(long nanos, long addedNanos, int pairs, int requests) {}

  static void run(PrintStream out) throws Exception {
    List<SolrInputDocument> documents;
    List<Query> queries;
    try (DemoSolr demo = DemoSolr.start(0)) {
      documents = StoredDocuments.readAll(demo.client());
      queries = demo.set().queries();
    }
    Table table = new Table();
    table.row(
        "shards", "p50 ms", "p95 ms", "added p50 ms", "added p95 ms", "pairs", "requests a query");
    List<String> json = new ArrayList<>();
    for (int shards : SHARDS) {
      List<Cost> costs = measure(shards, documents, queries);
      table.row(row(shards, costs));
      json.add(json(shards, costs));
    }
    table.lines().forEach(out::println);
    out.println("Added: the global stage's time beyond that of its slowest shard.");
    out.println("{\"clouds\":[" + String.join(",", json) + "]}");
  }

  private static List<Cost> measure(
      int shards, List<SolrInputDocument> documents, List<Query> queries) throws Exception {
    Path project = Path.of("").toAbsolutePath();
    try (EmbeddedCloud cloud = EmbeddedCloud.start(project, "products", shards, shards, 1, 0);
        SolrClient client = cloud.newClient()) {
      new Indexer(client).index(documents, batch -> {});
      for (int i = 0; i < WARM_UPS; i++) {
        String other = queries.get((i + 7) % queries.size()).text();
        search(client, queries.get(i % queries.size()).text() + " " + other, shards);
      }
      List<Cost> costs = new ArrayList<>();
      for (Query query : queries) {
        costs.add(search(client, query.text(), shards));
      }
      return costs;
    }
  }

  private static Cost search(SolrClient client, String text, int shards) throws Exception {
    SolrQuery query = new SolrQuery(text).setRows(10).setFields("id", "score");
    query.set("rq", "{!cascade name=products}");
    long start = System.nanoTime();
    QueryResponse response = client.query(query, SolrRequest.METHOD.POST);
    long nanos = System.nanoTime() - start;
    List<?> stages = (List<?>) response.getResponse()._get("cascade/stages");
    if (stages.isEmpty()) {
      return new Cost(nanos, 0, 0, shards == 1 ? 0 : 2 * shards);
    }
    NamedList<?> deep = (NamedList<?>) stages.get(stages.size() - 1);
    if (!(deep.get("shards") instanceof List<?> shares)) {
      return new Cost(nanos, 0, ((Number) deep.get("docs")).intValue(), 0);
    }
    double slowest = shares.stream().mapToDouble(s -> millis((NamedList<?>) s)).max().orElse(0);
    int pairs = shares.stream().mapToInt(s -> docs((NamedList<?>) s)).sum();
    // Term statistics, the search, the stage; all fields came with the search.
    int requests = 2 * shards + shares.size();
    return new Cost(nanos, (long) ((millis(deep) - slowest) * 1e6), pairs, requests);
  }

  private static double millis(NamedList<?> stage) {
    return ((Number) stage.get("featureMs")).doubleValue()
        + ((Number) stage.get("modelMs")).doubleValue();
  }

  private static int docs(NamedList<?> stage) {
    return ((Number) stage.get("docs")).intValue();
  }

  private static String[] row(int shards, List<Cost> costs) {
    return new String[] {
      shards + "",
      format("%.1f", whole(costs).millis(50)),
      format("%.1f", whole(costs).millis(95)),
      format("%.2f", added(costs).millis(50)),
      format("%.2f", added(costs).millis(95)),
      format("%.1f", mean(costs.stream().mapToInt(Cost::pairs).toArray())),
      format("%.1f", mean(costs.stream().mapToInt(Cost::requests).toArray()))
    };
  }

  private static String json(int shards, List<Cost> costs) {
    return format(
        "{\"shards\":%d,\"p50Ms\":%.3f,\"p95Ms\":%.3f,\"addedP50Ms\":%.3f,\"addedP95Ms\":%.3f,"
            + "\"pairsPerQuery\":%.3f,\"requestsPerQuery\":%.3f}",
        shards,
        whole(costs).millis(50),
        whole(costs).millis(95),
        added(costs).millis(50),
        added(costs).millis(95),
        mean(costs.stream().mapToInt(Cost::pairs).toArray()),
        mean(costs.stream().mapToInt(Cost::requests).toArray()));
  }

  private static Latencies whole(List<Cost> costs) {
    return new Latencies(costs.stream().mapToLong(Cost::nanos).toArray());
  }

  private static Latencies added(List<Cost> costs) {
    return new Latencies(costs.stream().mapToLong(Cost::addedNanos).toArray());
  }

  private static double mean(int... values) {
    return java.util.Arrays.stream(values).average().orElse(0);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
