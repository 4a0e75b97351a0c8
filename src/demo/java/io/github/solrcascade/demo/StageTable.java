package io.github.solrcascade.demo;

import java.util.List;
import java.util.Locale;

/** The gain and the price of each stage: a table to read, a line of JSON to compute with. */
public final class StageTable {
  private final List<RankerResult> results;

  /** Of the first pass and of each stage, in order. */
  public StageTable(List<RankerResult> results) {
    this.results = results;
  }

  /** The table's lines. */
  public List<String> lines() {
    Table table = new Table();
    table.row(
        "stage", "reranked", "NDCG@10", "95% CI", "condensed", "judged@10", "p50 ms", "p95 ms");
    for (RankerResult result : results) {
      Bootstrap interval = result.ndcgInterval();
      table.row(
          (result.ranker().rankQuery().isPresent() ? "+ " : "") + result.ranker().name(),
          result.ranker().rankQuery().isPresent() ? result.reranked() + "" : "–",
          format("%.3f", result.mean(QueryResult::ndcg)),
          format("%.3f–%.3f", interval.low(), interval.high()),
          format("%.3f", result.mean(QueryResult::condensedNdcg)),
          format("%.0f%%", 100 * result.mean(QueryResult::judged)),
          format("%.1f", result.latencies().millis(50)),
          format("%.1f", result.latencies().millis(95)));
    }
    return table.lines();
  }

  /** The same numbers as one JSON object. */
  public String json(String collection) {
    List<String> stages = results.stream().map(StageTable::json).toList();
    return format(
        "{\"collection\":\"%s\",\"queries\":%d,\"stages\":[%s]}",
        collection, results.get(0).judgeable().size(), String.join(",", stages));
  }

  private static String json(RankerResult result) {
    Bootstrap interval = result.ndcgInterval();
    return format(
        "{\"name\":\"%s\",\"docs\":%d,\"ndcg10\":%.6f,\"ndcg10Low\":%.6f,\"ndcg10High\":%.6f,"
            + "\"condensedNdcg10\":%.6f,\"judged10\":%.6f,\"p50Ms\":%.3f,\"p95Ms\":%.3f}",
        result.ranker().name().replaceAll("[\"\\\\]", "'"),
        result.reranked(),
        result.mean(QueryResult::ndcg),
        interval.low(),
        interval.high(),
        result.mean(QueryResult::condensedNdcg),
        result.mean(QueryResult::judged),
        result.latencies().millis(50),
        result.latencies().millis(95));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
