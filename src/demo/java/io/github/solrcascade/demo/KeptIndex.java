package io.github.solrcascade.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A judged set's index, kept from one demo to the next. It is used only while nothing has changed
 * that could change it: the set, the configset, the code, and the manifests of the encoders that
 * make vectors. With late interaction, whose vectors take far longer, it is another index.
 */
public final class KeptIndex {
  private final Path folder;
  private final String key;

  private KeptIndex(Path folder, String key) {
    this.folder = folder;
    this.key = key;
  }

  /** The set's index in {@code target/demo/index} of the project; it may not be there yet. */
  public static KeptIndex of(Path project, JudgedSet set) throws IOException {
    List<Path> origins = new ArrayList<>(List.of(set.documents()));
    origins.addAll(files(project.resolve("solr-conf")));
    origins.addAll(files(project.resolve("src/main")));
    origins.addAll(files(project.resolve("src/demo/java")));
    for (Path file : files(project.resolve("models"))) {
      if (file.endsWith("model.json") && !Files.readString(file).contains("\"cross-encoder\"")) {
        origins.add(file);
      }
    }
    // What the configset asks for to fill the field of token vectors.
    String kind = Boolean.getBoolean("cascade.late") ? "-late" : "";
    Path folder = project.resolve("target/demo/index").resolve(set.name() + kind);
    return new KeptIndex(folder, digest(set.fields().toString(), origins));
  }

  private static String digest(String text, List<Path> files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (Path file : files) {
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** This, if it is there and still right. */
  public Optional<KeptIndex> ifUsable() throws IOException {
    return isUsable() ? Optional.of(this) : Optional.empty();
  }

  boolean isUsable() throws IOException {
    Path keyFile = folder.resolve("key");
    return Files.exists(keyFile) && Files.readString(keyFile).equals(key);
  }

  /** Copies it to where a core will look for its index. */
  public void copyTo(Path index) throws IOException {
    copy(folder.resolve("index"), index);
  }

  /** Keeps a committed index to which nothing is being added, in place of the one before. */
  public void keep(Path index) throws IOException {
    delete(folder);
    copy(index, folder.resolve("index"));
    Files.writeString(folder.resolve("key"), key);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      if (!file.endsWith("write.lock")) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** Removes a folder with all that is in it, if there is one. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** All files below a folder, sorted. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
