package io.github.solrcascade.encoder;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An ONNX graph in a session that uses one thread a run. Many threads may run it at once.
 *
 * <p>One text a run: a graph quantized dynamically gives a text another score in other company.
 */
final class Graph implements AutoCloseable {
  private static final Set<String> INPUTS =
      new TreeSet<>(List.of("input_ids", "attention_mask", "token_type_ids"));

  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Set<String> inputs;

  /**
   * Loads the graph and checks its inputs.
   *
   * @throws EncoderException with what was found and what was expected
   */
  Graph(Path file) {
    this.file = file;
    environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, "solr-cascade");
    session = open();
    inputs = session.getInputNames();
    try {
      checkInputs();
    } catch (EncoderException e) {
      close();
      throw e;
    }
  }

  private OrtSession open() {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new EncoderException(file + ": is not an ONNX graph, " + e.getMessage(), e);
    }
  }

  private void checkInputs() {
    if (!INPUTS.containsAll(inputs) || !inputs.contains("input_ids")) {
      throw EncoderException.at(
          file, "inputs " + inputs, "must be input_ids and no others than " + INPUTS);
    }
    for (String input : inputs) {
      TensorInfo info = info(input, true);
      if (info.type != OnnxJavaType.INT64 || info.getShape().length != 2) {
        throw EncoderException.at(
            file, "input " + input + " " + info, "must be int64 [batch, tokens]");
      }
    }
  }

  /**
   * The shape of the only output, which must be of floats; −1 where it is free.
   *
   * @param form the rank and meaning, for the message
   */
  long[] outputShape(int rank, String form) {
    Set<String> outputs = session.getOutputNames();
    TensorInfo info = outputs.size() == 1 ? info(outputs.iterator().next(), false) : null;
    if (info == null || info.type != OnnxJavaType.FLOAT || info.getShape().length != rank) {
      throw EncoderException.at(
          file, "outputs " + outputs + " " + info, "must be one output of floats " + form);
    }
    return info.getShape();
  }

  private TensorInfo info(String name, boolean input) {
    try {
      NodeInfo node = (input ? session.getInputInfo() : session.getOutputInfo()).get(name);
      if (node.getInfo() instanceof TensorInfo tensor) {
        return tensor;
      }
      throw EncoderException.at(file, name + " " + node.getInfo(), "must be a tensor");
    } catch (OrtException e) {
      throw new EncoderException(file + ": " + e.getMessage(), e);
    }
  }

  /** The numbers of the output for one text or pair. */
  float[] run(Tokens tokens) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (String input : inputs) {
        tensors.put(input, tensor(input, tokens));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] output = new float[buffer.remaining()];
        buffer.get(output);
        return output;
      }
    } catch (OrtException e) {
      throw new EncoderException(file + ": failed, " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(String input, Tokens tokens) throws OrtException {
    long[] values =
        switch (input) {
          case "input_ids" -> tokens.ids;
          case "attention_mask" -> tokens.mask;
          default -> tokens.types;
        };
    long[] shape = {1, tokens.ids.length};
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new EncoderException(file + ": cannot be closed, " + e.getMessage(), e);
    }
  }
}
