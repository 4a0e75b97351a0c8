package io.github.solrcascade.benchmark;

import static io.github.solrcascade.benchmark.MixedSearches.format;

import io.github.solrcascade.demo.JudgedSet.Query;
import io.github.solrcascade.demo.Table;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;

/**
 * What the first search takes once Solr serves, by Solr's own {@code QTime}, against the median of
 * all that follow, none of them asked before: with the demo's warming and without, each in a Java
 * process of its own, in turns. The first search is one that took the median time in the start
 * before, so that it is neither an easy nor a hard one. A search that comes while Solr still warms
 * waits for that; how long a core takes until it serves is told apart.
 */
final class StartBenchmark {
  private static final int STARTS = 5;

  private StartBenchmark() {}

  /** One start, in milliseconds. */
  private record Times(double ready, double first, double median, int typical) {}

  static void run(PrintStream out) throws Exception {
    List<Times> cold = new ArrayList<>();
    List<Times> warm = new ArrayList<>();
    int typical = start(true, 0).typical();
    for (int i = 0; i < STARTS; i++) {
      cold.add(start(false, typical));
      warm.add(start(true, typical));
      typical = warm.get(i).typical();
    }
    Table table = new Table();
    table.row("warming", "serves after ms", "first search ms", "median ms", "ratio");
    double without = row(table, "no", cold);
    double with = row(table, "yes", warm);
    table.lines().forEach(out::println);
    out.println(
        format("{\"ratio\":%.3f,\"withoutWarming\":%.3f,\"starts\":%d}", with, without, STARTS));
  }

  private static double row(Table table, String name, List<Times> starts) {
    double ratio = median(starts, t -> t.first() / t.median());
    table.row(
        name,
        format("%.0f", median(starts, Times::ready)),
        format("%.0f", median(starts, Times::first)),
        format("%.0f", median(starts, Times::median)),
        format("%.2f", ratio));
    return ratio;
  }

  private static double median(List<Times> starts, ToDoubleFunction<Times> of) {
    return Contest.median(starts.stream().mapToDouble(of).toArray());
  }

  private static Times start(boolean warming, int first) throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Dcascade.warming=" + warming,
                "@target/demo/arguments-benchmark",
                Benchmarks.class.getName(),
                "start-once",
                String.valueOf(first))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines;
    try (var output = process.inputReader()) {
      lines = output.lines().toList();
    }
    if (process.waitFor() != 0 || lines.isEmpty()) {
      throw new IOException("a start failed: " + lines);
    }
    double[] times =
        Arrays.stream(lines.get(lines.size() - 1).split(" "))
            .mapToDouble(Double::parseDouble)
            .toArray();
    return new Times(times[0], times[1], times[2], (int) times[3]);
  }

  /**
   * In a process of its own: prints the milliseconds until the core serves, its first search's, the
   * median of the others', and the number of a query that took so long.
   */
  static void once(PrintStream out, int first) throws Exception {
    long begun = System.nanoTime();
    try (DemoSolr demo = DemoSolr.start(64)) {
      // As whoever sends it traffic finds out that it serves; it waits for the warming.
      demo.client().query(new SolrQuery("*:*").setRows(0));
      double ready = (System.nanoTime() - begun) / 1e6;
      List<Query> queries = demo.set().queries();
      double begin = millis(demo, queries.get(first));
      double[] millis = new double[queries.size()];
      List<Integer> others = new ArrayList<>();
      for (int i = 0; i < millis.length; i++) {
        if (i != first) {
          millis[i] = millis(demo, queries.get(i));
          others.add(i);
        }
      }
      others.sort(Comparator.comparingDouble(i -> millis[i]));
      int typical = others.get(others.size() / 2);
      out.println(ready + " " + begin + " " + millis[typical] + " " + typical);
    }
  }

  private static double millis(DemoSolr demo, Query query) throws Exception {
    SolrQuery search = new SolrQuery(query.text()).setFields("id", "score");
    search.set("rq", MixedSearches.rankQuery(0));
    return demo.client().query(search, SolrRequest.METHOD.POST).getQTime();
  }
}
