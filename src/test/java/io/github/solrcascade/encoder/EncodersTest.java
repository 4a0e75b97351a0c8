package io.github.solrcascade.encoder;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Loaded once, shared, safe to use from many threads, closed with the last user. */
public class EncodersTest {
  private static final Path TINY =
      Path.of(System.getProperty("basedir", "."), "src/test/resources/encoder");
  private static final List<String> DOCUMENTS =
      List.of("red shoe", "", "a plain lamp", "red running shoe light", "printer cable");

  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private static CrossEncoder acquireCrossEncoder() {
    return (CrossEncoder) Encoders.acquire(TINY.resolve("tiny-cross-encoder"));
  }

  private static List<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cascade-encoder-"))
        .toList();
  }

  /** A pool has come to its end a moment before its last thread has. */
  static void assertWorkersEnd() throws InterruptedException {
    for (Thread worker : workers()) {
      worker.join(10_000);
    }
    assertEquals(List.of(), workers());
  }

  @Test
  public void oneFolderIsLoadedOnceAndClosedWithTheLastUser() throws InterruptedException {
    CrossEncoder first = acquireCrossEncoder();
    assertSame(first, acquireCrossEncoder());
    Encoders.release(first);
    assertEquals(1, first.score("red", List.of("shoe"), 64).length);
    assertFalse(workers().isEmpty());
    Encoders.release(first);
    assertWorkersEnd();
    assertThrows(IllegalStateException.class, () -> first.score("red", List.of("shoe"), 64));
    CrossEncoder again = acquireCrossEncoder();
    assertNotSame(first, again);
    Encoders.release(again);
  }

  @Test
  public void aFolderThatWasChangedIsAnotherModelForThoseWhoComeLater() throws Exception {
    Path folder = temporary.newFolder("model").toPath();
    try (Stream<Path> files = Files.list(TINY.resolve("tiny-cross-encoder"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    CrossEncoder before = (CrossEncoder) Encoders.acquire(folder);
    Path manifest = folder.resolve("model.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"sigmoid\": false", "\"sigmoid\": true"));
    CrossEncoder after = (CrossEncoder) Encoders.acquire(folder);
    float logit = before.score("red", List.of("shoe"), 64)[0];
    assertEquals(1 / (1 + Math.exp(-logit)), after.score("red", List.of("shoe"), 64)[0], 1e-6);
    Encoders.release(before);
    Encoders.release(after);
  }

  @Test
  public void useAfterReleaseFailsWhileOthersKeepTheWorkers() {
    CrossEncoder released = acquireCrossEncoder();
    Encoder other = Encoders.acquire(TINY.resolve("tiny-bi-encoder"));
    Encoders.release(released);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> released.score("red", List.of("shoe"), 64));
    assertEquals("model 'tiny-cross-encoder' is closed", e.getMessage());
    Encoders.release(other);
  }

  @Test
  public void scoresAreTheSameAloneAndInCompany() {
    CrossEncoder encoder = acquireCrossEncoder();
    float[] together = encoder.score("red shoe", DOCUMENTS, 64);
    for (int i = 0; i < together.length; i++) {
      assertEquals(together[i], encoder.score("red shoe", DOCUMENTS.subList(i, i + 1), 64)[0], 0);
    }
    Encoders.release(encoder);
  }

  @Test
  public void manyThreadsGetTheSameScores() throws Exception {
    CrossEncoder encoder = acquireCrossEncoder();
    float[] expected = encoder.score("red shoe", DOCUMENTS, 64);
    ExecutorService clients = Executors.newFixedThreadPool(8);
    List<Callable<float[]>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(() -> encoder.score("red shoe", DOCUMENTS, 64));
    }
    for (Future<float[]> scores : clients.invokeAll(calls)) {
      assertArrayEquals(expected, scores.get(), 0);
    }
    clients.shutdown();
    Encoders.release(encoder);
  }

  @Test
  public void halfSurrogatesAndControlCharactersAreOnlyText() {
    CrossEncoder encoder = acquireCrossEncoder();
    String strange = "\uD83D red \uDC5F\u0000\uFFFF\u202E";
    float score = encoder.score(strange, List.of(strange), 64)[0];
    assertTrue(Float.isFinite(score));
    Encoders.release(encoder);
  }

  @Test
  public void lengthMustBeInRange() {
    CrossEncoder encoder = acquireCrossEncoder();
    for (int length : new int[] {-1, 7, 65}) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> encoder.score("red", List.of("shoe"), length));
      assertEquals("maxTokens: " + length + ", must be from 8 to 64", e.getMessage());
    }
    Encoders.release(encoder);
  }

  @Test
  public void interruptedCallersLeave() {
    CrossEncoder encoder = acquireCrossEncoder();
    Thread.currentThread().interrupt();
    assertThrows(EncoderException.class, () -> encoder.score("red", DOCUMENTS, 64));
    assertTrue(Thread.interrupted());
    Encoders.release(encoder);
  }

  @Test
  public void callersThatWaitWhenTheLastUserLeavesAreNotLeftWaiting() throws Exception {
    CrossEncoder encoder = acquireCrossEncoder();
    List<String> many = Collections.nCopies(50_000, "red running shoe light");
    ExecutorService client = Executors.newSingleThreadExecutor();
    Future<float[]> scores = client.submit(() -> encoder.score("red shoe", many, 64));
    while (workers().isEmpty()) {
      Thread.onSpinWait();
    }
    Encoders.release(encoder);
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> scores.get(20, TimeUnit.SECONDS));
    assertTrue(e.toString(), e.getCause() instanceof IllegalStateException);
    client.shutdown();
  }
}
