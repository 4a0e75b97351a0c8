package io.github.solrcascade;

import java.io.Closeable;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.solr.common.SolrDocumentList;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.ShardParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.SolrNamedThreadFactory;
import org.apache.solr.core.SolrCore;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.request.SolrRequestInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ranks a sample of the searches by another cascade too, once their answer has gone out, and logs
 * how the orders differ: {@code cascade.shadow={!cascade name=trained}} and {@code
 * cascade.shadowRate=0.05}, among a handler's invariants.
 *
 * <p>One thread a core does it. What comes while too much is waiting is dropped, so that shadows
 * never pile up. Thread-safe.
 */
final class Shadow implements Closeable {
  static final String PARAMETER = "cascade.shadow";
  static final String RATE = "cascade.shadowRate";

  private static final Logger log = LoggerFactory.getLogger(MethodHandles.lookup().lookupClass());
  private static final int WAITING = 16;
  private static final int COMPARED = 10;

  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          new SolrNamedThreadFactory("cascadeShadow"));

  Shadow() {
    worker.allowCoreThreadTimeOut(true);
  }

  /** Sees to it that the search is ranked again after its answer, if it is one of the sample. */
  void follow(ResponseBuilder rb) {
    SolrParams params = rb.req.getParams();
    String rankQuery = params.get(PARAMETER);
    // A shard's part of a search is no search, and one inside of this process has no path.
    if (rankQuery == null
        || params.getBool(ShardParams.IS_SHARD, false)
        || rb.req.getPath() == null
        || ThreadLocalRandom.current().nextFloat() >= rate(params)) {
      return;
    }
    ModifiableSolrParams served = new ModifiableSolrParams(params);
    served.remove(PARAMETER);
    SolrCore core = rb.req.getCore();
    LocalSearch local = new LocalSearch(core, rb.req.getPath(), rb.req.getUserPrincipal());
    // The shadow's own hold on the core, while the request still has its.
    core.open();
    SolrRequestInfo.getRequestInfo()
        .addCloseHook(() -> run(core, () -> compare(core, local, served, rankQuery)));
  }

  private void run(SolrCore core, Runnable comparison) {
    try {
      worker.execute(comparison);
    } catch (RejectedExecutionException e) {
      core.close();
      log.debug("a shadow was dropped: {} are waiting", WAITING);
    }
  }

  private static float rate(SolrParams params) {
    String text = params.get(RATE, "1");
    try {
      float rate = Float.parseFloat(text);
      if (rate >= 0 && rate <= 1) {
        return rate;
      }
    } catch (NumberFormatException e) {
      throw new BadRequest(RATE, text, "must be a number from 0 to 1");
    }
    throw new BadRequest(RATE, text, "must be a number from 0 to 1");
  }

  private static void compare(
      SolrCore core, LocalSearch local, ModifiableSolrParams served, String rankQuery) {
    try {
      String key = core.getLatestSchema().getUniqueKeyField().getName();
      List<String> now = ids(local, served, served.get(CommonParams.RQ), key);
      List<String> then = ids(local, served, rankQuery, key);
      log.info("{}", line(served.get(CommonParams.RQ), rankQuery, now, then));
    } catch (SolrException e) {
      log.warn("shadow {} failed: {}", rankQuery, e.getMessage());
    } finally {
      core.close();
    }
  }

  /** The order served comes from the caches: it was just ranked. */
  private static List<String> ids(
      LocalSearch local, SolrParams params, String rankQuery, String key) {
    ModifiableSolrParams own = LocalSearch.ranked(params, rankQuery, COMPARED);
    own.set(CommonParams.FL, key, "score");
    NamedList<Object> answer = local.search(own);
    SolrDocumentList documents = LocalSearch.documents(answer);
    return documents.stream().map(d -> String.valueOf(d.getFieldValue(key))).toList();
  }

  /** For each document of the shadow's page its place there and in what was served, 0 for none. */
  static String line(String served, String shadow, List<String> now, List<String> then) {
    StringBuilder moves = new StringBuilder();
    int same = 0;
    for (int place = 0; place < then.size(); place++) {
      int before = now.indexOf(then.get(place)) + 1;
      same += before > 0 ? 1 : 0;
      moves.append(' ').append(then.get(place)).append(':').append(before);
    }
    return String.format(
        Locale.ROOT,
        "shadow %s of %s: %d of the first %d are the same; document:place before:%s",
        shadow,
        served,
        same,
        then.size(),
        moves);
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
