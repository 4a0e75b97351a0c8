package io.github.solrcascade.config;

/**
 * One {@code <lst name="encoder">}.
 *
 * @param name the name under which features, parsers and update processors use it
 * @param path the model's folder, relative to {@link ComponentConfig#models()}
 */
public record EncoderConfig(String name, String path) {

  static EncoderConfig parse(ConfigNode node) {
    return new EncoderConfig(node.only("name", "path").text("name", null), node.text("path", null));
  }
}
