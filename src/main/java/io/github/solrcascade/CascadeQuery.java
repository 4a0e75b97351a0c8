package io.github.solrcascade;

import io.github.solrcascade.response.CascadeExplainer;
import io.github.solrcascade.response.RequestRun;
import io.github.solrcascade.stage.Cascade;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.FilterWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TopDocsCollector;
import org.apache.lucene.search.Weight;
import org.apache.solr.handler.component.MergeStrategy;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.search.QueryCommand;
import org.apache.solr.search.RankQuery;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * The main query, its documents to be reranked by a cascade.
 *
 * <p>It is the key of Solr's queryResultCache: all that changes the order is in {@link #equals},
 * and nothing of the request is kept. One whose cascade did not complete equals no other, so that
 * the page it gave is never served again.
 */
final class CascadeQuery extends RankQuery {
  private record Key(
      Query mainQuery, Cascade cascade, Map<String, List<String>> efi, List<Long> instants) {}

  private final Key key;
  private final AtomicBoolean degraded;

  /**
   * A rank query that has yet to be given its main query.
   *
   * @param efi external feature information, {@code text} among it
   * @param instants what the features of time depend on
   */
  CascadeQuery(Cascade cascade, Map<String, List<String>> efi, List<Long> instants) {
    this(new Key(null, cascade, Map.copyOf(efi), instants), new AtomicBoolean());
  }

  private CascadeQuery(Key key, AtomicBoolean degraded) {
    this.key = key;
    this.degraded = degraded;
  }

  /** The cascade's name. */
  String name() {
    return key.cascade().name();
  }

  /** Says that the order is not the full cascade's. */
  void markDegraded() {
    degraded.set(true);
  }

  @Override
  public RankQuery wrap(Query mainQuery) {
    CascadeQuery wrapped =
        new CascadeQuery(new Key(mainQuery, key.cascade(), key.efi(), key.instants()), degraded);
    wrapped.setCache(getCache());
    wrapped.setCost(getCost());
    return wrapped;
  }

  @Override
  public TopDocsCollector<? extends ScoreDoc> getTopDocsCollector(
      int length, QueryCommand command, IndexSearcher searcher) throws IOException {
    SolrQueryRequest request = SolrRequestInfo.getRequestInfo().getReq();
    return new CascadeCollector(this, length, command, (SolrIndexSearcher) searcher, request);
  }

  Cascade cascade() {
    return key.cascade();
  }

  Query mainQuery() {
    return key.mainQuery();
  }

  /** As LTR's features want it. */
  Map<String, String[]> efi() {
    return key.efi().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toArray(new String[0])));
  }

  @Override
  public MergeStrategy getMergeStrategy() {
    return null;
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    Query rewritten = checkedMainQuery().rewrite(searcher);
    return rewritten.equals(key.mainQuery()) ? this : wrap(rewritten);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost)
      throws IOException {
    return new CascadeWeight(checkedMainQuery().createWeight(searcher, mode, boost));
  }

  private Query checkedMainQuery() {
    if (key.mainQuery() == null) {
      throw new BadRequest("{!cascade}: it reranks another query, give it as rq");
    }
    return key.mainQuery();
  }

  /** The main query's weight, but that it explains the score that the cascade gave. */
  private final class CascadeWeight extends FilterWeight {
    CascadeWeight(Weight main) {
      super(CascadeQuery.this, main);
    }

    @Override
    public Explanation explain(LeafReaderContext context, int doc) throws IOException {
      Explanation firstPass = in.explain(context, doc);
      SolrRequestInfo info = SolrRequestInfo.getRequestInfo();
      return info == null
          ? firstPass
          : RequestRun.get(info.getReq())
              .map(run -> CascadeExplainer.explain(run, context.docBase + doc, firstPass))
              .orElse(firstPass);
    }
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "{!cascade " + key.cascade() + " efi=" + key.efi() + "}" + key.mainQuery();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof CascadeQuery that
            && !degraded.get()
            && !that.degraded.get()
            && key.equals(that.key));
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), key);
  }
}
