package io.github.solrcascade.benchmark;

import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.Encoders;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import io.github.solrcascade.tokenvector.MaxSim;
import io.github.solrcascade.tokenvector.TokenVectors;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.apache.lucene.util.BytesRef;

/**
 * MaxSim of a query of 8 tokens with 100 documents of 40, on one core: over bytes, and in plain
 * loops over the same vectors as floats. Then a whole stage of 100 documents, from the query's text
 * to scores: late interaction, whose documents are encoded already, and cross-encoders on the same
 * 100 pairs, which use all cores. Nothing is cached.
 */
final class LateInteractionBenchmark {
  private static final String MODEL = "answerai-colbert-small";
  private static final String QUERY = "android tablet with a large screen";
  private static final int TOKENS = 40;

  /** So often MaxSim runs at a time, for the clock's sake and that of processors that slept. */
  private static final int TIMES = 20;

  private LateInteractionBenchmark() {}

  static void run(PrintStream out) throws Exception {
    LateInteractionEncoder late = (LateInteractionEncoder) acquire(MODEL);
    CrossEncoder teacher = (CrossEncoder) acquire(ModelsBenchmark.TEACHER);
    CrossEncoder student = (CrossEncoder) acquire(ModelsBenchmark.STUDENT);
    try {
      measure(out, late, teacher, student);
    } finally {
      List.<Encoder>of(late, teacher, student).forEach(Encoders::release);
    }
  }

  private static Object acquire(String model) {
    return Encoders.acquire(Path.of("models", model).toAbsolutePath());
  }

  private static void measure(
      PrintStream out, LateInteractionEncoder late, CrossEncoder teacher, CrossEncoder student)
      throws Exception {
    List<String> texts = DemoPairs.ofWords(TOKENS).documents();
    List<float[][]> floats = new ArrayList<>();
    List<BytesRef> stored = new ArrayList<>();
    for (String text : texts) {
      float[][] vectors = late.encodeDocument(text, TOKENS);
      floats.add(vectors);
      stored.add(new BytesRef(TokenVectors.encode(vectors)));
    }
    float[][] query = late.encodeQuery(QUERY);
    requireTokens(query, floats);
    MaxSim maxSim = new MaxSim(query);
    requireAgreement(query, floats, maxSim, stored);
    Map<String, Double> millis =
        new Contest()
            .add("plain loops", () -> repeat(() -> plain(query, floats)))
            .add("MaxSim", () -> repeat(() -> maxima(maxSim, stored)))
            .add("late interaction", () -> maxima(new MaxSim(late.encodeQuery(QUERY)), stored))
            .add("12 layers", () -> teacher.score(QUERY, texts, TOKENS + query.length))
            .add("3 layers", () -> student.score(QUERY, texts, TOKENS + query.length))
            .run(8, 21);
    report(out, millis, stored.get(0).length);
  }

  private static void requireTokens(float[][] query, List<float[][]> documents) {
    if (query.length != 8 || documents.stream().anyMatch(vectors -> vectors.length != TOKENS)) {
      throw new IllegalStateException("the texts have other numbers of tokens than they should");
    }
  }

  /** What is timed computes the same, but for rounding. */
  private static void requireAgreement(
      float[][] query, List<float[][]> floats, MaxSim maxSim, List<BytesRef> stored) {
    for (int i = 0; i < stored.size(); i++) {
      double apart = plain(query, floats.get(i)) - maxSim.sum(stored.get(i));
      if (Math.abs(apart) > 0.01 * query.length) {
        throw new IllegalStateException("plain loops and MaxSim differ by " + apart);
      }
    }
  }

  private static double plain(float[][] query, List<float[][]> documents) {
    double sum = 0;
    for (float[][] document : documents) {
      sum += plain(query, document);
    }
    return sum;
  }

  private static float plain(float[][] query, float[][] document) {
    float sum = 0;
    for (float[] of : query) {
      float best = Float.NEGATIVE_INFINITY;
      for (float[] with : document) {
        float product = 0;
        for (int d = 0; d < of.length; d++) {
          product += of[d] * with[d];
        }
        best = Math.max(best, product);
      }
      sum += best;
    }
    return sum;
  }

  private static double maxima(MaxSim query, List<BytesRef> documents) {
    double sum = 0;
    for (BytesRef document : documents) {
      sum += query.sum(document);
    }
    return sum;
  }

  /** A result that nobody could foresee is looked at, so that none of the work can be left out. */
  private static void repeat(DoubleSupplier work) {
    for (int i = 0; i < TIMES; i++) {
      if (Double.isNaN(work.getAsDouble())) {
        throw new IllegalStateException("not a number");
      }
    }
  }

  private static void report(PrintStream out, Map<String, Double> millis, int bytes) {
    double plain = millis.get("plain loops") / TIMES;
    double maxSim = millis.get("MaxSim") / TIMES;
    double late = millis.get("late interaction");
    double teacher = millis.get("12 layers");
    double student = millis.get("3 layers");
    out.printf(
        Locale.ROOT,
        "100 documents of %d tokens, %,d bytes each, a query of 8 tokens%n"
            + "  MaxSim in plain loops over floats   %8.3f ms%n"
            + "  MaxSim over bytes                   %8.3f ms%n"
            + "the query's text to 100 scores%n"
            + "  late interaction                    %8.2f ms%n"
            + "  %-35s %8.2f ms%n"
            + "  %-35s %8.2f ms%n",
        TOKENS,
        bytes,
        plain,
        maxSim,
        late,
        ModelsBenchmark.TEACHER,
        teacher,
        ModelsBenchmark.STUDENT,
        student);
    out.printf(
        Locale.ROOT,
        "{\"ratio\":%.3f,\"ratioToCrossEncoder\":%.2f,\"crossEncoder\":\"%s\",\"ratioToStudent\":%.2f,"
            + "\"plainMs\":%.4f,\"maxSimMs\":%.4f,\"lateMs\":%.3f,\"crossEncoderMs\":%.2f,"
            + "\"studentMs\":%.2f,\"bytesPerDocument\":%d}%n",
        plain / maxSim,
        teacher / late,
        ModelsBenchmark.TEACHER,
        student / late,
        plain,
        maxSim,
        late,
        teacher,
        student,
        bytes);
  }
}
