package io.github.solrcascade.model;

import io.github.solrcascade.feature.FeatureSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.core.SolrCore;
import org.apache.solr.core.SolrResourceLoader;
import org.apache.solr.ltr.store.rest.ManagedFeatureStore;
import org.apache.solr.ltr.store.rest.ManagedModelStore;
import org.apache.solr.rest.ManagedResource;
import org.apache.solr.rest.ManagedResourceObserver;

/**
 * A core's LTR stores. They are LTR's own, with its REST endpoints and files; where LTR's query
 * parser is not configured, nobody else registers them, so this does.
 *
 * <p>Thread-safe.
 */
public final class ModelStores {
  private final SolrCore core;

  /** Registers the stores if they are not there yet. */
  public ModelStores(SolrCore core) {
    this.core = core;
    if (core.getRestManager().getManagedResourceOrNull(ManagedModelStore.REST_END_POINT) == null) {
      register(core.getResourceLoader());
    }
  }

  private static void register(SolrResourceLoader loader) {
    Wiring wiring = new Wiring();
    loader
        .getManagedResourceRegistry()
        .registerManagedResource(
            ManagedFeatureStore.REST_END_POINT, CascadeFeatureStore.class, wiring);
    ManagedModelStore.registerManagedModelStore(loader, wiring);
  }

  /** Gives the model store its feature store, then loads the models that a file holds. */
  private static final class Wiring implements ManagedResourceObserver {
    private ManagedFeatureStore features;

    @Override
    public void onManagedResourceInitialized(NamedList<?> args, ManagedResource resource)
        throws SolrException {
      if (resource instanceof ManagedFeatureStore store) {
        features = store;
      } else if (resource instanceof ManagedModelStore models) {
        models.setManagedFeatureStore(features);
        models.loadStoredModels();
      }
    }
  }

  /** The model of that name, its features added to the set; empty if the store has none. */
  public Optional<StageModel> load(String name, FeatureSet features) {
    return Optional.ofNullable(store().getModel(name))
        .map(model -> new StageModel(model, features));
  }

  /** What the store holds under these names, null where nothing: differs when one was changed. */
  public List<Object> snapshot(List<String> names) {
    List<Object> models = new ArrayList<>();
    for (String name : names) {
      models.add(store().getModel(name));
    }
    return models;
  }

  private ManagedModelStore store() {
    return ManagedModelStore.getManagedModelStore(core);
  }
}
