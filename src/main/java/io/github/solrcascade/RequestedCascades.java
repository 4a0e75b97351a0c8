package io.github.solrcascade;

import io.github.solrcascade.config.CascadeConfig;
import io.github.solrcascade.config.StageConfig;
import io.github.solrcascade.stage.Cascade;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Cascades that requests put together of the model store's models: {@code
 * models=lexical:200,deep:20}. For logging features and for measuring, before one is configured.
 * Those asked for last are kept, since large trees take a while to make ready.
 *
 * <p>Thread-safe.
 */
final class RequestedCascades {
  /** What such a cascade is called in responses and metrics. */
  static final String NAME = "request";

  private static final int KEPT = 32;

  /** Who configures a cascade bounds its work; who asks for one is bounded here. */
  private static final int MOST_DOCS = 1000;

  private static final String RULE = "must be model:reRankDocs, separated by commas";

  private record Kept(List<Object> seen, Cascade cascade) {}

  private final Map<CascadeConfig, Kept> kept =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CascadeConfig, Kept> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * Reads the local parameter.
   *
   * @throws BadRequest if a stage is malformed, named like another or deeper than the one before
   */
  static CascadeConfig parse(String models) {
    List<StageConfig> stages = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int depth = Integer.MAX_VALUE;
    for (String part : models.split(",", -1)) {
      StageConfig stage = stage(models, part.strip());
      if (!names.add(stage.name())) {
        throw new BadRequest("models", models, "must name each model once");
      }
      if (stage.reRankDocs() > depth) {
        throw new BadRequest("models", models, "must have depths that never grow");
      }
      depth = stage.reRankDocs();
      stages.add(stage);
    }
    return new CascadeConfig(NAME, OptionalInt.empty(), Optional.empty(), List.copyOf(stages));
  }

  private static StageConfig stage(String models, String part) {
    int colon = part.lastIndexOf(':');
    if (colon < 1) {
      throw new BadRequest("models", models, RULE);
    }
    String model = part.substring(0, colon);
    try {
      int docs = Integer.parseInt(part.substring(colon + 1));
      if (docs >= 1 && docs <= MOST_DOCS) {
        return new StageConfig(model, model, docs, Optional.empty());
      }
    } catch (NumberFormatException e) {
      throw new BadRequest("models", models, RULE);
    }
    throw new BadRequest("models", models, "reRankDocs must be from 1 to " + MOST_DOCS);
  }

  /**
   * The cascade of that configuration.
   *
   * @param now what the store holds under its models' names
   * @param load makes it anew, where it is not kept or the store has changed
   */
  synchronized Cascade get(
      CascadeConfig config, List<Object> now, Function<CascadeConfig, Cascade> load) {
    Kept found = kept.get(config);
    if (found == null || !found.seen().equals(now)) {
      found = new Kept(now, load.apply(config));
      kept.put(config, found);
    }
    return found.cascade();
  }
}
