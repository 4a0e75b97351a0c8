package io.github.solrcascade.distributed;

import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.ModifiableSolrParams;

/**
 * The parameters and the section that coordinator and shards understand. A node that does not know
 * them, or another version of them, answers without the section.
 */
final class Words {
  /** The version of all that is in this package. */
  static final String VERSION = "1";

  /**
   * In the search that a shard gets: leave the order to the coordinator, and tell it the scores of
   * the shard's stages. Its value is the version.
   */
  static final String MERGE = "cascade.merge";

  /**
   * In all that a shard gets: the search's {@code rq}, which is not there. A node without the
   * plugin would answer {@code rq} with an error; so it answers with its first pass.
   */
  static final String RANK_QUERY = "cascade.rq";

  /**
   * In a request for scores: the names of the stages, which run over the documents of {@code ids}.
   */
  static final String STAGE = "cascade.stage";

  /** The documents' first-pass scores, separated by commas, in the order of {@code ids}. */
  static final String FIRST_PASS = "cascade.firstPass";

  /** In a request for texts: the name of the stage whose model's remote features read them. */
  static final String TEXTS = "cascade.texts";

  /** The section of a shard's response that holds its {@link ShardTexts}. */
  static final String TEXTS_SECTION = "cascadeTexts";

  /** How many milliseconds are left of the cascade's budget. */
  static final String BUDGET = "cascade.budgetMs";

  /** In a request for fields: what became of the documents of {@code ids}, one value for each. */
  static final String TOLD = "cascade.told";

  /** How many documents each stage reranked, separated by commas. */
  static final String TOLD_DOCS = "cascade.toldDocs";

  /** The key of a document of which the shard is to tell why it is not among the first. */
  static final String WHY_NOT = "cascade.whyNotHere";

  /** The section of a shard's response that holds its {@link ShardAnswer}. */
  static final String SECTION = "cascadeShard";

  private Words() {}

  /** Gives the rank query the name that only the plugin knows. */
  static void rename(ModifiableSolrParams params) {
    String rankQuery = params.get(CommonParams.RQ);
    if (rankQuery != null) {
      params.remove(CommonParams.RQ);
      params.set(RANK_QUERY, rankQuery);
    }
  }

  /**
   * The parameter with a remote feature's values, separated by commas, in the order of {@code ids}:
   * NaN for a document without one, nothing where the value is not known.
   */
  static String given(String stage, String feature) {
    return "cascade.given." + stage + "." + feature;
  }
}
