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
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.solr.common.params.ModifiableSolrParams;
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
  private final RemoteValues remote;

  /** What the request for a stage brought of those behind it, by their names. */
  private final Map<String, StageScores> ahead = new HashMap<>();

  /**
   * A scorer of merged documents.
   *
   * @param docs the candidates, in the order of the first pass; their scores are the first pass's
   * @param answers what each shard answered to the search
   * @param remote values of the candidates
   */
  MergedScorer(
      Cascade cascade,
      List<ShardDoc> docs,
      Map<String, ShardAnswer> answers,
      ScoreRequests requests,
      RemoteValues remote) {
    this.cascade = cascade;
    this.docs = docs;
    this.answers = answers;
    this.requests = requests;
    this.remote = remote;
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
    StageScores scores = new StageScores(stage.name(), docs.size(), Optional.empty());
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
    Map<String, List<Integer>> byShard = byShard(top);
    byShard.keySet().forEach(this::understood);
    List<String> notes = askRemote(stage, top, deadline);
    List<Stage> stages = sharingOneRequest(stage, top);
    List<Reply> replies =
        requests.send(
            docsOf(byShard),
            (shard, params) -> putScores(stages, byShard.get(shard), params),
            deadline);
    for (Stage each : stages) {
      ahead.put(each.name(), new StageScores(each.name(), docs.size(), remote.model(each)));
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
    return scored.took(System.nanoTime() - start).noting(notes);
  }

  /** Returns what the response should say of it. */
  private List<String> askRemote(Stage stage, int[] top, Deadline deadline) {
    int[] lacking = remote.lacking(stage, top);
    if (lacking.length == 0) {
      return List.of();
    }
    Map<String, List<Integer>> byShard = byShard(lacking);
    List<Reply> replies =
        requests.send(
            docsOf(byShard), (shard, params) -> params.set(Words.TEXTS, stage.name()), deadline);
    return remote.ask(stage, lacking, byShard, replies);
  }

  private void putScores(
      List<Stage> stages, List<Integer> candidates, ModifiableSolrParams params) {
    params.set(
        Words.FIRST_PASS,
        candidates.stream().map(c -> "" + docs.get(c).score).collect(Collectors.joining(",")));
    params.set(Words.STAGE, stages.stream().map(Stage::name).toArray(String[]::new));
    stages.forEach(stage -> remote.write(stage, candidates, params));
  }

  /**
   * The stage, and those behind it that rerank the same documents, whatever order it gives them,
   * and ask no reranker for more.
   */
  private List<Stage> sharingOneRequest(Stage stage, int[] top) {
    List<Stage> stages = new ArrayList<>(List.of(stage));
    List<Stage> all = cascade.stages();
    for (int i = all.indexOf(stage) + 1; i < all.size(); i++) {
      Stage next = all.get(i);
      if (next.reRankDocs() < top.length
          || next.adaptive().isPresent()
          || remote.lacking(next, top).length > 0) {
        break;
      }
      stages.add(next);
    }
    return stages;
  }

  private static ShardAnswer answer(Reply reply) {
    return ShardAnswer.parse(reply.content())
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
