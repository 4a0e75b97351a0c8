package io.github.solrcascade.encoder;

/**
 * How an encoder fares, of late or since it was loaded.
 *
 * @param switchedOff whether it failed again and again; it is tried again from time to time
 * @param runs how many texts or pairs it ran, since it was loaded; what a cache held is not among
 *     them
 * @param refused how many texts or pairs there seemed to be no time for, since it was loaded
 * @param runMsP50 what a text or pair takes at the median, in milliseconds; 0 before the first
 * @param runMsP99 the same at the 99th percentile
 * @param queueMsP50 how long a request's first text or pair waits for its turn, likewise
 * @param queueMsP99 the same at the 99th percentile
 */
public record EncoderStatistics(
    boolean switchedOff,
    long runs,
    long refused,
    double runMsP50,
    double runMsP99,
    double queueMsP50,
    double queueMsP99) {}
