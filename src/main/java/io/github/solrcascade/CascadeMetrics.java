package io.github.solrcascade;

import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.StageOutcome;
import io.github.solrcascade.stage.StageReport;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.solr.metrics.SolrMetricsContext;

/**
 * What a core's cascades did, in Solr's own registry: {@code cascade.NAME.time} and, for each
 * stage, {@code cascade.NAME.STAGE.time}, {@code .documents} and a counter an outcome. Of a search
 * over several shards they are its coordinator's; what each shard did is apart. Thread-safe.
 */
final class CascadeMetrics {
  private final SolrMetricsContext context;
  private final String scope;

  CascadeMetrics(SolrMetricsContext context, String scope) {
    this.context = context;
    this.scope = scope;
  }

  void add(CascadeRun run) {
    String cascade = run.cascade().name();
    context.timer("time", scope, cascade).update(run.nanos(), TimeUnit.NANOSECONDS);
    run.reports().forEach(report -> add(cascade, report));
  }

  /** A request for a global stage's scores, which {@code cascade.NAME.scoreRequests} counts. */
  void addScoreRequest(CascadeRun run) {
    context.counter("scoreRequests", scope, run.cascade().name()).inc();
    addShard(run);
  }

  /** A request for documents' texts, which {@code cascade.NAME.textRequests} counts. */
  void addTextRequest(String cascade) {
    context.counter("textRequests", scope, cascade).inc();
  }

  /** What this core scored for a coordinator: {@code .scoredTime} and {@code .scored}. */
  void addShard(CascadeRun run) {
    for (StageReport report : run.reports()) {
      String[] path = {scope, run.cascade().name(), report.stage().name()};
      long nanos = report.featureNanos() + report.modelNanos();
      context.timer("scoredTime", path).update(nanos, TimeUnit.NANOSECONDS);
      context.counter("scored", path).inc(report.docs());
      addPairs(report, path);
    }
  }

  private void add(String cascade, StageReport report) {
    String stage = report.stage().name();
    if (!(report.outcome() instanceof StageOutcome.Skipped)) {
      long nanos = report.featureNanos() + report.modelNanos();
      context.timer("time", scope, cascade, stage).update(nanos, TimeUnit.NANOSECONDS);
    }
    context.counter("documents", scope, cascade, stage).inc(report.docs());
    context.counter(kind(report.outcome()), scope, cascade, stage).inc();
    addPairs(report, scope, cascade, stage);
  }

  private void addPairs(StageReport report, String... path) {
    context.counter("pairs", path).inc(report.pairs().computed());
    context.counter("cacheHits", path).inc(report.pairs().cached());
  }

  private static String kind(StageOutcome outcome) {
    return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
