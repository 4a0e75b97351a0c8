package io.github.solrcascade.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a SolrCloud gives and costs beside one core.
 *
 * @param shards how many shards it has
 * @param queries how many queries were compared
 * @param pairsPerQuery how many documents a query's last stage scored, on all shards together
 * @param equal of how many queries the first page has the same documents in the same order as that
 *     of one core
 * @param equalWithLocalStatistics the same if each shard counts its own terms
 * @param ndcgLostWithLocalStatistics how much less the mean NDCG of the first pages is then, over
 *     the queries that have a relevant document
 */
public record CloudComparison(
    int shards,
    int queries,
    double pairsPerQuery,
    int equal,
    int equalWithLocalStatistics,
    double ndcgLostWithLocalStatistics) {

  /** Compares the first pages of all queries. */
  static CloudComparison of(
      int shards, JudgedSet set, Ranker ranker, Searcher cloud, Searcher oneCore) {
    Searcher local = cloud.withLocalStatistics();
    long pairs = 0;
    int equal = 0;
    int equalWithLocal = 0;
    double lost = 0;
    int judged = 0;
    for (JudgedSet.Query query : set.queries()) {
      Answer page = cloud.search(query.text(), ranker, Evaluation.PAGE, "id", "score");
      List<String> expected =
          oneCore.search(query.text(), ranker, Evaluation.PAGE, "id", "score").ids();
      List<String> withLocal =
          local.search(query.text(), ranker, Evaluation.PAGE, "id", "score").ids();
      equal += page.ids().equals(expected) ? 1 : 0;
      equalWithLocal += withLocal.equals(expected) ? 1 : 0;
      Map<String, Integer> grades = set.qrels().of(query.id());
      judged += set.qrels().hasPositive(query.id()) ? 1 : 0;
      lost +=
          Ndcg.at(Evaluation.PAGE, expected, grades) - Ndcg.at(Evaluation.PAGE, withLocal, grades);
      if (!page.stages().isEmpty()) {
        pairs += page.stages().get(page.stages().size() - 1).scored();
      }
    }
    int queries = set.queries().size();
    return new CloudComparison(
        shards,
        queries,
        (double) pairs / queries,
        equal,
        equalWithLocal,
        lost / Math.max(1, judged));
  }

  /** Whether every first page is that of one core. */
  boolean topKEqualToSingleCore() {
    return equal == queries;
  }

  /** Said in two sentences. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%d shards: %.1f pairs a query in all; the first pages are %s those of one core.%n"
            + "Without distributed statistics %d of %d would be, and NDCG@%d %+.4f.",
        shards,
        pairsPerQuery,
        topKEqualToSingleCore() ? "exactly" : "NOT",
        equalWithLocalStatistics,
        queries,
        Evaluation.PAGE,
        -ndcgLostWithLocalStatistics);
  }

  /** As members of a JSON object. */
  String json() {
    return String.format(
        Locale.ROOT,
        "\"shards\":%d,\"pairsPerQuery\":%.3f,\"topKEqualToSingleCore\":%b",
        shards,
        pairsPerQuery,
        topKEqualToSingleCore());
  }
}
