package io.github.solrcascade.demo;

import java.util.Locale;

/**
 * What a SolrCloud gives and costs beside one core.
 *
 * @param shards how many shards it has
 * @param pairsPerQuery how many documents a query's last stage scored, on all shards together
 * @param topKEqualToSingleCore whether every query's first page has the same documents in the same
 *     order as that of one core
 */
public record CloudComparison(int shards, double pairsPerQuery, boolean topKEqualToSingleCore) {

  /** Compares the first pages of all queries. */
  static CloudComparison of(
      int shards, JudgedSet set, Ranker ranker, Searcher cloud, Searcher oneCore) {
    long pairs = 0;
    boolean equal = true;
    for (JudgedSet.Query query : set.queries()) {
      Answer page = cloud.search(query.text(), ranker, Evaluation.PAGE, "id", "score");
      Answer expected = oneCore.search(query.text(), ranker, Evaluation.PAGE, "id", "score");
      equal &= page.ids().equals(expected.ids());
      if (!page.stages().isEmpty()) {
        pairs += page.stages().get(page.stages().size() - 1).scored();
      }
    }
    return new CloudComparison(shards, (double) pairs / set.queries().size(), equal);
  }

  /** Said in a sentence. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%d shards: %.1f pairs a query in all; the first pages are %s those of one core.",
        shards,
        pairsPerQuery,
        topKEqualToSingleCore ? "exactly" : "NOT");
  }

  /** As members of a JSON object. */
  String json() {
    return String.format(
        Locale.ROOT,
        "\"shards\":%d,\"pairsPerQuery\":%.3f,\"topKEqualToSingleCore\":%b",
        shards,
        pairsPerQuery,
        topKEqualToSingleCore);
  }
}
