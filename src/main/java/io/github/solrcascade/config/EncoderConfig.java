package io.github.solrcascade.config;

/**
 * One {@code <lst name="encoder">}.
 *
 * @param name the name under which features, parsers and update processors use it
 * @param path the model's folder, relative to {@link ComponentConfig#models()}
 */
public record EncoderConfig(String name, String path) {

  static EncoderConfig parse(ConfigNode node) {
    node.only("name", "path", "enable");
    return new EncoderConfig(node.text("name", null), node.text("path", null));
  }
}
