package io.github.solrcascade.demo;

import io.github.solrcascade.demo.JudgedSet.Query;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the demo prints once all is measured. */
public final class Report {
  private final PrintStream out;
  private final JudgedSet set;
  private final SideBySide sideBySide;
  private final List<RankerResult> results;

  /** Of the first pass and of each stage, in order. */
  public Report(PrintStream out, JudgedSet set, Searcher searcher, List<RankerResult> results) {
    this.out = out;
    this.set = set;
    this.sideBySide = new SideBySide(searcher, set.qrels());
    this.results = results;
  }

  /**
   * Three queries' first pages, before and after: the largest gain, the median, the largest loss.
   */
  public void printPages() {
    out.println();
    RankerResult before = results.get(0);
    RankerResult after = results.get(results.size() - 1);
    List<String> labels = List.of("the largest gain", "the median", "the largest loss");
    List<Integer> chosen = SideBySide.choose(before, after);
    for (int i = 0; i < chosen.size(); i++) {
      int query = chosen.get(i);
      sideBySide.lines(labels.get(i), before, after, query).forEach(out::println);
      out.println();
    }
    out.println("Before a title: the grade judges gave it for the query, '·' where none did.");
    out.println();
  }

  /** The gain and the price of each stage. */
  public void printTable() {
    new StageTable(results).lines().forEach(out::println);
    int all = set.queries().size();
    int judgeable = results.get(0).judgeable().size();
    out.printf(
        Locale.ROOT,
        "%d of %d queries have a relevant document: NDCG@10 is their mean.%n",
        judgeable,
        all);
    out.println("Condensed: the same without the documents that nobody judged.");
    out.println();
  }

  /** Three commands to try against the Solr that goes on serving. */
  public void printCommands(String url, String cascade) {
    String search = "curl " + url + "/select -d 'q=" + plainQuery() + "&rq=";
    search += Ranker.wholeCascade(cascade);
    out.println("Try a search, an explained one, and one that logs features:");
    out.println("  " + search + "'");
    out.println("  " + search + "&debugQuery=true'");
    out.println("  " + search + "&fl=id,score,[cascade]'");
    out.println("Serving " + url + " until Ctrl-C");
  }

  /** One that needs no escaping in a shell or a form. */
  private String plainQuery() {
    return set.queries().stream()
        .map(Query::text)
        .filter(text -> text.matches("[a-z ]{5,30}"))
        .filter(text -> text.contains(" "))
        .findFirst()
        .orElse("one two");
  }

  /**
   * The table's numbers, as one JSON object on a line.
   *
   * @param cloud what a SolrCloud gave beside one core, if there was one
   */
  public void printJson(Optional<CloudComparison> cloud) {
    String table = new StageTable(results).json(set.name());
    String more = cloud.map(comparison -> "," + comparison.json()).orElse("");
    out.println(table.substring(0, table.length() - 1) + more + "}");
  }
}
