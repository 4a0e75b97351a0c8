package io.github.solrcascade.feature;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;

/**
 * A feature's parameter with {@code ${name}} or {@code ${name:default}} in it, for which the
 * request's external feature information stands in, as in Solr LTR. What was put in is not searched
 * again, so that a visitor's text may hold whatever it likes.
 */
final class Template {
  private static final Pattern REFERENCE = Pattern.compile("=\\$([\\w.-]+)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([\\w.-]+)(?::([^}]*))?}");

  private final String feature;
  private final String source;

  Template(String feature, String source) {
    this.feature = feature;
    this.source = source;
  }

  /**
   * The text with the request's values in it.
   *
   * @throws SolrException 400 if a variable has neither a value nor a default, or a local parameter
   *     refers with {@code $name} to a value that is not there
   */
  String fill(Map<String, String[]> efi) {
    REFERENCE
        .matcher(source)
        .results()
        .map(reference -> reference.group(1))
        .filter(name -> !efi.containsKey(name))
        .forEach(this::refuse);
    return VARIABLE
        .matcher(source)
        .replaceAll(variable -> Matcher.quoteReplacement(value(variable, efi)));
  }

  private String value(MatchResult variable, Map<String, String[]> efi) {
    String name = variable.group(1);
    String[] given = efi.get(name);
    if (given != null && given.length > 0) {
      return given[0];
    }
    if (variable.group(2) != null) {
      return variable.group(2);
    }
    throw refuse(name);
  }

  private SolrException refuse(String name) {
    throw new SolrException(
        ErrorCode.BAD_REQUEST, "efi." + name + ": missing, feature '" + feature + "' needs it");
  }
}
