package io.github.solrcascade.feature;

import java.util.Date;

/** A feature whose value changes as time goes by. What it depends on belongs into cache keys. */
public interface TimedFeature {

  /** The instant from which values are measured, in epoch milliseconds, for a request made now. */
  long instant(Date now);
}
