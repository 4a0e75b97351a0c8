package io.github.solrcascade.feature;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.lucene.search.Query;
import org.apache.solr.common.SolrException;
import org.apache.solr.core.SolrCore;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.request.SolrQueryRequest;

/**
 * The features that a cascade's models read, each once: the columns of its feature matrix.
 *
 * <p>Immutable once the models are added; equal if the features are.
 */
public final class FeatureSet {
  private final List<Feature> features = new ArrayList<>();

  /** The columns of these features, new ones behind those that are already there. */
  public int[] add(List<Feature> wanted) {
    return wanted.stream().mapToInt(this::columnOf).toArray();
  }

  private int columnOf(Feature feature) {
    if (!features.contains(feature)) {
      features.add(feature);
    }
    return features.indexOf(feature);
  }

  /** How many columns there are. */
  public int size() {
    return features.size();
  }

  /** The feature's name. */
  public String name(int column) {
    return features.get(column).getName();
  }

  /** The feature as explanations show it. */
  public String describe(int column) {
    return features.get(column).toString();
  }

  Feature get(int column) {
    return features.get(column);
  }

  /** The feature, if its values come from a reranker behind HTTP. */
  public Optional<RemoteRerankFeature> remote(int column) {
    return get(column) instanceof RemoteRerankFeature remote
        ? Optional.of(remote)
        : Optional.empty();
  }

  /**
   * Checks every feature of ours against the core.
   *
   * @throws SolrException with the feature, the parameter, the value and the rule
   */
  public void check(SolrCore core) {
    for (Feature feature : features) {
      UnlinkableFeatures.refuse(feature.getName(), feature.getClass().getName());
      if (feature instanceof CheckedFeature checked) {
        checked.check(core);
      }
    }
  }

  /** What these columns' values come from beside their features' parameters, such as a model. */
  public List<String> origins(SolrCore core, int... columns) {
    return IntStream.of(columns)
        .mapToObj(this::get)
        .map(feature -> feature instanceof CheckedFeature ours ? ours.origin(core) : "")
        .toList();
  }

  /** The queries whose scores are values, for their terms' statistics. */
  public List<Query> queries(SolrQueryRequest request, Map<String, String[]> efi) {
    return features.stream()
        .filter(QueryFeature.class::isInstance)
        .map(feature -> ((QueryFeature) feature).query(request, efi))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The instants on which values depend, for cache keys. */
  public List<Long> instants(Date now, Map<String, List<String>> efi) {
    return IntStream.range(0, size())
        .mapToObj(this::get)
        .filter(TimedFeature.class::isInstance)
        .map(feature -> ((TimedFeature) feature).instant(now, efi))
        .toList();
  }

  /** Whether a value depends on who asks, so that the page is for nobody else. */
  public boolean isPersonal(Map<String, List<String>> efi) {
    return features.stream()
        .anyMatch(feature -> feature instanceof PersonalFeature own && own.isPersonal(efi));
  }
}
