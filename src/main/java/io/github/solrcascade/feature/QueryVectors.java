package io.github.solrcascade.feature;

import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import io.github.solrcascade.tokenvector.MaxSim;
import org.apache.solr.request.SolrQueryRequest;

/** What a request's query texts are encoded to, each once however many ask for it. */
public final class QueryVectors {
  private record Key(String encoder, String text) {}

  private QueryVectors() {}

  /**
   * Encodes the text, unless this request did so already.
   *
   * @throws OutOfTime if the request's time is up
   * @return the text's vector as a query; callers must not change it
   */
  public static float[] encode(
      SolrQueryRequest request, String name, BiEncoder encoder, String text) {
    return (float[])
        request
            .getContext()
            .computeIfAbsent(
                new Key(name, text), key -> encoder.encodeQuery(text, RequestDeadline.of(request)));
  }

  /**
   * Encodes the text's tokens, unless this request did so already.
   *
   * @throws OutOfTime if the request's time is up
   * @return what compares the text with documents
   */
  public static MaxSim encode(
      SolrQueryRequest request, String name, LateInteractionEncoder encoder, String text) {
    return (MaxSim)
        request
            .getContext()
            .computeIfAbsent(
                new Key(name, text),
                key -> new MaxSim(encoder.encodeQuery(text, RequestDeadline.of(request))));
  }
}
