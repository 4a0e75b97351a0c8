package io.github.solrcascade.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line.
 *
 * @param once stop after the table
 * @param cloud measure a SolrCloud of several shards, and compare it with one core
 * @param port where Solr listens; 0 for any free one
 * @param cascade the cascade that is measured
 * @param data a judged set's folder
 * @param run where the whole cascade's rankings go, in TREC's run format
 */
public record Options(
    boolean once, boolean cloud, int port, String cascade, Path data, Optional<Path> run) {

  /** What {@code --help} prints. */
  public static final String USAGE =
      """
      Usage: scripts/demo [--once] [--cloud] [--port N] [--cascade NAME] [--data DIR] [--run FILE]

        --once          stop after the table
        --cloud         a SolrCloud: 3 nodes, 3 shards of 2 replicas, compared with one core
        --port N        where Solr listens (8983; 0 for any free port)
        --cascade NAME  the cascade to measure (products); teacher: with 12 layers, late: with late
                        interaction, each fetched if need be
        --data DIR      a judged set: a folder with queries.tsv, qrels.txt, fields.json, documents
        --run FILE      also write the cascade's rankings, in TREC's run format
      """;

  private static final List<String> WITHOUT_VALUE = List.of("--once", "--cloud");
  private static final List<String> WITH_VALUE = List.of("--port", "--cascade", "--data", "--run");

  /** A command line that is refused; the message names the option, its value and the rule. */
  public static final class Mistake extends Exception {
    private static final long serialVersionUID = 1;

    Mistake(String option, String value, String rule) {
      super(option + ": " + value + ", " + rule);
    }
  }

  /**
   * Reads the command line.
   *
   * @param catalogue the judged set where {@code --data} is not given
   */
  public static Options parse(Path catalogue, String... arguments) throws Mistake {
    Map<String, String> given = given(arguments);
    return new Options(
        given.containsKey("--once"),
        given.containsKey("--cloud"),
        port(given.getOrDefault("--port", "8983")),
        cascade(given.getOrDefault("--cascade", "products")),
        given.containsKey("--data") ? data(given.get("--data")) : catalogue,
        given.containsKey("--run") ? Optional.of(run(given.get("--run"))) : Optional.empty());
  }

  private static Map<String, String> given(String... arguments) throws Mistake {
    Map<String, String> given = new HashMap<>();
    Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
    while (!rest.isEmpty()) {
      String option = rest.pop();
      boolean takesValue = WITH_VALUE.contains(option);
      if (!takesValue && !WITHOUT_VALUE.contains(option)) {
        throw new Mistake(
            option, "unknown option", "known: " + join(WITHOUT_VALUE) + ", " + join(WITH_VALUE));
      }
      if (takesValue && (rest.isEmpty() || rest.peek().startsWith("--"))) {
        throw new Mistake(option, "no value", "must be followed by one");
      }
      String value = takesValue ? rest.pop() : "";
      if (given.putIfAbsent(option, value) != null) {
        throw new Mistake(option, "given twice", "must be given once");
      }
    }
    return given;
  }

  private static String join(List<String> options) {
    return String.join(", ", options);
  }

  private static int port(String value) throws Mistake {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
      throw new Mistake("--port", value, "must be a number from 0 to 65535");
    }
    return Integer.parseInt(value);
  }

  private static String cascade(String value) throws Mistake {
    if (!value.matches("[\\w.-]+")) {
      throw new Mistake("--cascade", value, "must be letters, digits, '_', '.' and '-'");
    }
    return value;
  }

  private static Path data(String value) throws Mistake {
    Path folder = Path.of(value).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new Mistake("--data", value, "must be a folder");
    }
    if (folder.getFileName() == null || !folder.getFileName().toString().matches("\\w[\\w.-]*")) {
      throw new Mistake(
          "--data", value, "its name must be letters, digits, '_', '.' and '-': it names a core");
    }
    return folder;
  }

  private static Path run(String value) throws Mistake {
    Path file = Path.of(value).toAbsolutePath().normalize();
    if (Files.isDirectory(file) || !Files.isDirectory(file.getParent())) {
      throw new Mistake("--run", value, "must be a file in a folder that exists");
    }
    return file;
  }
}
