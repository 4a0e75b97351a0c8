package io.github.solrcascade.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes rankings as trec_eval and ir_measures read them. */
public final class TrecRun {
  private TrecRun() {}

  /**
   * Writes one line a document: query, Q0, document, rank, score, tag. The score only encodes the
   * rank, since those tools order by it, and equal ones by document id.
   */
  public static void write(Path file, RankerResult result) throws IOException {
    List<String> lines = new ArrayList<>();
    for (QueryResult each : result.queries()) {
      int documents = each.ranking().size();
      for (int i = 0; i < documents; i++) {
        String document = each.ranking().get(i);
        lines.add(
            String.join(
                " ", each.query().id(), "Q0", document, i + 1 + "", documents - i + "", "cascade"));
      }
    }
    Files.write(file, lines);
  }
}
