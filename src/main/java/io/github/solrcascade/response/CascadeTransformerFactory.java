package io.github.solrcascade.response;

import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.Stage;
import io.github.solrcascade.stage.StageReport;
import java.util.OptionalInt;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.common.util.SimpleOrderedMap;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.response.transform.DocTransformer;
import org.apache.solr.response.transform.TransformerFactory;

/**
 * {@code fl=[cascade]}: for each document the last stage reached, its rank after the first pass and
 * after each stage (from 1), and the values of the features computed for it. A document behind the
 * first stage's depth has the stage {@code first pass}, no ranks and no features.
 *
 * <pre>{@code
 * <transformer name="cascade" class="io.github.solrcascade.response.CascadeTransformerFactory"/>
 * }</pre>
 */
public final class CascadeTransformerFactory extends TransformerFactory {
  private static final String FIRST_PASS = "first pass";

  @Override
  public DocTransformer create(String field, SolrParams params, SolrQueryRequest request) {
    RequestRun.demand(request);
    return new CascadeTransformer(field, request);
  }

  private static final class CascadeTransformer extends DocTransformer {
    private final String field;
    private final SolrQueryRequest request;

    CascadeTransformer(String field, SolrQueryRequest request) {
      this.field = field;
      this.request = request;
    }

    @Override
    public String getName() {
      return field;
    }

    /** Deprecated for callers only: it is the one that must be implemented. */
    @Override
    @SuppressWarnings("deprecation")
    public void transform(SolrDocument document, int doc) {
      RequestRun.get(request)
          .map(run -> entry(run, run.candidate(doc)))
          .ifPresent(entry -> document.setField(field, entry));
    }

    private static SimpleOrderedMap<Object> entry(CascadeRun run, OptionalInt found) {
      if (found.isEmpty()) {
        return entry(FIRST_PASS, new SimpleOrderedMap<>(), new SimpleOrderedMap<>());
      }
      int candidate = found.getAsInt();
      String stage = run.lastStage(candidate).map(Stage::name).orElse(FIRST_PASS);
      return entry(stage, ranks(run, candidate), FeatureValues.of(run, candidate));
    }

    private static SimpleOrderedMap<Object> entry(
        String stage, SimpleOrderedMap<Integer> ranks, SimpleOrderedMap<Float> features) {
      SimpleOrderedMap<Object> entry = new SimpleOrderedMap<>();
      entry.add("stage", stage);
      entry.add("ranks", ranks);
      entry.add("features", features);
      return entry;
    }

    private static SimpleOrderedMap<Integer> ranks(CascadeRun run, int candidate) {
      SimpleOrderedMap<Integer> ranks = new SimpleOrderedMap<>();
      ranks.add(FIRST_PASS, run.firstPassRank(candidate) + 1);
      for (int i = 0; i < run.reports().size(); i++) {
        StageReport report = run.reports().get(i);
        ranks.add(report.stage().name(), run.rankAfter(i, candidate) + 1);
      }
      return ranks;
    }
  }
}
