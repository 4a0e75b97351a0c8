package io.github.solrcascade.distributed;

import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.candidates.FeatureMatrix;
import io.github.solrcascade.stage.Cascade;
import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the coordinator tells a shard of a document, so that the shard can explain its score and log
 * its features: scores and ranks, in one line of text.
 *
 * @param firstPassScore its score in the first pass
 * @param score its score now
 * @param ranks its rank in the first pass and after each stage, of all documents, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Told(float firstPassScore, float score, int[] ranks) {
  /** Of a document that was no candidate. */
  static final String NOTHING = "-";

  /** How many documents each stage reranked. */
  static String docs(CascadeRun run) {
    return run.reports().stream().map(r -> "" + r.docs()).collect(Collectors.joining(","));
  }

  /** A candidate's line. */
  static String write(CascadeRun run, int candidate) {
    StringBuilder line = new StringBuilder();
    line.append(run.candidates().firstPassScore(candidate));
    line.append(',').append(run.candidates().score(candidate)).append(',').append(candidate);
    for (int stage = 0; stage < run.reports().size(); stage++) {
      line.append(',').append(run.rankAfter(stage, candidate));
    }
    return line.toString();
  }

  /**
   * Reads a line.
   *
   * @throws NumberFormatException if it is none
   */
  static Told parse(String line) {
    String[] parts = line.split(",", -1);
    if (parts.length < 3) {
      throw new NumberFormatException(line);
    }
    return new Told(
        Float.parseFloat(parts[0]),
        Float.parseFloat(parts[1]),
        Arrays.stream(parts).skip(2).mapToInt(Integer::parseInt).toArray());
  }

  /**
   * The whole run, as far as these documents show it.
   *
   * @param docs how many documents each stage reranked, of all
   * @param luceneDocs this shard's numbers of the documents
   */
  static CascadeRun retell(
      Cascade cascade, int[] docs, List<Told> told, int[] luceneDocs, FeatureMatrix features) {
    float[] firstPass = new float[told.size()];
    float[] scores = new float[told.size()];
    int[] firstRanks = new int[told.size()];
    for (int i = 0; i < firstPass.length; i++) {
      firstPass[i] = told.get(i).firstPassScore();
      scores[i] = told.get(i).score();
      firstRanks[i] = told.get(i).ranks()[0];
    }
    Candidates candidates = new Candidates(luceneDocs, firstPass);
    candidates.rerank(candidates.top(candidates.size()), scores);
    List<int[]> ranks = new ArrayList<>();
    for (int stage = 0; stage < docs.length; stage++) {
      int next = stage + 1;
      ranks.add(told.stream().mapToInt(each -> each.ranks()[next]).toArray());
    }
    return CascadeRun.retold(cascade, candidates, features, docs, ranks, firstRanks);
  }

  /** The stages that reranked the document. */
  List<Stage> reached(Cascade cascade, int[] docs) {
    return IntStream.range(0, Math.min(docs.length, cascade.stages().size()))
        .filter(stage -> ranks[stage + 1] < docs[stage])
        .mapToObj(cascade.stages()::get)
        .toList();
  }
}
