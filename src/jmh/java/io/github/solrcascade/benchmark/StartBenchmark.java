package io.github.solrcascade.benchmark;

import static io.github.solrcascade.benchmark.MixedSearches.format;

import io.github.solrcascade.demo.JudgedSet.Query;
import io.github.solrcascade.demo.Table;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;

/**
 * What the first search after a start takes, by Solr's own {@code QTime}, against the median of all
 * that follow, none of them asked before: with the demo's warming and without, each in a Java
 * process of its own, in turns.
 */
final class StartBenchmark {
  private static final int STARTS = 5;

  private StartBenchmark() {}

  /** One start. */
  private record Times(double first, double median) {}

  static void run(PrintStream out) throws Exception {
    List<Times> cold = new ArrayList<>();
    List<Times> warm = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      cold.add(start(false));
      warm.add(start(true));
    }
    Table table = new Table();
    table.row("warming", "first search ms", "median ms", "ratio");
    double without = row(table, "no", cold);
    double with = row(table, "yes", warm);
    table.lines().forEach(out::println);
    out.println(
        format("{\"ratio\":%.3f,\"withoutWarming\":%.3f,\"starts\":%d}", with, without, STARTS));
  }

  private static double row(Table table, String name, List<Times> starts) {
    double first = Contest.median(starts.stream().mapToDouble(Times::first).toArray());
    double median = Contest.median(starts.stream().mapToDouble(Times::median).toArray());
    double ratio =
        Contest.median(starts.stream().mapToDouble(t -> t.first() / t.median()).toArray());
    table.row(name, format("%.0f", first), format("%.0f", median), format("%.2f", ratio));
    return ratio;
  }

  private static Times start(boolean warming) throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Dcascade.warming=" + warming,
                "@target/demo/arguments-benchmark",
                Benchmarks.class.getName(),
                "start-once")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines;
    try (var output = process.inputReader()) {
      lines = output.lines().toList();
    }
    if (process.waitFor() != 0 || lines.size() < 2) {
      throw new IOException("a start failed: " + lines);
    }
    int last = lines.size() - 1;
    return new Times(Double.parseDouble(lines.get(last - 1)), Double.parseDouble(lines.get(last)));
  }

  /** In a process of its own: prints the first search's time and the median of the others'. */
  static void once(PrintStream out) throws Exception {
    try (DemoSolr demo = DemoSolr.start(64)) {
      List<Double> times = new ArrayList<>();
      for (Query query : demo.set().queries()) {
        SolrQuery search = new SolrQuery(query.text()).setFields("id", "score");
        search.set("rq", MixedSearches.rankQuery(0));
        times.add((double) demo.client().query(search, SolrRequest.METHOD.POST).getQTime());
      }
      double median =
          Contest.median(times.stream().skip(1).mapToDouble(Double::doubleValue).toArray());
      out.println(times.get(0));
      out.println(median);
    }
  }
}
