package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
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
  private volatile Inference inference;

  /** One for the owner and one for each run under way; 0 once the native parts are freed. */
  private final AtomicInteger users = new AtomicInteger(1);

  LoadedModel(Path folder, Manifest manifest, Workers workers) {
    this.manifest = manifest;
    this.id = OutputKey.of(manifest.toString(), 0).toString();
    this.workers = workers;
    this.breaker = new Breaker(manifest.name(), System::nanoTime);
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

  /**
   * Runs a task for each number from 0 to {@code count} − 1 on the node's workers, as many as there
   * is time for.
   */
  void runAll(int count, IntConsumer task, Deadline deadline) {
    workers.runAll(
        count,
        n ->
            guarded(
                () -> {
                  task.accept(n);
                  return null;
                }),
        deadline,
        breaker);
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
