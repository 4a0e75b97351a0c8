package io.github.solrcascade.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.apache.solr.common.util.NamedList;

/**
 * A {@code <lst>} of solrconfig.xml that knows its path and is read strictly: unknown keys, wrong
 * types and repeated keys are errors.
 */
final class ConfigNode {
  private final String path;
  private final Map<String, List<Object>> values = new LinkedHashMap<>();

  ConfigNode(String path, NamedList<?> list) {
    this.path = path;
    list.forEach((key, value) -> values.computeIfAbsent(key, k -> new ArrayList<>()).add(value));
  }

  /** Refuses every key that is not in {@code known}. */
  ConfigNode only(String... known) {
    Set<String> allowed = new TreeSet<>(List.of(known));
    for (String key : values.keySet()) {
      if (!allowed.contains(key)) {
        throw new ConfigException(
            at(key), values.get(key).get(0), "unknown key, known: " + allowed);
      }
    }
    return this;
  }

  String path() {
    return path;
  }

  /**
   * The text at {@code key}, or {@code absent} if there is none; null means that it must be there.
   */
  String text(String key, String absent) {
    Object value = single(key, absent);
    if (!(value instanceof String text) || text.isBlank()) {
      throw new ConfigException(at(key), value, "must be a non-empty <str>");
    }
    return text;
  }

  /** The whole number at {@code key}, which must be there, at least {@code least}. */
  int number(String key, int least) {
    return number(key, least, null);
  }

  /** The same, or {@code absent} if there is none; null means that it must be there. */
  int number(String key, int least, Integer absent) {
    Object value = single(key, absent);
    if (!(value instanceof Integer number)) {
      throw new ConfigException(at(key), value, "must be an <int>");
    }
    if (number < least) {
      throw new ConfigException(at(key), number, "must be ≥ " + least);
    }
    return number;
  }

  /** The same, if there is one. */
  OptionalInt optionalNumber(String key, int least) {
    return values.containsKey(key) ? OptionalInt.of(number(key, least)) : OptionalInt.empty();
  }

  /** The text at {@code key}, one of a few, if there is one. */
  Optional<String> optionalChoice(String key, List<String> choices) {
    if (!values.containsKey(key)) {
      return Optional.empty();
    }
    String text = text(key, null);
    if (!choices.contains(text)) {
      throw new ConfigException(at(key), text, "must be one of " + choices);
    }
    return Optional.of(text);
  }

  /** The number at {@code key}, at least 0, if there is one. */
  Optional<Float> optionalMargin(String key) {
    if (!values.containsKey(key)) {
      return Optional.empty();
    }
    Object value = single(key, null);
    if (!(value instanceof Float margin)) {
      throw new ConfigException(at(key), value, "must be a <float>");
    }
    if (!(margin >= 0 && Float.isFinite(margin))) {
      throw new ConfigException(at(key), margin, "must be ≥ 0");
    }
    return Optional.of(margin);
  }

  /** Whether there is anything at {@code key}. */
  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Whether {@code enable}, as Solr's own plugins have it, is not there or true. */
  boolean isEnabled() {
    Object value = single("enable", true);
    if (!(value instanceof Boolean enabled)) {
      throw new ConfigException(at("enable"), value, "must be a <bool>");
    }
    return enabled;
  }

  /** Every {@code <lst>} of that name, in order, under the path {@code label[1]}, {@code [2]}, … */
  List<ConfigNode> lists(String key) {
    List<ConfigNode> nodes = new ArrayList<>();
    for (Object value : values.getOrDefault(key, List.of())) {
      String place = at(key) + "[" + (nodes.size() + 1) + "]";
      if (!(value instanceof NamedList<?> list)) {
        throw new ConfigException(place, value, "must be a <lst>");
      }
      nodes.add(new ConfigNode(place, list));
    }
    return nodes;
  }

  /** This node under a path that shows its name instead of its number. */
  ConfigNode named(String parent) {
    ConfigNode renamed = new ConfigNode(parent + "[" + text("name", null) + "]", new NamedList<>());
    renamed.values.putAll(values);
    return renamed;
  }

  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Object single(String key, Object absent) {
    List<Object> found = values.getOrDefault(key, List.of());
    if (found.size() > 1) {
      throw new ConfigException(at(key), found, "must be given once");
    }
    if (found.isEmpty() && absent == null) {
      throw new ConfigException(at(key), "missing", "must be given");
    }
    return found.isEmpty() ? absent : found.get(0);
  }
}
