package io.github.solrcascade;

import org.apache.solr.common.params.SolrParams;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.QParser;
import org.apache.solr.search.QParserPlugin;

/**
 * {@code rq={!cascade name=products efi.user=7}}: reranks with a configured cascade.
 *
 * <ul>
 *   <li>{@code name}: which cascade; may be left out where there is but one.
 *   <li>{@code reRankDocs}: no stage reranks more documents than that.
 *   <li>{@code stages}: stop after the n-th stage, counted from 1.
 *   <li>{@code efi.NAME}: external feature information, as in Solr LTR. {@code efi.text} is the
 *       query text, which otherwise is the text of {@code q}.
 * </ul>
 *
 * <pre>{@code
 * <queryParser name="cascade" class="io.github.solrcascade.CascadeQParserPlugin"/>
 * }</pre>
 */
public final class CascadeQParserPlugin extends QParserPlugin {

  @Override
  public QParser createParser(
      String text, SolrParams localParams, SolrParams params, SolrQueryRequest request) {
    return new CascadeQParser(text, localParams, params, request);
  }
}
