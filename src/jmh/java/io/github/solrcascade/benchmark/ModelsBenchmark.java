package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.QueryResult;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.RankerResult;
import io.github.solrcascade.demo.Searcher;
import io.github.solrcascade.demo.Table;
import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Encoders;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Size, speed and quality of the cross-encoders: milliseconds for 100 pairs of 44 tokens, all
 * models in turn, and NDCG@10 of the demo's cascade with each.
 */
final class ModelsBenchmark {
  static final String TEACHER = "ms-marco-minilm-l12-v2";
  static final String STUDENT = "product-reranker-l3";

  private static final int TOKENS = 44;

  /** A model and the demo's cascade that uses it. */
  private record Model(String name, String cascade) {
    Path folder() {
      return Path.of("models", name).toAbsolutePath();
    }

    double megabytes() throws IOException {
      return Files.size(folder().resolve("model.onnx")) / 1e6;
    }
  }

  /** The teacher comes first. */
  private static final List<Model> MODELS =
      List.of(new Model(TEACHER, "teacher"), new Model(STUDENT, "products"));

  private ModelsBenchmark() {}

  static void run(PrintStream out) throws Exception {
    Map<String, Double> nativeMegabytes = new HashMap<>();
    Map<String, Double> millis = speed(nativeMegabytes);
    List<RankerResult> quality = quality();
    double teacher = millis.get(MODELS.get(0).name());
    Table table = new Table();
    table.row("model", "MB", "native MB", "ms for 100 pairs", "× teacher", "NDCG@10");
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < MODELS.size(); i++) {
      Model model = MODELS.get(i);
      double ms = millis.get(model.name());
      double ndcg = quality.get(i).mean(QueryResult::ndcg);
      table.row(
          model.name(),
          format("%.1f", model.megabytes()),
          format("%.0f", nativeMegabytes.get(model.name())),
          format("%.1f", ms),
          format("%.2f", teacher / ms),
          format("%.3f", ndcg));
      entries.add(
          format(
              "{\"name\":\"%s\",\"mb\":%.2f,\"nativeMb\":%.1f,\"ms100\":%.2f,\"ndcg10\":%.6f,\"ratioToTeacher\":%.3f}",
              model.name(),
              model.megabytes(),
              nativeMegabytes.get(model.name()),
              ms,
              ndcg,
              teacher / ms));
    }
    table.lines().forEach(out::println);
    out.println("{\"models\":[" + String.join(",", entries) + "]}");
  }

  /**
   * Milliseconds by model, all in turn.
   *
   * @param nativeMegabytes takes how much the process grew when a model was loaded and first run
   */
  private static Map<String, Double> speed(Map<String, Double> nativeMegabytes) throws Exception {
    DemoPairs pairs = DemoPairs.ofWords(TOKENS);
    Contest contest = new Contest();
    List<CrossEncoder> encoders = new ArrayList<>();
    for (Model model : MODELS) {
      double before = residentMegabytes();
      CrossEncoder encoder = (CrossEncoder) Encoders.acquire(model.folder());
      encoder.score(pairs.query(), pairs.documents(), TOKENS);
      nativeMegabytes.put(model.name(), residentMegabytes() - before);
      encoders.add(encoder);
      contest.add(model.name(), () -> encoder.score(pairs.query(), pairs.documents(), TOKENS));
    }
    try {
      return contest.run(3, 21);
    } finally {
      encoders.forEach(Encoders::release);
    }
  }

  /** Of this process, as Linux tells; not a number elsewhere. */
  private static double residentMegabytes() throws IOException {
    System.gc();
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return Double.NaN;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1000)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static List<RankerResult> quality() throws Exception {
    try (DemoSolr demo = DemoSolr.start(0)) {
      List<Ranker> rankers =
          MODELS.stream()
              .map(model -> Ranker.ofCascade(model.name(), model.cascade(), ""))
              .toList();
      return new Evaluation(demo.set(), new Searcher(demo.client())).run(rankers, () -> {});
    }
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
