package io.github.solrcascade.demo;

import java.util.ArrayList;
import java.util.List;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrDocumentList;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.params.CursorMarkParams;

/** All documents of an index as they are stored, vectors among them, to be indexed elsewhere. */
public final class StoredDocuments {
  private static final int BATCH = 500;

  private StoredDocuments() {}

  /** Reads them in the order of their ids. */
  public static List<SolrInputDocument> readAll(SolrClient client) throws Exception {
    List<SolrInputDocument> documents = new ArrayList<>();
    SolrQuery query = new SolrQuery("*:*");
    query.setRows(BATCH).setFields("*").setSort("id", SolrQuery.ORDER.asc).set("defType", "lucene");
    String next = CursorMarkParams.CURSOR_MARK_START;
    SolrDocumentList page;
    do {
      query.set(CursorMarkParams.CURSOR_MARK_PARAM, next);
      var response = client.query(query);
      page = response.getResults();
      page.forEach(document -> documents.add(copy(document)));
      next = response.getNextCursorMark();
    } while (!page.isEmpty());
    return documents;
  }

  private static SolrInputDocument copy(SolrDocument stored) {
    SolrInputDocument document = new SolrInputDocument();
    stored.forEach(
        (field, value) -> {
          if (!field.equals("_version_")) {
            document.setField(field, value);
          }
        });
    return document;
  }
}
