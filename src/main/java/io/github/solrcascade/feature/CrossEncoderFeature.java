package io.github.solrcascade.feature;

import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Manifest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;

/**
 * How well a transformer finds that the document answers the query, reading both texts jointly.
 *
 * <pre>{@code
 * {"name": "crossEncoder", "class": "io.github.solrcascade.feature.CrossEncoderFeature",
 *  "params": {"encoder": "reranker", "fields": ["title", "text"], "maxTokens": 128}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code encoder}: a configured cross-encoder. The value is its logit, or what its {@code
 *       model.json} makes of it.
 *   <li>{@code fields}: stored fields, whose texts are joined by spaces in this order.
 *   <li>{@code text}: the query text; {@code ${text}} if not given.
 *   <li>{@code maxTokens}: the length at which query and document together are cut, the longer one
 *       first; the encoder's maximum if not given.
 *   <li>{@code defaultValue}: for documents without text in these fields; 0 if not given, which few
 *       models mean by "no text".
 * </ul>
 *
 * <p>Nogueira and Cho, Passage Re-ranking with BERT (2019).
 */
public final class CrossEncoderFeature extends PairFeature {
  private String encoder;
  private Integer maxTokens;

  /** Called by LTR's feature store. */
  public CrossEncoderFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The encoder's name. */
  public void setEncoder(String encoder) {
    this.encoder = encoder;
  }

  /** The length of a pair, in tokens. */
  public void setMaxTokens(Number maxTokens) {
    this.maxTokens = maxTokens.intValue();
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = super.paramsToMap();
    params.put("encoder", encoder);
    if (maxTokens != null) {
      params.put("maxTokens", maxTokens);
    }
    return params;
  }

  @Override
  protected void checkParameters() {
    required("encoder", encoder);
    super.checkParameters();
  }

  @Override
  public void check(SolrCore core) {
    super.check(core);
    Manifest manifest = encoder(core).manifest();
    if (maxTokens != null && !manifest.allows(maxTokens)) {
      throw wrong(
          "maxTokens",
          maxTokens,
          "must be from " + Manifest.LEAST_TOKENS + " to the encoder's " + manifest.maxTokens());
    }
  }

  @Override
  protected String origin(SolrCore core) {
    return encoder(core).manifest().fingerprint();
  }

  private CrossEncoder encoder(SolrCore core) {
    try {
      return CoreEncoders.crossEncoder(core, encoder);
    } catch (IllegalArgumentException e) {
      throw wrong("encoder", encoder, e.getMessage());
    }
  }

  @Override
  protected Scorer scorer(SolrQueryRequest request) {
    CrossEncoder crossEncoder = encoder(request.getCore());
    int length = maxTokens == null ? crossEncoder.manifest().maxTokens() : maxTokens;
    return (query, documents, findings) ->
        crossEncoder.score(query, documents, length, RequestDeadline.of(request), findings::scored);
  }
}
