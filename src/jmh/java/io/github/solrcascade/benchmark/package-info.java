/**
 * Benchmarks that a stranger can run: {@code scripts/benchmark NAME}. Reference and our way take
 * turns in the same run; the last line printed is a JSON object.
 */
package io.github.solrcascade.benchmark;
