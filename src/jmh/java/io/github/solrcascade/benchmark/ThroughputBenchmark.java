package io.github.solrcascade.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.github.solrcascade.demo.Answer;
import io.github.solrcascade.demo.JudgedSet.Query;
import io.github.solrcascade.demo.Latencies;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.Searcher;
import io.github.solrcascade.demo.Table;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.solr.common.SolrDocument;

/**
 * Queries a second of the demo's cascades, one request at a time and from eight clients at once,
 * all in this process with Solr. Nothing comes out of a cache.
 *
 * <p>Two bounds. The machine's: what its cores could do at the processor time that a search takes
 * when it is alone, HTTP and client included, if none of them ever waited or was in another's way.
 * The cross-encoder's: if they did nothing but run its pairs, tokenized beforehand, in ONNX
 * Runtime, one pair a run, a caller a core.
 */
final class ThroughputBenchmark {
  private static final int CLIENTS = 8;
  private static final int ALONE_SECONDS = 20;
  private static final int TOGETHER_SECONDS = 60;
  private static final int MAX_TOKENS = 128;
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final PrintStream out;
  private final DemoSolr demo;
  private final Searcher searcher;
  private final Table table = new Table();

  ThroughputBenchmark(PrintStream out, DemoSolr demo) {
    this.out = out;
    this.demo = demo;
    this.searcher = new Searcher(demo.client());
  }

  static void run(PrintStream out) throws Exception {
    try (DemoSolr demo = DemoSolr.start(0)) {
      new ThroughputBenchmark(out, demo).measure();
    }
  }

  private void measure() throws Exception {
    table.row(
        "cascade",
        "clients",
        "queries/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "of the machine",
        "of the model");
    String student = measure("products", ModelsBenchmark.STUDENT);
    String teacher = measure("exhaustive", ModelsBenchmark.TEACHER);
    table.lines().forEach(out::println);
    out.println(
        student.substring(0, student.length() - 1)
            + (",\"cascades\":[" + student + "," + teacher + "]}"));
  }

  private String measure(String cascade, String model) throws Exception {
    List<String> stages = searcher.stages(demo.set().queries(), cascade);
    Ranker whole = Ranker.ofCascade(cascade, cascade, " cache=false");
    run(whole, CLIENTS, 5);
    Run alone = run(whole, 1, ALONE_SECONDS);
    Run together = run(whole, CLIENTS, TOGETHER_SECONDS);
    double bound = bound(cascade, stages.size(), Path.of("models", model).toAbsolutePath());
    double machine = CORES * 1000 / alone.cpuMillis();
    table.row(row(cascade, 1, alone, machine, bound));
    table.row(row(cascade, CLIENTS, together, machine, bound));
    return String.format(
        Locale.ROOT,
        "{\"cascade\":\"%s\",\"ratio\":%.3f,\"toMachine\":%.3f,\"toBound\":%.3f,\"aloneQps\":%.2f,"
            + "\"qps\":%.2f,\"machineQps\":%.2f,\"boundQps\":%.2f,\"clients\":%d,\"p50Ms\":%.1f,\"p95Ms\":%.1f,\"p99Ms\":%.1f}",
        cascade,
        together.perSecond() / alone.perSecond(),
        together.perSecond() / machine,
        together.perSecond() / bound,
        alone.perSecond(),
        together.perSecond(),
        machine,
        bound,
        CLIENTS,
        together.latencies().millis(50),
        together.latencies().millis(95),
        together.latencies().millis(99));
  }

  private static String[] row(String cascade, int clients, Run run, double machine, double bound) {
    return new String[] {
      cascade,
      String.valueOf(clients),
      format("%.1f", run.perSecond()),
      format("%.1f", run.latencies().millis(50)),
      format("%.1f", run.latencies().millis(95)),
      format("%.1f", run.latencies().millis(99)),
      format("%.0f%%", 100 * run.perSecond() / machine),
      format("%.0f%%", 100 * run.perSecond() / bound)
    };
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** What clients got, and the processor time of the whole process for each of their searches. */
  record Run(double perSecond, Latencies latencies, double cpuMillis) {}

  /** Each client asks for the next query as soon as it has an answer. */
  Run run(Ranker ranker, int clients, int seconds) throws Exception {
    List<Query> queries = demo.set().queries();
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    long cpuBefore = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    Callable<List<Long>> client =
        () -> {
          List<Long> nanos = new ArrayList<>();
          while (System.nanoTime() < end) {
            Query query = queries.get(next.getAndIncrement() % queries.size());
            nanos.add(searcher.search(query.text(), ranker, 10, "id", "score").nanos());
          }
          return nanos;
        };
    List<Callable<List<Long>>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(client);
    }
    List<Long> nanos = new ArrayList<>();
    for (Future<List<Long>> done : pool.invokeAll(all)) {
      nanos.addAll(done.get());
    }
    double took = (System.nanoTime() - start) / 1e9;
    double cpuMillis = (PROCESS.getProcessCpuTime() - cpuBefore) / 1e6 / nanos.size();
    pool.shutdown();
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    return new Run(nanos.size() / took, new Latencies(sorted), cpuMillis);
  }

  /** Queries a second if the pairs of the last stage were all that there is to do. */
  private double bound(String cascade, int stages, Path model) throws Exception {
    List<DemoPairs> pairs = lastStagePairs(demo, cascade, stages);
    try (RawSession session = new RawSession(model, pairs, MAX_TOKENS, 1, CORES)) {
      session.singles();
      long start = System.nanoTime();
      session.singles();
      session.singles();
      return 2 * pairs.size() / ((System.nanoTime() - start) / 1e9);
    }
  }

  /** What the cross-encoder of the last stage is asked, for each query. */
  static List<DemoPairs> lastStagePairs(DemoSolr demo, String cascade, int stages) {
    Searcher searcher = new Searcher(demo.client());
    List<DemoPairs> pairs = new ArrayList<>();
    Ranker whole = Ranker.ofCascade(cascade, cascade, " cache=false");
    Ranker before =
        stages == 1
            ? Ranker.FIRST_PASS
            : Ranker.ofCascade(cascade, cascade, " stages=" + (stages - 1));
    for (Query query : demo.set().queries()) {
      int depth = searcher.search(query.text(), whole, 1, "id").reranked();
      Answer candidates = searcher.search(query.text(), before, depth, "title", "text");
      pairs.add(
          new DemoPairs(
              query.text(),
              candidates.documents().stream().map(ThroughputBenchmark::text).toList()));
    }
    return pairs;
  }

  private static String text(SolrDocument document) {
    return DemoPairs.text(document.getFieldValue("title"), document.getFieldValue("text"));
  }
}
