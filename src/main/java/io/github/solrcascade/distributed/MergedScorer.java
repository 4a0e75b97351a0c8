package io.github.solrcascade.distributed;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.distributed.ScoreRequests.Reply;
import io.github.solrcascade.stage.Cascade;
import io.github.solrcascade.stage.Scored;
import io.github.solrcascade.stage.Stage;
import io.github.solrcascade.stage.StageFailure;
import io.github.solrcascade.stage.StageScorer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.solr.common.SolrException;
import org.apache.solr.handler.component.ShardDoc;

/**
 * Scores of the merged documents: those of a shard's stages came with its answer to the search,
 * those of global stages are asked for. Not thread-safe: one request owns it.
 */
final class MergedScorer implements StageScorer {
  private final Cascade cascade;
  private final List<ShardDoc> docs;
  private final Map<String, ShardAnswer> answers;
  private final ScoreRequests requests;

  /** What the request for a stage brought of those behind it, by their names. */
  private final Map<String, StageScores> ahead = new HashMap<>();

  /**
   * A scorer of merged documents.
   *
   * @param docs the candidates, in the order of the first pass; their scores are the first pass's
   * @param answers what each shard answered to the search
   */
  MergedScorer(
      Cascade cascade,
      List<ShardDoc> docs,
      Map<String, ShardAnswer> answers,
      ScoreRequests requests) {
    this.cascade = cascade;
    this.docs = docs;
    this.answers = answers;
    this.requests = requests;
  }

  @Override
  public Scored score(Stage stage, int[] top, Deadline deadline) {
    if (!stage.isGlobal()) {
      return answered(stage, top).scored(top);
    }
    StageScores known = ahead.get(stage.name());
    if (known != null && known.has(top)) {
      return known.scored(top);
    }
    return asked(stage, top, deadline);
  }

  private StageScores answered(Stage stage, int[] top) {
    StageScores scores = new StageScores(stage.name(), docs.size());
    byShard(top)
        .forEach(
            (shard, candidates) -> {
              ShardAnswer answer = understood(shard);
              Map<Integer, Integer> places = new HashMap<>();
              candidates.forEach(c -> places.put(docs.get(c).orderInShard, c));
              scores.add(answer, places);
            });
    return scores;
  }

  /** What a shard answered to the search, if it knew the coordinator's words. */
  private ShardAnswer understood(String shard) {
    ShardAnswer answer = answers.get(shard);
    if (answer == null) {
      throw new StageFailure(
          shard + ": told no scores; it may be without the plugin, or of another version", null);
    }
    answer.checkUnderstood();
    return answer;
  }

  private Scored asked(Stage stage, int[] top, Deadline deadline) {
    long start = System.nanoTime();
    deadline.check();
    List<Stage> stages = sharingOneRequest(stage, top.length);
    Map<String, List<Integer>> byShard = byShard(top);
    byShard.keySet().forEach(this::understood);
    List<Reply> replies = requests.send(stages, docsOf(byShard), deadline);
    for (Stage each : stages) {
      ahead.put(each.name(), new StageScores(each.name(), docs.size()));
    }
    for (Reply reply : replies) {
      ShardAnswer answer = answer(reply);
      List<Integer> candidates = byShard.get(reply.shard());
      Map<Integer, Integer> places = new HashMap<>();
      for (int i = 0; i < candidates.size(); i++) {
        places.put(i, candidates.get(i));
      }
      stages.forEach(each -> ahead.get(each.name()).add(answer, places));
    }
    Scored scored = ahead.get(stage.name()).scored(top);
    return scored.took(System.nanoTime() - start);
  }

  /**
   * The stage, and those behind it that rerank the same documents, whatever order it gives them.
   */
  private List<Stage> sharingOneRequest(Stage stage, int count) {
    List<Stage> stages = new ArrayList<>(List.of(stage));
    List<Stage> all = cascade.stages();
    for (int i = all.indexOf(stage) + 1; i < all.size(); i++) {
      Stage next = all.get(i);
      if (next.reRankDocs() < count || next.adaptive().isPresent()) {
        break;
      }
      stages.add(next);
    }
    return stages;
  }

  private static ShardAnswer answer(Reply reply) {
    if (reply.failure() != null) {
      if (reply.failure() instanceof SolrException solr && solr.code() < 500) {
        throw solr;
      }
      throw new StageFailure(reply.shard() + ": " + reply.failure().getMessage(), reply.failure());
    }
    return ShardAnswer.parse(reply.response())
        .orElseThrow(
            () ->
                new StageFailure(
                    reply.shard() + ": gave no scores; it may be of another version", null));
  }

  private Map<String, List<Integer>> byShard(int[] candidates) {
    Map<String, List<Integer>> byShard = new LinkedHashMap<>();
    for (int candidate : candidates) {
      byShard.computeIfAbsent(docs.get(candidate).shard, s -> new ArrayList<>()).add(candidate);
    }
    return byShard;
  }

  private Map<String, List<ShardDoc>> docsOf(Map<String, List<Integer>> byShard) {
    Map<String, List<ShardDoc>> found = new LinkedHashMap<>();
    byShard.forEach(
        (shard, candidates) -> found.put(shard, candidates.stream().map(docs::get).toList()));
    return found;
  }
}
