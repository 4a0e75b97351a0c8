package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.encoder.Manifest.Speed;
import io.github.solrcascade.encoder.Workers.Load;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.solr.common.util.IOUtils;

/**
 * A model folder's native parts, and the workers that run them.
 *
 * <p>Closing waits for nobody: the last run that is under way frees them. So a request that still
 * runs when its core closes gets an answer or an exception, never freed memory.
 */
final class LoadedModel implements AutoCloseable {
  /** Runs the graph for one text or pair. Tests put their faults in between. */
  @FunctionalInterface
  interface Inference {
    Output run(Tokens tokens);
  }

  private final Manifest manifest;
  private final String id;
  private final Workers workers;
  private final Tokenizer tokenizer;
  private final Graph graph;
  private final Breaker breaker;
  private final RunStatistics statistics = new RunStatistics();
  private volatile Inference inference;

  /** Null until the model was tried. */
  private volatile RunCost cost;

  /** One for the owner and one for each run under way; 0 once the native parts are freed. */
  private final AtomicInteger users = new AtomicInteger(1);

  LoadedModel(Path folder, Manifest manifest, Workers workers) {
    this.manifest = manifest;
    this.id = OutputKey.of(manifest.toString(), 0).toString();
    this.workers = workers;
    this.breaker = new Breaker("model '" + manifest.name() + "'", System::nanoTime);
    this.tokenizer = new Tokenizer(folder.resolve(Manifest.TOKENIZER), manifest.maxTokens());
    try {
      this.graph = new Graph(folder.resolve(Manifest.MODEL), manifest.output());
    } catch (EncoderException e) {
      tokenizer.close();
      throw e;
    }
    this.inference = graph::run;
  }

  /** Whether the model is switched off, since it failed again and again. */
  boolean isSwitchedOff() {
    return breaker.isOpen();
  }

  /** Changes what runs the graph. */
  void runThrough(UnaryOperator<Inference> change) {
    inference = change.apply(inference);
  }

  Manifest manifest() {
    return manifest;
  }

  /** Tells models apart by content: a digest of what model.json says, its files' among it. */
  String id() {
    return id;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  Graph graph() {
    return graph;
  }

  /** The graph's output for the tokens, padded first where the graph takes but one length. */
  Output infer(Tokens tokens) {
    int fixed = graph.fixedTokens();
    return inference.run(
        fixed == 0 ? tokens : tokens.padded(fixed, tokenizer.vocabulary().padding()));
  }

  /** Says what a run takes at first; called once, after the trial. */
  void startsAt(Speed speed) {
    cost = new RunCost(speed);
  }

  /** What a run takes. */
  RunCost cost() {
    return cost;
  }

  /** How it fares. */
  EncoderStatistics statistics() {
    return new EncoderStatistics(
        isSwitchedOff(),
        cost.runs(),
        statistics.refused(),
        cost.millis(0.5),
        cost.millis(0.99),
        statistics.queueMillis(0.5),
        statistics.queueMillis(0.99));
  }

  /**
   * Refuses what no model can reckon with.
   *
   * @throws EncoderException if one of the values is no finite number
   */
  void checkFinite(float... values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new EncoderException("model '" + manifest.name() + "' gave " + value, null);
      }
    }
  }

  /**
   * Runs a task for each text on the node's workers, for as many as there is time for.
   *
   * @param characters how long each text is
   * @param maxTokens where they are cut
   * @param nanosLeft when all must be done to be of use; very many if none is to be refused
   */
  void runAll(
      int[] characters, int maxTokens, long nanosLeft, IntConsumer task, Deadline deadline) {
    Load load = new Load(characters.length, cost.estimate(characters, maxTokens), nanosLeft);
    IntConsumer timed =
        n -> {
          long start = System.nanoTime();
          task.accept(n);
          cost.add(characters[n], maxTokens, System.nanoTime() - start);
        };
    int admitted =
        workers.runAll(
            load,
            n ->
                guarded(
                    () -> {
                      timed.accept(n);
                      return null;
                    }),
            deadline,
            breaker,
            statistics);
    if (admitted == 0 && load.nanosEach() > nanosLeft) {
      cost.forget();
    }
  }

  /** The same for one text. */
  void runOne(String text, int maxTokens, long nanosLeft, Runnable task, Deadline deadline) {
    runAll(new int[] {text.length()}, maxTokens, nanosLeft, n -> task.run(), deadline);
  }

  /** A text's tokens. */
  Piece piece(String text) {
    return guarded(() -> tokenizer.piece(text));
  }

  private <T> T guarded(Supplier<T> task) {
    if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
      throw new IllegalStateException("model '" + manifest.name() + "' is closed");
    }
    try {
      return task.get();
    } finally {
      leave();
    }
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      IOUtils.closeQuietly(tokenizer);
      IOUtils.closeQuietly(graph);
    }
  }

  /** Called once, by the owner. */
  @Override
  public void close() {
    leave();
  }
}
