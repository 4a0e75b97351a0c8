package io.github.solrcascade.encoder;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * What a graph takes: which of the known inputs, as 32 or 64 bit numbers, for how many tokens.
 * Thread-safe.
 */
final class GraphInputs {
  private static final Set<String> KNOWN =
      new TreeSet<>(List.of("input_ids", "attention_mask", "token_type_ids", "position_ids"));

  private final Path file;
  private final Map<String, OnnxJavaType> types = new HashMap<>();
  private int fixedTokens;

  /**
   * Checks the inputs.
   *
   * @throws EncoderException with what was found and what was expected
   */
  GraphInputs(Path file, Map<String, NodeInfo> inputs) {
    this.file = file;
    Set<String> names = inputs.keySet();
    if (!KNOWN.containsAll(names) || !names.contains("input_ids")) {
      throw EncoderException.at(
          file, "inputs " + names, "must be input_ids and no others than " + KNOWN);
    }
    inputs.forEach(this::add);
  }

  private void add(String name, NodeInfo node) {
    boolean fits = node.getInfo() instanceof TensorInfo info && fits(info);
    if (!fits) {
      throw EncoderException.at(
          file,
          "input " + name + " " + node.getInfo(),
          "must be int64 or int32 [batch, tokens], each free or fixed, batch to 1");
    }
    TensorInfo info = (TensorInfo) node.getInfo();
    types.put(name, info.type);
    fix(name, (int) info.getShape()[1]);
  }

  private static boolean fits(TensorInfo info) {
    long[] shape = info.getShape();
    return (info.type == OnnxJavaType.INT64 || info.type == OnnxJavaType.INT32)
        && shape.length == 2
        && (shape[0] == -1 || shape[0] == 1)
        && shape[1] != 0;
  }

  private void fix(String name, int tokens) {
    if (tokens > 0 && fixedTokens > 0 && tokens != fixedTokens) {
      throw EncoderException.at(
          file, "input " + name + " of " + tokens + " tokens", "others are of " + fixedTokens);
    }
    fixedTokens = Math.max(fixedTokens, tokens);
  }

  /** The only number of tokens that the graph takes; 0 where it takes any. */
  int fixedTokens() {
    return fixedTokens;
  }

  /** The tensors of one text or pair. The caller closes them. */
  Map<String, OnnxTensor> tensors(OrtEnvironment environment, Tokens tokens) throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    for (Map.Entry<String, OnnxJavaType> input : types.entrySet()) {
      long[] values = values(input.getKey(), tokens);
      tensors.put(input.getKey(), tensor(environment, input.getValue(), values));
    }
    return tensors;
  }

  private static long[] values(String input, Tokens tokens) {
    return switch (input) {
      case "input_ids" -> tokens.ids;
      case "attention_mask" -> tokens.mask;
      case "position_ids" -> LongStream.range(0, tokens.length()).toArray();
      default -> tokens.types;
    };
  }

  private static OnnxTensor tensor(OrtEnvironment environment, OnnxJavaType type, long[] values)
      throws OrtException {
    long[] shape = {1, values.length};
    if (type == OnnxJavaType.INT64) {
      return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }
    int[] narrow = Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    return OnnxTensor.createTensor(environment, IntBuffer.wrap(narrow), shape);
  }
}
