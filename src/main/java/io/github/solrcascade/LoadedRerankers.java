package io.github.solrcascade;

import io.github.solrcascade.config.ConfigException;
import io.github.solrcascade.config.RerankerConfig;
import io.github.solrcascade.config.RerankerConfig.ApiKey;
import io.github.solrcascade.remote.RemoteReranker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.solr.common.SolrException;
import org.apache.solr.core.SolrCore;

/** The rerankers behind HTTP that a core may call. */
final class LoadedRerankers {
  private LoadedRerankers() {}

  /**
   * Reads their keys; nobody is called yet.
   *
   * @throws ConfigException if a key is not where it should be; it is never shown
   */
  static Map<String, RemoteReranker> load(SolrCore core, List<RerankerConfig> configs) {
    Map<String, RemoteReranker> byName = new LinkedHashMap<>();
    for (RerankerConfig config : configs) {
      byName.put(config.name(), new RemoteReranker(config, key(core, config)));
    }
    return Collections.unmodifiableMap(byName);
  }

  private static String key(SolrCore core, RerankerConfig config) {
    String place = "reranker[" + config.name() + "].";
    if (config.key() instanceof ApiKey.Environment environment) {
      String value = System.getenv(environment.variable());
      return usable(place + "keyEnv", environment.variable(), value == null ? "" : value);
    }
    if (config.key() instanceof ApiKey.File file) {
      return usable(place + "keyFile", file.path(), read(core, place + "keyFile", file.path()));
    }
    return "";
  }

  private static String read(SolrCore core, String place, String name) {
    Path file = Path.of(core.getCoreContainer().getSolrHome()).resolve(name);
    try {
      core.getCoreContainer().assertPathAllowed(file);
      return Files.readString(file);
    } catch (IOException e) {
      throw new ConfigException(place, name, "must be a file that can be read");
    } catch (SolrException e) {
      throw new ConfigException(place + ": " + name + ", " + e.getMessage(), e);
    }
  }

  /** Only such as fits in a header; what it is stays unsaid. */
  private static String usable(String place, String source, String key) {
    String stripped = key.strip();
    if (!stripped.matches("[\\x21-\\x7e]+")) {
      throw new ConfigException(place, source, "must hold a key of printable characters");
    }
    return stripped;
  }
}
