package io.github.solrcascade;

import java.lang.invoke.MethodHandles;
import java.util.concurrent.TimeUnit;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.core.QuerySenderListener;
import org.apache.solr.core.SolrCore;
import org.apache.solr.search.SolrIndexSearcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Solr's own {@code QuerySenderListener}, but that it sends its queries again and again until they
 * have become as fast as they get: code that Java runs for the first time is many times slower.
 *
 * <pre>{@code
 * <listener event="firstSearcher" class="io.github.solrcascade.CascadeWarmingListener">
 *   <int name="seconds">10</int>
 *   <arr name="queries">
 *     <lst><str name="q">red shoes {round}</str><str name="rq">{!cascade name=products cache=false}</str></lst>
 *   </arr>
 * </listener>
 * }</pre>
 *
 * <ul>
 *   <li>{@code queries}: as Solr's listener has them. {@code cache=false} in the {@code rq} makes
 *       each run its cascade. <code>{round}</code> becomes the round's number: with it in the text
 *       no score is cached, so that each round runs the models.
 *   <li>{@code seconds}: no further round begins after so many; at least 1, 10 if not given.
 * </ul>
 */
public final class CascadeWarmingListener extends QuerySenderListener {
  private static final Logger log = LoggerFactory.getLogger(MethodHandles.lookup().lookupClass());
  private static final int SECONDS = 10;

  /** So many rounds without a faster one are the end. */
  private static final int SETTLED = 5;

  private static final String ROUND = "{round}";

  /** Several searchers may be warmed at a time. */
  private final ThreadLocal<Integer> round = ThreadLocal.withInitial(() -> 0);

  private int seconds = SECONDS;

  /** Called by Solr. */
  public CascadeWarmingListener(SolrCore core) {
    super(core);
  }

  @Override
  public void init(NamedList<?> args) {
    super.init(args);
    Object given = args.get("seconds");
    if (given != null && !(given instanceof Integer number && number >= 1)) {
      throw new SolrException(
          ErrorCode.SERVER_ERROR, "listener.seconds: " + given + ", must be an <int> ≥ 1");
    }
    if (args.getAll("queries").isEmpty()) {
      throw new SolrException(ErrorCode.SERVER_ERROR, "listener.queries: missing, must be given");
    }
    seconds = given == null ? SECONDS : (Integer) given;
  }

  @Override
  public void newSearcher(SolrIndexSearcher searcher, SolrIndexSearcher current) {
    long start = System.nanoTime();
    long fastest = Long.MAX_VALUE;
    int rounds = 0;
    for (int since = 0; since < SETTLED && !isOver(start); since++) {
      round.set(rounds);
      long begun = System.nanoTime();
      super.newSearcher(searcher, current);
      long took = System.nanoTime() - begun;
      // A tenth less is faster; anything else is noise.
      if (took < 0.9 * fastest) {
        since = -1;
      }
      fastest = Math.min(fastest, took);
      rounds++;
    }
    round.remove();
    log.info("Warmed in {} rounds, {} ms", rounds, millis(System.nanoTime() - start));
  }

  /** Called for each query, in the thread that sends it. */
  @Override
  protected NamedList<Object> addEventParms(
      SolrIndexSearcher current, NamedList<Object> parameters) {
    NamedList<Object> all = super.addEventParms(current, parameters);
    for (int i = 0; i < all.size(); i++) {
      if (all.getVal(i) instanceof String text) {
        all.setVal(i, text.replace(ROUND, String.valueOf(round.get())));
      }
    }
    return all;
  }

  private boolean isOver(long start) {
    return System.nanoTime() - start > TimeUnit.SECONDS.toNanos(seconds);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
