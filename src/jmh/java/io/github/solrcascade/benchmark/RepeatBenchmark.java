package io.github.solrcascade.benchmark;

import io.github.solrcascade.encoder.Encoders;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.util.NamedList;

/**
 * The deep stage of a query, 12 layers on 100 candidates, at its first run and again after a commit
 * of an unrelated document, which empties Solr's own caches. The second run finds its scores in the
 * node's cache and calls no model.
 */
final class RepeatBenchmark {
  private static final List<String> QUERIES =
      List.of(
          "android tablet",
          "usb hub",
          "wireless mouse",
          "laser printer",
          "power adapter",
          "hard drive",
          "docking station",
          "toner cartridge",
          "projector lamp",
          "headphones");

  /** Of another query, so that code is compiled, as it is in a Solr that has run a while. */
  private static final int WARM_UPS = 100;

  private RepeatBenchmark() {}

  static void run(PrintStream out) throws Exception {
    List<Double> first = new ArrayList<>();
    List<Double> again = new ArrayList<>();
    long calls;
    try (DemoSolr demo = DemoSolr.start(64)) {
      for (int i = 0; i < WARM_UPS; i++) {
        stageMillis(demo, "usb cable");
        commitSomething(demo);
      }
      for (String query : QUERIES) {
        first.add(stageMillis(demo, query));
        commitSomething(demo);
      }
      long before = Encoders.cacheStatistics().misses();
      for (String query : QUERIES) {
        again.add(stageMillis(demo, query));
        commitSomething(demo);
      }
      calls = Encoders.cacheStatistics().misses() - before;
    }
    double ratio = median(first) / median(again);
    out.printf(
        Locale.ROOT,
        "deep stage, medians of %d queries: first %.1f ms, again %.2f ms, model calls again: %d%n",
        QUERIES.size(),
        median(first),
        median(again),
        calls);
    out.printf(
        Locale.ROOT,
        "{\"ratio\":%.1f,\"firstMs\":%.2f,\"againMs\":%.3f,\"modelCalls\":%d}%n",
        ratio,
        median(first),
        median(again),
        calls);
  }

  /** What the response says that the last stage took. */
  private static double stageMillis(DemoSolr demo, String query) throws Exception {
    SolrQuery search = new SolrQuery(query).setFields("id", "score");
    search.set("rq", "{!cascade name=exhaustive}");
    QueryResponse response = demo.client().query(search, SolrRequest.METHOD.POST);
    List<?> stages = (List<?>) response.getResponse()._get("cascade/stages");
    NamedList<?> stage = (NamedList<?>) stages.get(stages.size() - 1);
    return ((Number) stage.get("featureMs")).doubleValue()
        + ((Number) stage.get("modelMs")).doubleValue();
  }

  private static void commitSomething(DemoSolr demo) throws Exception {
    SolrInputDocument unrelated = new SolrInputDocument();
    unrelated.setField("id", "unrelated");
    unrelated.setField("title", "zzz");
    demo.client().add(unrelated);
    demo.client().commit();
  }

  private static double median(List<Double> values) {
    return Contest.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
