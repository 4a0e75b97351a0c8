package io.github.solrcascade.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.common.SolrInputDocument;

/**
 * From nothing to a Solr that reranks: indexes a judged set, measures a cascade on its queries,
 * prints what each stage gains and costs, and keeps serving.
 *
 * <p>Started by {@code scripts/demo} in the project's folder; {@link Options} says with what.
 */
public final class Demo {
  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final int NODES = 3;
  private static final int SHARDS = 3;
  private static final int REPLICAS = 2;

  private static final Path CATALOGUE = PROJECT.resolve("src/demo/data/products");

  /** {@code scripts/demo} sets it where the output is a terminal. */
  private static final boolean TERMINAL = Boolean.getBoolean("demo.terminal");

  private final Options options;
  private final JudgedSet set;
  private final String url;
  private final SolrClient client;
  private final Searcher searcher;
  private final PrintStream out;

  private Demo(Options options, JudgedSet set, String url, SolrClient client, PrintStream out) {
    this.options = options;
    this.set = set;
    this.url = url;
    this.client = client;
    this.searcher = new Searcher(client);
    this.out = out;
  }

  /** Exits with 2 for a wrong command line, 1 for a failure the user can mend. */
  public static void main(String... arguments) throws Exception {
    PrintStream out = Console.open();
    if (Arrays.asList(arguments).contains("--help")) {
      out.print(Options.USAGE);
      return;
    }
    try {
      start(Options.parse(CATALOGUE, arguments), out);
    } catch (Options.Mistake e) {
      fail(2, e);
    } catch (DemoException e) {
      fail(1, e);
    }
    System.exit(0);
  }

  private static void fail(int status, Exception e) {
    System.err.println("demo: " + e.getMessage());
    System.exit(status);
  }

  private static void start(Options options, PrintStream out) throws Exception {
    JudgedSet set = JudgedSet.read(options.data());
    out.println("Starting Solr; its log is target/demo/solr.log");
    KeptIndex kept = KeptIndex.of(PROJECT, set);
    Optional<KeptIndex> usable = kept.ifUsable();
    int port = options.cloud() ? 0 : options.port();
    try (EmbeddedSolr solr = EmbeddedSolr.start(PROJECT, set.name(), usable, port);
        SolrClient client = solr.newClient()) {
      Demo demo = new Demo(options, set, solr.url(), client, out);
      if (usable.isPresent()) {
        out.println("Its index is that of an earlier run; rm -r target/demo/index to make it anew");
      } else {
        demo.index(demo.readDocuments());
        kept.keep(solr.indexFolder());
      }
      if (options.cloud()) {
        startCloud(options, set, demo, out);
      } else {
        demo.measure(Optional.empty());
      }
    }
  }

  /**
   * Beside one core with the same documents, vectors included, so that nothing is encoded twice.
   */
  private static void startCloud(Options options, JudgedSet set, Demo oneCore, PrintStream out)
      throws Exception {
    out.printf(
        Locale.ROOT,
        "Starting a SolrCloud: %d nodes, %d shards of %d replicas%n",
        NODES,
        SHARDS,
        REPLICAS);
    try (EmbeddedCloud cloud =
            EmbeddedCloud.start(PROJECT, set.name(), NODES, SHARDS, REPLICAS, options.port());
        SolrClient client = cloud.newClient()) {
      Demo demo = new Demo(options, set, cloud.url(), client, out);
      demo.index(StoredDocuments.readAll(oneCore.client));
      demo.measure(Optional.of(oneCore.searcher));
    }
  }

  /**
   * Measures and prints.
   *
   * @param oneCore the same documents on one core, if it is to be compared
   */
  private void measure(Optional<Searcher> oneCore) throws Exception {
    List<RankerResult> results = evaluate();
    Report report = new Report(out, set, searcher, results);
    report.printPages();
    report.printTable();
    if (options.run().isPresent()) {
      TrecRun.write(options.run().get(), results.get(results.size() - 1));
    }
    Optional<CloudComparison> comparison = oneCore.map(this::compare);
    comparison.ifPresent(each -> out.println(each.line()));
    if (options.once()) {
      report.printJson(comparison);
    } else {
      report.printCommands(url, options.cascade());
      report.printJson(comparison);
      new CountDownLatch(1).await(); // until Ctrl-C, upon which Solr closes itself
    }
  }

  private CloudComparison compare(Searcher oneCore) {
    Ranker whole = Ranker.ofCascade(options.cascade(), options.cascade(), "");
    return CloudComparison.of(SHARDS, set, whole, searcher, oneCore);
  }

  private List<SolrInputDocument> readDocuments() throws Exception {
    DocumentReader reader = new DocumentReader(set.fields());
    List<SolrInputDocument> documents = reader.readAll(set);
    if (reader.unreadableValues() > 0) {
      out.printf(
          Locale.ROOT,
          "Left out %d numbers and dates that are malformed%n",
          reader.unreadableValues());
    }
    return documents;
  }

  private void index(List<SolrInputDocument> documents) throws Exception {
    long start = System.nanoTime();
    try (Progress progress = progress("Indexing ", documents.size())) {
      new Indexer(client).index(documents, progress::add);
    }
    out.printf(
        Locale.ROOT,
        "Indexed %,d documents of %s in %.1f s%n",
        documents.size(),
        set.name(),
        (System.nanoTime() - start) / 1e9);
  }

  private List<RankerResult> evaluate() {
    List<String> stages = searcher.stages(set.queries(), options.cascade());
    List<Ranker> rankers = Ranker.upToEachStage(options.cascade(), stages);
    Evaluation evaluation = new Evaluation(set, searcher);
    try (Progress progress = progress("Measuring", evaluation.searches(rankers.size()))) {
      return evaluation.run(rankers, () -> progress.add(1));
    }
  }

  private Progress progress(String label, int total) {
    return new Progress(out, TERMINAL, label, total);
  }
}
