package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.DocumentReader;
import io.github.solrcascade.demo.JudgedSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.solr.common.SolrInputDocument;

/**
 * A query of the demo's and 100 products: those judged for it, then those judged for the next
 * queries.
 *
 * @param documents title and description, joined as a cross-encoder reads them
 */
record DemoPairs(String query, List<String> documents) {
  /** The demo's judged set. */
  static final Path CATALOGUE = Path.of("src/demo/data/products").toAbsolutePath();

  private static final String QUERY = "android tablet";
  private static final int COUNT = 100;

  static DemoPairs read() throws IOException {
    return new DemoPairs(QUERY, List.copyOf(texts().subList(0, COUNT)));
  }

  /** 100 products whose texts are so long that each pair is cut at the same length. */
  static DemoPairs ofWords(int least) throws IOException {
    List<String> longOnes =
        texts().stream().filter(text -> text.split(" ", -1).length >= least).toList();
    return new DemoPairs(QUERY, longOnes.subList(0, COUNT));
  }

  private static List<String> texts() throws IOException {
    JudgedSet set = JudgedSet.read(CATALOGUE);
    Map<Object, SolrInputDocument> byId = new TreeMap<>();
    new DocumentReader(set.fields()).readAll(set).forEach(d -> byId.put(d.getFieldValue("id"), d));
    int first = set.queries().stream().map(JudgedSet.Query::text).toList().indexOf(QUERY);
    Set<String> seen = new HashSet<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < set.queries().size(); i++) {
      String query = set.queries().get((first + i) % set.queries().size()).id();
      for (String id : new java.util.TreeSet<>(set.qrels().of(query).keySet())) {
        if (seen.add(id)) {
          texts.add(text(byId.get(id)));
        }
      }
    }
    return texts;
  }

  private static String text(SolrInputDocument document) {
    Object title = document.getFieldValue("title");
    Object text = document.getFieldValue("text");
    return ((title == null ? "" : title) + " " + (text == null ? "" : text)).strip();
  }
}
