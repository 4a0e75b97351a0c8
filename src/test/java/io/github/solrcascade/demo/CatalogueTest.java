package io.github.solrcascade.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.solr.common.SolrInputDocument;
import org.junit.Test;

/** What the catalogue in the repository promises. */
public class CatalogueTest {
  private static final Path FOLDER = Path.of("src/demo/data/products").toAbsolutePath();

  @Test
  public void holdsEveryJudgedProduct() throws Exception {
    JudgedSet set = JudgedSet.read(FOLDER);
    DocumentReader reader = new DocumentReader(set.fields());

    List<SolrInputDocument> documents = reader.readAll(set);

    Set<Object> ids = new HashSet<>();
    documents.forEach(document -> ids.add(document.getFieldValue("id")));
    assertEquals(5_000, ids.size());
    assertEquals(93, set.queries().size());
    assertEquals(0, reader.unreadableValues());
    set.queries()
        .forEach(query -> assertTrue(ids.containsAll(set.qrels().of(query.id()).keySet())));
  }

  @Test
  public void isSmall() throws Exception {
    try (Stream<Path> files = Files.list(FOLDER)) {
      long bytes = files.mapToLong(file -> file.toFile().length()).sum();
      assertTrue(bytes + " bytes", bytes <= 2_000_000);
    }
  }

  @Test
  public void carriesItsNotice() throws Exception {
    assertThat(Files.readString(FOLDER.resolve("NOTICE")), containsString("open-content-license"));
  }
}
