package io.github.solrcascade;

import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.EncoderStatistics;
import io.github.solrcascade.encoder.Manifest;
import java.util.Map;

/** What metrics and the health answer say of an encoder. */
final class EncoderState {
  private EncoderState() {}

  static Map<String, Object> of(Encoder encoder) {
    EncoderStatistics statistics = encoder.statistics();
    return Map.of(
        "model", encoder.manifest().name(),
        "modelSha256", encoder.manifest().sha256().get(Manifest.MODEL),
        "switchedOff", statistics.switchedOff(),
        "runs", statistics.runs(),
        "refused", statistics.refused(),
        "runMs", quantiles(statistics.runMsP50(), statistics.runMsP99()),
        "queueMs", quantiles(statistics.queueMsP50(), statistics.queueMsP99()));
  }

  private static Map<String, Object> quantiles(double p50, double p99) {
    return Map.of("p50", p50, "p99", p99);
  }
}
