package io.github.solrcascade.encoder;

/** A tokenized text or pair. The arrays are as long as there are tokens and are not changed. */
final class Tokens {
  /** Token ids, special ones included. */
  final long[] ids;

  /** 1 for each token, since nothing is padded. */
  final long[] mask;

  /** 0 for the first text, 1 for the second. */
  final long[] types;

  Tokens(long[] ids, long[] mask, long[] types) {
    this.ids = ids;
    this.mask = mask;
    this.types = types;
  }
}
