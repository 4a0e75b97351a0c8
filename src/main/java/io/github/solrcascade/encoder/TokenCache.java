package io.github.solrcascade.encoder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Supplier;

/**
 * Remembers documents' tokens, so that a document that many queries find is tokenized once. Keys
 * are made of content alone. Thread-safe.
 */
final class TokenCache {
  /** What an entry takes beside its numbers: key, Caffeine's node, record and array header. */
  private static final int ENTRY_BYTES = 200;

  private final Cache<OutputKey, Piece> cache;

  /** A cache whose entries together take at most so much heap. */
  TokenCache(long maxBytes) {
    cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((OutputKey key, Piece piece) -> ENTRY_BYTES + Long.BYTES * piece.ids.length)
            .build();
  }

  /**
   * The tokens of a text, made now if they are not there. Two callers at once may both make them.
   */
  Piece get(OutputKey key, Supplier<Piece> make) {
    Piece found = cache.getIfPresent(key);
    if (found == null) {
      found = make.get();
      cache.put(key, found);
    }
    return found;
  }

  /** Sets how much heap the entries may take; what is too much is evicted. */
  void resize(long maxBytes) {
    cache.policy().eviction().ifPresent(e -> e.setMaximum(maxBytes));
  }
}
