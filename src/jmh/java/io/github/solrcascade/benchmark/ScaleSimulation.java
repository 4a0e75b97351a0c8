package io.github.solrcascade.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A cluster under load, event by event: searches come at random times, each goes to a node that
 * coordinates it, to every shard, back, and to the shards that hold the global stage's documents.
 * Each node serves its work in the order in which it comes, with as many cores as it has.
 *
 * <p>Not thread-safe. The same seed gives the same figures.
 */
final class ScaleSimulation {
  /**
   * What is simulated.
   *
   * @param shards how many there are
   * @param nodes how many there are; shards' replicas are spread over them evenly
   * @param rate searches a second
   * @param depth the global stage's documents
   */
  record Cluster(int shards, int nodes, int cores, double rate, int depth) {}

  /**
   * What work takes, in milliseconds of one core, but the round trip.
   *
   * @param search a shard's part of a search: first pass and its stages, in the mean
   * @param answer the coordinator's work for one shard's answer
   * @param pair a document in the global stage
   * @param request what a request costs whoever serves it
   * @param roundTrip on the wire
   */
  record Costs(double search, double answer, double pair, double request, double roundTrip) {

    /** Of one search, all cores together. */
    double cpu(Cluster cluster) {
      double asked = Math.min(cluster.shards(), distinct(cluster));
      return cluster.shards() * (search + request + answer)
          + cluster.depth() * pair
          + asked * (request + answer);
    }

    /** How many shards hold the documents of the global stage, in the mean. */
    static double distinct(Cluster cluster) {
      return cluster.shards() * (1 - Math.pow(1 - 1.0 / cluster.shards(), cluster.depth()));
    }
  }

  /** Milliseconds, and the share of all cores that was busy. */
  record Outcome(double p50, double p99, double busy) {}

  private record Event(double at, Runnable action) {}

  /** How much the times of searches differ: the standard deviation of their logarithm. */
  private static final double SPREAD = 0.5;

  private final Random random = new Random(20_251_125);
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingDouble(Event::at));
  private final List<Double> latencies = new ArrayList<>();
  private final Cluster cluster;
  private final Costs costs;
  private final List<PriorityQueue<Double>> coresFree = new ArrayList<>();
  private double now;
  private double worked;

  ScaleSimulation(Cluster cluster, Costs costs) {
    this.cluster = cluster;
    this.costs = costs;
    for (int node = 0; node < cluster.nodes(); node++) {
      PriorityQueue<Double> free = new PriorityQueue<>();
      for (int core = 0; core < cluster.cores(); core++) {
        free.add(0.0);
      }
      coresFree.add(free);
    }
  }

  /** Simulates that many searches, of which the first tenth does not count. */
  Outcome run(int searches) {
    double arrival = 0;
    for (int i = 0; i < searches; i++) {
      arrival += -Math.log(1 - random.nextDouble()) * 1000 / cluster.rate();
      boolean counts = i >= searches / 10;
      events.add(new Event(arrival, () -> search(counts)));
    }
    double last = arrival;
    while (!events.isEmpty()) {
      Event next = events.poll();
      now = next.at();
      next.action().run();
    }
    double[] sorted = latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double busy = worked / (last * cluster.nodes() * cluster.cores());
    return new Outcome(sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)], busy);
  }

  private void search(boolean counts) {
    double start = now;
    int coordinator = random.nextInt(cluster.nodes());
    double half = costs.roundTrip() / 2;
    int[] open = {cluster.shards()};
    for (int shard = 0; shard < cluster.shards(); shard++) {
      later(
          half,
          () ->
              work(
                  node(),
                  costs.request() + spread(costs.search()),
                  () ->
                      later(
                          half,
                          () ->
                              work(
                                  coordinator,
                                  costs.answer(),
                                  () -> merged(open, coordinator, start, counts)))));
    }
  }

  private void merged(int[] open, int coordinator, double start, boolean counts) {
    if (--open[0] > 0) {
      return;
    }
    Map<Integer, Integer> docs = new HashMap<>();
    for (int i = 0; i < cluster.depth(); i++) {
      docs.merge(random.nextInt(cluster.shards()), 1, Integer::sum);
    }
    double half = costs.roundTrip() / 2;
    int[] left = {docs.size()};
    for (int count : docs.values()) {
      later(
          half,
          () ->
              work(
                  node(),
                  costs.request() + count * costs.pair(),
                  () ->
                      later(
                          half,
                          () ->
                              work(coordinator, costs.answer(), () -> end(left, start, counts)))));
    }
  }

  private void end(int[] left, double start, boolean counts) {
    if (--left[0] == 0 && counts) {
      latencies.add(now - start);
    }
  }

  /** Of a replica of any shard: they are spread evenly. */
  private int node() {
    return random.nextInt(cluster.nodes());
  }

  private double spread(double mean) {
    return mean * Math.exp(SPREAD * random.nextGaussian() - SPREAD * SPREAD / 2);
  }

  private void later(double millis, Runnable action) {
    events.add(new Event(now + millis, action));
  }

  /** The first core that is free takes it; events come in the order of time, so work is in turn. */
  private void work(int node, double millis, Runnable then) {
    PriorityQueue<Double> free = coresFree.get(node);
    double end = Math.max(now, free.poll()) + millis;
    free.add(end);
    worked += millis;
    events.add(new Event(end, then));
  }
}
