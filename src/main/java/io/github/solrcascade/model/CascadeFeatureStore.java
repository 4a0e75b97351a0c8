package io.github.solrcascade.model;

import io.github.solrcascade.feature.UnlinkableFeatures;
import java.util.Map;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.core.SolrResourceLoader;
import org.apache.solr.ltr.store.rest.ManagedFeatureStore;
import org.apache.solr.rest.ManagedResourceStorage.StorageIO;

/**
 * LTR's feature store, but that every feature it cannot take is the uploader's mistake, and so is
 * one whose class would only fail once it is queried.
 */
public final class CascadeFeatureStore extends ManagedFeatureStore {

  /** Called by Solr's RestManager. */
  public CascadeFeatureStore(String resourceId, SolrResourceLoader loader, StorageIO storage)
      throws SolrException {
    super(resourceId, loader, storage);
  }

  @Override
  public synchronized void addFeature(Map<String, Object> feature, String store) {
    UnlinkableFeatures.refuse(String.valueOf(feature.get("name")), feature.get("class"));
    try {
      super.addFeature(feature, store);
    } catch (RuntimeException e) {
      if (e instanceof SolrException solr && solr.code() < 500) {
        throw solr;
      }
      throw new SolrException(
          ErrorCode.BAD_REQUEST, "feature '" + feature.get("name") + "': " + e.getMessage(), e);
    }
  }
}
