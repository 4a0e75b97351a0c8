package io.github.solrcascade.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.solrcascade.encoder.Manifest.BiEncoderSpec;
import io.github.solrcascade.encoder.Manifest.CrossEncoderSpec;
import io.github.solrcascade.encoder.Manifest.LateInteractionSpec;
import io.github.solrcascade.encoder.Manifest.ProjectionSpec;
import io.github.solrcascade.encoder.Manifest.Speed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Reads {@code model.json} strictly: what is unknown, missing or of the wrong type is an error. */
final class ManifestReader {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern PLAIN_NAME = Pattern.compile("[\\w][\\w.-]*");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final List<String> COMMON =
      List.of("task", "origin", "licence", "files", "maxTokens", "output", "probe", "measured");

  /** The keys that a task alone has. */
  private static final Map<Task, List<String>> SPECIAL =
      Map.of(
          Task.BI_ENCODER, List.of("queryPrefix", "documentPrefix", "pooling", "normalize"),
          Task.CROSS_ENCODER, List.of("logit", "sigmoid"),
          Task.LATE_INTERACTION, List.of("queryPrefix", "documentPrefix", "projection"));

  private final Path file;
  private final JsonNode root;
  private final String path;

  /**
   * @param path what stands before a key in messages
   */
  private ManifestReader(Path file, JsonNode root, String path) {
    this.file = file;
    this.root = root;
    this.path = path;
  }

  /**
   * Reads the folder's manifest; the files that it lists are not looked at.
   *
   * @throws EncoderException with the file, the key, what was found and the rule
   */
  static Manifest read(Path folder) {
    Path file = folder.resolve("model.json");
    try {
      ModelFiles.checkPlace(folder, file);
      return new ManifestReader(file, JSON.readTree(Files.readAllBytes(file)), "").manifest(folder);
    } catch (JsonProcessingException e) {
      throw new EncoderException(file + ": not JSON, " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new EncoderException(file + ": cannot be read, every model folder needs it", e);
    }
  }

  private Manifest manifest(Path folder) {
    refuseUnknownKeys(COMMON, SPECIAL.get(task()));
    return new Manifest(
        String.valueOf(folder.getFileName()),
        task(),
        text("origin"),
        text("licence"),
        files(),
        number("maxTokens", Manifest.LEAST_TOKENS),
        root.has("output") ? text("output") : null,
        speed(),
        switch (task()) {
          case BI_ENCODER -> biEncoder();
          case CROSS_ENCODER -> crossEncoder();
          case LATE_INTERACTION -> lateInteraction();
        });
  }

  /** All else that {@code measured} holds is for people. */
  private Speed speed() {
    JsonNode cost = root.path("measured").path("cost");
    if (cost.isMissingNode()) {
      return null;
    }
    List<String> keys = List.of("command", "ms", "tokenMs");
    String rule = "must be an object of " + keys;
    if (!cost.isObject()) {
      throw wrong("measured.cost", cost, rule);
    }
    ManifestReader reader = new ManifestReader(file, cost, "measured.cost.");
    reader.refuseUnknownKeys(keys, List.of());
    return new Speed(reader.millis("ms"), reader.millis("tokenMs"));
  }

  private double millis(String key) {
    return node(key, value -> value.isNumber() && value.asDouble() >= 0, "must be a number ≥ 0")
        .asDouble();
  }

  private BiEncoderSpec biEncoder() {
    return new BiEncoderSpec(
        text("queryPrefix"), text("documentPrefix"), pooling(), flag("normalize"), vectorProbe());
  }

  private CrossEncoderSpec crossEncoder() {
    return new CrossEncoderSpec(number("logit", 0), flag("sigmoid"), pairProbe());
  }

  private LateInteractionSpec lateInteraction() {
    return new LateInteractionSpec(
        text("queryPrefix"), text("documentPrefix"), projection(), pairProbe());
  }

  private ProjectionSpec projection() {
    if (!root.has("projection")) {
      return null;
    }
    ManifestReader projection = within("projection", List.of("file", "dimensions"));
    String name = projection.text("file");
    if (!files().containsKey(name)) {
      throw projection.wrong("file", name, "must be one of files");
    }
    return new ProjectionSpec(name, projection.number("dimensions", 1));
  }

  private Probe.Pair pairProbe() {
    if (!root.has("probe")) {
      return null;
    }
    ManifestReader probe = within("probe", List.of("query", "document", "score"));
    JsonNode score = probe.node("score", JsonNode::isNumber, "must be a number");
    return new Probe.Pair(probe.text("query"), probe.text("document"), score.asDouble());
  }

  private Probe.Vector vectorProbe() {
    if (!root.has("probe")) {
      return null;
    }
    ManifestReader probe = within("probe", List.of("query", "vector"));
    List<Double> vector = new ArrayList<>();
    probe
        .node("vector", ManifestReader::isNumbers, "must be the vector's first numbers")
        .forEach(number -> vector.add(number.asDouble()));
    return new Probe.Vector(probe.text("query"), List.copyOf(vector));
  }

  /** A reader of an object of exactly these keys. */
  private ManifestReader within(String key, List<String> keys) {
    JsonNode node = node(key, JsonNode::isObject, "must be an object of " + keys);
    ManifestReader within = new ManifestReader(file, node, key + ".");
    within.refuseUnknownKeys(keys, List.of());
    return within;
  }

  private static boolean isNumbers(JsonNode value) {
    boolean numbers = value.isArray() && !value.isEmpty();
    for (JsonNode each : value) {
      numbers &= each.isNumber();
    }
    return numbers;
  }

  private Task task() {
    String label = text("task");
    return Arrays.stream(Task.values())
        .filter(task -> task.label().equals(label))
        .findFirst()
        .orElseThrow(
            () -> wrong("task", label, "must be bi-encoder, cross-encoder or late-interaction"));
  }

  private Pooling pooling() {
    String label = text("pooling");
    return Arrays.stream(Pooling.values())
        .filter(pooling -> pooling.name().toLowerCase(Locale.ROOT).equals(label))
        .findFirst()
        .orElseThrow(() -> wrong("pooling", label, "must be cls, mean or last"));
  }

  private Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    JsonNode node = node("files", JsonNode::isObject, "must be an object of file names and sha256");
    node.fields()
        .forEachRemaining(
            entry -> files.put(entry.getKey(), sha256(entry.getKey(), entry.getValue())));
    for (String needed : List.of(Manifest.MODEL, Manifest.TOKENIZER)) {
      if (!files.containsKey(needed)) {
        throw wrong("files", files.keySet(), "must list " + needed);
      }
    }
    return files;
  }

  private String sha256(String name, JsonNode value) {
    if (!PLAIN_NAME.matcher(name).matches()) {
      throw wrong("files", name, "must be the plain name of a file in the folder");
    }
    if (!SHA256.matcher(value.asText()).matches()) {
      throw wrong("files." + name, value, "must be a sha256 of 64 hexadecimal digits");
    }
    return value.asText();
  }

  private String text(String key) {
    return node(key, JsonNode::isTextual, "must be a string").asText();
  }

  private boolean flag(String key) {
    return node(key, JsonNode::isBoolean, "must be true or false").asBoolean();
  }

  private int number(String key, int least) {
    String rule = "must be a whole number ≥ " + least;
    return node(key, value -> value.isInt() && value.asInt() >= least, rule).asInt();
  }

  private JsonNode node(String key, Predicate<JsonNode> fits, String rule) {
    JsonNode value = root.path(key);
    if (!fits.test(value)) {
      throw wrong(key, value.isMissingNode() ? "missing" : value, rule);
    }
    return value;
  }

  private void refuseUnknownKeys(List<String> common, List<String> special) {
    List<String> known = new ArrayList<>(common);
    known.addAll(special);
    root.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw wrong(key, root.get(key), "unknown key, known: " + known);
              }
            });
  }

  private EncoderException wrong(String key, Object found, String rule) {
    return EncoderException.at(file, path + key + ": " + found, rule);
  }
}
