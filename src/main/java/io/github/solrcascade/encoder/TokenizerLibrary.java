package io.github.solrcascade.encoder;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tokenizers' native library, unpacked into a folder of this process's own and removed when it
 * ends. Left to itself the library would be unpacked into the user's home, which a Solr may not
 * write to.
 */
final class TokenizerLibrary {
  private static final String FOLDER = "DJL_CACHE_DIR";

  static {
    // The library would otherwise report each use to its makers, and on a machine with a GPU fetch
    // another native library from the network.
    System.setProperty("ai.djl.offline", "true");
  }

  private TokenizerLibrary() {}

  /**
   * Loads the library; once is enough, more does no harm.
   *
   * @throws EncoderException if it cannot be loaded, with the reason
   */
  static synchronized void load() {
    try {
      if (Utils.getEnvOrSystemProperty(FOLDER) == null) {
        loadFrom(Files.createTempDirectory("solr-cascade-tokenizers"));
      } else {
        LibUtils.checkStatus();
      }
    } catch (IOException | EngineException | SecurityException e) {
      String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new EncoderException(
          "the tokenizers' native library cannot be loaded, Solr's security manager and the"
              + " folder for temporary files must let it: "
              + reason,
          e);
    }
  }

  private static void loadFrom(Path folder) throws IOException {
    System.setProperty(FOLDER, folder.toString());
    try {
      LibUtils.checkStatus();
    } finally {
      deleteOnExit(folder);
    }
  }

  private static void deleteOnExit(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> foldersFirst = paths.toList();
      // The last to be registered is the first to be deleted.
      foldersFirst.forEach(path -> path.toFile().deleteOnExit());
    }
  }
}
