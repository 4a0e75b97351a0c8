package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.RankerResult;
import io.github.solrcascade.demo.Searcher;
import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Encoders;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.solr.core.SolrCore;

/**
 * How cost grows with candidates, tokens, features, trees, cores and clients, as charts, and a
 * formula that predicts from it what the demo's cascade adds to a search, held against what it does
 * add.
 */
final class GrowthBenchmark {
  private static final Path MODEL = Path.of("models", ModelsBenchmark.STUDENT).toAbsolutePath();
  private static final String CASCADE = "products";
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int TYPICAL_TOKENS = 64;
  private static final int MAX_TOKENS = 128;

  private final PrintStream out;
  private final Path charts;
  private final Path treesFolder;

  private GrowthBenchmark(PrintStream out, Path charts, Path treesFolder) {
    this.out = out;
    this.charts = charts;
    this.treesFolder = treesFolder;
  }

  static void run(PrintStream out, Path treesFolder) throws Exception {
    new GrowthBenchmark(out, Path.of("src/docs/charts"), treesFolder).measure();
  }

  private void measure() throws Exception {
    Chart.Line tokens;
    CrossEncoder encoder = (CrossEncoder) Encoders.acquire(MODEL);
    // Encoders hold no cache here: no core has asked for one.
    try {
      tokens = byTokens(encoder);
      show("candidates", "Cross-encoder, 64 tokens a pair", "candidates", byCandidates(encoder));
      show("tokens", "Cross-encoder, 50 candidates", "tokens a pair", tokens);
    } finally {
      Encoders.release(encoder);
    }
    show("cores", "100 pairs", "cores", byCores());
    show("trees", "Trees, 200 candidates", "trees", byTrees());
    try (DemoSolr demo = DemoSolr.start(0)) {
      show("features", "Features, 200 candidates", "features", byFeatures(demo));
      byClients(demo);
      predict(demo, tokens);
    }
  }

  private void show(String name, String title, String across, Chart.Line line) throws Exception {
    new Chart(title, across, "ms").line("ms", line).write(charts, name);
    out.println(title + ":");
    for (int i = 0; i < line.size(); i++) {
      out.printf(Locale.ROOT, "  %6.0f %s %9.3f ms%n", line.x(i), across, line.y(i));
    }
  }

  private static Chart.Line byCandidates(CrossEncoder encoder) throws Exception {
    Chart.Line line = new Chart.Line();
    for (int candidates : new int[] {10, 20, 30, 50, 100}) {
      line.add(candidates, millis(encoder, candidates, TYPICAL_TOKENS));
    }
    return line;
  }

  private static Chart.Line byTokens(CrossEncoder encoder) throws Exception {
    Chart.Line line = new Chart.Line();
    for (int tokens : new int[] {16, 32, 64, 128, 256}) {
      line.add(tokens, millis(encoder, 50, tokens));
    }
    return line;
  }

  private static double millis(CrossEncoder encoder, int pairs, int tokens) throws Exception {
    DemoPairs all = DemoPairs.ofWords(tokens);
    List<String> some = all.documents().subList(0, pairs);
    Contest contest = new Contest().add("", () -> encoder.score(all.query(), some, tokens));
    return contest.run(3, 11).get("");
  }

  private static Chart.Line byCores() throws Exception {
    Chart.Line line = new Chart.Line();
    for (int cores = 1; cores <= CORES; cores++) {
      List<DemoPairs> pairs = List.of(DemoPairs.read());
      try (RawSession session = new RawSession(MODEL, pairs, MAX_TOKENS, 1, cores)) {
        line.add(cores, new Contest().add("", session::singles).run(3, 11).get(""));
      }
    }
    return line;
  }

  private Chart.Line byTrees() throws Exception {
    Chart.Line line = new Chart.Line();
    for (int trees : new int[] {50, 100, 250, 500, 1000}) {
      line.add(trees, TreesBenchmark.millis(out, treesFolder, trees));
    }
    return line;
  }

  private static Chart.Line byFeatures(DemoSolr demo) throws Exception {
    Chart.Line line = new Chart.Line();
    try (SolrCore core = demo.solr().core()) {
      for (int features : new int[] {1, 5, 10, 15, 20}) {
        line.add(features, FeaturesBenchmark.millis(core, features));
      }
    }
    return line;
  }

  private void byClients(DemoSolr demo) throws Exception {
    ThroughputBenchmark searches = new ThroughputBenchmark(out, demo);
    Ranker whole = Ranker.ofCascade(CASCADE, CASCADE, " cache=false");
    Chart.Line perSecond = new Chart.Line();
    Chart.Line median = new Chart.Line();
    Chart.Line late = new Chart.Line();
    searches.run(whole, 4, 5);
    out.println("Clients at once, the demo's cascade:");
    for (int clients : new int[] {1, 2, 4, 8, 16}) {
      ThroughputBenchmark.Run run = searches.run(whole, clients, 10);
      perSecond.add(clients, run.perSecond());
      median.add(clients, run.latencies().millis(50));
      late.add(clients, run.latencies().millis(99));
      out.printf(
          Locale.ROOT,
          "  %6d clients %7.1f queries/s, p50 %.1f ms, p99 %.1f ms%n",
          clients,
          run.perSecond(),
          run.latencies().millis(50),
          run.latencies().millis(99));
    }
    new Chart("The demo's cascade", "clients", "queries/s")
        .line("queries/s", perSecond)
        .write(charts, "throughput");
    new Chart("The demo's cascade", "clients", "ms")
        .line("p50", median)
        .line("p99", late)
        .write(charts, "latency");
  }

  /** added = cheap stages + pairs × (a + b × tokens) ÷ cores, at the median over the queries. */
  private void predict(DemoSolr demo, Chart.Line tokens) throws Exception {
    Searcher searcher = new Searcher(demo.client());
    List<String> stages = searcher.stages(demo.set().queries(), CASCADE);
    String cheap = " stages=" + (stages.size() - 1);
    List<Ranker> rankers =
        List.of(
            Ranker.FIRST_PASS,
            Ranker.ofCascade("cheap", CASCADE, cheap),
            Ranker.ofCascade("whole", CASCADE, ""));
    List<RankerResult> results = new Evaluation(demo.set(), searcher).run(rankers, () -> {});
    double cheapMs = results.get(1).addedMillis(results.get(0), 50);
    double wholeMs = results.get(2).addedMillis(results.get(0), 50);
    // The two ends of the line give what a pair costs at all and what a token of it does.
    double perPair = CORES / 50.0;
    double b = perPair * (tokens.y(3) - tokens.y(1)) / (tokens.x(3) - tokens.x(1));
    double a = perPair * tokens.y(1) - b * tokens.x(1);
    List<Double> deep = new ArrayList<>();
    for (DemoPairs pairs : ThroughputBenchmark.lastStagePairs(demo, CASCADE, stages.size())) {
      try (RawSession session = new RawSession(MODEL, List.of(pairs), MAX_TOKENS, 1, 1)) {
        deep.add(pairs.documents().size() * (a + b * session.meanTokens()) / CORES);
      }
    }
    double deepMs = Contest.median(deep.stream().mapToDouble(Double::doubleValue).toArray());
    double predicted = cheapMs + deepMs;
    out.printf(
        Locale.ROOT,
        "The demo's cascade adds, at the median: predicted %.1f ms cheap stages + pairs × (%.2f ms"
            + " + %.4f ms × tokens) ÷ %d cores = %.1f ms; measured %.1f ms%n",
        cheapMs,
        a,
        b,
        CORES,
        predicted,
        wholeMs);
    out.printf(
        Locale.ROOT,
        "{\"ratio\":%.3f,\"predictedMs\":%.2f,\"measuredMs\":%.2f,\"cheapMs\":%.2f,"
            + "\"pairMs\":%.4f,\"tokenMs\":%.5f,\"cores\":%d}%n",
        predicted / wholeMs,
        predicted,
        wholeMs,
        cheapMs,
        a,
        b,
        CORES);
  }
}
