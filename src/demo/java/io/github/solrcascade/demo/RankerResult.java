package io.github.solrcascade.demo;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One ranker over all queries. Quality is that of the judgeable queries, time that of all.
 *
 * @param queries all of them, in the set's order
 */
public record RankerResult(Ranker ranker, List<QueryResult> queries) {

  /** The queries with a relevant document. */
  public List<QueryResult> judgeable() {
    return queries.stream().filter(QueryResult::judgeable).toList();
  }

  /**
   * The mean over the judgeable queries; 0 if there are none. To compare it with ir_measures, leave
   * the other queries out of its judgements: it counts them as 0.
   */
  public double mean(ToDoubleFunction<QueryResult> measure) {
    return judgeable().stream().mapToDouble(measure).average().orElse(0);
  }

  /** The interval of the mean NDCG. */
  public Bootstrap ndcgInterval() {
    return Bootstrap.of(judgeable().stream().mapToDouble(QueryResult::ndcg).toArray());
  }

  /** How many documents a query reranked in the last stage, rounded mean. */
  public long reranked() {
    return Math.round(queries.stream().mapToInt(QueryResult::reranked).average().orElse(0));
  }

  /** How long first pages took. */
  public Latencies latencies() {
    return new Latencies(queries.stream().mapToLong(QueryResult::nanos).toArray());
  }

  /** A percentile, in milliseconds, of what each query took beyond what it took with another. */
  public double addedMillis(RankerResult other, int percent) {
    long[] added =
        IntStream.range(0, queries.size())
            .mapToLong(i -> queries.get(i).nanos() - other.queries.get(i).nanos())
            .toArray();
    return new Latencies(added).millis(percent);
  }
}
