package io.github.solrcascade.feature;

import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefBuilder;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.common.params.ShardParams;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.schema.DenseVectorField;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * How near a document is to what the visitor clicked before, in one field: the same brand or
 * category, or a like vector.
 *
 * <pre>{@code
 * {"name": "likesBrand", "class": "io.github.solrcascade.feature.UserAffinityFeature",
 *  "params": {"field": "brand", "halfLife": "30d"}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code field}: a text or string field with docValues, whose value is the share of the
 *       clicks, by weight, that have one of the document's words (0 to 1); or a {@code
 *       DenseVectorField} of FLOAT32, whose value is the cosine (−1 to 1).
 *   <li>{@code halfLife}: the age at which a click counts half.
 *   <li>{@code fullDwell}: how long a look counts whole; a shorter one in proportion; {@code 30s}
 *       if not given.
 *   <li>{@code clicks}: the visitor's clicks; <code>${clicks:}</code> if not given, so that the
 *       request brings them as {@code efi.clicks}: {@code [{"id": …, "at": "2026-11-20T10:00:00Z",
 *       "dwell": 45}, …]}, at most 200. One may bring what the document has in the field, {@code
 *       "values": {"brand": "sony"}}; over several shards each must, since a shard has only its own
 *       documents to look at.
 *   <li>{@code defaultValue}: for documents without a value, and for all where there are no clicks,
 *       so that they do not change the order; 0 if not given.
 * </ul>
 *
 * <p>Clicked documents that are no longer in the index do not count, unless their values are given.
 */
public final class UserAffinityFeature extends CheckedFeature implements PersonalFeature {
  /** What is further back counts little, and each is looked up. */
  public static final int MOST_CLICKS = 200;

  private String field;
  private String halfLife;
  private String fullDwell = "30s";
  private String clicks = "${clicks:}";
  private Duration parsedHalfLife;
  private Duration parsedFullDwell;

  /** Called by LTR's feature store. */
  public UserAffinityFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The field that is compared. */
  public void setField(String field) {
    this.field = field;
  }

  /** The age of half weight. */
  public void setHalfLife(String halfLife) {
    this.halfLife = halfLife;
  }

  /** The dwell of full weight. */
  public void setFullDwell(String fullDwell) {
    this.fullDwell = fullDwell;
  }

  /** The visitor's clicks, with {@code ${…}} in it. */
  public void setClicks(String clicks) {
    this.clicks = clicks;
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("field", field);
    params.put("halfLife", halfLife);
    params.put("fullDwell", fullDwell);
    params.put("clicks", clicks);
    return params;
  }

  @Override
  protected void checkParameters() {
    required("field", field);
    required("clicks", clicks);
    parsedHalfLife = age("halfLife", required("halfLife", halfLife));
    if (parsedHalfLife.isZero()) {
      throw wrong("halfLife", halfLife, "must be more than 0");
    }
    parsedFullDwell = age("fullDwell", fullDwell);
  }

  private Duration age(String parameter, String text) {
    try {
      return Age.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(parameter, text, e.getMessage());
    }
  }

  @Override
  public void check(SolrCore core) {
    SchemaField schemaField = schemaField(core, "field", field);
    boolean isVector = schemaField.getType() instanceof DenseVectorField;
    boolean isWords = schemaField.hasDocValues() && schemaField.getType().getNumberType() == null;
    if (isVector ? !isFloats(schemaField) : !isWords) {
      throw wrong(
          "field", field, "must be a text or string field with docValues or a FLOAT32 vector");
    }
  }

  private static boolean isFloats(SchemaField field) {
    return field.indexed()
        && ((DenseVectorField) field.getType()).getVectorEncoding() == VectorEncoding.FLOAT32;
  }

  @Override
  public boolean isPersonal(Map<String, List<String>> efi) {
    LinkedHashMap<String, String[]> arrays = new LinkedHashMap<>();
    efi.forEach((name, values) -> arrays.put(name, values.toArray(new String[0])));
    return !new Template(getName(), clicks).fill(arrays).isBlank();
  }

  @Override
  public FeatureWeight createWeight(
      IndexSearcher searcher,
      boolean needsScores,
      SolrQueryRequest request,
      Query originalQuery,
      Map<String, String[]> efi)
      throws IOException {
    SolrRequestInfo info = SolrRequestInfo.getRequestInfo();
    long now = (info == null ? new Date() : info.getNOW()).getTime();
    List<Visit> visits = visits(new Template(getName(), clicks).fill(efi));
    Affinity affinity =
        visits.isEmpty()
            ? null
            : affinity((SolrIndexSearcher) searcher, visits, now, isShard(request));
    return new AffinityWeight(searcher, request, originalQuery, efi, affinity);
  }

  /** What is wrong with the list is told, the list itself is not. */
  private List<Visit> visits(String json) {
    try {
      return Visit.parse(json);
    } catch (IllegalArgumentException e) {
      throw badClicks(e.getMessage());
    }
  }

  private SolrException badClicks(String rule) {
    return new SolrException(
        ErrorCode.BAD_REQUEST, "efi.clicks: feature '" + getName() + "': " + rule);
  }

  private static boolean isShard(SolrQueryRequest request) {
    return request != null && request.getParams().getBool(ShardParams.IS_SHARD, false);
  }

  /** Null if no clicked document is in the index. */
  private Affinity affinity(
      SolrIndexSearcher searcher, List<Visit> visits, long now, boolean isShard)
      throws IOException {
    Affinity affinity =
        searcher.getSchema().getFieldType(field) instanceof DenseVectorField vectors
            ? new Affinity.OfVectors(field, vectors.getDimension())
            : new Affinity.OfWords(field);
    SchemaField key = searcher.getSchema().getUniqueKeyField();
    List<LeafReaderContext> leaves = searcher.getTopReaderContext().leaves();
    boolean isKnown = false;
    for (Visit visit : visits) {
      double weight = visit.weight(now, parsedHalfLife, parsedFullDwell);
      if (visit.values().has(field)) {
        addGiven(affinity, visit, weight);
        isKnown = true;
        continue;
      }
      if (isShard) {
        throw badClicks("over several shards each click must bring values." + field);
      }
      // Not by a search, which would leave the visitor's clicks in caches that all share.
      int doc = searcher.getFirstMatch(new Term(key.getName(), indexed(key, visit.id())));
      if (doc >= 0) {
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
        affinity.add(leaf, doc - leaf.docBase, weight);
        isKnown = true;
      }
    }
    return isKnown ? affinity : null;
  }

  private void addGiven(Affinity affinity, Visit visit, double weight) {
    try {
      affinity.add(visit.values().get(field), weight);
    } catch (IllegalArgumentException e) {
      throw badClicks(e.getMessage());
    }
  }

  private static BytesRef indexed(SchemaField key, String id) {
    BytesRefBuilder bytes = new BytesRefBuilder();
    key.getType().readableToIndexed(id, bytes);
    return bytes.get();
  }

  private final class AffinityWeight extends BaseWeight {
    /** Null where there are no clicks that count. */
    private final Affinity affinity;

    AffinityWeight(
        IndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi,
        Affinity affinity) {
      super(searcher, request, originalQuery, efi);
      this.affinity = affinity;
    }

    @Override
    public FeatureScorer scorer(LeafReaderContext context) throws IOException {
      Affinity.Reader reader = affinity == null ? null : affinity.reader(context);
      return reader == null ? null : scorer(reader.documents(), reader.value());
    }
  }
}
