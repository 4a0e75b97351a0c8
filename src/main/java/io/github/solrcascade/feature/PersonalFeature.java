package io.github.solrcascade.feature;

import java.util.List;
import java.util.Map;

/** A feature that may know who asks. Pages that depend on it are in no shared cache. */
public interface PersonalFeature {

  /**
   * Whether its values depend on the visitor.
   *
   * @param efi the request's external feature information
   */
  boolean isPersonal(Map<String, List<String>> efi);
}
