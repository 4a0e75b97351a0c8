package io.github.solrcascade.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.github.solrcascade.demo.JudgedSet.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.solr.common.SolrInputDocument;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class JudgedSetTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();
  private Path folder;

  @Before
  public void writeSet() throws Exception {
    folder = SmallSet.write(temporary.newFolder("lamps").toPath());
  }

  @Test
  public void readsQueriesAndJudgements() {
    JudgedSet set = JudgedSet.read(folder);

    assertEquals("lamps", set.name());
    assertEquals(
        List.of(new Query("q1", "red lamp"), new Query("q2", "desk"), new Query("q3", "nothing")),
        set.queries());
    assertEquals(Map.of("p1", 3, "p2", 1), set.qrels().of("q1"));
    assertTrue(set.qrels().hasPositive("q1"));
    assertFalse(set.qrels().hasPositive("q3"));
  }

  @Test
  public void mapsTheSetsFieldsOnTheSchemas() throws Exception {
    List<SolrInputDocument> documents = read(new DocumentReader(JudgedSet.read(folder).fields()));

    assertEquals("red <b>bright</b> 7", documents.get(0).getFieldValue("text"));
    assertEquals(12f, documents.get(0).getFieldValue("price"));
    assertEquals("Bulbs & Co", documents.get(1).getFieldValue("brand"));
    assertEquals(99.5f, documents.get(2).getFieldValue("price"));
    assertEquals("2019-05-01T00:00:00Z", documents.get(2).getFieldValue("date"));
    assertEquals(4f, documents.get(2).getFieldValue("popularity"));
  }

  @Test
  public void aMalformedNumberOrDateIsLeftOutAndCounted() throws Exception {
    DocumentReader reader = new DocumentReader(JudgedSet.read(folder).fields());

    List<SolrInputDocument> documents = read(reader);

    assertEquals(List.of("id", "title", "brand"), List.copyOf(documents.get(1).getFieldNames()));
    assertEquals(List.of("id", "title"), List.copyOf(documents.get(3).getFieldNames()));
    assertEquals(2, reader.unreadableValues());
  }

  @Test
  public void aDateWithAnOffsetBecomesUtc() throws Exception {
    SmallSet.documents(folder, "{\"id\": 1, \"since\": \"2019-05-01T01:30:00+02:00\"}\n");

    SolrInputDocument document = read(new DocumentReader(JudgedSet.read(folder).fields())).get(0);

    assertEquals("2019-04-30T23:30:00Z", document.getFieldValue("date"));
  }

  @Test
  public void aSetWithoutDatesOrBrandsIsOne() throws Exception {
    Files.writeString(
        folder.resolve("fields.json"), "{\"documents\": \"docs.jsonl.gz\", \"title\": [\"name\"]}");

    List<SolrInputDocument> documents = read(new DocumentReader(JudgedSet.read(folder).fields()));

    assertEquals(List.of("id", "title"), List.copyOf(documents.get(2).getFieldNames()));
  }

  @Test
  public void aMalformedFileIsRefusedWithItsLine() throws Exception {
    assertRefused("queries.tsv", "q1 no tab\n", "queries.tsv:1: must be: id, tab, text");
    assertRefused("queries.tsv", "q1\ta\nq1\tb\n", "queries.tsv:2: id q1, must be unique");
    assertRefused("queries.tsv", "\n", "queries.tsv: must hold at least one query");
    assertRefused("qrels.txt", "q1 p1 3\n", "qrels.txt:1: must be: query, 0, document, grade");
    assertRefused("qrels.txt", "q1 0 p1 good\n", "qrels.txt:1: grade good, must be a whole number");
    assertRefused(
        "qrels.txt",
        "q1 0 p1 0\n",
        "qrels.txt: must hold a grade above 0 for a query of queries.tsv");
  }

  @Test
  public void aWrongFieldMappingIsRefusedWithItsKey() throws Exception {
    assertRefused("fields.json", "{\"title\": [\"name\"]}", "fields.json: documents: missing");
    assertRefused(
        "fields.json", "{\"documents\": \"no\"}", "fields.json: documents: no, no such file");
    assertRefused(
        "fields.json",
        "{\"documents\": [\"a\"]}",
        "fields.json: documents: [\"a\"], must be one name");
    assertRefused("fields.json", "[]", "fields.json: must be a JSON object");
    assertRefused(
        "fields.json",
        "{\"colour\": \"c\"}",
        "fields.json: colour: unknown key, known: brand, date, documents, popularity, price, text,"
            + " title");
  }

  @Test
  public void aMissingFileIsRefused() throws Exception {
    Files.delete(folder.resolve("qrels.txt"));

    Exception refused = assertThrows(DemoException.class, () -> JudgedSet.read(folder));

    assertTrue(refused.getMessage(), refused.getMessage().contains("qrels.txt: not a readable"));
  }

  @Test
  public void aDocumentWithoutAnIdIsRefusedWithItsLine() throws Exception {
    SmallSet.documents(folder, "{\"id\": \"p1\"}\n{\"name\": \"Lamp\"}\n");
    DocumentReader reader = new DocumentReader(JudgedSet.read(folder).fields());

    Exception refused = assertThrows(DemoException.class, () -> read(reader));

    assertEquals("docs.jsonl.gz:2: must be a JSON object with an id", refused.getMessage());
  }

  private List<SolrInputDocument> read(DocumentReader reader) throws Exception {
    return reader.readAll(JudgedSet.read(folder));
  }

  private void assertRefused(String file, String content, String message) throws Exception {
    String before = Files.readString(folder.resolve(file));
    Files.writeString(folder.resolve(file), content);
    Exception refused = assertThrows(DemoException.class, () -> JudgedSet.read(folder));
    assertEquals(message, refused.getMessage());
    Files.writeString(folder.resolve(file), before);
  }
}
