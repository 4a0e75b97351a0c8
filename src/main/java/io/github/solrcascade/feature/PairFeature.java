package io.github.solrcascade.feature;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
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
     * @param findings takes what there is to say of them
     * @return those of the first texts; of all, unless the request's time is up before
     */
    float[] score(String query, List<String> documents, Findings findings);
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
    return new PairWeight((SolrIndexSearcher) searcher, request, originalQuery, efi);
  }

  /** The query text of a request. */
  final String queryText(Map<String, String[]> efi) {
    return new Template(getName(), text).fill(efi);
  }

  /** The documents' texts, in their order; empty where the fields hold none. */
  final List<String> textsOf(SolrIndexSearcher searcher, int[] docs) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int doc : docs) {
      texts.add(textOf(searcher.getDocFetcher().doc(doc, new TreeSet<>(fields))));
    }
    return texts;
  }

  private String textOf(Document document) {
    List<String> parts = new ArrayList<>();
    for (String field : fields) {
      for (String part : document.getValues(field)) {
        parts.add(part.strip());
      }
    }
    return String.join(" ", parts).strip();
  }

  /**
   * The values of documents with these texts.
   *
   * @param findings takes what there is to say of them
   * @return those of the first, NaN where there is no text; of all, unless the request's time is up
   *     before
   */
  static float[] values(Scorer scorer, String query, List<String> texts, Findings findings) {
    List<String> present = new ArrayList<>();
    int[] places = new int[texts.size()];
    for (int i = 0; i < places.length; i++) {
      if (!texts.get(i).isEmpty()) {
        places[present.size()] = i;
        present.add(texts.get(i));
      }
    }
    float[] scores = scorer.score(query, present, findings);
    // Up to the first document whose score there was no time for.
    int done = scores.length < present.size() ? places[scores.length] : places.length;
    float[] values = new float[done];
    Arrays.fill(values, Float.NaN);
    for (int i = 0; i < scores.length; i++) {
      values[places[i]] = scores[i];
    }
    return values;
  }

  private final class PairWeight extends BaseWeight implements BatchWeight {
    private final SolrIndexSearcher index;
    private final String query;
    private final Scorer scorer;

    PairWeight(
        SolrIndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi) {
      super(searcher, request, originalQuery, efi);
      this.index = searcher;
      this.query = queryText(efi);
      this.scorer = PairFeature.this.scorer(request);
    }

    @Override
    public float[] values(int[] docs, Findings findings) throws IOException {
      return PairFeature.values(scorer, query, textsOf(index, docs), findings);
    }

    /** Document at a time, for {@code {!ltr}}: the same values, one by one. */
    @Override
    public FeatureScorer scorer(LeafReaderContext context) {
      return scorer(
          DocIdSetIterator.all(context.reader().maxDoc()),
          doc -> {
            float value = values(new int[] {context.docBase + doc}, new Findings())[0];
            return Float.isNaN(value) ? getDefaultValue() : value;
          });
    }
  }
}
