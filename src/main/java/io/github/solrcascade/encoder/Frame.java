package io.github.solrcascade.encoder;

import java.util.Arrays;

/**
 * What a tokenizer puts around texts: the special tokens before, between and behind them, and the
 * type that each text's tokens get. It is read off an example, so that it holds for every kind of
 * tokenizer. Immutable.
 */
final class Frame {
  /** The special tokens before each text, and behind the last. */
  private final long[][] specials;

  private final long[][] specialTypes;

  /** The type of each text's tokens. */
  private final long[] types;

  private Frame(int texts) {
    specials = new long[texts + 1][];
    specialTypes = new long[texts + 1][];
    types = new long[texts];
  }

  /**
   * The frame of an example.
   *
   * @param whole its tokens, special ones included
   * @param texts the tokens of each of its texts alone
   * @return null if the texts do not stand in the whole, one behind the other
   */
  static Frame of(Tokens whole, long[]... texts) {
    Frame frame = new Frame(texts.length);
    int end = 0;
    for (int i = 0; i < texts.length; i++) {
      int start = indexOf(whole.ids, texts[i], end);
      if (start < 0 || texts[i].length == 0) {
        return null;
      }
      frame.setSpecials(i, whole, end, start);
      frame.types[i] = whole.types[start];
      end = start + texts[i].length;
    }
    frame.setSpecials(texts.length, whole, end, whole.length());
    return frame;
  }

  private void setSpecials(int place, Tokens whole, int from, int to) {
    specials[place] = Arrays.copyOfRange(whole.ids, from, to);
    specialTypes[place] = Arrays.copyOfRange(whole.types, from, to);
  }

  private static int indexOf(long[] ids, long[] part, int from) {
    for (int start = from; start + part.length <= ids.length; start++) {
      if (Arrays.equals(ids, start, start + part.length, part, 0, part.length)) {
        return start;
      }
    }
    return -1;
  }

  /** How many special tokens it adds. */
  int size() {
    return Arrays.stream(specials).mapToInt(run -> run.length).sum();
  }

  /**
   * The texts within the frame.
   *
   * @param texts as many as the example had
   * @param lengths how many of each text's tokens to take, from its first
   */
  Tokens around(int[] lengths, long[]... texts) {
    int length = size() + Arrays.stream(lengths).sum();
    long[] ids = new long[length];
    long[] kinds = new long[length];
    int at = 0;
    for (int i = 0; i < specials.length; i++) {
      System.arraycopy(specials[i], 0, ids, at, specials[i].length);
      System.arraycopy(specialTypes[i], 0, kinds, at, specials[i].length);
      at += specials[i].length;
      if (i < texts.length) {
        System.arraycopy(texts[i], 0, ids, at, lengths[i]);
        Arrays.fill(kinds, at, at + lengths[i], types[i]);
        at += lengths[i];
      }
    }
    return Tokens.of(ids, kinds);
  }
}
