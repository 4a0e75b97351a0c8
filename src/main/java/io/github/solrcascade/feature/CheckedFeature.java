package io.github.solrcascade.feature;

import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.core.SolrCore;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.store.rest.ManagedFeatureStore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.schema.SchemaField;

/**
 * A feature that checks its parameters against the core: its fields against the schema, its encoder
 * against the configuration. Checked when it is uploaded, and again when a cascade is loaded that
 * reads it.
 */
public abstract class CheckedFeature extends Feature {

  protected CheckedFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** Checks what can be checked without a core: missing or impossible parameters. */
  protected abstract void checkParameters();

  /**
   * Checks fields and encoders.
   *
   * @throws SolrException with the parameter, its value and the rule
   */
  public abstract void check(SolrCore core);

  /** What values come from beside the parameters and the index, such as a model's files. */
  protected String origin(SolrCore core) {
    return "";
  }

  @Override
  protected final void validate() {
    checkParameters();
    SolrRequestInfo upload = SolrRequestInfo.getRequestInfo();
    if (upload != null && isUpload(upload.getReq())) {
      check(upload.getReq().getCore());
    }
  }

  /**
   * Rather than another request, such as a change of the schema, for which the core is reloaded.
   */
  private static boolean isUpload(SolrQueryRequest request) {
    return request != null
        && request.getCore() != null
        && String.valueOf(request.getPath()).startsWith(ManagedFeatureStore.REST_END_POINT);
  }

  /** An error that names the feature, its parameter, the value and the rule; 400 to an upload. */
  protected final SolrException wrong(String parameter, Object value, String rule) {
    return new SolrException(
        ErrorCode.BAD_REQUEST,
        "feature '" + getName() + "': " + parameter + ": " + value + ", " + rule);
  }

  /** The value, which must be there. */
  protected final String required(String parameter, String value) {
    if (value == null || value.isBlank()) {
      throw wrong(parameter, value == null ? "missing" : "'" + value + "'", "must be given");
    }
    return value;
  }

  /** The schema's field of that name. */
  protected final SchemaField schemaField(SolrCore core, String parameter, String field) {
    try {
      return core.getLatestSchema().getField(field);
    } catch (SolrException e) {
      throw wrong(parameter, field, "must be a field of the schema");
    }
  }

  /** A weight that holds nothing more than LTR's own does. */
  protected abstract class BaseWeight extends FeatureWeight {

    protected BaseWeight(
        IndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi) {
      super(CheckedFeature.this, searcher, request, originalQuery, efi);
    }

    /** A scorer over the documents that have a value. */
    protected final FeatureScorer scorer(DocIdSetIterator documents, ValueOfDocument value) {
      return new FeatureScorer(this, documents) {
        @Override
        public float score() throws java.io.IOException {
          return value.get(docID());
        }

        @Override
        public float getMaxScore(int upTo) {
          return Float.POSITIVE_INFINITY;
        }
      };
    }

    /** Declared again so that subclasses see that they may return null. */
    @Override
    public abstract FeatureScorer scorer(LeafReaderContext context) throws java.io.IOException;
  }

  /** The value of the document on which the iterator stands; the id is the segment's. */
  @FunctionalInterface
  protected interface ValueOfDocument {
    float get(int doc) throws java.io.IOException;
  }
}
