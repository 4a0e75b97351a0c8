package io.github.solrcascade.feature;

import io.github.solrcascade.remote.RemoteReranker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;

/**
 * What a reranker behind HTTP makes of query and document. The query's text and the texts of these
 * fields leave the node.
 *
 * <pre>{@code
 * {"name": "hosted", "class": "io.github.solrcascade.feature.RemoteRerankFeature",
 *  "params": {"reranker": "hosted", "fields": ["title", "text"]}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code reranker}: a configured reranker. The value is its score.
 *   <li>{@code fields}: stored fields, whose texts are joined by spaces in this order.
 *   <li>{@code text}: the query text; {@code ${text}} if not given.
 *   <li>{@code defaultValue}: for documents without text in these fields; 0 if not given.
 * </ul>
 */
public final class RemoteRerankFeature extends PairFeature {
  private String reranker;

  /** Called by LTR's feature store. */
  public RemoteRerankFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The reranker's name. */
  public void setReranker(String reranker) {
    this.reranker = reranker;
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = super.paramsToMap();
    params.put("reranker", reranker);
    return params;
  }

  @Override
  protected void checkParameters() {
    required("reranker", reranker);
    super.checkParameters();
  }

  @Override
  public void check(SolrCore core) {
    super.check(core);
    reranker(core);
  }

  @Override
  protected String origin(SolrCore core) {
    return reranker(core).id();
  }

  private RemoteReranker reranker(SolrCore core) {
    try {
      return CoreEncoders.reranker(core, reranker);
    } catch (IllegalArgumentException e) {
      throw wrong("reranker", reranker, e.getMessage());
    }
  }

  @Override
  protected Scorer scorer(SolrQueryRequest request) {
    RemoteReranker remote = reranker(request.getCore());
    return (query, documents) -> remote.score(query, documents, RequestDeadline.of(request));
  }
}
