package io.github.solrcascade;

import io.github.solrcascade.distributed.Merge;
import io.github.solrcascade.distributed.ShardWork;
import io.github.solrcascade.response.FeatureValues;
import io.github.solrcascade.response.RequestRun;
import io.github.solrcascade.response.WhyNotSection;
import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.StageFailure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.SimpleOrderedMap;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.search.DocIterator;
import org.apache.solr.search.DocSet;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * {@code cascade.whyNot=ID} on a request: why that document is not among the first. What the stages
 * saw is told from the run; of a document behind their depth the rank in the first pass is counted.
 */
final class WhyNot {
  /** The request's parameter. */
  static final String PARAMETER = "cascade.whyNot";

  /** Of what a shard tells. */
  private static final String FEATURES = "features";

  private static final String VERDICT = "verdict";

  private final ResponseBuilder rb;
  private final String id;

  private WhyNot(ResponseBuilder rb, String id) {
    this.rb = rb;
    this.id = id;
  }

  /** The answer, if the request asks. */
  static Optional<SimpleOrderedMap<Object>> answer(ResponseBuilder rb) throws IOException {
    String id = rb.req.getParams().get(PARAMETER);
    // A shard's part of a search has no page, and may not have the document.
    boolean isPart = ShardWork.isPart(rb.req);
    return id == null || isPart ? Optional.empty() : Optional.of(new WhyNot(rb, id).answer());
  }

  private SimpleOrderedMap<Object> answer() throws IOException {
    int doc = document();
    if (doc < 0) {
      throw unknown(id);
    }
    Optional<CascadeRun> run = RequestRun.get(rb.req);
    if (run.isPresent() && run.get().candidate(doc).isPresent()) {
      int candidate = run.get().candidate(doc).getAsInt();
      return WhyNotSection.of(
          run.get(), candidate, id, pageEnd(), each -> FeatureValues.of(run.get(), each));
    }
    return WhyNotSection.unseen(id, unseen(doc, ""));
  }

  /** The answer of a search over several shards, if the request asks. */
  static Optional<SimpleOrderedMap<Object>> answer(ResponseBuilder rb, Merge merge) {
    String id = rb.req.getParams().get(PARAMETER);
    if (id == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(merged(rb, merge, id));
    } catch (StageFailure e) {
      return Optional.of(WhyNotSection.unseen(id, "it cannot be told: " + e.getMessage()));
    }
  }

  private static SimpleOrderedMap<Object> merged(ResponseBuilder rb, Merge merge, String id) {
    OptionalInt candidate = merge.candidate(id);
    if (candidate.isPresent()) {
      return WhyNotSection.of(
          merge.run(),
          candidate.getAsInt(),
          id,
          merge.pageEnd(),
          each -> told(merge.askAbout(rb, each)).get(FEATURES));
    }
    for (NamedList<Object> reply : merge.askAbout(rb, id)) {
      if (told(reply).get(VERDICT) instanceof String verdict) {
        return WhyNotSection.unseen(id, verdict);
      }
    }
    throw unknown(id);
  }

  private static NamedList<?> told(NamedList<Object> reply) {
    if (reply.get(PARAMETER) instanceof NamedList<?> told) {
      return told;
    }
    throw new StageFailure("a shard does not answer; it may be of another version", null);
  }

  /**
   * What a shard tells a coordinator, if it asks: a candidate's features, or why a document that it
   * has is none.
   */
  static Optional<SimpleOrderedMap<Object>> ofPart(ResponseBuilder rb) throws IOException {
    String id = ShardWork.whyNot(rb.req);
    if (id == null) {
      return Optional.empty();
    }
    WhyNot whyNot = new WhyNot(rb, id);
    int doc = whyNot.document();
    SimpleOrderedMap<Object> told = new SimpleOrderedMap<>();
    Optional<CascadeRun> run = RequestRun.get(rb.req);
    if (run.isPresent() && run.get().candidate(doc).isPresent()) {
      int candidate = run.get().candidate(doc).getAsInt();
      told.add(FEATURES, FeatureValues.of(run.get(), candidate));
    } else if (doc >= 0) {
      ShardWork.useGlobalStatistics(rb);
      told.add(VERDICT, whyNot.unseen(doc, " on its shard"));
    }
    return Optional.of(told);
  }

  private static BadRequest unknown(String id) {
    return new BadRequest(PARAMETER, id, "must be the id of a document in the index");
  }

  private int document() throws IOException {
    SchemaField key = rb.req.getSchema().getUniqueKeyField();
    DocIterator found =
        rb.req.getSearcher().getDocSet(key.getType().getFieldQuery(null, key, id)).iterator();
    return found.hasNext() ? found.nextDoc() : -1;
  }

  private int pageEnd() {
    return rb.getSortSpec().getOffset() + rb.getSortSpec().getCount();
  }

  /**
   * Why no stage saw a document.
   *
   * @param where the rank in the first pass is counted, if not in all of it
   */
  private String unseen(int doc, String where) throws IOException {
    SolrIndexSearcher searcher = rb.req.getSearcher();
    DocSet allowed = searcher.getDocSet(rb.getFilters() == null ? List.of() : rb.getFilters());
    if (!allowed.exists(doc)) {
      return "the request's filters leave it out";
    }
    if (!searcher.getDocSet(rb.getQuery()).exists(doc)) {
      return "the first pass does not find it: the query does not match it";
    }
    if (rb.getSortSpec().getCount() == 0) {
      return "the first pass finds it, and no stage ran, for rows is 0";
    }
    if (rb.getSortSpec().getSort() != null) {
      return "the first pass finds it, but sorts it behind the first stage's depth";
    }
    Weight weight = searcher.createWeight(searcher.rewrite(rb.getQuery()), ScoreMode.COMPLETE, 1);
    float score = score(weight, leaf(searcher, doc), doc);
    return String.format(
        Locale.ROOT,
        "the first pass ranks it %d%s, with the score %s: behind the first stage's depth",
        before(searcher, weight, allowed, doc, score) + 1,
        where,
        score);
  }

  private static LeafReaderContext leaf(SolrIndexSearcher searcher, int doc) {
    List<LeafReaderContext> leaves = searcher.getTopReaderContext().leaves();
    return leaves.get(ReaderUtil.subIndex(doc, leaves));
  }

  private static float score(Weight weight, LeafReaderContext leaf, int doc) throws IOException {
    Scorer scorer = weight.scorer(leaf);
    scorer.iterator().advance(doc - leaf.docBase);
    return scorer.score();
  }

  /** How many documents are before one in the first pass. */
  private static int before(
      SolrIndexSearcher searcher, Weight weight, DocSet allowed, int doc, float score)
      throws IOException {
    int count = 0;
    for (LeafReaderContext leaf : searcher.getTopReaderContext().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      if (scorer == null) {
        continue;
      }
      DocIdSetIterator found = scorer.iterator();
      while (found.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        int other = leaf.docBase + found.docID();
        float otherScore = scorer.score();
        boolean isBefore = otherScore > score || (otherScore == score && other < doc);
        if (isBefore && allowed.exists(other)) {
          count++;
        }
      }
    }
    return count;
  }
}
