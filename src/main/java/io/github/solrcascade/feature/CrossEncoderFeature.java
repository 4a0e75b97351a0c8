package io.github.solrcascade.feature;

import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.search.SolrDocumentFetcher;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * How well a transformer finds that the document answers the query, reading both texts jointly.
 *
 * <pre>{@code
 * {"name": "crossEncoder", "class": "io.github.solrcascade.feature.CrossEncoderFeature",
 *  "params": {"encoder": "reranker", "fields": ["title", "text"], "maxTokens": 128}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code encoder}: a configured cross-encoder. The value is its logit, or what its {@code
 *       model.json} makes of it.
 *   <li>{@code fields}: stored fields, whose texts are joined by spaces in this order.
 *   <li>{@code text}: the query text; {@code ${text}} if not given.
 *   <li>{@code maxTokens}: the length at which query and document together are cut, the longer one
 *       first; the encoder's maximum if not given.
 *   <li>{@code defaultValue}: for documents without text in these fields; 0 if not given, which few
 *       models mean by "no text".
 * </ul>
 *
 * <p>Nogueira and Cho, Passage Re-ranking with BERT (2019).
 */
public final class CrossEncoderFeature extends CheckedFeature {
  private String encoder;
  private List<String> fields = List.of();
  private String text = "${text}";
  private Integer maxTokens;

  /** Called by LTR's feature store. */
  public CrossEncoderFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The encoder's name. */
  public void setEncoder(String encoder) {
    this.encoder = encoder;
  }

  /** The stored fields that make up the document's text. */
  public void setFields(List<String> fields) {
    this.fields = List.copyOf(fields);
  }

  /** The query text, with {@code ${…}} in it. */
  public void setText(String text) {
    this.text = text;
  }

  /** The length of a pair, in tokens. */
  public void setMaxTokens(Number maxTokens) {
    this.maxTokens = maxTokens.intValue();
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("encoder", encoder);
    params.put("fields", fields);
    params.put("text", text);
    if (maxTokens != null) {
      params.put("maxTokens", maxTokens);
    }
    return params;
  }

  @Override
  protected void checkParameters() {
    required("encoder", encoder);
    required("text", text);
    if (fields.isEmpty()) {
      throw wrong("fields", fields, "must name at least one stored field");
    }
  }

  @Override
  public void check(SolrCore core) {
    for (String field : fields) {
      SchemaField schemaField = schemaField(core, "fields", field);
      if (!schemaField.stored()) {
        throw wrong("fields", field, "must be stored");
      }
    }
    Manifest manifest = encoder(core).manifest();
    if (maxTokens != null && !manifest.allows(maxTokens)) {
      throw wrong(
          "maxTokens",
          maxTokens,
          "must be from " + Manifest.LEAST_TOKENS + " to the encoder's " + manifest.maxTokens());
    }
  }

  @Override
  protected String origin(SolrCore core) {
    return encoder(core).manifest().fingerprint();
  }

  private CrossEncoder encoder(SolrCore core) {
    try {
      return CoreEncoders.crossEncoder(core, encoder);
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
    return new PairWeight((SolrIndexSearcher) searcher, request, originalQuery, efi, query);
  }

  private final class PairWeight extends BaseWeight implements BatchWeight {
    private final SolrDocumentFetcher documents;
    private final String query;
    private final CrossEncoder crossEncoder;

    PairWeight(
        SolrIndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi,
        String query) {
      super(searcher, request, originalQuery, efi);
      this.documents = searcher.getDocFetcher();
      this.query = query;
      this.crossEncoder = encoder(request.getCore());
    }

    @Override
    public float[] values(int[] docs) throws IOException {
      List<String> texts = new ArrayList<>();
      int[] places = new int[docs.length];
      for (int i = 0; i < docs.length; i++) {
        String document = textOf(docs[i]);
        if (!document.isEmpty()) {
          places[texts.size()] = i;
          texts.add(document);
        }
      }
      int length = maxTokens == null ? crossEncoder.manifest().maxTokens() : maxTokens;
      float[] scores = crossEncoder.score(query, texts, length, RequestDeadline.of(request));
      // Up to the first document whose score there was no time for.
      int done = scores.length < texts.size() ? places[scores.length] : docs.length;
      float[] values = new float[done];
      Arrays.fill(values, Float.NaN);
      for (int i = 0; i < scores.length; i++) {
        values[places[i]] = scores[i];
      }
      return values;
    }

    private String textOf(int doc) throws IOException {
      Set<String> wanted = new TreeSet<>(fields);
      Document document = documents.doc(doc, wanted);
      List<String> parts = new ArrayList<>();
      for (String field : fields) {
        for (String part : document.getValues(field)) {
          parts.add(part.strip());
        }
      }
      return String.join(" ", parts).strip();
    }

    /** Document at a time, for {@code {!ltr}}: the same values, one by one. */
    @Override
    public FeatureScorer scorer(LeafReaderContext context) {
      return scorer(
          DocIdSetIterator.all(context.reader().maxDoc()),
          doc -> {
            float value = values(new int[] {context.docBase + doc})[0];
            return Float.isNaN(value) ? getDefaultValue() : value;
          });
    }
  }
}
