package io.github.solrcascade;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.config.ComponentConfig;
import io.github.solrcascade.distributed.Merge;
import io.github.solrcascade.distributed.ShardWork;
import io.github.solrcascade.encoder.CacheStatistics;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.Encoders;
import io.github.solrcascade.feature.CoreEncoders;
import io.github.solrcascade.feature.RequestDeadline;
import io.github.solrcascade.model.ModelStores;
import io.github.solrcascade.remote.RemoteReranker;
import io.github.solrcascade.response.CascadeSection;
import io.github.solrcascade.response.RequestRun;
import io.github.solrcascade.stage.CascadeRun;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.search.Query;
import org.apache.solr.common.MapWriter;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.SimpleOrderedMap;
import org.apache.solr.core.CloseHook;
import org.apache.solr.core.SolrCore;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.handler.component.SearchComponent;
import org.apache.solr.handler.component.ShardRequest;
import org.apache.solr.metrics.MetricsMap;
import org.apache.solr.metrics.SolrMetricsContext;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.response.SolrQueryResponse;
import org.apache.solr.search.QParser;
import org.apache.solr.search.SolrIndexSearcher;
import org.apache.solr.search.SyntaxError;
import org.apache.solr.util.plugin.SolrCoreAware;

/**
 * Holds a core's encoders and cascades, and adds the section {@code cascade} to responses.
 *
 * <pre>{@code
 * <searchComponent name="cascade" class="io.github.solrcascade.CascadeComponent">
 *   <str name="models">models</str>
 *   <lst name="encoder"><str name="name">reranker</str><str name="path">ms-marco-minilm</str></lst>
 *   <lst name="cascade">
 *     <str name="name">products</str>
 *     <lst name="stage"><str name="model">lexical</str><int name="reRankDocs">200</int></lst>
 *     <lst name="stage"><str name="model">deep</str><int name="reRankDocs">20</int></lst>
 *   </lst>
 * </searchComponent>
 * <requestHandler name="/select" class="solr.SearchHandler">
 *   <arr name="last-components"><str>cascade</str></arr>
 * </requestHandler>
 * }</pre>
 *
 * <p>Thread-safe once the core is loaded. Encoders are shared with the other cores of the node and
 * given back when the core closes.
 */
public final class CascadeComponent extends SearchComponent
    implements SolrCoreAware, CoreEncoders.Holder {
  private static final String SECTION = "cascade";

  private ComponentConfig config;
  private LoadedEncoders encoders;
  private Map<String, RemoteReranker> rerankers;
  private CascadeCatalog catalog;
  private CascadeMetrics metrics;
  private final Shadow shadow = new Shadow();

  @Override
  public void init(NamedList<?> args) {
    super.init(args);
    config = ComponentConfig.parse(args);
  }

  @Override
  public void inform(SolrCore core) {
    encoders(core);
    rerankers(core);
    catalog = new CascadeCatalog(core, config.cascades(), new ModelStores(core));
  }

  /** Loaded when first asked for: others are informed of the core before this may be. */
  @Override
  public synchronized Map<String, Encoder> encoders(SolrCore core) {
    if (encoders == null) {
      encoders = LoadedEncoders.load(core, config);
      core.addCloseHook(
          new CloseHook() {
            @Override
            public void postClose(SolrCore closed) {
              shadow.close();
              encoders.close();
            }
          });
    }
    return encoders.byName();
  }

  @Override
  public synchronized Map<String, RemoteReranker> rerankers(SolrCore core) {
    if (rerankers == null) {
      rerankers = LoadedRerankers.load(core, config.rerankers());
    }
    return rerankers;
  }

  /** Adds the cache's numbers to the core's metrics; they are the node's. */
  @Override
  public void initializeMetrics(SolrMetricsContext parent, String scope) {
    super.initializeMetrics(parent, scope);
    getSolrMetricsContext()
        .gauge(new MetricsMap(CascadeComponent::putCache), true, "outputCache", scope);
    getSolrMetricsContext().gauge(new MetricsMap(this::putEncoders), true, "encoders", scope);
    getSolrMetricsContext().gauge(new MetricsMap(this::putRerankers), true, "rerankers", scope);
    metrics = new CascadeMetrics(getSolrMetricsContext(), scope);
  }

  private void putEncoders(MapWriter.EntryWriter map) throws IOException {
    Map<String, Encoder> held = encoders == null ? Map.of() : encoders.byName();
    for (Map.Entry<String, Encoder> each : held.entrySet()) {
      map.put(each.getKey(), EncoderState.of(each.getValue()));
    }
  }

  private void putRerankers(MapWriter.EntryWriter map) throws IOException {
    Map<String, RemoteReranker> held = rerankers == null ? Map.of() : rerankers;
    for (Map.Entry<String, RemoteReranker> each : held.entrySet()) {
      map.put(each.getKey(), RerankerState.of(each.getValue().statistics()));
    }
  }

  private static void putCache(MapWriter.EntryWriter map) throws IOException {
    CacheStatistics cache = Encoders.cacheStatistics();
    map.put("hits", cache.hits());
    map.put("misses", cache.misses());
    map.put("evictions", cache.evictions());
    map.put("entries", cache.entries());
    map.put("bytes", cache.bytes());
  }

  CascadeCatalog catalog() {
    return catalog;
  }

  /** Asks for scores: a search that needs none may be answered from a filter, unranked. */
  @Override
  public void prepare(ResponseBuilder rb) {
    takeRankQuery(rb);
    if (rb.getRankQuery() instanceof CascadeQuery query) {
      rb.setFieldFlags(rb.getFieldFlags() | SolrIndexSearcher.GET_SCORES);
      shadow.follow(rb);
      if (rb.isDistributed()) {
        Merge.prepare(rb, query.cascade(), query.efi());
      } else if (ShardWork.wantsStatistics(rb.req)) {
        List<Query> features = query.cascade().features().queries(rb.req, query.efi());
        rb.setQuery(ShardWork.statisticsQuery(rb.getQuery(), features));
      }
    }
  }

  /**
   * On a shard, takes the coordinator's rank query. The coordinator found no fault with it; if it
   * is wrong here, as while a collection is reloaded with another configuration, the coordinator is
   * told so and gets the first pass.
   */
  private static void takeRankQuery(ResponseBuilder rb) {
    String text = ShardWork.rankQuery(rb.req);
    if (text == null) {
      return;
    }
    try {
      if (!(QParser.getParser(text, rb.req).getQuery() instanceof CascadeQuery query)) {
        throw new BadRequest("rq", text, "must be a cascade");
      }
      rb.setRankQuery(query);
    } catch (SyntaxError | SolrException e) {
      rb.rsp.add(ShardWork.SECTION, ShardWork.refusal(rb.req, e.getMessage()));
    }
  }

  @Override
  public void process(ResponseBuilder rb) throws IOException {
    if (!(rb.getRankQuery() instanceof CascadeQuery query)
        || ShardWork.wantsStatistics(rb.req)
        || ShardWork.isMerged(rb.req)) {
      return; // The collector has told what there is to tell.
    }
    if (ShardWork.wantsScores(rb.req)) {
      answerScores(rb, query);
    } else if (ShardWork.wantsTexts(rb.req)) {
      ShardWork.answerTexts(rb, query.cascade());
      metrics.addTextRequest(query.name());
    } else if (ShardWork.isLookup(rb.req)) {
      ShardWork.retell(rb, query.cascade(), query.efi())
          .ifPresent(run -> RequestRun.put(rb.req, run));
      tellWhyNot(rb, WhyNot.ofPart(rb));
    } else if (RequestRun.get(rb.req).isPresent()) {
      tell(rb.req, rb.rsp, RequestRun.get(rb.req).get());
      tellWhyNot(rb, WhyNot.answer(rb));
    } else {
      rb.rsp.add(SECTION, notRun(rb, query));
      tellWhyNot(rb, WhyNot.answer(rb));
    }
  }

  private static void tellWhyNot(ResponseBuilder rb, Optional<SimpleOrderedMap<Object>> answer) {
    answer.ifPresent(section -> rb.rsp.add(WhyNot.PARAMETER, section));
  }

  private void answerScores(ResponseBuilder rb, CascadeQuery query) throws IOException {
    Deadline deadline = RequestDeadline.limited(ShardWork.deadline(rb.req), rb.req);
    RequestDeadline.put(rb.req, deadline);
    metrics.addScoreRequest(ShardWork.answerScores(rb, query.cascade(), query.efi(), deadline));
  }

  @Override
  public void modifyRequest(ResponseBuilder rb, SearchComponent who, ShardRequest request) {
    Merge.of(rb.req)
        .ifPresent(merge -> merge.modify(request, rb.isDebug() || RequestRun.isDemanded(rb.req)));
  }

  @Override
  public void handleResponses(ResponseBuilder rb, ShardRequest request) {
    Merge.of(rb.req).ifPresent(merge -> merge.handle(request));
  }

  /** Ranks once all shards have answered, before the page's fields are asked for. */
  @Override
  public void finishStage(ResponseBuilder rb) {
    Optional<Merge> merge = Merge.of(rb.req);
    if (rb.getStage() != ResponseBuilder.STAGE_EXECUTE_QUERY || merge.isEmpty()) {
      return;
    }
    if (!merge.get().hasWork(rb)) {
      rb.rsp.add(SECTION, CascadeSection.unused(((CascadeQuery) rb.getRankQuery()).name()));
      tellWhyNot(rb, WhyNot.answer(rb, merge.get()));
      return;
    }
    CascadeRun run = merge.get().rank(rb);
    tell(rb.req, rb.rsp, run);
    refuseForbidden(run);
    tellWhyNot(rb, WhyNot.answer(rb, merge.get()));
    merge.get().putPage(rb, rb.isDebug() || RequestRun.isDemanded(rb.req));
  }

  /** Stops a search whose cascade would rather have it fail. */
  static void refuseForbidden(CascadeRun run) {
    if (run.isForbidden()) {
      throw new SolrException(
          SolrException.ErrorCode.SERVICE_UNAVAILABLE,
          "cascade '" + run.cascade().name() + "': " + run.degradation().orElseThrow());
    }
  }

  /** Answers a coordinator's search, once. */
  void tellCoordinator(SolrQueryRequest request, SolrQueryResponse response, CascadeRun run) {
    if (response.getValues().get(ShardWork.SECTION) == null) {
      metrics.addShard(run);
      response.add(ShardWork.SECTION, ShardWork.section(request, run));
    }
  }

  /** The component among a handler's; empty if it has none. */
  static Optional<CascadeComponent> of(ResponseBuilder rb) {
    return rb.components.stream()
        .filter(CascadeComponent.class::isInstance)
        .map(CascadeComponent.class::cast)
        .findFirst();
  }

  /** Says in the response, and counts, what a cascade did; once. */
  void tell(SolrQueryRequest request, SolrQueryResponse response, CascadeRun run) {
    if (response.getValues().get(SECTION) == null) {
      metrics.add(run);
      response.add(SECTION, CascadeSection.of(run));
      run.degradation()
          .ifPresent(
              reason -> {
                response.setPartialResults(request);
                response.addPartialResponseDetail("cascade: " + reason);
              });
    }
  }

  /** Without rows Solr only counts, and no documents need no stage; else the page was cached. */
  private static SimpleOrderedMap<Object> notRun(ResponseBuilder rb, CascadeQuery query) {
    boolean nothingToRank =
        rb.getSortSpec().getCount() == 0 || rb.getResults().docList.matches() == 0;
    return nothingToRank
        ? CascadeSection.unused(query.name())
        : CascadeSection.cached(query.name());
  }

  @Override
  public String getDescription() {
    return "Reranks with a cascade of models";
  }
}
