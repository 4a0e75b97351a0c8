package io.github.solrcascade.feature;

import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import io.github.solrcascade.remote.RemoteReranker;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.solr.core.PluginBag;
import org.apache.solr.core.SolrCore;
import org.apache.solr.handler.component.SearchComponent;

/** Finds a core's encoders, and its rerankers, by the names that solrconfig.xml gives them. */
public final class CoreEncoders {

  /** What holds a core's encoders: a search component. */
  public interface Holder {
    /** The encoders of the holder's core, by name. */
    Map<String, Encoder> encoders(SolrCore core);

    /** The rerankers behind HTTP that the holder's core may call, by name. */
    Map<String, RemoteReranker> rerankers(SolrCore core);
  }

  private CoreEncoders() {}

  /**
   * The bi-encoder of that name.
   *
   * @throws IllegalArgumentException if there is none, or it is of another kind
   */
  public static BiEncoder biEncoder(SolrCore core, String name) {
    return (BiEncoder) find(core, name, BiEncoder.class, "bi-encoder");
  }

  /**
   * The cross-encoder of that name.
   *
   * @throws IllegalArgumentException if there is none, or it is of another kind
   */
  public static CrossEncoder crossEncoder(SolrCore core, String name) {
    return (CrossEncoder) find(core, name, CrossEncoder.class, "cross-encoder");
  }

  /**
   * The late-interaction encoder of that name.
   *
   * @throws IllegalArgumentException if there is none, or it is of another kind
   */
  public static LateInteractionEncoder lateInteraction(SolrCore core, String name) {
    return (LateInteractionEncoder)
        find(core, name, LateInteractionEncoder.class, "late-interaction encoder");
  }

  /** All encoders of the core, by name. */
  public static Map<String, Encoder> all(SolrCore core) {
    return held(core, Holder::encoders);
  }

  private static Encoder find(
      SolrCore core, String name, Class<? extends Encoder> type, String kind) {
    Encoder encoder = find(core, name);
    if (!type.isInstance(encoder)) {
      throw new IllegalArgumentException("must be a " + kind);
    }
    return encoder;
  }

  /**
   * The encoder of that name, of whatever kind.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Encoder find(SolrCore core, String name) {
    return find(all(core), name, "encoders");
  }

  /**
   * The reranker behind HTTP of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static RemoteReranker reranker(SolrCore core, String name) {
    return find(held(core, Holder::rerankers), name, "rerankers");
  }

  private static <T> Map<String, T> held(
      SolrCore core, BiFunction<Holder, SolrCore, Map<String, T>> of) {
    PluginBag<SearchComponent> components = core.getSearchComponents();
    return components.keySet().stream()
        .map(components::get)
        .filter(Holder.class::isInstance)
        .map(component -> of.apply((Holder) component, core))
        .findFirst()
        .orElse(Map.of());
  }

  private static <T> T find(Map<String, T> held, String name, String kinds) {
    T found = held.get(name);
    if (found == null) {
      throw new IllegalArgumentException("must be one of the " + kinds + " " + held.keySet());
    }
    return found;
  }
}
