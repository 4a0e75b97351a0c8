package io.github.solrcascade.distributed;

import io.github.solrcascade.candidates.FeatureMatrix;
import io.github.solrcascade.distributed.ScoreRequests.Reply;
import io.github.solrcascade.feature.FeatureExtractor;
import io.github.solrcascade.feature.FeatureSet;
import io.github.solrcascade.feature.Findings;
import io.github.solrcascade.feature.RemoteRerankFeature;
import io.github.solrcascade.stage.Cascade;
import io.github.solrcascade.stage.Stage;
import io.github.solrcascade.stage.StageFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * The values of global stages' remote features. The coordinator asks the reranker for them, once
 * for the documents of all shards, whose texts the shards tell. Each shard is given its own
 * documents' values with the request for their scores, and with that for their explanations.
 *
 * <p>Not thread-safe: one request owns it.
 */
final class RemoteValues {
  private final FeatureSet features;
  private final SolrQueryRequest request;
  private final Map<String, String[]> efi;
  private final int size;
  private final FeatureMatrix values;

  /**
   * Of so many candidates; none is known yet.
   *
   * @param request the coordinator's
   */
  RemoteValues(FeatureSet features, SolrQueryRequest request, Map<String, String[]> efi, int size) {
    this.features = features;
    this.request = request;
    this.efi = efi;
    this.size = size;
    this.values = new FeatureMatrix(size, features.size());
  }

  /** What the stage's model must be on a shard, for which values come from here; empty if none. */
  Optional<String> model(Stage stage) {
    return columns(features, stage).length == 0
        ? Optional.empty()
        : Optional.of(stage.model().fingerprint(request.getCore()));
  }

  /** Those of the candidates of which values are not known that the stage's model reads. */
  int[] lacking(Stage stage, int[] candidates) {
    int[] columns = columns(features, stage);
    return Arrays.stream(candidates)
        .filter(c -> Arrays.stream(columns).anyMatch(column -> !values.isKnown(column, c)))
        .toArray();
  }

  /**
   * Asks the rerankers for the values that the stage's model reads, within the request's deadline.
   *
   * @param candidates those that lack values, best first
   * @param byShard the same
   * @param replies the shards' answers to a request for their texts
   * @return what the response should say of it
   * @throws StageFailure if a shard gave none
   */
  List<String> ask(
      Stage stage, int[] candidates, Map<String, List<Integer>> byShard, List<Reply> replies) {
    int[] columns = columns(features, stage);
    String[][] texts = new String[columns.length][size];
    for (Reply reply : replies) {
      List<Integer> own = byShard.get(reply.shard());
      ShardTexts told = texts(reply, columns.length, own.size());
      for (int i = 0; i < columns.length; i++) {
        for (int place = 0; place < own.size(); place++) {
          texts[i][own.get(place)] = told.texts().get(i).get(place);
        }
      }
    }
    Findings findings = new Findings();
    for (int i = 0; i < columns.length; i++) {
      ask(columns[i], candidates, texts[i], findings);
    }
    return findings.notes();
  }

  private static ShardTexts texts(Reply reply, int columns, int docs) {
    return ShardTexts.parse(reply.content())
        .filter(told -> told.texts().size() == columns)
        .filter(told -> told.texts().stream().allMatch(each -> each.size() == docs))
        .orElseThrow(
            () ->
                new StageFailure(
                    reply.shard() + ": gave no texts; it may be of another version", null));
  }

  private void ask(int column, int[] candidates, String[] texts, Findings findings) {
    RemoteRerankFeature feature = features.remote(column).orElseThrow();
    int[] unknown = Arrays.stream(candidates).filter(c -> !values.isKnown(column, c)).toArray();
    float[] found =
        feature.values(
            request, efi, Arrays.stream(unknown).mapToObj(c -> texts[c]).toList(), findings);
    for (int i = 0; i < found.length; i++) {
      values.set(column, unknown[i], found[i]);
    }
  }

  /**
   * Writes what is known into a request to a shard.
   *
   * @param candidates the shard's documents, in the order of {@code ids}; -1 for one that is none
   */
  void write(Stage stage, List<Integer> candidates, ModifiableSolrParams params) {
    for (int column : columns(features, stage)) {
      params.set(
          Words.given(stage.name(), features.name(column)),
          candidates.stream().map(c -> write(column, c)).collect(Collectors.joining(",")));
    }
  }

  private String write(int column, int candidate) {
    boolean known = candidate >= 0 && values.isKnown(column, candidate);
    return known ? "" + values.get(column, candidate) : "";
  }

  /**
   * Reads them on a shard, whose own extractor then need not compute them.
   *
   * @param places where in {@code ids} each of the extractor's candidates stands
   * @param count how many documents {@code ids} names
   */
  static void read(
      SolrParams params, Cascade cascade, FeatureExtractor extractor, int[] places, int count) {
    for (Stage stage : cascade.stages()) {
      for (int column : columns(cascade.features(), stage)) {
        String name = Words.given(stage.name(), cascade.features().name(column));
        String[] given = params.get(name) == null ? null : params.get(name).split(",", -1);
        for (int i = 0; given != null && i < places.length; i++) {
          if (given.length != count) {
            throw ShardWork.wrong(name, given.length + " numbers", "must be one for each of ids");
          }
          if (!given[places[i]].isEmpty()) {
            extractor.give(column, i, number(name, given[places[i]]));
          }
        }
      }
    }
  }

  private static float number(String name, String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw ShardWork.wrong(name, text, "must be a number, or nothing");
    }
  }

  /** The texts of this shard's documents. */
  static ShardTexts texts(Stage stage, FeatureSet features, SolrIndexSearcher searcher, Lookup docs)
      throws IOException {
    List<List<String>> texts = new ArrayList<>();
    for (int column : columns(features, stage)) {
      List<String> found = features.remote(column).orElseThrow().texts(searcher, docs.docs());
      String[] all = new String[docs.count()];
      Arrays.fill(all, "");
      for (int i = 0; i < found.size(); i++) {
        all[docs.places()[i]] = found.get(i);
      }
      texts.add(List.of(all));
    }
    return new ShardTexts(texts);
  }

  private static int[] columns(FeatureSet features, Stage stage) {
    return Arrays.stream(stage.model().columns())
        .filter(column -> features.remote(column).isPresent())
        .toArray();
  }
}
