package io.github.solrcascade;

import io.github.solrcascade.config.CascadeConfig;
import io.github.solrcascade.config.ConfigException;
import io.github.solrcascade.config.StageConfig;
import io.github.solrcascade.feature.FeatureSet;
import io.github.solrcascade.model.ModelStores;
import io.github.solrcascade.model.StageModel;
import io.github.solrcascade.stage.Cascade;
import io.github.solrcascade.stage.FailOn;
import io.github.solrcascade.stage.Stage;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.solr.common.SolrException;
import org.apache.solr.core.SolrCore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A core's cascades with their models. When a model in the store changes, the cascade follows with
 * the next request; if the change leaves it unusable, the cascade as it was keeps serving.
 *
 * <p>Thread-safe.
 */
final class CascadeCatalog {
  private static final Logger log = LoggerFactory.getLogger(MethodHandles.lookup().lookupClass());

  /** A cascade, and what the store held when it was last looked at. */
  private record Entry(Cascade cascade, List<Object> seen) {}

  private final SolrCore core;
  private final ModelStores stores;
  private final Map<String, CascadeConfig> configs = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final RequestedCascades requested = new RequestedCascades();

  /**
   * Loads every cascade with its models.
   *
   * @throws ConfigException if a cascade cannot be run as it is configured
   */
  CascadeCatalog(SolrCore core, List<CascadeConfig> configs, ModelStores stores) {
    this.core = core;
    this.stores = stores;
    for (CascadeConfig config : configs) {
      this.configs.put(config.name(), config);
      entries.put(config.name(), new Entry(load(config), snapshot(config)));
    }
  }

  /** The names of all cascades, in the order of the configuration. */
  Set<String> names() {
    return configs.keySet();
  }

  /** The cascade of that name, which must be one of {@link #names}, with its models of now. */
  Cascade get(String name) {
    CascadeConfig config = configs.get(name);
    List<Object> now = snapshot(config);
    if (!entries.get(name).seen().equals(now)) {
      entries.compute(name, (n, old) -> old.seen().equals(now) ? old : reload(config, old, now));
    }
    return entries.get(name).cascade();
  }

  /**
   * A cascade that a request put together, with its models of now.
   *
   * @throws ConfigException if it cannot be run
   */
  Cascade of(CascadeConfig config) {
    return requested.get(config, snapshot(config), this::load);
  }

  private Entry reload(CascadeConfig config, Entry old, List<Object> now) {
    try {
      return new Entry(load(config), now);
    } catch (ConfigException e) {
      log.warn("cascade {} goes on with the models it had: {}", config.name(), e.getMessage());
      return new Entry(old.cascade(), now);
    }
  }

  private List<Object> snapshot(CascadeConfig config) {
    return stores.snapshot(config.stages().stream().map(StageConfig::model).toList());
  }

  private Cascade load(CascadeConfig config) {
    String path = "cascade[" + config.name() + "]";
    FeatureSet features = new FeatureSet();
    List<Stage> stages = new ArrayList<>();
    for (StageConfig stage : config.stages()) {
      String place = path + ".stage[" + (stages.size() + 1) + "].model";
      StageModel model =
          stores
              .load(stage.model(), features)
              .orElseThrow(
                  () -> new ConfigException(place, stage.model(), "must be in the model store"));
      stages.add(
          new Stage(stage.name(), stage.reRankDocs(), model, stage.adaptive(), stage.global()));
    }
    try {
      features.check(core);
    } catch (SolrException e) {
      throw new ConfigException(path + ": " + e.getMessage(), e);
    }
    FailOn failOn =
        config
            .failOn()
            .map(text -> FailOn.valueOf(text.toUpperCase(Locale.ROOT)))
            .orElse(FailOn.NOTHING);
    return new Cascade(config.name(), List.copyOf(stages), features, config.budgetMs(), failOn);
  }
}
