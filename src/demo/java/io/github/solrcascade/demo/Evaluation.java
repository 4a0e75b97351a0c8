package io.github.solrcascade.demo;

import io.github.solrcascade.demo.JudgedSet.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Runs a judged set's queries with every ranker.
 *
 * <p>Times are those of a first request for a page of ten: each query and ranker is timed once,
 * before its page can be in a cache. The rankers take turns in going first, so none gains from a
 * JVM that the others warmed. Quality needs a longer ranking, which is asked for after the page.
 */
public final class Evaluation {
  /** The rank that quality is measured at: the first page. */
  public static final int PAGE = 10;

  /** Long enough for a page of judged documents, also where many are not. */
  private static final int RANKING = 100;

  private static final int WARM_UPS = 40;

  private final JudgedSet set;
  private final Searcher searcher;

  /** Of a set that is indexed. */
  public Evaluation(JudgedSet set, Searcher searcher) {
    this.set = set;
    this.searcher = searcher;
  }

  /** How often {@link #run} reports a search. */
  public int searches(int rankers) {
    return rankers * (WARM_UPS + set.queries().size());
  }

  /**
   * Measures each ranker on each query.
   *
   * @param searched is called after each search
   * @return a result for each ranker, in their order
   */
  public List<RankerResult> run(List<Ranker> rankers, Runnable searched) {
    warmUp(rankers, searched);
    List<List<QueryResult>> results = new ArrayList<>();
    rankers.forEach(ranker -> results.add(new ArrayList<>()));
    for (int query = 0; query < set.queries().size(); query++) {
      for (int turn = 0; turn < rankers.size(); turn++) {
        int next = (query + turn) % rankers.size();
        results.get(next).add(measure(set.queries().get(query), rankers.get(next)));
        searched.run();
      }
    }
    return IntStream.range(0, rankers.size())
        .mapToObj(i -> new RankerResult(rankers.get(i), results.get(i)))
        .toList();
  }

  /** With texts of two queries each: none that is timed later, but the same words. */
  private void warmUp(List<Ranker> rankers, Runnable searched) {
    List<Query> queries = set.queries();
    for (int i = 0; i < WARM_UPS; i++) {
      String one = queries.get(i % queries.size()).text();
      String other = queries.get((i + 1 + i / queries.size()) % queries.size()).text();
      for (Ranker ranker : rankers) {
        searcher.search(one + " " + other, ranker, PAGE, "id", "score");
        searched.run();
      }
    }
  }

  private QueryResult measure(Query query, Ranker ranker) {
    Answer page = searcher.search(query.text(), ranker, PAGE, "id", "score");
    Answer ranking = searcher.search(query.text(), ranker, RANKING, "id", "score");
    return result(query, page, ranking.ids());
  }

  private QueryResult result(Query query, Answer page, List<String> ranking) {
    Map<String, Integer> grades = set.qrels().of(query.id());
    return new QueryResult(
        query,
        ranking,
        set.qrels().hasPositive(query.id()),
        Ndcg.at(PAGE, ranking, grades),
        Ndcg.condensedAt(PAGE, ranking, grades),
        Ndcg.judgedAt(PAGE, ranking, grades),
        page.reranked(),
        page.nanos());
  }
}
