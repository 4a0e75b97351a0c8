package io.github.solrcascade.distributed;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.feature.RequestDeadline;
import io.github.solrcascade.stage.StageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.ShardParams;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.StrUtils;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.handler.component.ShardDoc;
import org.apache.solr.handler.component.ShardHandler;
import org.apache.solr.handler.component.ShardRequest;
import org.apache.solr.handler.component.ShardResponse;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * Asks shards for a global stage's scores, or what they need, all at once, with Solr's own shard
 * handler: it balances, retries on other replicas and authenticates as for any request of a
 * distributed search. Not thread-safe: one request owns it.
 */
final class ScoreRequests {
  /** Components that have no business with a request for scores. */
  private static final List<String> OFF =
      List.of("facet", "hl", "stats", "expand", "spellcheck", "mlt", "terms", "debugQuery");

  private static final List<String> LEFT_OUT =
      List.of(CommonParams.SORT, CommonParams.DEBUG, CommonParams.START, "json", "json.facet");

  /** How much longer than a budget the coordinator waits for shards, which keep to it too. */
  private static final long GRACE_MILLIS = 50;

  /** Deprecated for clients, and still how Solr names the handler to a shard. */
  private static final String HANDLER = "qt";

  private final ResponseBuilder rb;

  ScoreRequests(ResponseBuilder rb) {
    this.rb = rb;
  }

  /**
   * What a shard answered.
   *
   * @param shard as the documents' {@code shard} says
   * @param response null if there is a failure
   * @param failure null if there is a response
   */
  record Reply(String shard, NamedList<Object> response, Throwable failure) {

    /**
     * The response.
     *
     * @throws StageFailure if the shard failed
     * @throws SolrException if the request is at fault
     */
    NamedList<Object> content() {
      if (failure instanceof SolrException solr && solr.code() < 500) {
        throw solr;
      }
      if (failure != null) {
        throw new StageFailure(shard + ": " + failure.getMessage(), failure);
      }
      return response;
    }
  }

  /** Says what is asked of a shard. */
  @FunctionalInterface
  interface Ask {
    void put(String shard, ModifiableSolrParams params);
  }

  /**
   * Sends a request to each shard and waits for all answers, or until the deadline is well past.
   *
   * @param docs each shard's documents, best first
   * @param ask of each shard, about its documents
   */
  List<Reply> send(Map<String, List<ShardDoc>> docs, Ask ask, Deadline deadline) {
    ShardHandler handler = rb.req.getCoreContainer().getShardHandlerFactory().getShardHandler();
    docs.forEach((shard, own) -> submit(handler, request(shard, ask, own, deadline)));
    Future<?> end = cancelAt(handler, deadline);
    try {
      return replies(handler, docs.size(), List.copyOf(docs.keySet()));
    } finally {
      end.cancel(false);
    }
  }

  private static Future<?> cancelAt(ShardHandler handler, Deadline deadline) {
    long left = deadline.nanosLeft();
    if (left == Long.MAX_VALUE) {
      return CompletableFuture.completedFuture(null);
    }
    Executor later =
        CompletableFuture.delayedExecutor(
            TimeUnit.NANOSECONDS.toMillis(left) + GRACE_MILLIS, TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(handler::cancelAll, later);
  }

  private static List<Reply> replies(ShardHandler handler, int count, List<String> shards) {
    List<Reply> replies = new ArrayList<>();
    List<String> silent = new ArrayList<>(shards);
    while (replies.size() < count) {
      ShardResponse response = handler.takeCompletedIncludingErrors();
      if (response == null || !silent.remove(response.getShard())) {
        break;
      }
      Throwable failure = response.getException();
      NamedList<Object> content = failure == null ? response.getSolrResponse().getResponse() : null;
      replies.add(new Reply(response.getShard(), content, failure));
    }
    for (String shard : silent) {
      replies.add(new Reply(shard, null, new IllegalStateException("no answer within the budget")));
    }
    return replies;
  }

  private ShardRequest request(String shard, Ask ask, List<ShardDoc> docs, Deadline deadline) {
    ShardRequest request = new ShardRequest();
    request.purpose = ShardRequest.PURPOSE_PRIVATE;
    request.shards = new String[] {shard};
    request.actualShards = request.shards;
    request.responses = new ArrayList<>();
    ModifiableSolrParams params = new ModifiableSolrParams(rb.req.getParams());
    Words.rename(params);
    OFF.forEach(name -> params.set(name, false));
    LEFT_OUT.forEach(params::remove);
    params.set(CommonParams.FL, rb.req.getSchema().getUniqueKeyField().getName());
    params.set(ShardParams.IDS, StrUtils.join(docs.stream().map(d -> "" + d.id).toList(), ','));
    ask.put(shard, params);
    limit(params, deadline);
    request.params = params;
    if (!rb.isDistribStatsDisabled()) {
      request.purpose |= ShardRequest.PURPOSE_SET_TERM_STATS;
      SolrIndexSearcher searcher = rb.req.getSearcher();
      searcher.getStatsCache().sendGlobalStats(rb, request);
    }
    return request;
  }

  /** The shard's time is what is left of the coordinator's. */
  private void limit(ModifiableSolrParams params, Deadline deadline) {
    long left = deadline.nanosLeft();
    if (left != Long.MAX_VALUE) {
      params.set(Words.BUDGET, "" + Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
    }
    RequestDeadline.allowedMillisLeft(rb.req)
        .ifPresent(allowed -> params.set(CommonParams.TIME_ALLOWED, "" + Math.max(1, allowed)));
  }

  /** With the attributes that Solr's search handler gives to the requests of a search. */
  private void submit(ShardHandler handler, ShardRequest request) {
    ModifiableSolrParams params = new ModifiableSolrParams(request.params);
    ShardHandler.setShardAttributesToParams(params, request.purpose);
    params.set("NOW", "" + SolrRequestInfo.getRequestInfo().getNOW().getTime());
    String handlerName = params.get(ShardParams.SHARDS_QT);
    if (handlerName == null) {
      handlerName = (String) rb.req.getContext().get(CommonParams.PATH);
    }
    if (!"/select".equals(handlerName)) {
      params.set(HANDLER, handlerName);
    }
    handler.submit(request, request.shards[0], params);
  }
}
