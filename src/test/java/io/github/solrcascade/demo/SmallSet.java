package io.github.solrcascade.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** A judged set of four products and three queries, one of them with nothing relevant. */
final class SmallSet {
  private SmallSet() {}

  /** Writes it into a folder, where a test may then spoil a file. */
  static Path write(Path folder) throws IOException {
    Files.writeString(folder.resolve("queries.tsv"), "q1\tred lamp\nq2\tdesk\n\nq3\tnothing\n");
    Files.writeString(
        folder.resolve("qrels.txt"), "q1 0 p1 3\nq1 0 p2 1\nq2 0 p3 2\nq2 0 p4 0\nq3 0 p1 0\n");
    Files.writeString(
        folder.resolve("fields.json"),
        """
        {"documents": "docs.jsonl.gz", "title": ["name"], "text": ["about", "notes"],
         "brand": "maker", "price": "cost", "date": "since", "popularity": "sold"}
        """);
    documents(
        folder,
        """
        {"id": "p1", "name": "Lamp", "about": "red", "notes": ["<b>bright</b>", 7], "cost": 12}
        {"id": "p2", "name": "Red lamp shade, red lamp", "maker": "Bulbs & Co", "sold": "many"}
        {"id": "p3", "name": "Desk", "cost": "99.50", "since": "2019-05-01", "sold": 4}
        {"id": "p4", "name": "Desk lamp DX-1211", "since": "yesterday", "cost": null}
        """);
    return folder;
  }

  static void documents(Path folder, String lines) throws IOException {
    Path file = folder.resolve("docs.jsonl.gz");
    try (GZIPOutputStream zipped = new GZIPOutputStream(Files.newOutputStream(file))) {
      zipped.write(lines.getBytes(StandardCharsets.UTF_8));
    }
  }
}
