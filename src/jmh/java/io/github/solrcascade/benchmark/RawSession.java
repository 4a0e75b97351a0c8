package io.github.solrcascade.benchmark;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A model folder straight in ONNX Runtime, without the plugin: pairs are tokenized beforehand. */
final class RawSession implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final List<Encoding> pairs = new ArrayList<>();
  private final ExecutorService callers;

  /** A session with so many threads a run, and so many callers of it. */
  RawSession(Path folder, List<DemoPairs> texts, int maxTokens, int threads, int callers)
      throws Exception {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(folder.resolve("model.onnx").toString(), options);
    }
    String limit = String.valueOf(maxTokens);
    Map<String, String> options =
        Map.of(
            "padding", "false", "truncation", "true", "maxLength", limit, "modelMaxLength", limit);
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"), options)) {
      for (DemoPairs of : texts) {
        of.documents().forEach(text -> pairs.add(tokenizer.encode(of.query(), text)));
      }
    }
    this.callers = Executors.newFixedThreadPool(callers);
  }

  /** Mean tokens of a pair. */
  double meanTokens() {
    return pairs.stream().mapToInt(pair -> pair.getIds().length).average().orElse(0);
  }

  /** All pairs in one run, padded to the longest, in their order. */
  float[] batch() throws OrtException {
    return run(pairs);
  }

  /** One pair a run, all callers busy. */
  float[] singles() throws Exception {
    List<Callable<Float>> tasks = new ArrayList<>();
    pairs.forEach(pair -> tasks.add(() -> run(List.of(pair))[0]));
    float[] scores = new float[tasks.size()];
    int place = 0;
    for (Future<Float> score : callers.invokeAll(tasks)) {
      scores[place++] = score.get();
    }
    return scores;
  }

  private float[] run(List<Encoding> batch) throws OrtException {
    int length = batch.stream().mapToInt(pair -> pair.getIds().length).max().orElse(0);
    long[] ids = new long[batch.size() * length];
    long[] mask = new long[ids.length];
    long[] types = new long[ids.length];
    for (int i = 0; i < batch.size(); i++) {
      Encoding pair = batch.get(i);
      System.arraycopy(pair.getIds(), 0, ids, i * length, pair.getIds().length);
      System.arraycopy(pair.getAttentionMask(), 0, mask, i * length, pair.getIds().length);
      System.arraycopy(pair.getTypeIds(), 0, types, i * length, pair.getIds().length);
    }
    long[] shape = {batch.size(), length};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      inputs.put("input_ids", tensor(ids, shape));
      inputs.put("attention_mask", tensor(mask, shape));
      inputs.put("token_type_ids", tensor(types, shape));
      inputs.keySet().retainAll(session.getInputNames());
      try (OrtSession.Result result = session.run(inputs)) {
        float[] scores = new float[batch.size()];
        ((OnnxTensor) result.get(0)).getFloatBuffer().get(scores);
        return scores;
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  @Override
  public void close() throws OrtException {
    callers.shutdown();
    session.close();
  }
}
