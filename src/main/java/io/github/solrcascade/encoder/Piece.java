package io.github.solrcascade.encoder;

/** One text's tokens, without special ones. */
final class Piece {
  /** The first of them, as many as the model could ever read. Not changed. */
  final long[] ids;

  /** How many there were. */
  final int length;

  Piece(long[] ids, int length) {
    this.ids = ids;
    this.length = length;
  }
}
