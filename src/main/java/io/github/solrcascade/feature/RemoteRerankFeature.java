package io.github.solrcascade.feature;

import io.github.solrcascade.remote.RemoteReranker;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.SolrIndexSearcher;

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

  /**
   * The documents' texts, for a coordinator that asks the reranker for several shards at once: as
   * much of them as may leave the node, and a character more where there is more.
   *
   * @param docs doc ids of the whole index
   * @return a text for each, empty where these fields hold none
   */
  public List<String> texts(SolrIndexSearcher searcher, int[] docs) throws IOException {
    int most = reranker(searcher.getCore()).maxCharacters() + 1;
    return textsOf(searcher, docs).stream()
        .map(text -> text.length() <= most ? text : text.substring(0, most))
        .toList();
  }

  /**
   * The values of documents of whatever shards, by their texts, within the request's deadline.
   *
   * @param texts as {@link #texts} gives them
   * @param findings takes what there is to say of them
   * @return a value for each; NaN where the text is empty
   */
  public float[] values(
      SolrQueryRequest request, Map<String, String[]> efi, List<String> texts, Findings findings) {
    return values(scorer(request), queryText(efi), texts, findings);
  }

  @Override
  protected Scorer scorer(SolrQueryRequest request) {
    RemoteReranker remote = reranker(request.getCore());
    return (query, documents, findings) ->
        remote.score(query, documents, RequestDeadline.of(request), findings::note);
  }
}
