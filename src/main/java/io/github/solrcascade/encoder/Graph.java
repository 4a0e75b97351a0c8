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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX graph in a session that uses one thread a run. Many threads may run it at once.
 *
 * <p>One text a run: a graph quantized dynamically gives a text another score in other company.
 */
final class Graph implements AutoCloseable {
  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final GraphInputs inputs;
  private final String output;

  /**
   * Loads the graph and checks its inputs.
   *
   * @param wanted the output to read; null for the only one
   * @throws EncoderException with what was found and what was expected
   */
  Graph(Path file, String wanted) {
    this.file = file;
    OnnxFile.check(file);
    environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, "solr-cascade");
    session = open();
    try {
      inputs = new GraphInputs(file, session.getInputInfo());
      output = choose(wanted);
    } catch (OrtException e) {
      close();
      throw new EncoderException(file + ": " + e.getMessage(), e);
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

  private String choose(String wanted) {
    Set<String> outputs = session.getOutputNames();
    if (wanted != null && !outputs.contains(wanted)) {
      throw EncoderException.at(file, "outputs " + outputs, "model.json wants output " + wanted);
    }
    if (wanted == null && outputs.size() != 1) {
      throw EncoderException.at(
          file, "outputs " + outputs, "model.json must name one of them as output");
    }
    return wanted == null ? outputs.iterator().next() : wanted;
  }

  /**
   * Checks the output, which must be of floats or half floats.
   *
   * @param form the meaning of its axes, for the message
   * @param ranks how many axes it may have
   * @throws EncoderException with what was found and what was expected
   */
  void requireOutput(String form, List<Integer> ranks) {
    NodeInfo node = outputInfo();
    boolean fits =
        node.getInfo() instanceof TensorInfo info
            && (info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.FLOAT16)
            && ranks.contains(info.getShape().length);
    if (!fits) {
      throw EncoderException.at(
          file, "output " + output + " " + node.getInfo(), "must be one output of floats " + form);
    }
  }

  private NodeInfo outputInfo() {
    try {
      return session.getOutputInfo().get(output);
    } catch (OrtException e) {
      throw new EncoderException(file + ": " + e.getMessage(), e);
    }
  }

  /** The only number of tokens that the graph takes; 0 where it takes any. */
  int fixedTokens() {
    return inputs.fixedTokens();
  }

  /** The output for one text or pair, which is padded already where the graph wants it. */
  Output run(Tokens tokens) {
    Map<String, OnnxTensor> tensors = Map.of();
    try {
      tensors = inputs.tensors(environment, tokens);
      try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
        return read((OnnxTensor) result.get(0));
      }
    } catch (OrtException e) {
      throw new EncoderException(file + ": failed, " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static Output read(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new Output(tensor.getInfo().getShape(), values);
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
