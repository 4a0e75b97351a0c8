package io.github.solrcascade.feature;

import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import java.util.Map;
import org.apache.solr.core.PluginBag;
import org.apache.solr.core.SolrCore;
import org.apache.solr.handler.component.SearchComponent;

/** Finds a core's encoders by the names that solrconfig.xml gives them. */
public final class CoreEncoders {

  /** What holds a core's encoders: a search component. */
  public interface Holder {
    /** The encoders of the holder's core, by name. */
    Map<String, Encoder> encoders(SolrCore core);
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

  /** All of the core, by name. */
  public static Map<String, Encoder> all(SolrCore core) {
    PluginBag<SearchComponent> components = core.getSearchComponents();
    return components.keySet().stream()
        .map(components::get)
        .filter(Holder.class::isInstance)
        .map(component -> ((Holder) component).encoders(core))
        .findFirst()
        .orElse(Map.of());
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
    Map<String, Encoder> encoders = all(core);
    Encoder encoder = encoders.get(name);
    if (encoder == null) {
      throw new IllegalArgumentException("must be one of the encoders " + encoders.keySet());
    }
    return encoder;
  }
}
