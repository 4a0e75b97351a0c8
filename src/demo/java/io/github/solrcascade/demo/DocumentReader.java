package io.github.solrcascade.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.solr.common.SolrInputDocument;

/**
 * Turns a judged set's documents into those of the demo's schema. A number or date that cannot be
 * read is left out and counted; the document still counts.
 */
public final class DocumentReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FieldMapping fields;
  private int unreadable;

  /** For documents whose fields are named so. */
  public DocumentReader(FieldMapping fields) {
    this.fields = fields;
  }

  /** How many numbers and dates were left out so far. */
  public int unreadableValues() {
    return unreadable;
  }

  /**
   * Reads all of a set's documents.
   *
   * @throws DemoException if one is not a JSON object with an id, with file and line
   */
  public List<SolrInputDocument> readAll(JudgedSet set) throws IOException {
    List<SolrInputDocument> documents = new ArrayList<>();
    try (BufferedReader lines = set.openDocuments()) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        documents.add(read(line, set.documents().getFileName() + ":" + ++number));
      }
    }
    return documents;
  }

  /** Reads one line; the place is for errors. */
  SolrInputDocument read(String line, String place) {
    JsonNode source = parse(line, place);
    SolrInputDocument document = new SolrInputDocument();
    document.setField("id", text(source.path("id")));
    set(document, "title", joined(source, fields.title()));
    set(document, "text", joined(source, fields.text()));
    fields.brand().ifPresent(name -> set(document, "brand", text(source.path(name))));
    setParsed(document, "price", source, fields.price(), Float::valueOf);
    setParsed(document, "date", source, fields.date(), DocumentReader::instant);
    setParsed(document, "popularity", source, fields.popularity(), Float::valueOf);
    return document;
  }

  private static JsonNode parse(String line, String place) {
    try {
      JsonNode source = JSON.readTree(line);
      if (text(source.path("id")).isEmpty()) {
        throw new DemoException(place + ": must be a JSON object with an id");
      }
      return source;
    } catch (JsonProcessingException e) {
      throw new DemoException(place + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String joined(JsonNode source, List<String> names) {
    return names.stream()
        .map(name -> text(source.path(name)))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** The text of anything: of a list or an object, that of its parts. */
  private static String text(JsonNode value) {
    if (value.isContainerNode()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(DocumentReader::text)
          .collect(Collectors.joining(" "))
          .strip();
    }
    return value.isNull() ? "" : value.asText().strip();
  }

  private static void set(SolrInputDocument document, String field, String text) {
    if (!text.isEmpty()) {
      document.setField(field, text);
    }
  }

  private void setParsed(
      SolrInputDocument document,
      String field,
      JsonNode source,
      Optional<String> name,
      Function<String, Object> parser) {
    String text = name.map(source::path).map(DocumentReader::text).orElse("");
    if (text.isEmpty()) {
      return;
    }
    try {
      Object value = parser.apply(text);
      if (value instanceof Float number && !Float.isFinite(number)) {
        throw new NumberFormatException(text);
      }
      document.setField(field, value);
    } catch (NumberFormatException | DateTimeException e) {
      unreadable++;
    }
  }

  /** Of an ISO date, with or without a time; what has no zone is UTC. */
  private static String instant(String text) {
    if (text.length() <= 10) {
      return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toString();
    }
    boolean zoned = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
    Instant instant = OffsetDateTime.parse(zoned ? text : text + "Z").toInstant();
    return instant.toString();
  }
}
