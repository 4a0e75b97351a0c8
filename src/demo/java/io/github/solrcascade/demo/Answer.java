package io.github.solrcascade.demo;

import java.util.List;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.util.NamedList;

/**
 * A search's answer.
 *
 * @param documents the page, best first
 * @param stages what the response's section {@code cascade} lists; empty without a cascade
 * @param nanos from the request's start to the answer's last byte
 */
public record Answer(List<SolrDocument> documents, List<Stage> stages, long nanos) {

  /**
   * One stage of the section.
   *
   * @param docs how many documents it reranked
   * @param scored how many documents all shards together scored for it; {@code docs} on one core
   */
  public record Stage(String name, int docs, int scored) {}

  static Answer of(QueryResponse response, long nanos) {
    return new Answer(List.copyOf(response.getResults()), stages(response), nanos);
  }

  private static List<Stage> stages(QueryResponse response) {
    Object stages = response.getResponse()._get("cascade/stages");
    return stages instanceof List<?> list ? list.stream().map(Answer::stage).toList() : List.of();
  }

  private static Stage stage(Object entry) {
    NamedList<?> stage = (NamedList<?>) entry;
    int docs = number(stage, "docs");
    Object shards = stage.get("shards");
    int scored =
        shards instanceof List<?> list
            ? list.stream().mapToInt(shard -> number((NamedList<?>) shard, "docs")).sum()
            : docs;
    return new Stage((String) stage.get("name"), docs, scored);
  }

  private static int number(NamedList<?> entry, String name) {
    return ((Number) entry.get(name)).intValue();
  }

  /** The page's document ids. */
  public List<String> ids() {
    return documents.stream().map(document -> (String) document.getFieldValue("id")).toList();
  }

  /** How many documents the last stage reranked. */
  public int reranked() {
    return stages.isEmpty() ? 0 : stages.get(stages.size() - 1).docs();
  }
}
