package io.github.solrcascade.feature;

import io.github.solrcascade.encoder.BiEncoder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.VectorUtil;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.schema.DenseVectorField;
import org.apache.solr.schema.SchemaField;

/**
 * How near the query text's vector is to the document's.
 *
 * <pre>{@code
 * {"name": "semantic", "class": "io.github.solrcascade.feature.SemanticFeature",
 *  "params": {"encoder": "minilm", "field": "vector", "similarity": "cosine"}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code encoder}: a configured bi-encoder. It encodes the text once a request.
 *   <li>{@code field}: an indexed {@code DenseVectorField} of FLOAT32 with the encoder's dimension.
 *   <li>{@code text}: what is encoded; {@code ${text}} if not given.
 *   <li>{@code similarity}: {@code cosine} (−1 to 1, the default) or {@code dot_product}.
 *   <li>{@code defaultValue}: for documents without a vector; 0 if not given.
 * </ul>
 *
 * <p>Reimers and Gurevych, Sentence-BERT (2019).
 */
public final class SemanticFeature extends CheckedFeature {
  private String encoder;
  private String field;
  private String text = "${text}";
  private String similarity = "cosine";

  /** Called by LTR's feature store. */
  public SemanticFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The encoder's name. */
  public void setEncoder(String encoder) {
    this.encoder = encoder;
  }

  /** The vector field. */
  public void setField(String field) {
    this.field = field;
  }

  /** The text to encode, with {@code ${…}} in it. */
  public void setText(String text) {
    this.text = text;
  }

  /** {@code cosine} or {@code dot_product}. */
  public void setSimilarity(String similarity) {
    this.similarity = similarity;
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("encoder", encoder);
    params.put("field", field);
    params.put("text", text);
    params.put("similarity", similarity);
    return params;
  }

  @Override
  protected void checkParameters() {
    required("encoder", encoder);
    required("field", field);
    required("text", text);
    if (!similarity.equals("cosine") && !similarity.equals("dot_product")) {
      throw wrong("similarity", similarity, "must be cosine or dot_product");
    }
  }

  @Override
  public void check(SolrCore core) {
    SchemaField schemaField = schemaField(core, "field", field);
    if (!(schemaField.getType() instanceof DenseVectorField type)
        || !schemaField.indexed()
        || type.getVectorEncoding() != VectorEncoding.FLOAT32) {
      throw wrong("field", field, "must be an indexed DenseVectorField of FLOAT32");
    }
    int dimensions = encoder(core).dimensions();
    if (type.getDimension() != dimensions) {
      throw wrong(
          "field",
          field + " has vectorDimension " + type.getDimension(),
          "must be " + dimensions + " as encoder '" + encoder + "' gives");
    }
  }

  @Override
  protected String origin(SolrCore core) {
    return encoder(core).manifest().fingerprint();
  }

  private BiEncoder encoder(SolrCore core) {
    try {
      return CoreEncoders.biEncoder(core, encoder);
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
    float[] vector = QueryVectors.encode(request, encoder, encoder(request.getCore()), query);
    return new SemanticWeight(searcher, request, originalQuery, efi, vector);
  }

  private final class SemanticWeight extends BaseWeight {
    private final float[] query;

    SemanticWeight(
        IndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi,
        float[] query) {
      super(searcher, request, originalQuery, efi);
      this.query = query;
    }

    @Override
    public FeatureScorer scorer(LeafReaderContext context) throws IOException {
      FloatVectorValues vectors = context.reader().getFloatVectorValues(field);
      return vectors == null ? null : scorer(vectors, doc -> compare(vectors.vectorValue()));
    }

    private float compare(float[] document) {
      return similarity.equals("cosine")
          ? VectorUtil.cosine(query, document)
          : VectorUtil.dotProduct(query, document);
    }
  }
}
