package io.github.solrcascade.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.model.LTRScoringModel;
import org.apache.solr.ltr.norm.Normalizer;

/**
 * A short name for a model's content, so that nodes can compare what they have. Not for security:
 * it keeps 64 bits of a SHA-256.
 */
final class Fingerprint {
  private static final int BYTES = 8;

  private Fingerprint() {}

  /**
   * Of the model's class, features, normalizers and parameters.
   *
   * @param origins what its features' values come from, beside their parameters
   */
  static String of(LTRScoringModel model, List<String> origins) {
    StringBuilder text = new StringBuilder(model.getClass().getName());
    for (Feature feature : model.getFeatures()) {
      text.append('\n').append(feature.getClass().getName()).append(feature.getName());
      append(text, feature.paramsToMap());
    }
    for (Normalizer normalizer : model.getNorms()) {
      text.append('\n').append(normalizer.getClass().getName());
      append(text, normalizer.paramsToMap());
    }
    append(text.append('\n'), model.getParams());
    text.append(origins);
    return hash(text.toString());
  }

  /** Maps come in no certain order. */
  private static void append(StringBuilder text, Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, each) -> sorted.put(String.valueOf(key), each));
      text.append('{');
      sorted.forEach(
          (key, each) -> {
            text.append(key).append('=');
            append(text, each);
            text.append(',');
          });
      text.append('}');
    } else if (value instanceof List<?> list) {
      text.append('[');
      list.forEach(
          each -> {
            append(text, each);
            text.append(',');
          });
      text.append(']');
    } else {
      text.append(value);
    }
  }

  private static String hash(String text) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
