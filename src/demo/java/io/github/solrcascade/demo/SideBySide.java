package io.github.solrcascade.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.solr.common.SolrDocument;

/**
 * First pages before and after, beside each other, each title with the grade that judges gave it.
 */
public final class SideBySide {
  private static final int TITLE = 47;
  private static final int COLUMN = TITLE + 8;

  private final Searcher searcher;
  private final Qrels qrels;

  /** Searches for titles, which the results do not hold. */
  public SideBySide(Searcher searcher, Qrels qrels) {
    this.searcher = searcher;
    this.qrels = qrels;
  }

  /** Positions of the queries with the largest gain, the median one and the largest loss. */
  public static List<Integer> choose(RankerResult before, RankerResult after) {
    List<Integer> byGain = new ArrayList<>();
    for (int i = 0; i < before.queries().size(); i++) {
      if (before.queries().get(i).judgeable()) {
        byGain.add(i);
      }
    }
    byGain.sort(
        Comparator.comparingDouble(i -> gain(before.queries().get(i), after.queries().get(i))));
    int last = byGain.size() - 1;
    return IntStream.of(last, last / 2, 0)
        .filter(i -> i >= 0)
        .distinct()
        .mapToObj(byGain::get)
        .toList();
  }

  private static double gain(QueryResult before, QueryResult after) {
    return after.ndcg() - before.ndcg();
  }

  /** Both pages of one query, which is given by its position. */
  public List<String> lines(String label, RankerResult before, RankerResult after, int query) {
    QueryResult first = before.queries().get(query);
    QueryResult last = after.queries().get(query);
    List<String> left = page(first, before.ranker());
    List<String> right = page(last, after.ranker());
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "\"%s\": %s, NDCG@10 %.3f → %.3f",
            shorten(first.query().text()),
            label,
            first.ndcg(),
            last.ndcg()));
    lines.add(pad("      first pass") + "      + " + after.ranker().name());
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      lines.add(pad(i < left.size() ? left.get(i) : "") + (i < right.size() ? right.get(i) : ""));
    }
    return lines.stream().map(String::stripTrailing).toList();
  }

  private List<String> page(QueryResult result, Ranker ranker) {
    Map<String, Integer> grades = qrels.of(result.query().id());
    Answer answer =
        searcher.search(result.query().text(), ranker, Evaluation.PAGE, "id", "title", "score");
    return answer.documents().stream().map(document -> line(document, grades)).toList();
  }

  private static String line(SolrDocument document, Map<String, Integer> grades) {
    Integer grade = grades.get((String) document.getFieldValue("id"));
    Object title = document.getFieldValue("title");
    return String.format(
        Locale.ROOT,
        "%4s  %s",
        grade == null ? "·" : grade,
        shorten(title == null ? "" : "" + title));
  }

  private static String shorten(String title) {
    String line = title.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (line.codePointCount(0, line.length()) <= TITLE) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, TITLE - 1)).stripTrailing() + "…";
  }

  private static String pad(String text) {
    return text + " ".repeat(Math.max(0, COLUMN - text.codePointCount(0, text.length())));
  }
}
