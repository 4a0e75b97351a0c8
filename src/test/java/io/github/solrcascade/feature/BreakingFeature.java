package io.github.solrcascade.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;

/** A feature that breaks on one document, quoting the request's text. */
public final class BreakingFeature extends CheckedFeature {
  private int on;

  public BreakingFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  public void setOn(Number on) {
    this.on = on.intValue();
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("on", on);
    return params;
  }

  @Override
  protected void checkParameters() {
    // Any document will do.
  }

  @Override
  public void check(SolrCore core) {
    // It reads nothing of the core.
  }

  @Override
  public FeatureWeight createWeight(
      IndexSearcher searcher,
      boolean needsScores,
      SolrQueryRequest request,
      Query originalQuery,
      Map<String, String[]> efi) {
    return new BaseWeight(searcher, request, originalQuery, efi) {
      @Override
      public FeatureScorer scorer(LeafReaderContext context) {
        return scorer(
            DocIdSetIterator.all(context.reader().maxDoc()),
            doc -> {
              if (context.docBase + doc == on) {
                throw new IllegalStateException("document " + on + ": " + efi.get("text")[0]);
              }
              return doc;
            });
      }
    };
  }
}
