package io.github.solrcascade.benchmark;

import io.github.solrcascade.benchmark.ScaleSimulation.Cluster;
import io.github.solrcascade.benchmark.ScaleSimulation.Costs;
import io.github.solrcascade.benchmark.ScaleSimulation.Outcome;
import io.github.solrcascade.demo.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrDocumentList;
import org.apache.solr.common.util.JavaBinCodec;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.SimpleOrderedMap;

/**
 * What a search costs as shards, nodes and rates grow: a formula, and a simulation that has queues.
 * What a shard's answer costs its coordinator is measured here, with Solr's own codec; the other
 * costs are those of {@code scripts/benchmark cloud} and src/docs/performance.md, given below.
 */
final class ScaleBenchmark {
  /** Milliseconds of a core: first pass, lexical and semantic stage, over a shard of the demo. */
  private static final double SEARCH = 5;

  /** Milliseconds of a core for a pair of the demo's cross-encoder. */
  private static final double PAIR = 1.2;

  /** Milliseconds of a core that a request costs in HTTP, parsing and threads. */
  private static final double REQUEST = 0.5;

  /** Milliseconds on a data centre's wire. */
  private static final double ROUND_TRIP = 0.5;

  private static final int CORES = 16;
  private static final int DEPTH = 20;
  private static final int SEARCHES = 2_000;
  private static final double BUSY = 0.5;

  private ScaleBenchmark() {}

  static void run(PrintStream out) throws Exception {
    Table table = new Table();
    table.row(
        "shards",
        "docs a shard",
        "searches/s",
        "KB a search",
        "core ms",
        "of it the coordinator's",
        "nodes",
        "busy",
        "p50 ms",
        "p99 ms");
    List<String> json = new ArrayList<>();
    for (int[] scale :
        new int[][] {
          {4, 200, 100},
          {32, 200, 1_000},
          {100, 200, 3_000},
          {1_000, 200, 10_000},
          {1_000, 20, 10_000}
        }) {
      byte[] answer = answer(scale[1]);
      Costs costs = new Costs(SEARCH, decodeMillis(answer), PAIR, REQUEST, ROUND_TRIP);
      Cluster one = new Cluster(scale[0], 1, CORES, scale[2], DEPTH);
      int nodes = (int) Math.ceil(costs.cpu(one) / 1000 * scale[2] / CORES / BUSY);
      Cluster cluster = new Cluster(scale[0], nodes, CORES, scale[2], DEPTH);
      Outcome outcome = new ScaleSimulation(cluster, costs).run(SEARCHES);
      double kilobytes = answer.length * (double) scale[0] / 1024;
      double coordinator = scale[0] * costs.answer();
      table.row(
          scale[0] + "",
          scale[1] + "",
          scale[2] + "",
          format("%.0f", kilobytes),
          format("%.0f", costs.cpu(cluster)),
          format("%.1f", coordinator),
          nodes + "",
          format("%.2f", outcome.busy()),
          format("%.0f", outcome.p50()),
          format("%.0f", outcome.p99()));
      json.add(
          format(
              "{\"shards\":%d,\"docs\":%d,\"rate\":%d,\"kilobytes\":%.1f,\"answerMs\":%.4f,"
                  + "\"coreMs\":%.2f,\"nodes\":%d,\"busy\":%.3f,\"p50Ms\":%.2f,\"p99Ms\":%.2f}",
              scale[0],
              scale[1],
              scale[2],
              kilobytes,
              costs.answer(),
              costs.cpu(cluster),
              nodes,
              outcome.busy(),
              outcome.p50(),
              outcome.p99()));
    }
    table.lines().forEach(out::println);
    out.printf(
        Locale.ROOT, "Nodes of %d cores, so many that the formula has them half busy.%n", CORES);
    out.println("{\"scales\":[" + String.join(",", json) + "]}");
  }

  /** A shard's answer to a search, as it goes over the wire. */
  private static byte[] answer(int docs) throws IOException {
    SolrDocumentList list = new SolrDocumentList();
    List<Float> scores = new ArrayList<>();
    for (int i = 0; i < docs; i++) {
      SolrDocument document = new SolrDocument();
      document.setField("id", "product-" + (1_000_000 + 7919 * i));
      document.setField("score", 20f / (i + 1));
      list.add(document);
      scores.add(20f / (i + 2));
    }
    List<Object> stages = new ArrayList<>();
    for (String name : List.of("lexical", "semantic")) {
      SimpleOrderedMap<Object> stage = new SimpleOrderedMap<>();
      stage.add("stage", name);
      stage.add("model", "0123456789abcdef");
      stage.add("scores", scores);
      stages.add(stage);
    }
    NamedList<Object> response = new SimpleOrderedMap<>();
    response.add("response", list);
    response.add("sort_values", new NamedList<>());
    response.add("cascadeShard", stages);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JavaBinCodec codec = new JavaBinCodec()) {
      codec.marshal(response, bytes);
    }
    return bytes.toByteArray();
  }

  /** What reading it takes, of a warmed-up JVM; merging is some comparisons more. */
  private static double decodeMillis(byte[] answer) throws IOException {
    int rounds = 3_000;
    double[] millis = new double[rounds];
    for (int i = -rounds; i < rounds; i++) {
      long start = System.nanoTime();
      try (JavaBinCodec codec = new JavaBinCodec()) {
        codec.unmarshal(new ByteArrayInputStream(answer));
      }
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    return Contest.median(millis);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
