package io.github.solrcascade.demo;

import io.github.solrcascade.demo.JudgedSet.Query;
import java.io.IOException;
import java.util.List;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;
import org.apache.solr.client.solrj.SolrServerException;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.params.CommonParams;

/** Searches as a shop would: a text, a page, a ranker. */
public final class Searcher {
  private final SolrClient solr;
  private final boolean distributesStatistics;

  /** Searches the client's core. */
  public Searcher(SolrClient solr) {
    this(solr, true);
  }

  private Searcher(SolrClient solr, boolean distributesStatistics) {
    this.solr = solr;
    this.distributesStatistics = distributesStatistics;
  }

  /** The same where each shard counts its own terms. */
  Searcher withLocalStatistics() {
    return new Searcher(solr, false);
  }

  /**
   * The first documents for a text.
   *
   * @param fields the fields returned for each
   * @throws DemoException with Solr's own reason, if it refuses
   */
  public Answer search(String text, Ranker ranker, int rows, String... fields) {
    SolrQuery query = new SolrQuery(ranker.parser() + text).setRows(rows).setFields(fields);
    if (!distributesStatistics) {
      query.set(CommonParams.DISTRIB_STATS_CACHE, false);
    }
    if (!ranker.parser().isEmpty()) {
      // The handler's own parser would take it for words.
      query.set("defType", "lucene");
    }
    ranker.rankQuery().ifPresent(rankQuery -> query.set("rq", rankQuery));
    try {
      long start = System.nanoTime();
      QueryResponse response = solr.query(query, SolrRequest.METHOD.POST);
      return Answer.of(response, System.nanoTime() - start);
    } catch (SolrException | SolrServerException | IOException e) {
      throw new DemoException("search for '" + text + "': " + reason(e), e);
    }
  }

  /**
   * The names of a cascade's stages, as Solr reports them after the first search that finds
   * something.
   *
   * @throws DemoException with Solr's own reason, if it has no such cascade
   */
  public List<String> stages(List<Query> queries, String cascade) {
    // Not cached: this search must not spare the first query that is measured its work.
    Ranker whole = Ranker.ofCascade(cascade, cascade, " cache=false");
    try {
      return queries.stream()
          .map(query -> search(query.text(), whole, 1, "id", "score").stages())
          .filter(stages -> !stages.isEmpty())
          .findFirst()
          .orElseThrow(() -> new DemoException("no query finds anything to rerank"))
          .stream()
          .map(Answer.Stage::name)
          .toList();
    } catch (DemoException e) {
      throw new DemoException("--cascade: " + cascade + ", " + e.getMessage(), e);
    }
  }

  /** Solr's own words, without the address that SolrJ puts before them. */
  private static String reason(Exception e) {
    return String.valueOf(e.getMessage()).replaceFirst("^Error from server at \\S+ ", "");
  }
}
