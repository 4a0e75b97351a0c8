package io.github.solrcascade.feature;

import java.util.Date;
import java.util.List;
import java.util.Map;

/** A feature whose value changes as time goes by. What it depends on belongs into cache keys. */
public interface TimedFeature {

  /**
   * The instant from which values are measured, in epoch milliseconds.
   *
   * @param now when the request was made
   * @param efi the request's external feature information
   */
  long instant(Date now, Map<String, List<String>> efi);
}
