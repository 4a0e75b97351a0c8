package io.github.solrcascade.benchmark;

import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Encoders;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * 100 pairs, three ways, the same ONNX file, runtime and number of threads: all in one padded
 * batch, as most libraries do; the plugin's way, from text to score; and its floor, pairs tokenized
 * beforehand and run one by one. The first depends on a pair's company, the others do not.
 *
 * <p>The plugin's caches are on, but each round asks a query that is new to them: one blank more,
 * which changes no token. So it scores every pair, of documents that other queries found before.
 */
final class CrossEncoderBenchmark {
  private static final int MAX_TOKENS = 128;
  private static final int CACHE_MB = 64;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final List<String> MODELS =
      List.of(ModelsBenchmark.TEACHER, ModelsBenchmark.STUDENT);

  private CrossEncoderBenchmark() {}

  static void run(PrintStream out) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String model : MODELS) {
      lines.add(measure(out, model));
    }
    String first = lines.get(0);
    out.println(
        first.substring(0, first.length() - 1) + ",\"models\":[" + String.join(",", lines) + "]}");
  }

  private static String measure(PrintStream out, String model) throws Exception {
    Path folder = Path.of("models", model).toAbsolutePath();
    DemoPairs pairs = DemoPairs.read();
    Encoders.reserveCache(CACHE_MB);
    CrossEncoder encoder = (CrossEncoder) Encoders.acquire(folder);
    AtomicInteger blanks = new AtomicInteger();
    try (RawSession batched = new RawSession(folder, List.of(pairs), MAX_TOKENS, THREADS, 1);
        RawSession single = new RawSession(folder, List.of(pairs), MAX_TOKENS, 1, THREADS)) {
      Map<String, Double> millis =
          new Contest()
              .add("padded batch", batched::batch)
              .add(
                  "solr-cascade",
                  () -> {
                    String query = pairs.query() + " ".repeat(blanks.incrementAndGet());
                    encoder.score(query, pairs.documents(), MAX_TOKENS);
                  })
              .add("floor", single::singles)
              .run(3, 15);
      return report(out, model, single.meanTokens(), millis);
    } finally {
      Encoders.release(encoder);
      Encoders.releaseCache(CACHE_MB);
    }
  }

  private static String report(
      PrintStream out, String model, double tokens, Map<String, Double> millis) {
    out.printf(
        Locale.ROOT, "%s: 100 pairs, mean %.0f tokens, %d threads%n", model, tokens, THREADS);
    millis.forEach((way, ms) -> out.printf(Locale.ROOT, "  %-14s %8.1f ms%n", way, ms));
    double ours = millis.get("solr-cascade");
    return String.format(
        Locale.ROOT,
        "{\"model\":\"%s\",\"ratio\":%.3f,\"toFloor\":%.3f,\"batchMs\":%.1f,\"oursMs\":%.1f,"
            + "\"floorMs\":%.1f}",
        model,
        millis.get("padded batch") / ours,
        ours / millis.get("floor"),
        millis.get("padded batch"),
        ours,
        millis.get("floor"));
  }
}
