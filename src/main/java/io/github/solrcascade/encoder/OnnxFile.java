package io.github.solrcascade.encoder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks through an ONNX file before the runtime does, for what would make it more than data:
 * weights in other files, and operators that the runtime itself does not bring. The file is a
 * protocol buffer of messages in messages; only those that matter are entered.
 */
final class OnnxFile {
  /** ONNX's own operators, under both its names, and those that the runtime brings. */
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

  /** Graphs within graphs, for branches and loops; transformers have few or none. */
  private static final int MOST_DEPTH = 64;

  private static final int DELIMITED = 2;

  /** The messages that matter, and which of their fields hold such messages again. */
  private enum Message {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR,
    SPARSE_TENSOR,
    FUNCTION,
    TRAINING
  }

  private static final Map<Message, Map<Integer, Message>> PARTS =
      Map.of(
          Message.MODEL,
          Map.of(7, Message.GRAPH, 20, Message.TRAINING, 25, Message.FUNCTION),
          Message.GRAPH,
          Map.of(1, Message.NODE, 5, Message.TENSOR, 15, Message.SPARSE_TENSOR),
          Message.NODE,
          Map.of(5, Message.ATTRIBUTE),
          Message.ATTRIBUTE,
          Map.of(
              5, Message.TENSOR,
              6, Message.GRAPH,
              10, Message.TENSOR,
              11, Message.GRAPH,
              22, Message.SPARSE_TENSOR,
              23, Message.SPARSE_TENSOR),
          Message.TENSOR,
          Map.of(),
          Message.SPARSE_TENSOR,
          Map.of(1, Message.TENSOR, 2, Message.TENSOR),
          Message.FUNCTION,
          Map.of(7, Message.NODE, 11, Message.ATTRIBUTE),
          Message.TRAINING,
          Map.of(1, Message.GRAPH, 2, Message.GRAPH));

  private static final int NODE_DOMAIN = 7;
  private static final int FUNCTION_DOMAIN = 10;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int TENSOR_DATA_LOCATION = 14;

  private final Path file;
  private final Set<String> used = new TreeSet<>();
  private final Set<String> defined = new HashSet<>(DOMAINS);

  private OnnxFile(Path file) {
    this.file = file;
  }

  /**
   * Checks the file.
   *
   * @throws EncoderException with what was found and the rule
   */
  static void check(Path file) {
    OnnxFile onnx = new OnnxFile(file);
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw EncoderException.at(file, channel.size() + " bytes", "must be below 2 GB");
      }
      onnx.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), Message.MODEL, 0);
    } catch (IOException e) {
      throw new EncoderException(file + ": cannot be read", e);
    }
    onnx.used.removeAll(onnx.defined);
    if (!onnx.used.isEmpty()) {
      throw EncoderException.at(
          file, "operators of " + onnx.used, "must be ONNX's own or the runtime's");
    }
  }

  private void read(ByteBuffer buffer, Message message, int depth) {
    if (depth > MOST_DEPTH) {
      throw EncoderException.at(
          file, "graphs in graphs", "must be at most " + MOST_DEPTH + " deep");
    }
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      long key = varint(buffer);
      int field = (int) (key >>> 3);
      int type = (int) (key & 7);
      if (type == DELIMITED) {
        delimited(slice(buffer), message, field, depth);
      } else {
        long value = scalar(buffer, type);
        if (message == Message.TENSOR && field == TENSOR_DATA_LOCATION && value != 0) {
          throw external();
        }
      }
    }
  }

  private void delimited(ByteBuffer content, Message message, int field, int depth) {
    if (message == Message.TENSOR && field == TENSOR_EXTERNAL_DATA) {
      throw external();
    }
    if (message == Message.NODE && field == NODE_DOMAIN) {
      used.add(text(content));
    } else if (message == Message.FUNCTION && field == FUNCTION_DOMAIN) {
      defined.add(text(content));
    }
    Message part = PARTS.get(message).get(field);
    if (part != null) {
      read(content, part, depth + 1);
    }
  }

  private EncoderException external() {
    return EncoderException.at(file, "weights in another file", "must hold its weights itself");
  }

  private static String text(ByteBuffer content) {
    return StandardCharsets.UTF_8.decode(content).toString();
  }

  private ByteBuffer slice(ByteBuffer buffer) {
    long length = varint(buffer);
    if (length < 0 || length > buffer.remaining()) {
      throw broken();
    }
    ByteBuffer content = buffer.slice(buffer.position(), (int) length);
    buffer.position(buffer.position() + (int) length);
    return content;
  }

  /**
   * A number, whole only where its type is a varint; groups, which ONNX has none of, are refused.
   */
  private long scalar(ByteBuffer buffer, int type) {
    if (type == 0) {
      return varint(buffer);
    }
    int bytes = type == 1 ? Long.BYTES : Integer.BYTES;
    if ((type != 1 && type != 5) || buffer.remaining() < bytes) {
      throw broken();
    }
    return type == 1 ? buffer.getLong() : buffer.getInt();
  }

  private long varint(ByteBuffer buffer) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && buffer.hasRemaining(); shift += 7) {
      byte next = buffer.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw broken();
  }

  private EncoderException broken() {
    return new EncoderException(file + ": is not an ONNX graph, no protocol buffer", null);
  }
}
