package io.github.solrcascade;

import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.CursorMarkParams;
import org.apache.solr.common.params.GroupParams;
import org.apache.solr.common.params.ShardParams;
import org.apache.solr.common.params.SolrParams;

/** What Solr would answer wrongly, or not at all, with a rank query such as ours. */
final class UnsupportedParams {
  private UnsupportedParams() {}

  /**
   * Refuses what a cascade does not go with.
   *
   * @throws BadRequest that names the parameter and the reason
   */
  static void refuse(SolrParams params) {
    if (params.getBool(GroupParams.GROUP, false)) {
      throw new BadRequest(
          GroupParams.GROUP, true, "grouping ignores a cascade: use fq={!collapse} instead");
    }
    if (params.get(CursorMarkParams.CURSOR_MARK_PARAM) != null) {
      throw new BadRequest(
          CursorMarkParams.CURSOR_MARK_PARAM,
          params.get(CursorMarkParams.CURSOR_MARK_PARAM),
          "a cursor follows a sort, and a cascade is none: use start and rows");
    }
    if (params.getBool(CommonParams.MULTI_THREADED, false)) {
      throw new BadRequest(
          CommonParams.MULTI_THREADED,
          true,
          "it would run the cascade in every slice of the index");
    }
    if (params.getInt(ShardParams.SHARDS_START, 0) > 0) {
      throw new BadRequest(
          ShardParams.SHARDS_START,
          params.get(ShardParams.SHARDS_START),
          "each shard's best documents are what a cascade reranks: use start");
    }
  }
}
