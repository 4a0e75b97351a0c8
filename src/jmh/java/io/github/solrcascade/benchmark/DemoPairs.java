package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.DocumentReader;
import io.github.solrcascade.demo.JudgedSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.solr.common.SolrInputDocument;

/**
 * A query of the demo's and 100 of its judged products, drawn evenly from the catalogue.
 *
 * @param documents title and description, joined as a cross-encoder reads them
 */
record DemoPairs(String query, List<String> documents) {
  /** The demo's judged set. */
  static final Path CATALOGUE = Path.of("src/demo/data/products").toAbsolutePath();

  private static final int COUNT = 100;

  /** The same with documents of so many words, which have more tokens, so that each pair is cut. */
  static DemoPairs ofWords(int words) throws IOException {
    DemoPairs pairs = read();
    List<String> all = pairs.documents();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      StringBuilder text = new StringBuilder(all.get(i));
      for (int next = i + 1; text.toString().split(" ").length < words; next++) {
        text.append(' ').append(all.get(next % COUNT));
      }
      texts.add(String.join(" ", List.of(text.toString().split(" ")).subList(0, words)));
    }
    return new DemoPairs(pairs.query(), List.copyOf(texts));
  }

  static DemoPairs read() throws IOException {
    JudgedSet set = JudgedSet.read(CATALOGUE);
    Set<Object> judged = new HashSet<>();
    set.queries().forEach(query -> judged.addAll(set.qrels().of(query.id()).keySet()));
    List<SolrInputDocument> documents =
        new DocumentReader(set.fields())
            .readAll(set).stream().filter(d -> judged.contains(d.getFieldValue("id"))).toList();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      texts.add(text(documents.get(i * documents.size() / COUNT)));
    }
    return new DemoPairs("android tablet", List.copyOf(texts));
  }

  private static String text(SolrInputDocument document) {
    return text(document.getFieldValue("title"), document.getFieldValue("text"));
  }

  /** A document's fields, joined as a cross-encoder reads them. */
  static String text(Object title, Object text) {
    return ((title == null ? "" : title) + " " + (text == null ? "" : text)).strip();
  }
}
