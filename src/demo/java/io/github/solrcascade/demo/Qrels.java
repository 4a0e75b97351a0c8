package io.github.solrcascade.demo;

import java.util.HashMap;
import java.util.Map;

/**
 * Human judgements: the grade of a document for a query. Of two for the same pair the later counts.
 */
public final class Qrels {
  private final Map<String, Map<String, Integer>> grades = new HashMap<>();

  /** Parses lines of TREC's form: query, anything, document, grade. */
  public static Qrels parse(Iterable<String> lines, String file) {
    Qrels qrels = new Qrels();
    int number = 0;
    for (String line : lines) {
      number++;
      if (!line.isBlank()) {
        qrels.add(line.strip().split("\\s+"), file + ":" + number);
      }
    }
    return qrels;
  }

  private void add(String[] columns, String place) {
    if (columns.length != 4) {
      throw new DemoException(place + ": must be: query, 0, document, grade");
    }
    try {
      int grade = Integer.parseInt(columns[3]);
      grades.computeIfAbsent(columns[0], query -> new HashMap<>()).put(columns[2], grade);
    } catch (NumberFormatException e) {
      throw new DemoException(place + ": grade " + columns[3] + ", must be a whole number", e);
    }
  }

  /** The documents judged for a query, with their grades; empty if there are none. */
  public Map<String, Integer> of(String query) {
    return grades.getOrDefault(query, Map.of());
  }

  /** Whether any document was judged relevant: without one, no ranking can be told from another. */
  public boolean hasPositive(String query) {
    return of(query).values().stream().anyMatch(grade -> grade > 0);
  }
}
