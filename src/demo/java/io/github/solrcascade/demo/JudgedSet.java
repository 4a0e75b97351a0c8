package io.github.solrcascade.demo;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * A folder with {@code queries.tsv} (id, tab, text), {@code qrels.txt} (TREC), documents as JSON
 * lines, gzipped or not, and {@code fields.json}, which names them and says which of their fields
 * is what.
 *
 * @param name the folder's name
 * @param documents the file of documents
 */
public record JudgedSet(
    String name, List<Query> queries, Qrels qrels, FieldMapping fields, Path documents) {

  /** A judged query. */
  public record Query(String id, String text) {}

  /**
   * Reads all but the documents.
   *
   * @throws DemoException if a file is missing or malformed, with file, line and rule
   */
  public static JudgedSet read(Path folder) {
    FieldMapping fields = FieldMapping.parse(text(folder.resolve("fields.json")));
    Path documents = folder.resolve(fields.documents());
    if (!Files.isRegularFile(documents)) {
      throw new DemoException("fields.json: documents: " + fields.documents() + ", no such file");
    }
    List<Query> queries = queries(text(folder.resolve("queries.tsv")).lines().toList());
    Qrels qrels = Qrels.parse(text(folder.resolve("qrels.txt")).lines().toList(), "qrels.txt");
    if (queries.stream().noneMatch(query -> qrels.hasPositive(query.id()))) {
      throw new DemoException("qrels.txt: must hold a grade above 0 for a query of queries.tsv");
    }
    return new JudgedSet(folder.getFileName().toString(), queries, qrels, fields, documents);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new DemoException(
          file
              + ": not a readable UTF-8 file; a judged set has queries.tsv, qrels.txt, fields.json",
          e);
    }
  }

  private static List<Query> queries(List<String> lines) {
    List<Query> queries = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String place = "queries.tsv:" + (i + 1);
      String[] columns = lines.get(i).split("\t", 2);
      if (columns.length < 2 || columns[0].isBlank() || columns[1].isBlank()) {
        throw new DemoException(place + ": must be: id, tab, text");
      }
      if (!ids.add(columns[0].strip())) {
        throw new DemoException(place + ": id " + columns[0].strip() + ", must be unique");
      }
      queries.add(new Query(columns[0].strip(), columns[1].strip()));
    }
    if (queries.isEmpty()) {
      throw new DemoException("queries.tsv: must hold at least one query");
    }
    return queries;
  }

  /** Opens the documents, one JSON object a line. */
  public BufferedReader openDocuments() throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(documents));
    boolean zipped = documents.getFileName().toString().endsWith(".gz");
    return new BufferedReader(
        new InputStreamReader(
            zipped ? new GZIPInputStream(file, 1 << 16) : file, StandardCharsets.UTF_8));
  }
}
