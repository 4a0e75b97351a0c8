package io.github.solrcascade.feature;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import io.github.solrcascade.tokenvector.MaxSim;
import io.github.solrcascade.tokenvector.TokenVectorField;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.schema.SchemaField;

/**
 * How well the document's tokens cover the query's: for each token of the query the cosine of the
 * document's nearest.
 *
 * <pre>{@code
 * {"name": "late", "class": "io.github.solrcascade.feature.LateInteractionFeature",
 *  "params": {"encoder": "late", "field": "tokens"}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code encoder}: a configured late-interaction encoder. It encodes the text once a request.
 *   <li>{@code field}: a {@link TokenVectorField} with the encoder's dimensions.
 *   <li>{@code text}: what is encoded; {@code ${text}} if not given.
 *   <li>{@code aggregation}: {@code mean} over the query's tokens (−1 to 1, the default), which
 *       queries of any length have in common, or {@code sum}, as ColBERT has it.
 *   <li>{@code defaultValue}: for documents without token vectors; 0 if not given.
 * </ul>
 *
 * <p>Khattab and Zaharia, ColBERT (2020).
 */
public final class LateInteractionFeature extends CheckedFeature {
  private static final String MEAN = "mean";
  private static final String SUM = "sum";

  /** So many documents are scored between two looks at the clock: some hundred microseconds. */
  private static final int CHUNK = 64;

  private String encoder;
  private String field;
  private String text = "${text}";
  private String aggregation = MEAN;

  /** Called by LTR's feature store. */
  public LateInteractionFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The encoder's name. */
  public void setEncoder(String encoder) {
    this.encoder = encoder;
  }

  /** The field of token vectors. */
  public void setField(String field) {
    this.field = field;
  }

  /** The text to encode, with {@code ${…}} in it. */
  public void setText(String text) {
    this.text = text;
  }

  /** {@code mean} or {@code sum}. */
  public void setAggregation(String aggregation) {
    this.aggregation = aggregation;
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("encoder", encoder);
    params.put("field", field);
    params.put("text", text);
    params.put("aggregation", aggregation);
    return params;
  }

  @Override
  protected void checkParameters() {
    required("encoder", encoder);
    required("field", field);
    required("text", text);
    if (!List.of(MEAN, SUM).contains(aggregation)) {
      throw wrong("aggregation", aggregation, "must be mean or sum");
    }
  }

  @Override
  public void check(SolrCore core) {
    SchemaField schemaField = schemaField(core, "field", field);
    if (!(schemaField.getType() instanceof TokenVectorField type)) {
      throw wrong("field", field, "must be a TokenVectorField");
    }
    int dimensions = encoder(core).dimensions();
    if (type.dimensions() != dimensions) {
      throw wrong(
          "field",
          field + " has dimensions " + type.dimensions(),
          "must be " + dimensions + " as encoder '" + encoder + "' gives");
    }
  }

  @Override
  protected String origin(SolrCore core) {
    return encoder(core).manifest().fingerprint();
  }

  private LateInteractionEncoder encoder(SolrCore core) {
    try {
      return CoreEncoders.lateInteraction(core, encoder);
    } catch (IllegalArgumentException e) {
      throw wrong("encoder", encoder, e.getMessage());
    }
  }

  @Override
  public FeatureWeight createWeight(
      IndexSearcher searcher,
      boolean needsScores,
      SolrQueryRequest request,
      Query originalQuery,
      Map<String, String[]> efi) {
    String query = new Template(getName(), text).fill(efi);
    return new MaxSimWeight(searcher, request, originalQuery, efi, query);
  }

  private final class MaxSimWeight extends BaseWeight implements BatchWeight {
    private final List<LeafReaderContext> leaves;
    private final String query;

    MaxSimWeight(
        IndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi,
        String query) {
      super(searcher, request, originalQuery, efi);
      this.leaves = searcher.getTopReaderContext().leaves();
      this.query = query;
    }

    /** Encodes the query here and not when the weight is made, which is before cheaper features. */
    private MaxSim maxSim() {
      return QueryVectors.encode(request, encoder, encoder(request.getCore()), query);
    }

    @Override
    public float[] values(int[] docs, Findings findings) throws IOException {
      Deadline deadline = RequestDeadline.of(request);
      MaxSim maxSim = maxSim();
      float[] values = new float[docs.length];
      int done = 0;
      while (done < docs.length && !deadline.isPast()) {
        int end = Math.min(docs.length, done + CHUNK);
        score(maxSim, docs, done, end, values);
        done = end;
      }
      return Arrays.copyOf(values, done);
    }

    /** Doc values are read in the index's order. */
    private void score(MaxSim maxSim, int[] docs, int from, int to, float[] values)
        throws IOException {
      Integer[] places = new Integer[to - from];
      Arrays.setAll(places, i -> from + i);
      Arrays.sort(places, Comparator.comparingInt(place -> docs[place]));
      LeafReaderContext leaf = null;
      BinaryDocValues stored = null;
      for (int place : places) {
        int doc = docs[place];
        if (leaf == null || doc >= leaf.docBase + leaf.reader().maxDoc()) {
          leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
          stored = leaf.reader().getBinaryDocValues(field);
        }
        boolean has = stored != null && stored.advanceExact(doc - leaf.docBase);
        values[place] = has ? compare(maxSim, stored.binaryValue()) : Float.NaN;
      }
    }

    private float compare(MaxSim maxSim, BytesRef document) {
      return aggregation.equals(SUM) ? maxSim.sum(document) : maxSim.mean(document);
    }

    /** Document at a time, for {@code {!ltr}}: the same values, one by one. */
    @Override
    public FeatureScorer scorer(LeafReaderContext context) throws IOException {
      BinaryDocValues stored = context.reader().getBinaryDocValues(field);
      if (stored == null) {
        return null;
      }
      MaxSim maxSim = maxSim();
      return scorer(stored, doc -> compare(maxSim, stored.binaryValue()));
    }
  }
}
