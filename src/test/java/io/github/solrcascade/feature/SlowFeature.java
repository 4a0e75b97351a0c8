package io.github.solrcascade.feature;

import io.github.solrcascade.budget.Deadline;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;

/** A batch feature that takes its time: so many milliseconds a document. */
public final class SlowFeature extends CheckedFeature {
  private int millis;

  public SlowFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  public void setMillis(Number millis) {
    this.millis = millis.intValue();
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("millis", millis);
    return params;
  }

  @Override
  protected void checkParameters() {
    if (millis < 1) {
      throw wrong("millis", millis, "must be ≥ 1");
    }
  }

  @Override
  public void check(SolrCore core) {
    // It reads nothing of the core.
  }

  /** Any order but the documents' own. */
  static float value(int doc) {
    return doc * 37 % 101;
  }

  @Override
  public FeatureWeight createWeight(
      IndexSearcher searcher,
      boolean needsScores,
      SolrQueryRequest request,
      Query originalQuery,
      Map<String, String[]> efi) {
    return new SlowWeight(searcher, request, originalQuery, efi);
  }

  private final class SlowWeight extends BaseWeight implements BatchWeight {
    SlowWeight(
        IndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi) {
      super(searcher, request, originalQuery, efi);
    }

    @Override
    public float[] values(int[] docs, Findings findings) {
      Deadline deadline = RequestDeadline.of(request);
      float[] values = new float[docs.length];
      for (int i = 0; i < docs.length; i++) {
        try {
          Thread.sleep(millis);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        if (deadline.isPast()) {
          return Arrays.copyOf(values, i);
        }
        values[i] = value(docs[i]);
      }
      return values;
    }

    @Override
    public FeatureScorer scorer(LeafReaderContext context) {
      return scorer(
          DocIdSetIterator.all(context.reader().maxDoc()), doc -> value(context.docBase + doc));
    }
  }
}
