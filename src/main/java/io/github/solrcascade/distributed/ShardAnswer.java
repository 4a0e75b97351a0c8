package io.github.solrcascade.distributed;

import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.ShardShare;
import io.github.solrcascade.stage.StageFailure;
import io.github.solrcascade.stage.StageOutcome;
import io.github.solrcascade.stage.StageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.SimpleOrderedMap;

/**
 * What a shard tells the coordinator: for each stage that it ran, its scores and how it went.
 *
 * @param shard the shard's name
 * @param nanos how long it took
 * @param refusal why it ran none, being configured otherwise; empty if it ran what was asked
 */
record ShardAnswer(String shard, long nanos, List<Part> parts, String refusal) {

  /**
   * One stage.
   *
   * @param stage its name
   * @param model what its model is, as {@code StageModel.fingerprint} says
   * @param hasFailed whether it broke, rather than running out of time
   * @param scores by the document's place in the shard's answer; NaN where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(String stage, String model, boolean hasFailed, ShardShare share, float[] scores) {

    private static Part of(
        CascadeRun run, int place, String shard, String model, UnaryOperator<float[]> placed) {
      StageReport report = run.reports().get(place);
      float[] scores = new float[run.candidates().size()];
      for (int candidate = 0; candidate < scores.length; candidate++) {
        scores[candidate] = run.scoreIn(place, candidate);
      }
      return new Part(
          report.stage().name(),
          model,
          report.outcome() instanceof StageOutcome.Failed,
          new ShardShare(
              shard,
              report.docs(),
              report.featureNanos(),
              report.modelNanos(),
              report.outcome().toString(),
              report.notes()),
          placed.apply(scores));
    }

    @SuppressWarnings("unchecked")
    private static Part parse(NamedList<?> written, String shard) {
      List<?> list = (List<?>) written.get("scores");
      float[] scores = new float[list.size()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = ((Number) list.get(i)).floatValue();
      }
      return new Part(
          (String) written.get("stage"),
          (String) written.get("model"),
          Boolean.TRUE.equals(written.get("failed")),
          new ShardShare(
              shard,
              ((Number) written.get("docs")).intValue(),
              ((Number) written.get("featureNanos")).longValue(),
              ((Number) written.get("modelNanos")).longValue(),
              (String) written.get("outcome"),
              written.get("notes") instanceof List<?> notes ? (List<String>) notes : List.of()),
          scores);
    }

    private SimpleOrderedMap<Object> write() {
      SimpleOrderedMap<Object> written = new SimpleOrderedMap<>();
      written.add("stage", stage);
      written.add("model", model);
      written.add("failed", hasFailed);
      written.add("docs", share.docs());
      written.add("featureNanos", share.featureNanos());
      written.add("modelNanos", share.modelNanos());
      written.add("outcome", share.outcome());
      written.add("notes", share.notes());
      List<Float> list = new ArrayList<>();
      for (float score : scores) {
        list.add(score);
      }
      written.add("scores", list);
      return written;
    }
  }

  /**
   * The answer of a run over this shard's documents.
   *
   * @param models what each stage's model is
   * @param placed the candidates' scores as scores of the places in the answer
   */
  static ShardAnswer of(
      CascadeRun run, String shard, List<String> models, UnaryOperator<float[]> placed) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < run.reports().size(); i++) {
      parts.add(Part.of(run, i, shard, models.get(i), placed));
    }
    return new ShardAnswer(shard, run.nanos(), parts, "");
  }

  /** The answer of a shard that does not know what was asked. */
  static ShardAnswer refusing(String shard, String reason) {
    return new ShardAnswer(shard, 0, List.of(), reason);
  }

  /** The answer in a shard's response; empty if it has none that this version understands. */
  static Optional<ShardAnswer> parse(NamedList<?> response) {
    if (!(response.get(Words.SECTION) instanceof NamedList<?> section)
        || !Words.VERSION.equals(section.get("version"))) {
      return Optional.empty();
    }
    String shard = (String) section.get("shard");
    List<Part> parts =
        ((List<?>) section.get("stages"))
            .stream().map(part -> Part.parse((NamedList<?>) part, shard)).toList();
    return Optional.of(
        new ShardAnswer(
            shard,
            ((Number) section.get("nanos")).longValue(),
            parts,
            (String) section.get("refusal")));
  }

  /** As a section of the response. */
  SimpleOrderedMap<Object> write() {
    SimpleOrderedMap<Object> section = new SimpleOrderedMap<>();
    section.add("version", Words.VERSION);
    section.add("shard", shard);
    section.add("nanos", nanos);
    section.add("refusal", refusal);
    section.add("stages", parts.stream().map(Part::write).toList());
    return section;
  }

  /**
   * The part of that stage.
   *
   * @throws StageFailure if the shard does not know the stage
   */
  Part part(String stage) {
    checkUnderstood();
    return parts.stream()
        .filter(part -> part.stage().equals(stage))
        .findFirst()
        .orElseThrow(() -> new StageFailure(shard + ": has no stage '" + stage + "'", null));
  }

  /**
   * Stops a stage.
   *
   * @throws StageFailure if the shard did not know what was asked
   */
  void checkUnderstood() {
    if (!refusal.isEmpty()) {
      throw new StageFailure(shard + ": is configured otherwise: " + refusal, null);
    }
  }
}
