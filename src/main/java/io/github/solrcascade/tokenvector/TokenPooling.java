package io.github.solrcascade.tokenvector;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.VectorUtil;

/**
 * Makes fewer vectors of a document's: the two that are most alike become one, the mean of all
 * tokens in it, until few enough are left.
 *
 * <p>Clavié, Chaffin and Adams, Reducing the Footprint of Multi-Vector Retrieval with Minimal
 * Performance Impact via Token Pooling (2024).
 */
public final class TokenPooling {

  /** Some tokens. */
  private static final class Cluster {
    /** The sum of their vectors. */
    private final float[] sum;

    /** The same of length 1. */
    private final float[] unit;

    Cluster(float[] sum) {
      this.sum = sum;
      this.unit = VectorUtil.l2normalize(sum.clone(), false);
    }

    Cluster with(Cluster other) {
      float[] both = sum.clone();
      for (int i = 0; i < both.length; i++) {
        both[i] += other.sum[i];
      }
      return new Cluster(both);
    }

    float likeness(Cluster other) {
      return VectorUtil.dotProduct(unit, other.unit);
    }
  }

  private TokenPooling() {}

  /**
   * Pools vectors of length 1.
   *
   * @param factor at least 1, which keeps all; the larger, the fewer are left
   * @return one for {@code factor} vectors, rounded up, each of length 1
   */
  public static float[][] pool(float[][] vectors, int factor) {
    int wanted = (vectors.length + factor - 1) / factor;
    List<Cluster> clusters = new ArrayList<>();
    for (float[] vector : vectors) {
      clusters.add(new Cluster(vector));
    }
    float[][] likeness = likeness(clusters);
    while (clusters.size() > wanted) {
      mergeMostAlike(clusters, likeness);
    }
    return clusters.stream().map(cluster -> cluster.unit).toArray(float[][]::new);
  }

  /** Of each two clusters, the later one's row. */
  private static float[][] likeness(List<Cluster> clusters) {
    float[][] likeness = new float[clusters.size()][];
    for (int i = 0; i < likeness.length; i++) {
      likeness[i] = new float[i];
      for (int j = 0; j < i; j++) {
        likeness[i][j] = clusters.get(i).likeness(clusters.get(j));
      }
    }
    return likeness;
  }

  /** The last cluster moves into the place that becomes free. */
  private static void mergeMostAlike(List<Cluster> clusters, float[][] likeness) {
    int later = 1;
    int earlier = 0;
    for (int i = 1; i < clusters.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (likeness[i][j] > likeness[later][earlier]) {
          later = i;
          earlier = j;
        }
      }
    }
    clusters.set(earlier, clusters.get(earlier).with(clusters.get(later)));
    Cluster last = clusters.remove(clusters.size() - 1);
    if (later < clusters.size()) {
      clusters.set(later, last);
      update(clusters, likeness, later);
    }
    update(clusters, likeness, earlier);
  }

  private static void update(List<Cluster> clusters, float[][] likeness, int changed) {
    for (int i = 0; i < clusters.size(); i++) {
      if (i != changed) {
        float of = clusters.get(i).likeness(clusters.get(changed));
        likeness[Math.max(i, changed)][Math.min(i, changed)] = of;
      }
    }
  }
}
