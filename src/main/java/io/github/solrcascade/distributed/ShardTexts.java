package io.github.solrcascade.distributed;

import java.util.List;
import java.util.Optional;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.SimpleOrderedMap;

/**
 * The texts of a shard's documents that a stage's remote features read.
 *
 * @param texts by remote feature, in the order of the model's features, then by the document's
 *     place in the request; empty where a document has no text, or is gone
 */
record ShardTexts(List<List<String>> texts) {

  /** The answer in a shard's response; empty if it has none that this version understands. */
  @SuppressWarnings("unchecked")
  static Optional<ShardTexts> parse(NamedList<?> response) {
    return response.get(Words.TEXTS_SECTION) instanceof NamedList<?> section
            && Words.VERSION.equals(section.get("version"))
        ? Optional.of(new ShardTexts((List<List<String>>) section.get("texts")))
        : Optional.empty();
  }

  /** As a section of the response. */
  SimpleOrderedMap<Object> write() {
    SimpleOrderedMap<Object> section = new SimpleOrderedMap<>();
    section.add("version", Words.VERSION);
    section.add("texts", texts);
    return section;
  }
}
