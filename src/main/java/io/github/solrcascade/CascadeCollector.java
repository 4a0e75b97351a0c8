package io.github.solrcascade;

import com.carrotsearch.hppc.IntIntHashMap;
import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.Lateness;
import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.distributed.ShardWork;
import io.github.solrcascade.feature.FeatureExtractor;
import io.github.solrcascade.feature.RequestDeadline;
import io.github.solrcascade.response.RequestRun;
import io.github.solrcascade.stage.Cascade;
import io.github.solrcascade.stage.CascadeRescorer;
import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.LocalScorer;
import io.github.solrcascade.stage.StageScorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopDocsCollector;
import org.apache.lucene.search.TopFieldCollector;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.util.BytesRef;
import org.apache.solr.handler.component.QueryElevationComponent;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.search.QueryCommand;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * Collects the first pass with Lucene's own collectors, then lets the cascade rerank its first
 * documents. Those behind them follow as the first pass ordered them, so that deeper pages neither
 * lose nor repeat a document.
 */
final class CascadeCollector extends TopDocsCollector<ScoreDoc> {
  /** The node's: all searches share its cores. */
  private static final Lateness LATENESS = new Lateness();

  private final CascadeQuery query;
  private final SolrIndexSearcher searcher;
  private final SolrQueryRequest request;
  private final int hits;
  private final boolean sorted;
  private final TopDocsCollector<? extends ScoreDoc> firstPass;

  /**
   * A collector for one request.
   *
   * @param length how many documents the page needs
   */
  CascadeCollector(
      CascadeQuery query,
      int length,
      QueryCommand command,
      SolrIndexSearcher searcher,
      SolrQueryRequest request)
      throws IOException {
    super(null);
    this.query = query;
    this.searcher = searcher;
    this.request = request;
    int wanted = Math.max(query.cascade().depth(), length);
    hits = Math.max(1, Math.min(wanted, searcher.maxDoc()));
    sorted = command.getSort() != null;
    firstPass = collector(command.getSort(), command.getMinExactCount());
  }

  private TopDocsCollector<? extends ScoreDoc> collector(Sort sort, int minExactCount)
      throws IOException {
    return sort == null
        ? new TopScoreDocCollectorManager(hits, minExactCount).newCollector()
        : new TopFieldCollectorManager(sort.rewrite(searcher), hits, minExactCount).newCollector();
  }

  @Override
  public LeafCollector getLeafCollector(LeafReaderContext context) throws IOException {
    return firstPass.getLeafCollector(context);
  }

  @Override
  public ScoreMode scoreMode() {
    return firstPass.scoreMode();
  }

  @Override
  public int getTotalHits() {
    return firstPass.getTotalHits();
  }

  @Override
  public TopDocs topDocs(int start, int howMany) {
    TopDocs found = firstPass.topDocs(0, hits);
    try {
      if (sorted) {
        // A sort may leave scores out; features and explanations read them.
        TopFieldCollector.populateScores(found.scoreDocs, searcher, query.mainQuery());
      }
      ScoreDoc[] ranked = isWarming() ? unranked(found.scoreDocs) : rerank(found.scoreDocs);
      int end = (int) Math.min(ranked.length, (long) start + howMany);
      return new TopDocs(found.totalHits, Arrays.copyOfRange(ranked, Math.min(start, end), end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether Solr fills a new searcher's cache, rather than that a search asks for the page. */
  private static boolean isWarming() {
    return SolrRequestInfo.getRequestInfo().getResponseBuilder() == null;
  }

  /**
   * A page that is never served: its request is gone, and with it the time from which ages count
   * and the elevated documents.
   */
  private ScoreDoc[] unranked(ScoreDoc[] found) {
    query.markDegraded();
    return found;
  }

  private ScoreDoc[] rerank(ScoreDoc[] found) throws IOException {
    Candidates candidates = candidates(found);
    FeatureExtractor extractor =
        new FeatureExtractor(
            query.cascade().features(),
            candidates,
            searcher,
            request,
            query.mainQuery(),
            query.efi());
    Deadline deadline = deadline();
    RequestDeadline.put(request, deadline);
    CascadeRun run = rescorer(candidates, extractor, deadline).rescore();
    RequestRun.put(request, run);
    if (ShardWork.isMerged(request)) {
      tellCoordinator(run);
      return found;
    }
    if (!run.isComplete()) {
      query.markDegraded();
      // Now: after a limit is reached Solr asks no more components.
      SolrRequestInfo info = SolrRequestInfo.getRequestInfo();
      CascadeComponent.of(info.getResponseBuilder())
          .ifPresent(component -> component.tell(request, info.getRsp(), run));
      CascadeComponent.refuseForbidden(run);
    }
    return combine(found, candidates, elevated(found));
  }

  /** On a shard the order is the coordinator's, which knows the other shards' documents. */
  private CascadeRescorer rescorer(
      Candidates candidates, FeatureExtractor extractor, Deadline deadline) {
    Cascade cascade = query.cascade();
    StageScorer scorer = new LocalScorer(extractor);
    if (ShardWork.isMerged(request)) {
      return CascadeRescorer.ofShard(
          cascade.shardPart(), candidates, scorer, extractor.matrix(), deadline);
    }
    if (ShardWork.isPart(request)) {
      scorer = ShardWork.withoutGlobalStages(scorer);
    }
    return new CascadeRescorer(cascade, candidates, scorer, extractor.matrix(), deadline);
  }

  /** Now: after a limit is reached Solr asks no more components. */
  private void tellCoordinator(CascadeRun run) {
    SolrRequestInfo info = SolrRequestInfo.getRequestInfo();
    CascadeComponent.of(info.getResponseBuilder())
        .ifPresent(component -> component.tellCoordinator(request, info.getRsp(), run));
  }

  /** The cascade's budget, which runs from here, and what limits Solr set to the request. */
  private Deadline deadline() {
    OptionalInt budget = query.cascade().budgetMs();
    Deadline own =
        budget.isPresent() ? Deadline.ofMillis(budget.getAsInt(), LATENESS) : Deadline.NONE;
    return RequestDeadline.limited(own, request);
  }

  private Candidates candidates(ScoreDoc[] found) {
    ScoreDoc[] top = Arrays.copyOf(found, Math.min(found.length, query.cascade().depth()));
    int[] docs = Arrays.stream(top).mapToInt(hit -> hit.doc).toArray();
    float[] scores = new float[top.length];
    for (int i = 0; i < top.length; i++) {
      scores[i] = top[i].score;
    }
    return new Candidates(docs, scores);
  }

  /** How many documents the elevation component put first; they stay there. */
  @SuppressWarnings("unchecked")
  private int elevated(ScoreDoc[] found) throws IOException {
    Set<BytesRef> ids = (Set<BytesRef>) request.getContext().get(QueryElevationComponent.BOOSTED);
    IntIntHashMap docs = QueryElevationComponent.getBoostDocs(searcher, ids, request.getContext());
    int count = 0;
    while (docs != null && count < found.length && docs.containsKey(found[count].doc)) {
      count++;
    }
    return count;
  }

  /** The elevated documents, the other candidates by their rank, and the rest of the first pass. */
  private static ScoreDoc[] combine(ScoreDoc[] found, Candidates candidates, int elevated) {
    IntStream pinned = IntStream.range(0, Math.min(elevated, candidates.size()));
    IntStream ranked =
        Arrays.stream(candidates.top(candidates.size())).filter(candidate -> candidate >= elevated);
    ScoreDoc[] combined = found.clone();
    int place = 0;
    for (int candidate : IntStream.concat(pinned, ranked).toArray()) {
      combined[place++] = new ScoreDoc(candidates.doc(candidate), candidates.score(candidate));
    }
    return combined;
  }
}
