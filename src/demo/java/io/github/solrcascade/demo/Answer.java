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
   */
  public record Stage(String name, int docs) {}

  static Answer of(QueryResponse response, long nanos) {
    return new Answer(List.copyOf(response.getResults()), stages(response), nanos);
  }

  private static List<Stage> stages(QueryResponse response) {
    Object stages = response.getResponse()._get("cascade/stages");
    return stages instanceof List<?> list ? list.stream().map(Answer::stage).toList() : List.of();
  }

  private static Stage stage(Object entry) {
    NamedList<?> stage = (NamedList<?>) entry;
    return new Stage((String) stage.get("name"), ((Number) stage.get("docs")).intValue());
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
