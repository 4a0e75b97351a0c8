package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.solr.common.util.IOUtils;

/**
 * The node's encoders. A folder is loaded once, however many cores use it, and closed with the last
 * of them; the worker threads live as long as there is an encoder.
 *
 * <p>Thread-safe. One such registry exists for each class loader of the plugin, which is why the
 * plugin belongs into a folder that all cores share.
 */
public final class Encoders {
  private static final Map<Key, Shared> LOADED = new HashMap<>();

  /** No text or pair takes that long: the longest of a large model takes a second or two. */
  private static final long HUNG_MILLIS = 5_000;

  private static final OutputCache CACHE = new OutputCache(0);
  private static final TokenCache TOKENS = new TokenCache(0);

  /** Which part of the cache is for tokens: a document's take the room of two or three scores. */
  private static final int TOKENS_SHARE = 8;

  /** What each core wants of the cache, in MB; the largest counts. */
  private static final List<Integer> CACHE_WANTED = new ArrayList<>();

  private static Workers workers;

  /** A folder whose model.json has changed holds another model, for cores that load from now on. */
  private record Key(Path folder, Manifest manifest) {}

  private static final class Shared {
    private final LoadedModel model;
    private final Encoder encoder;
    private int users;

    Shared(LoadedModel model, Encoder encoder) {
      this.model = model;
      this.encoder = encoder;
    }
  }

  private Encoders() {}

  /**
   * The encoder of a model folder, loaded if it is not yet, or if its {@code model.json} has
   * changed since. Each call wants one {@link #release}.
   *
   * @throws EncoderException if the folder does not hold a model that fits its {@code model.json}
   */
  public static synchronized Encoder acquire(Path folder) {
    Path real = realPath(folder);
    Key key = new Key(real, ManifestReader.read(real));
    Shared shared = LOADED.get(key);
    if (shared == null) {
      shared = load(key);
      LOADED.put(key, shared);
    }
    shared.users++;
    return shared.encoder;
  }

  private static Path realPath(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new EncoderException(folder + ": cannot be read, must be a model folder", e);
    }
  }

  private static Shared load(Key key) {
    Path folder = key.folder();
    Manifest manifest = key.manifest();
    ModelFiles.check(folder, manifest);
    if (workers == null) {
      workers = new Workers(Runtime.getRuntime().availableProcessors(), HUNG_MILLIS);
    }
    LoadedModel model = null;
    try {
      model = new LoadedModel(folder, manifest, workers);
      Encoder encoder =
          switch (manifest.task()) {
            case BI_ENCODER -> new BiEncoder(model, folder, CACHE);
            case CROSS_ENCODER -> new CrossEncoder(model, folder, CACHE, TOKENS);
            case LATE_INTERACTION -> new LateInteractionEncoder(model, folder, CACHE);
          };
      return new Shared(model, encoder);
    } catch (RuntimeException e) {
      IOUtils.closeQuietly(model);
      closeIdleWorkers();
      throw e;
    }
  }

  /** Gives back what {@link #acquire} gave. The last one to do so closes the encoder. */
  public static synchronized void release(Encoder encoder) {
    LOADED
        .values()
        .removeIf(
            shared -> {
              boolean last = shared.encoder == encoder && --shared.users == 0;
              if (last) {
                shared.model.close();
              }
              return last;
            });
    closeIdleWorkers();
  }

  private static void closeIdleWorkers() {
    if (LOADED.isEmpty() && workers != null) {
      workers.close();
      workers = null;
    }
  }

  /**
   * Asks that the node's cache of scores, query vectors and documents' tokens may take so much
   * heap, an eighth of it for tokens. Of several such wishes the largest counts. Each call wants
   * one {@link #releaseCache}.
   *
   * @param megabytes at least 0, which remembers nothing
   */
  public static synchronized void reserveCache(int megabytes) {
    CACHE_WANTED.add(megabytes);
    resizeCache();
  }

  /** Takes a wish back. */
  public static synchronized void releaseCache(int megabytes) {
    CACHE_WANTED.remove((Integer) megabytes);
    resizeCache();
  }

  private static void resizeCache() {
    long largest = CACHE_WANTED.stream().mapToInt(Integer::intValue).max().orElse(0);
    long tokens = (largest << 20) / TOKENS_SHARE;
    TOKENS.resize(tokens);
    CACHE.resize((largest << 20) - tokens);
  }

  /** Scores documents that no cache knows. */
  @FunctionalInterface
  public interface Scoring {
    /** The scores of all these documents, in their order. */
    float[] of(List<String> documents);
  }

  /**
   * The scores of documents for a query by what is no model of this node. What the node's cache
   * holds is not asked for again.
   *
   * @param scorer tells scorers apart
   * @throws OutOfTime if the deadline passes before all are there
   * @throws RuntimeException what the scoring threw
   */
  public static float[] cachedScores(
      String scorer, String query, List<String> documents, Scoring scoring, Deadline deadline) {
    List<OutputKey> keys =
        documents.stream().map(document -> OutputKey.of(scorer, 0, query, document)).toList();
    List<float[]> found =
        CACHE.get(
            keys,
            (missing, done) -> {
              float[] scores = scoring.of(Arrays.stream(missing).mapToObj(documents::get).toList());
              for (int n = 0; n < scores.length; n++) {
                done.accept(n, new float[] {scores[n]});
              }
            },
            deadline);
    float[] scores = new float[found.size()];
    for (int i = 0; i < scores.length; i++) {
      if (found.get(i) == null) {
        throw new OutOfTime(deadline);
      }
      scores[i] = found.get(i)[0];
    }
    return scores;
  }

  /** What the node's cache did since the start and holds now. */
  public static CacheStatistics cacheStatistics() {
    return CACHE.statistics();
  }
}
