package io.github.solrcascade.encoder;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What models must answer, as a script computed it in Python. */
final class Expected {
  private final Path file;

  /** The file holds a list of texts or pairs with their answers for each model's name. */
  Expected(Path file) {
    this.file = file;
  }

  private JsonNode answers(Path folder) throws IOException {
    JsonNode answers = new ObjectMapper().readTree(file.toFile()).path(name(folder));
    assertFalse(name(folder), answers.isEmpty());
    return answers;
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }

  void checkVectors(Path folder, float tolerance) throws IOException {
    BiEncoder encoder = (BiEncoder) Encoders.acquire(folder);
    try {
      for (JsonNode each : answers(folder)) {
        String text = each.path("text").asText();
        assertVector(each.path("query"), encoder.encodeQuery(text), tolerance);
        assertVector(
            each.path("document"),
            encoder.encodeDocument(text, encoder.manifest().maxTokens()),
            tolerance);
      }
    } finally {
      Encoders.release(encoder);
    }
  }

  private static void assertVector(JsonNode expected, float[] vector, float tolerance) {
    float[] beginning = new float[expected.size()];
    IntStream.range(0, beginning.length)
        .forEach(i -> beginning[i] = (float) expected.get(i).asDouble());
    assertArrayEquals(beginning, Arrays.copyOf(vector, beginning.length), tolerance);
  }

  void checkTokenVectors(Path folder, float tolerance) throws IOException {
    LateInteractionEncoder encoder = (LateInteractionEncoder) Encoders.acquire(folder);
    try {
      for (JsonNode each : answers(folder)) {
        float[][] query = encoder.encodeQuery(each.path("query").asText());
        float[][] document =
            encoder.encodeDocument(each.path("document").asText(), encoder.manifest().maxTokens());
        assertEquals(each.path("tokens").get(0).asInt(), query.length);
        assertEquals(each.path("tokens").get(1).asInt(), document.length);
        assertVector(each.path("queryFirst"), query[0], tolerance);
        assertVector(each.path("documentLast"), document[document.length - 1], tolerance);
      }
    } finally {
      Encoders.release(encoder);
    }
  }

  void checkScores(Path folder, float tolerance) throws IOException {
    CrossEncoder encoder = (CrossEncoder) Encoders.acquire(folder);
    try {
      for (JsonNode each : answers(folder)) {
        float[] scores =
            encoder.score(
                each.path("query").asText(),
                List.of(each.path("document").asText()),
                each.path("maxTokens").asInt());
        assertEquals(each.toString(), each.path("score").asDouble(), scores[0], tolerance);
      }
    } finally {
      Encoders.release(encoder);
    }
  }
}
