package io.github.solrcascade.feature;

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
import org.apache.solr.search.SolrDocumentFetcher;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * A feature that reads the query's text and the document's stored texts together, at query time.
 */
public abstract class PairFeature extends CheckedFeature {
  private List<String> fields = List.of();
  private String text = "${text}";

  protected PairFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** Scores documents for a query. */
  @FunctionalInterface
  protected interface Scorer {
    /**
     * The scores of these texts.
     *
     * @return those of the first texts; of all, unless the request's time is up before
     */
    float[] score(String query, List<String> documents);
  }

  /** What scores the documents of this request. */
  protected abstract Scorer scorer(SolrQueryRequest request);

  /** The stored fields that make up the document's text. */
  public void setFields(List<String> fields) {
    this.fields = List.copyOf(fields);
  }

  /** The query text, with {@code ${…}} in it. */
  public void setText(String text) {
    this.text = text;
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    params.put("fields", fields);
    params.put("text", text);
    return params;
  }

  @Override
  protected void checkParameters() {
    required("text", text);
    if (fields.isEmpty()) {
      throw wrong("fields", fields, "must name at least one stored field");
    }
  }

  @Override
  public void check(SolrCore core) {
    for (String field : fields) {
      if (!schemaField(core, "fields", field).stored()) {
        throw wrong("fields", field, "must be stored");
      }
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
    private final Scorer scorer;

    PairWeight(
        SolrIndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi,
        String query) {
      super(searcher, request, originalQuery, efi);
      this.documents = searcher.getDocFetcher();
      this.query = query;
      this.scorer = PairFeature.this.scorer(request);
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
      float[] scores = scorer.score(query, texts);
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
