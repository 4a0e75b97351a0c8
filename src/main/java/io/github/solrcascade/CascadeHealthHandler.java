package io.github.solrcascade;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.feature.CoreEncoders;
import io.github.solrcascade.stage.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.common.util.SimpleOrderedMap;
import org.apache.solr.handler.RequestHandlerBase;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.response.SolrQueryResponse;
import org.apache.solr.security.AuthorizationContext;

/**
 * Says whether a core's encoders work, by having each answer what it answered when it was loaded.
 *
 * <pre>{@code
 * <requestHandler name="/admin/cascade" class="io.github.solrcascade.CascadeHealthHandler"/>
 * }</pre>
 *
 * <p>The answer holds {@code status}, {@code OK} or {@code FAILED}, and the same for each encoder
 * with what its metrics say. Where one fails the answer is a 503, so that a load balancer needs to
 * look at nothing else.
 */
public final class CascadeHealthHandler extends RequestHandlerBase {
  /** All encoders together; one that is merely busy answers well within it. */
  private static final long PATIENCE_MILLIS = 5_000;

  private static final String STATUS = "status";

  @Override
  public void handleRequestBody(SolrQueryRequest request, SolrQueryResponse response) {
    response.setHttpCaching(false);
    Deadline deadline = Deadline.ofMillis(PATIENCE_MILLIS);
    SimpleOrderedMap<Object> encoders = new SimpleOrderedMap<>();
    List<String> failures = new ArrayList<>();
    CoreEncoders.all(request.getCore())
        .forEach((name, encoder) -> encoders.add(name, check(name, encoder, deadline, failures)));
    response.add(STATUS, failures.isEmpty() ? "OK" : "FAILED");
    response.add("encoders", encoders);
    if (!failures.isEmpty()) {
      response.setException(
          new SolrException(ErrorCode.SERVICE_UNAVAILABLE, String.join("; ", failures)));
    }
  }

  private static Map<String, Object> check(
      String name, Encoder encoder, Deadline deadline, List<String> failures) {
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      long nanos = encoder.check(deadline);
      answer.put(STATUS, "OK");
      answer.put("ms", Math.round(nanos / 1e3) / 1e3);
    } catch (RuntimeException e) {
      String reason = Printable.of(e.getMessage());
      failures.add("encoder '" + name + "': " + reason);
      answer.put(STATUS, "FAILED");
      answer.put("reason", reason);
    }
    answer.putAll(EncoderState.of(encoder));
    return answer;
  }

  @Override
  public String getDescription() {
    return "Whether the encoders of cascades work";
  }

  @Override
  public Name getPermissionName(AuthorizationContext request) {
    return Name.HEALTH_PERM;
  }
}
