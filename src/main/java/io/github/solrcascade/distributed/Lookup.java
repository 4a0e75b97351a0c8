package io.github.solrcascade.distributed;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.solr.common.params.ShardParams;
import org.apache.solr.common.util.StrUtils;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * The documents of {@code ids} that this shard still has.
 *
 * @param docs their Lucene numbers
 * @param places where in {@code ids} each stands
 * @param count how many were asked for
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Lookup(int[] docs, int[] places, int count) {

  static Lookup of(SolrQueryRequest request) throws IOException {
    List<String> ids = StrUtils.splitSmart(request.getParams().get(ShardParams.IDS, ""), ",", true);
    int[] docs = new int[ids.size()];
    int[] places = new int[ids.size()];
    int found = 0;
    for (int place = 0; place < ids.size(); place++) {
      int doc = find(request, ids.get(place));
      if (doc >= 0) {
        docs[found] = doc;
        places[found++] = place;
      }
    }
    return new Lookup(Arrays.copyOf(docs, found), Arrays.copyOf(places, found), ids.size());
  }

  private static int find(SolrQueryRequest request, String id) throws IOException {
    SolrIndexSearcher searcher = request.getSearcher();
    // Solr lets no key be of a point type, so every key is a term.
    SchemaField key = request.getSchema().getUniqueKeyField();
    return searcher.getFirstMatch(new Term(key.getName(), key.getType().toInternal(id)));
  }

  /** Those of the documents found that stand at these places among them. */
  Lookup only(int[] which) {
    return new Lookup(
        Arrays.stream(which).map(i -> docs[i]).toArray(),
        Arrays.stream(which).map(i -> places[i]).toArray(),
        count);
  }

  /** The values that belong to the documents found, of one for each that was asked for. */
  float[] pick(float[] values) {
    float[] picked = new float[docs.length];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = values[places[i]];
    }
    return picked;
  }

  /**
   * The reverse: a value for each document that was asked for. One that is gone comes last, behind
   * every other.
   */
  float[] spread(float[] values) {
    float[] all = new float[count];
    Arrays.fill(all, -Float.MAX_VALUE);
    for (int i = 0; i < values.length; i++) {
      all[places[i]] = values[i];
    }
    return all;
  }
}
