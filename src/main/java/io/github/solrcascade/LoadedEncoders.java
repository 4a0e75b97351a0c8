package io.github.solrcascade;

import io.github.solrcascade.config.ComponentConfig;
import io.github.solrcascade.config.ConfigException;
import io.github.solrcascade.config.EncoderConfig;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.EncoderException;
import io.github.solrcascade.encoder.Encoders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.solr.common.SolrException;
import org.apache.solr.core.SolrCore;

/** The encoders that a core holds until it closes. */
final class LoadedEncoders implements AutoCloseable {
  private final Map<String, Encoder> byName = new LinkedHashMap<>();

  private final int cacheMb;

  private LoadedEncoders(int cacheMb) {
    this.cacheMb = cacheMb;
    Encoders.reserveCache(cacheMb);
  }

  /**
   * Loads what the configuration names; what was loaded is given back if one cannot be.
   *
   * @throws ConfigException with the encoder's path in the configuration and what is wrong
   */
  static LoadedEncoders load(SolrCore core, ComponentConfig config) {
    LoadedEncoders loaded = new LoadedEncoders(config.cacheMb());
    try {
      for (EncoderConfig encoder : config.encoders()) {
        Path folder = folder(core, config, encoder);
        loaded.byName.put(encoder.name(), acquire(folder, encoder));
      }
      return loaded;
    } catch (ConfigException e) {
      loaded.close();
      throw e;
    }
  }

  private static Path folder(SolrCore core, ComponentConfig config, EncoderConfig encoder) {
    Path models = Path.of(core.getCoreContainer().getSolrHome()).resolve(config.models());
    try {
      core.getCoreContainer().assertPathAllowed(models);
    } catch (SolrException e) {
      throw new ConfigException("models: " + models + ", " + e.getMessage(), e);
    }
    Path folder = models.resolve(encoder.path()).normalize();
    if (!folder.startsWith(models.normalize())) {
      throw new ConfigException(place(encoder), encoder.path(), "must lie inside " + models);
    }
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(place(encoder), encoder.path(), "must be a folder in " + models);
    }
    try {
      if (!folder.toRealPath().startsWith(models.toRealPath())) {
        throw new ConfigException(
            place(encoder),
            encoder.path(),
            "links to " + folder.toRealPath() + ", must lie inside " + models);
      }
    } catch (IOException e) {
      throw new ConfigException(place(encoder) + ": " + encoder.path() + ", " + e.getMessage(), e);
    }
    return folder;
  }

  private static Encoder acquire(Path folder, EncoderConfig encoder) {
    try {
      return Encoders.acquire(folder);
    } catch (EncoderException e) {
      throw new ConfigException(place(encoder) + ": " + encoder.path() + ", " + e.getMessage(), e);
    }
  }

  private static String place(EncoderConfig encoder) {
    return "encoder[" + encoder.name() + "].path";
  }

  Map<String, Encoder> byName() {
    return Collections.unmodifiableMap(byName);
  }

  @Override
  public void close() {
    byName.values().forEach(Encoders::release);
    byName.clear();
    Encoders.releaseCache(cacheMb);
  }
}
