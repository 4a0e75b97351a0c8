package io.github.solrcascade.distributed;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.feature.FeatureExtractor;
import io.github.solrcascade.stage.Cascade;
import io.github.solrcascade.stage.CascadeRescorer;
import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.LocalScorer;
import io.github.solrcascade.stage.Stage;
import io.github.solrcascade.stage.StageScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.solr.cloud.CloudDescriptor;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.params.ShardParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.common.util.SimpleOrderedMap;
import org.apache.solr.core.CoreDescriptor;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.handler.component.ShardRequest;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.SolrIndexSearcher;

/** What a shard does for a coordinator. */
public final class ShardWork {
  /** The section of a shard's response. */
  public static final String SECTION = Words.SECTION;

  private ShardWork() {}

  /** Whether the request is one of a distributed search, for this shard's part in it. */
  public static boolean isPart(SolrQueryRequest request) {
    return request.getParams().getBool(ShardParams.IS_SHARD, false);
  }

  /** The rank query that a coordinator asks for; null if there is none. */
  public static String rankQuery(SolrQueryRequest request) {
    return isPart(request) ? request.getParams().get(Words.RANK_QUERY) : null;
  }

  /** Tells a coordinator that its rank query means nothing here, so that nothing was ranked. */
  public static SimpleOrderedMap<Object> refusal(SolrQueryRequest request, String reason) {
    return ShardAnswer.refusing(shardName(request), reason).write();
  }

  /** Whether a coordinator that merges cascades asks for documents. */
  public static boolean isMerged(SolrQueryRequest request) {
    return isPart(request) && Words.VERSION.equals(request.getParams().get(Words.MERGE));
  }

  /** Whether global stages' scores are asked for. */
  public static boolean wantsScores(SolrQueryRequest request) {
    return isPart(request) && request.getParams().get(Words.STAGE) != null;
  }

  /** Whether documents' texts are asked for. */
  public static boolean wantsTexts(SolrQueryRequest request) {
    return isPart(request) && request.getParams().get(Words.TEXTS) != null;
  }

  /** Whether certain documents are asked for, of which there is nothing to rank. */
  public static boolean isLookup(SolrQueryRequest request) {
    return isPart(request) && request.getParams().get(ShardParams.IDS) != null;
  }

  /** The document of which a coordinator wants to know why it is not among the first; or null. */
  public static String whyNot(SolrQueryRequest request) {
    return isPart(request) ? request.getParams().get(Words.WHY_NOT) : null;
  }

  /** Whether term statistics are asked for, and no documents. */
  public static boolean wantsStatistics(SolrQueryRequest request) {
    int purpose = request.getParams().getInt(ShardParams.SHARDS_PURPOSE, 0);
    return isPart(request) && (purpose & ShardRequest.PURPOSE_GET_TERM_STATS) != 0;
  }

  /** The query whose terms' statistics are collected: features' terms are among them. */
  public static Query statisticsQuery(Query main, List<Query> features) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    all.add(main, BooleanClause.Occur.SHOULD);
    features.forEach(query -> all.add(query, BooleanClause.Occur.SHOULD));
    return all.build();
  }

  /**
   * For a coordinator that knows nothing of global stages: they are left out, which the response
   * says.
   */
  public static StageScorer withoutGlobalStages(StageScorer scorer) {
    return (stage, top, deadline) -> {
      if (stage.isGlobal()) {
        throw new OutOfTime("its scope is global, which the coordinator did not ask for");
      }
      return scorer.score(stage, top, deadline);
    };
  }

  /** The section of a run over the documents that a search found on this shard. */
  public static SimpleOrderedMap<Object> section(SolrQueryRequest request, CascadeRun run) {
    return section(request, run, UnaryOperator.identity());
  }

  private static SimpleOrderedMap<Object> section(
      SolrQueryRequest request, CascadeRun run, UnaryOperator<float[]> placed) {
    List<String> models =
        run.cascade().stages().stream()
            .map(stage -> stage.model().fingerprint(request.getCore()))
            .toList();
    return ShardAnswer.of(run, shardName(request), models, placed).write();
  }

  private static String shardName(SolrQueryRequest request) {
    CoreDescriptor core = request.getCore().getCoreDescriptor();
    CloudDescriptor cloud = core.getCloudDescriptor();
    return cloud == null ? core.getName() : cloud.getShardId();
  }

  /** The budget that the coordinator has left, if it has one. */
  public static Deadline deadline(SolrQueryRequest request) {
    int budget = request.getParams().getInt(Words.BUDGET, 0);
    return budget > 0 ? Deadline.ofMillis(budget) : Deadline.NONE;
  }

  /**
   * Scores documents of this shard by the stages that were asked for, and says so in the response.
   *
   * @param cascade the whole one, of which those stages are
   */
  public static CascadeRun answerScores(
      ResponseBuilder rb, Cascade cascade, Map<String, String[]> efi, Deadline deadline)
      throws IOException {
    SolrParams params = rb.req.getParams();
    Lookup found = Lookup.of(rb.req);
    float[] firstPass = numbers(params, Words.FIRST_PASS, found.count());
    Candidates candidates = new Candidates(found.docs(), found.pick(firstPass));
    FeatureExtractor extractor = extractor(rb, cascade, candidates, efi);
    RemoteValues.read(params, cascade, extractor, found.places(), found.count());
    CascadeRun run =
        CascadeRescorer.ofShard(
                cascade.only(Set.of(params.getParams(Words.STAGE))),
                candidates,
                new LocalScorer(extractor),
                extractor.matrix(),
                deadline)
            .rescore();
    rb.rsp.add(SECTION, section(rb.req, run, found::spread));
    return run;
  }

  /**
   * Tells in the response the texts of this shard's documents that the remote features of a stage's
   * model read.
   */
  public static void answerTexts(ResponseBuilder rb, Cascade cascade) throws IOException {
    Set<String> name = Set.of(rb.req.getParams().get(Words.TEXTS));
    for (Stage stage : cascade.only(name).stages()) {
      ShardTexts texts =
          RemoteValues.texts(stage, cascade.features(), rb.req.getSearcher(), Lookup.of(rb.req));
      rb.rsp.add(Words.TEXTS_SECTION, texts.write());
    }
  }

  /**
   * The run of which the coordinator tells, as far as this shard's documents of the page show it,
   * with their features; empty if it tells nothing.
   */
  public static Optional<CascadeRun> retell(
      ResponseBuilder rb, Cascade cascade, Map<String, String[]> efi) throws IOException {
    String[] lines = rb.req.getParams().getParams(Words.TOLD);
    if (!isPart(rb.req) || lines == null) {
      return Optional.empty();
    }
    Lookup found = Lookup.of(rb.req);
    if (lines.length != found.count()) {
      throw wrong(Words.TOLD, lines.length + " values", "must be one for each of ids");
    }
    int[] docs = counts(rb.req.getParams().get(Words.TOLD_DOCS, ""));
    List<Told> told = new ArrayList<>();
    int[] ranked =
        IntStream.range(0, found.docs().length)
            .filter(i -> !lines[found.places()[i]].equals(Told.NOTHING))
            .toArray();
    for (int i : ranked) {
      told.add(parse(lines[found.places()[i]], docs.length));
    }
    return Optional.of(retell(rb, cascade, efi, docs, told, found.only(ranked)));
  }

  private static CascadeRun retell(
      ResponseBuilder rb,
      Cascade cascade,
      Map<String, String[]> efi,
      int[] docs,
      List<Told> told,
      Lookup found)
      throws IOException {
    int[] luceneDocs = found.docs();
    float[] firstPass = new float[luceneDocs.length];
    for (int i = 0; i < firstPass.length; i++) {
      firstPass[i] = told.get(i).firstPassScore();
    }
    FeatureExtractor extractor = extractor(rb, cascade, new Candidates(luceneDocs, firstPass), efi);
    RemoteValues.read(rb.req.getParams(), cascade, extractor, found.places(), found.count());
    for (int i = 0; i < firstPass.length; i++) {
      for (Stage stage : told.get(i).reached(cascade, docs)) {
        extractor.extract(stage.model().columns(), new int[] {i}, Deadline.NONE);
      }
    }
    return Told.retell(cascade, docs, told, luceneDocs, extractor.matrix());
  }

  private static FeatureExtractor extractor(
      ResponseBuilder rb, Cascade cascade, Candidates candidates, Map<String, String[]> efi) {
    useGlobalStatistics(rb);
    return new FeatureExtractor(
        cascade.features(), candidates, rb.req.getSearcher(), rb.req, rb.getQuery(), efi);
  }

  /**
   * Has queries scored with the statistics of all shards. Solr itself does so for searches only.
   */
  public static void useGlobalStatistics(ResponseBuilder rb) {
    if (!rb.isDistribStatsDisabled()) {
      rb.req
          .getContext()
          .put(SolrIndexSearcher.STATS_SOURCE, rb.req.getSearcher().getStatsCache().get(rb.req));
    }
  }

  private static float[] numbers(SolrParams params, String name, int count) {
    String[] parts = params.get(name, "").split(",", -1);
    float[] numbers = new float[count];
    try {
      for (int i = 0; i < count && parts.length == count; i++) {
        numbers[i] = Float.parseFloat(parts[i]);
      }
    } catch (NumberFormatException e) {
      throw wrong(name, e.getMessage(), "must be numbers separated by commas");
    }
    if (parts.length != count) {
      throw wrong(name, parts.length + " numbers", "must be one for each of ids");
    }
    return numbers;
  }

  private static int[] counts(String text) {
    try {
      return Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw wrong(Words.TOLD_DOCS, text, "must be whole numbers separated by commas");
    }
  }

  private static Told parse(String line, int stages) {
    try {
      Told told = Told.parse(line);
      if (told.ranks().length == stages + 1) {
        return told;
      }
    } catch (NumberFormatException e) {
      throw wrong(Words.TOLD, line, "must be two numbers and a rank for each stage");
    }
    throw wrong(Words.TOLD, line, "must be two numbers and a rank for each stage");
  }

  static SolrException wrong(String parameter, Object value, String rule) {
    return new SolrException(
        SolrException.ErrorCode.BAD_REQUEST, parameter + ": " + value + ", " + rule);
  }
}
