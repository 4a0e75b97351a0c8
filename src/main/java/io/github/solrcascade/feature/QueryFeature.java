package io.github.solrcascade.feature;

import java.io.IOException;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.common.params.MultiMapSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.DelegatingSolrQueryRequest;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.QParser;
import org.apache.solr.search.SyntaxError;

/**
 * The score of a Solr query on the document: BM25 of a field, a phrase, a function.
 *
 * <pre>{@code
 * {"name": "titleBm25", "class": "io.github.solrcascade.feature.QueryFeature",
 *  "params": {"q": "{!edismax qf=title v=$text}", "defaultValue": 0}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code q}: the query, with its parser in local parameters. The request's {@code efi.NAME}
 *       values and the query text are there as {@code $NAME} and {@code ${NAME}}, of which the
 *       first is never parsed as part of the query. Other request parameters are not seen, since
 *       they are not in any cache key.
 *   <li>{@code defaultValue}: for documents that the query does not match; 0 if not given.
 * </ul>
 *
 * <p>It stands in for LTR's {@code SolrFeature}, and runs where that one does not.
 */
public final class QueryFeature extends CheckedFeature implements TimedFeature {
  private static final Pattern TIME = Pattern.compile("\\b(NOW|ms\\()");

  private String q;

  /** Called by LTR's feature store. */
  public QueryFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The query. */
  public void setQ(String q) {
    this.q = q;
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("q", q);
    return params;
  }

  @Override
  protected void checkParameters() {
    required("q", q);
  }

  @Override
  public void check(SolrCore core) {
    // A query that needs efi cannot be parsed before there is a request.
  }

  /** The time may come in with efi, too, as in {@code efi.since='[NOW-1DAY TO *]'}. */
  @Override
  public long instant(Date now, Map<String, List<String>> efi) {
    boolean timed =
        isTimed(q) || efi.values().stream().flatMap(List::stream).anyMatch(QueryFeature::isTimed);
    return timed ? now.getTime() : 0;
  }

  private static boolean isTimed(String text) {
    return TIME.matcher(text).find();
  }

  @Override
  public FeatureWeight createWeight(
      IndexSearcher searcher,
      boolean needsScores,
      SolrQueryRequest request,
      Query originalQuery,
      Map<String, String[]> efi)
      throws IOException {
    Query query = query(request, efi);
    Weight weight =
        query == null
            ? null
            : searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE, 1);
    return new QueryWeight(searcher, request, originalQuery, efi, weight);
  }

  /** The query with the request's values; null if nothing is left of it. */
  Query query(SolrQueryRequest request, Map<String, String[]> efi) {
    try {
      String filled = new Template(getName(), q).fill(efi);
      return QParser.getParser(filled, new EfiRequest(request, efi)).getQuery();
    } catch (SyntaxError e) {
      throw new SolrException(
          ErrorCode.BAD_REQUEST, "feature '" + getName() + "': q: " + e.getMessage(), e);
    }
  }

  /** The request as the feature's query sees it: with the external feature information only. */
  private static final class EfiRequest extends DelegatingSolrQueryRequest {
    private final SolrParams efi;

    EfiRequest(SolrQueryRequest request, Map<String, String[]> efi) {
      super(request);
      this.efi = new MultiMapSolrParams(efi);
    }

    @Override
    public SolrParams getParams() {
      return efi;
    }

    @Override
    public SolrParams getOriginalParams() {
      return efi;
    }
  }

  private final class QueryWeight extends BaseWeight {
    private final Weight weight;

    QueryWeight(
        IndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi,
        Weight weight) {
      super(searcher, request, originalQuery, efi);
      this.weight = weight;
    }

    @Override
    public FeatureScorer scorer(LeafReaderContext context) throws IOException {
      Scorer scorer = weight == null ? null : weight.scorer(context);
      return scorer == null ? null : scorer(scorer.iterator(), doc -> scorer.score());
    }
  }
}
