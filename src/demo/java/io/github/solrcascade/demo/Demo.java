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
  private static final Path CATALOGUE = PROJECT.resolve("src/demo/data/products");

  /** {@code scripts/demo} sets it where the output is a terminal. */
  private static final boolean TERMINAL = Boolean.getBoolean("demo.terminal");

  private final Options options;
  private final JudgedSet set;
  private final EmbeddedSolr solr;
  private final SolrClient client;
  private final Searcher searcher;
  private final PrintStream out;

  private Demo(
      Options options, JudgedSet set, EmbeddedSolr solr, SolrClient client, PrintStream out) {
    this.options = options;
    this.set = set;
    this.solr = solr;
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
    try (EmbeddedSolr solr = EmbeddedSolr.start(PROJECT, set.name(), usable, options.port());
        SolrClient client = solr.newClient()) {
      Demo demo = new Demo(options, set, solr, client, out);
      if (usable.isPresent()) {
        out.println("Its index is that of an earlier run; rm -r target/demo/index to make it anew");
      } else {
        demo.index();
        kept.keep(solr.indexFolder());
      }
      demo.measure();
    }
  }

  private void measure() throws Exception {
    List<RankerResult> results = evaluate();
    Report report = new Report(out, set, searcher, results);
    report.printPages();
    report.printTable();
    if (options.run().isPresent()) {
      TrecRun.write(options.run().get(), results.get(results.size() - 1));
    }
    if (options.once()) {
      report.printJson();
    } else {
      report.printCommands(solr.url(), options.cascade());
      report.printJson();
      new CountDownLatch(1).await(); // until Ctrl-C, upon which Solr closes itself
    }
  }

  private void index() throws Exception {
    DocumentReader reader = new DocumentReader(set.fields());
    List<SolrInputDocument> documents = reader.readAll(set);
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
    if (reader.unreadableValues() > 0) {
      out.printf("Left out %d numbers and dates that are malformed%n", reader.unreadableValues());
    }
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
