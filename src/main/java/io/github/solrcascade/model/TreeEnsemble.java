package io.github.solrcascade.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.model.MultipleAdditiveTreesModel;

/**
 * LTR's {@code MultipleAdditiveTreesModel} in flat arrays, scoring many documents at once, with the
 * same result to the bit.
 *
 * <p>A node does not ask each document: the documents are sorted once by each feature, so those
 * that go left at a threshold are a prefix of them, kept as a bit set. A set of documents walks
 * down a tree by two bitwise operations a node, and leaves that nobody reaches cost nothing.
 * Thresholds are kept sorted by feature, as in Lucchese et al., QuickScorer (2015), so that one
 * merge finds the prefixes of all nodes.
 *
 * <p>Immutable and thread-safe.
 */
final class TreeEnsemble {
  /** What LTR adds to each threshold. */
  private static final float NODE_SPLIT_SLACK = 1E-6f;

  private static final int LEAF = -1;

  private final int[] roots;
  private final int[] featureOf;
  private final float[] thresholdOf;
  private final int[] leftOf;
  private final int[] rightOf;

  /** A leaf's value, its tree's weight in it; 0 for other nodes. */
  private final float[] outputOf;

  /** The inner nodes of each feature, by ascending threshold. */
  private final int[][] nodesByFeature;

  private TreeEnsemble(Builder builder, int features) {
    roots = builder.roots.stream().mapToInt(Integer::intValue).toArray();
    int nodes = builder.nodes.size();
    featureOf = new int[nodes];
    thresholdOf = new float[nodes];
    leftOf = new int[nodes];
    rightOf = new int[nodes];
    outputOf = new float[nodes];
    for (int i = 0; i < nodes; i++) {
      Node node = builder.nodes.get(i);
      featureOf[i] = node.feature;
      thresholdOf[i] = node.threshold;
      leftOf[i] = node.left;
      rightOf[i] = node.right;
      outputOf[i] = node.output;
    }
    nodesByFeature = IntStream.range(0, features).mapToObj(this::sortedNodes).toArray(int[][]::new);
  }

  private int[] sortedNodes(int feature) {
    return IntStream.range(0, featureOf.length)
        .filter(node -> featureOf[node] == feature)
        .boxed()
        .sorted(Comparator.comparingDouble(node -> thresholdOf[node]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The same trees, read from the model's parameters. */
  static TreeEnsemble of(MultipleAdditiveTreesModel model) {
    Builder builder = new Builder(model.getFeatures());
    for (Object tree : (List<?>) model.getParams().get("trees")) {
      builder.addTree((Map<?, ?>) tree);
    }
    return new TreeEnsemble(builder, model.getFeatures().size());
  }

  /**
   * Scores documents.
   *
   * @param columns for each feature the documents' values, normalized; NaN goes right
   * @param count how many documents there are
   */
  float[] score(float[][] columns, int count) {
    float[] scores = new float[count];
    for (int first = 0; first < count; first += Block.SIZE) {
      Block block = new Block(columns, first, Math.min(Block.SIZE, count - first), scores);
      for (int root : roots) {
        block.walkAll(root);
      }
    }
    return scores;
  }

  /** So many documents that a set of them is four longs, which fit into a processor's registers. */
  private final class Block {
    static final int SIZE = 4 * Long.SIZE;
    private static final int WORDS = 4;

    private final int first;
    private final int count;
    private final float[] scores;

    /** The documents that go left, one set behind the other: for n of a feature, its first n. */
    private final long[] prefixes;

    /** By node: where in {@link #prefixes} its set begins. */
    private final int[] prefixOf = new int[featureOf.length];

    private final long[] all = new long[WORDS];

    Block(float[][] columns, int first, int count, float[] scores) {
      this.first = first;
      this.count = count;
      this.scores = scores;
      prefixes = new long[columns.length * (count + 1) * WORDS];
      for (int feature = 0; feature < columns.length; feature++) {
        if (nodesByFeature[feature].length > 0) {
          sort(feature, columns[feature]);
        }
      }
      for (int doc = 0; doc < count; doc++) {
        all[doc / Long.SIZE] |= 1L << doc;
      }
    }

    private void sort(int feature, float[] column) {
      int[] docs = sortedDocs(column);
      int start = feature * (count + 1) * WORDS;
      for (int n = 1; n <= count; n++) {
        int at = start + n * WORDS;
        System.arraycopy(prefixes, at - WORDS, prefixes, at, WORDS);
        prefixes[at + docs[n - 1] / Long.SIZE] |= 1L << docs[n - 1];
      }
      int n = 0;
      for (int node : nodesByFeature[feature]) {
        while (n < count && column[first + docs[n]] <= thresholdOf[node]) {
          n++;
        }
        prefixOf[node] = start + n * WORDS;
      }
    }

    /** By value, NaN last; a document's number rides in the low bits of a sortable long. */
    private int[] sortedDocs(float[] column) {
      long[] keys = new long[count];
      for (int doc = 0; doc < count; doc++) {
        int bits = Float.floatToIntBits(column[first + doc]);
        int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        keys[doc] = ((long) ascending << Integer.SIZE) | doc;
      }
      Arrays.sort(keys);
      int[] docs = new int[count];
      for (int n = 0; n < count; n++) {
        docs[n] = (int) keys[n];
      }
      return docs;
    }

    /** Sends all documents down a tree. */
    void walkAll(int root) {
      walk(root, all[0], all[1], all[2], all[3]);
    }

    /** Sends a set of documents, of four words, down from a node. */
    private void walk(int from, long first, long second, long third, long fourth) {
      long a = first;
      long b = second;
      long c = third;
      long d = fourth;
      int node = from;
      while (featureOf[node] != LEAF) {
        int prefix = prefixOf[node];
        long leftA = a & prefixes[prefix];
        long leftB = b & prefixes[prefix + 1];
        long leftC = c & prefixes[prefix + 2];
        long leftD = d & prefixes[prefix + 3];
        if ((leftA | leftB | leftC | leftD) != 0) {
          walk(leftOf[node], leftA, leftB, leftC, leftD);
        }
        a ^= leftA;
        b ^= leftB;
        c ^= leftC;
        d ^= leftD;
        if ((a | b | c | d) == 0) {
          return;
        }
        node = rightOf[node];
      }
      add(0, a, outputOf[node]);
      add(Long.SIZE, b, outputOf[node]);
      add(2 * Long.SIZE, c, outputOf[node]);
      add(3 * Long.SIZE, d, outputOf[node]);
    }

    private void add(int offset, long docs, float output) {
      for (long left = docs; left != 0; left &= left - 1) {
        scores[first + offset + Long.numberOfTrailingZeros(left)] += output;
      }
    }
  }

  private record Node(int feature, float threshold, int left, int right, float output) {}

  /** Reads LTR's nested maps. */
  private static final class Builder {
    private final Map<String, Integer> features = new HashMap<>();
    private final List<Integer> roots = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    Builder(List<Feature> features) {
      features.forEach(feature -> this.features.put(feature.getName(), this.features.size()));
    }

    void addTree(Map<?, ?> tree) {
      roots.add(add((Map<?, ?>) tree.get("root"), number(tree.get("weight"))));
    }

    private int add(Map<?, ?> node, float weight) {
      int place = nodes.size();
      nodes.add(null);
      nodes.set(place, node.containsKey("feature") ? inner(node, weight) : leaf(node, weight));
      return place;
    }

    private Node inner(Map<?, ?> node, float weight) {
      int left = add((Map<?, ?>) node.get("left"), weight);
      int right = add((Map<?, ?>) node.get("right"), weight);
      float threshold = number(node.get("threshold")) + NODE_SPLIT_SLACK;
      return new Node(features.get((String) node.get("feature")), threshold, left, right, 0);
    }

    private static Node leaf(Map<?, ?> node, float weight) {
      return new Node(LEAF, 0, 0, 0, weight * number(node.get("value")));
    }

    private static float number(Object value) {
      return value instanceof Number n ? n.floatValue() : Float.parseFloat((String) value);
    }
  }
}
