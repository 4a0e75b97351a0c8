package io.github.solrcascade.distributed;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.Lateness;
import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.candidates.FeatureMatrix;
import io.github.solrcascade.feature.RequestDeadline;
import io.github.solrcascade.stage.Cascade;
import io.github.solrcascade.stage.CascadeRescorer;
import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.Stage;
import io.github.solrcascade.stage.StageFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.lucene.util.BytesRef;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrDocumentList;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.ShardParams;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.StrUtils;
import org.apache.solr.handler.component.QueryElevationComponent;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.handler.component.ShardDoc;
import org.apache.solr.handler.component.ShardRequest;
import org.apache.solr.handler.component.ShardResponse;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.search.SolrReturnFields;
import org.apache.solr.search.SortSpec;

/**
 * A search over several shards, as its coordinator sees it. The shards leave their documents in the
 * order of the first pass, so that Solr merges them as it merges any search, and tell the scores of
 * their stages beside. The whole cascade then runs here over the merged documents as it would on
 * one core, but that its scores come from the shards.
 *
 * <p>Not thread-safe: one request owns it.
 */
public final class Merge {
  private static final String KEY = Merge.class.getName();

  /** Of the searches that this node coordinates. */
  private static final Lateness LATENESS = new Lateness();

  private final Cascade cascade;
  private final int start;
  private final int rows;
  private final Map<String, String[]> efi;
  private final Map<String, ShardAnswer> answers = new HashMap<>();

  /** The documents in the order of the first pass. */
  private List<ShardDoc> merged = List.of();

  private RemoteValues remote;
  private CascadeRun run;

  private Merge(Cascade cascade, Map<String, String[]> efi, int start, int rows) {
    this.cascade = cascade;
    this.efi = efi;
    this.start = start;
    this.rows = rows;
  }

  /** Begins a search, and asks for as many documents as the cascade wants. */
  public static void prepare(ResponseBuilder rb, Cascade cascade, Map<String, String[]> efi) {
    SortSpec page = rb.getSortSpec();
    Merge merge = new Merge(cascade, efi, page.getOffset(), page.getCount());
    rb.req.getContext().put(KEY, merge);
    if (page.getCount() > 0) {
      page.setOffset(0);
      page.setCount(Math.max(merge.pageEnd(), cascade.depth()));
    }
  }

  /** The search of this request, if it is one over several shards with a cascade. */
  public static Optional<Merge> of(SolrQueryRequest request) {
    return Optional.ofNullable((Merge) request.getContext().get(KEY));
  }

  /**
   * Adds to a request what its shards need to know.
   *
   * @param tellsAll whether the documents' explanations or feature logs are asked for
   */
  public void modify(ShardRequest request, boolean tellsAll) {
    Words.rename(request.params);
    if ((request.purpose & ShardRequest.PURPOSE_GET_TOP_IDS) != 0) {
      request.params.set(Words.MERGE, Words.VERSION);
    } else if (tellsAll && (request.purpose & ShardRequest.PURPOSE_GET_FIELDS) != 0) {
      tell(request.params);
    }
  }

  private void tell(ModifiableSolrParams params) {
    if (run == null) {
      return;
    }
    Map<Object, Integer> places = new HashMap<>();
    for (int i = 0; i < run.candidates().size(); i++) {
      places.put(merged.get(i).id.toString(), i);
    }
    List<String> ids = StrUtils.splitSmart(params.get(ShardParams.IDS, ""), ",", true);
    params.set(Words.TOLD_DOCS, Told.docs(run));
    params.set(
        Words.TOLD,
        ids.stream()
            .map(id -> places.containsKey(id) ? Told.write(run, places.get(id)) : Told.NOTHING)
            .toArray(String[]::new));
    List<Integer> candidates = ids.stream().map(id -> places.getOrDefault(id, -1)).toList();
    cascade.stages().stream()
        .filter(Stage::isGlobal)
        .forEach(stage -> remote.write(stage, candidates, params));
  }

  /** Keeps what the shards told beside their documents. */
  public void handle(ShardRequest request) {
    if ((request.purpose & ShardRequest.PURPOSE_GET_TOP_IDS) == 0) {
      return;
    }
    for (ShardResponse response : request.responses) {
      if (response.getException() == null) {
        ShardAnswer.parse(response.getSolrResponse().getResponse())
            .ifPresent(answer -> answers.put(response.getShard(), answer));
      }
    }
  }

  /** Runs the cascade over the merged documents, of which there must be some. */
  public CascadeRun rank(ResponseBuilder rb) {
    merged =
        rb.resultIds.values().stream()
            .sorted(Comparator.comparingInt((ShardDoc doc) -> doc.positionInResponse))
            .toList();
    List<ShardDoc> docs = merged.subList(0, Math.min(cascade.depth(), merged.size()));
    remote = new RemoteValues(cascade.features(), rb.req, efi, docs.size());
    MergedScorer scorer = new MergedScorer(cascade, docs, answers, new ScoreRequests(rb), remote);
    long before = answers.values().stream().mapToLong(ShardAnswer::nanos).max().orElse(0);
    Deadline deadline = deadline(rb.req, before);
    RequestDeadline.put(rb.req, deadline);
    run =
        new CascadeRescorer(cascade, candidates(docs), scorer, new FeatureMatrix(0, 0), deadline)
            .rescore();
    run.tookBefore(before);
    return run;
  }

  /** The document's place in the first pass, if the cascade ran over it. */
  public OptionalInt candidate(String id) {
    int size = run == null ? 0 : run.candidates().size();
    return IntStream.range(0, size)
        .filter(place -> merged.get(place).id.toString().equals(id))
        .findFirst();
  }

  /** What the cascade did, once it ran. */
  public CascadeRun run() {
    return run;
  }

  /** How many documents are on the page and those before it. */
  public int pageEnd() {
    return (int) Math.min(Integer.MAX_VALUE, (long) start + rows);
  }

  /**
   * Asks a candidate's shard about it.
   *
   * @throws StageFailure if the shard gives no answer
   */
  public NamedList<Object> askAbout(ResponseBuilder rb, int candidate) {
    ShardDoc doc = merged.get(candidate);
    return ask(rb, doc.id.toString(), Map.of(doc.shard, List.of(doc)), this::tell).get(0);
  }

  /**
   * Asks every shard about a document that is no candidate.
   *
   * @throws StageFailure if one gives no answer
   */
  public List<NamedList<Object>> askAbout(ResponseBuilder rb, String id) {
    ShardDoc doc = new ShardDoc();
    doc.id = id;
    Map<String, List<ShardDoc>> everywhere = new HashMap<>();
    for (String shard : rb.shards) {
      everywhere.put(shard, List.of(doc));
    }
    return ask(rb, id, everywhere, params -> {});
  }

  private static List<NamedList<Object>> ask(
      ResponseBuilder rb,
      String id,
      Map<String, List<ShardDoc>> docs,
      Consumer<ModifiableSolrParams> more) {
    ScoreRequests.Ask ask =
        (shard, params) -> {
          params.set(Words.WHY_NOT, id);
          more.accept(params);
        };
    return new ScoreRequests(rb)
        .send(docs, ask, Deadline.NONE).stream().map(ScoreRequests.Reply::content).toList();
  }

  /** Whether the search has documents to rank; if not, it is done. */
  public boolean hasWork(ResponseBuilder rb) {
    if (rows > 0 && rb.resultIds != null && !rb.resultIds.isEmpty()) {
      return true;
    }
    if (rb.getResponseDocs() != null) {
      rb.getResponseDocs().setStart(start);
    }
    return false;
  }

  private Deadline deadline(SolrQueryRequest request, long nanosBefore) {
    OptionalInt budget = cascade.budgetMs();
    Deadline own =
        budget.isPresent()
            ? Deadline.ofMillis(
                budget.getAsInt(), TimeUnit.NANOSECONDS.toMillis(nanosBefore), LATENESS)
            : Deadline.NONE;
    return RequestDeadline.limited(own, request);
  }

  /**
   * Documents of several shards have no common numbers. In their stead their keys order equal
   * scores, so that a page is the same whichever replicas answer.
   */
  private static Candidates candidates(List<ShardDoc> docs) {
    int[] numbers = new int[docs.size()];
    int next = 0;
    for (int place : byKey(docs)) {
      numbers[place] = next++;
    }
    float[] scores = new float[docs.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = docs.get(i).score;
    }
    return new Candidates(numbers, scores);
  }

  @SuppressWarnings("unchecked")
  private static int[] byKey(List<ShardDoc> docs) {
    boolean comparable = docs.stream().allMatch(doc -> doc.id instanceof Comparable<?>);
    Comparator<Integer> order =
        comparable
            ? Comparator.comparing(place -> (Comparable<Object>) docs.get(place).id)
            : Comparator.comparing(place -> docs.get(place).id.toString());
    return IntStream.range(0, docs.size())
        .boxed()
        .sorted(order)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Puts the page in the place of Solr's merged documents.
   *
   * @param tellsAll whether the documents' explanations or feature logs are asked for
   */
  public void putPage(ResponseBuilder rb, boolean tellsAll) {
    // They are made when fields are asked for, now that the scores are known.
    rb.onePassDistributedQuery &= !tellsAll;
    List<ShardDoc> ranked = ranked(rb);
    List<ShardDoc> page =
        ranked.subList(Math.min(start, ranked.size()), Math.min(ranked.size(), pageEnd()));
    SolrDocumentList before = rb.getResponseDocs();
    SolrDocumentList after = new SolrDocumentList();
    after.setNumFound(before.getNumFound());
    after.setNumFoundExact(before.getNumFoundExact());
    after.setMaxScore(before.getMaxScore());
    after.setStart(start);
    Map<Object, ShardDoc> byId = new HashMap<>();
    Map<String, String> named = rb.rsp.getReturnFields().getScoreDependentReturnFields();
    for (ShardDoc doc : page) {
      SolrDocument fetched = before.get(doc.positionInResponse);
      if (fetched != null) {
        rescore(fetched::containsKey, fetched::setField, named, doc.score);
      }
      doc.positionInResponse = byId.size();
      byId.put(doc.id.toString(), doc);
      after.add(fetched);
    }
    rb.resultIds = byId;
    rb.setResponseDocs(after);
  }

  /** All documents, their scores those of the cascade. */
  private List<ShardDoc> ranked(ResponseBuilder rb) {
    Candidates candidates = run.candidates();
    int pinned = Math.min(elevated(rb), candidates.size());
    List<ShardDoc> ranked = new ArrayList<>(merged.subList(0, pinned));
    for (int candidate : candidates.top(candidates.size())) {
      if (candidate >= pinned) {
        ranked.add(merged.get(candidate));
      }
    }
    ranked.addAll(merged.subList(candidates.size(), merged.size()));
    Map<String, String> named = rb.rsp.getReturnFields().getScoreDependentReturnFields();
    for (int candidate = 0; candidate < candidates.size(); candidate++) {
      merged.get(candidate).score = candidates.score(candidate);
      rename(merged.get(candidate), named);
    }
    return ranked;
  }

  /** A score that is kept apart, since fields are asked for later. */
  private static void rename(ShardDoc doc, Map<String, String> named) {
    if (doc.scoreDependentFields != null && !doc.scoreDependentFields.isEmpty()) {
      Map<String, Object> fields = new HashMap<>(doc.scoreDependentFields);
      rescore(fields::containsKey, fields::put, named, doc.score);
      doc.scoreDependentFields = fields;
    }
  }

  /** Replaces a score, under whatever name it is asked for, as in {@code fl=relevance:score}. */
  private static void rescore(
      Predicate<String> has,
      BiConsumer<String, Object> put,
      Map<String, String> named,
      float score) {
    if (has.test(SolrReturnFields.SCORE)) {
      put.accept(SolrReturnFields.SCORE, score);
    }
    named.forEach(
        (name, value) -> {
          if (value.equals(SolrReturnFields.SCORE) && has.test(name)) {
            put.accept(name, score);
          }
        });
  }

  /** How many documents the elevation component put first; they stay there. */
  @SuppressWarnings("unchecked")
  private int elevated(ResponseBuilder rb) {
    Set<BytesRef> boosted =
        (Set<BytesRef>) rb.req.getContext().get(QueryElevationComponent.BOOSTED);
    SchemaField key = rb.req.getSchema().getUniqueKeyField();
    int count = 0;
    while (boosted != null
        && count < merged.size()
        && boosted.contains(
            new BytesRef(key.getType().toInternal(merged.get(count).id.toString())))) {
      count++;
    }
    return count;
  }
}
