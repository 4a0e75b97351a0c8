package io.github.solrcascade.response;

import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.ShardShare;
import io.github.solrcascade.stage.StageReport;
import java.util.List;
import org.apache.solr.common.util.SimpleOrderedMap;

/**
 * The response's section {@code cascade}: for each stage its documents, its milliseconds and its
 * outcome.
 */
public final class CascadeSection {
  private CascadeSection() {}

  /** The section of a request that ran its cascade. */
  public static SimpleOrderedMap<Object> of(CascadeRun run) {
    SimpleOrderedMap<Object> section = new SimpleOrderedMap<>();
    section.add("name", run.cascade().name());
    section.add("ms", millis(run.nanos()));
    run.cascade().budgetMs().ifPresent(budget -> section.add("budgetMs", budget));
    List<SimpleOrderedMap<Object>> stages =
        run.reports().stream().map(CascadeSection::stage).toList();
    section.add("stages", stages);
    return section;
  }

  /** The section of a request whose page was in the queryResultCache. */
  public static SimpleOrderedMap<Object> cached(String name) {
    SimpleOrderedMap<Object> section = new SimpleOrderedMap<>();
    section.add("name", name);
    section.add("servedFrom", "queryResultCache");
    return section;
  }

  /** The section of a request that found or wanted no documents, which runs no stage. */
  public static SimpleOrderedMap<Object> unused(String name) {
    SimpleOrderedMap<Object> section = new SimpleOrderedMap<>();
    section.add("name", name);
    section.add("stages", List.of());
    return section;
  }

  private static SimpleOrderedMap<Object> stage(StageReport report) {
    SimpleOrderedMap<Object> stage = new SimpleOrderedMap<>();
    stage.add("name", report.stage().name());
    stage.add("model", report.stage().model().name());
    stage.add("docs", report.docs());
    stage.add("featureMs", millis(report.featureNanos()));
    stage.add("modelMs", millis(report.modelNanos()));
    stage.add("outcome", report.outcome().toString());
    addNotes(stage, report.notes());
    if (!report.shares().isEmpty()) {
      stage.add("scope", report.stage().isGlobal() ? "global" : "shard");
      stage.add("shards", report.shares().stream().map(CascadeSection::share).toList());
    }
    return stage;
  }

  private static SimpleOrderedMap<Object> share(ShardShare share) {
    SimpleOrderedMap<Object> entry = new SimpleOrderedMap<>();
    entry.add("shard", share.shard());
    entry.add("docs", share.docs());
    entry.add("featureMs", millis(share.featureNanos()));
    entry.add("modelMs", millis(share.modelNanos()));
    entry.add("outcome", share.outcome());
    addNotes(entry, share.notes());
    return entry;
  }

  private static void addNotes(SimpleOrderedMap<Object> entry, List<String> notes) {
    if (!notes.isEmpty()) {
      entry.add("notes", notes);
    }
  }

  /** Milliseconds with three places. */
  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }
}
