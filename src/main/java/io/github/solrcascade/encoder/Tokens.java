package io.github.solrcascade.encoder;

import java.util.Arrays;

/** A tokenized text or pair. The arrays are of one length and are not changed. */
final class Tokens {
  /** Token ids, special ones included. */
  final long[] ids;

  /** 1 for each token, 0 for padding. */
  final long[] mask;

  /** 0 for the first text, 1 for the second. */
  final long[] types;

  Tokens(long[] ids, long[] mask, long[] types) {
    this.ids = ids;
    this.mask = mask;
    this.types = types;
  }

  /** Without padding. */
  static Tokens of(long[] ids, long[] types) {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    return new Tokens(ids, mask, types);
  }

  /** One token again and again. */
  static Tokens repeated(long id, int length) {
    long[] ids = new long[length];
    Arrays.fill(ids, id);
    return of(ids, new long[length]);
  }

  int length() {
    return ids.length;
  }

  /** These with another token at a place. */
  Tokens with(int place, long id) {
    long[] changed = ids.clone();
    changed[place] = id;
    return new Tokens(changed, mask, types);
  }

  /** These with padding behind them. */
  Tokens padded(int length, long padding) {
    long[] filled = Arrays.copyOf(ids, length);
    Arrays.fill(filled, ids.length, length, padding);
    return new Tokens(filled, Arrays.copyOf(mask, length), Arrays.copyOf(types, length));
  }
}
