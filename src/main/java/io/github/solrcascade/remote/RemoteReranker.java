package io.github.solrcascade.remote;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.config.RerankerConfig;
import io.github.solrcascade.encoder.Breaker;
import io.github.solrcascade.encoder.EncoderException;
import io.github.solrcascade.encoder.Encoders;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A reranker behind HTTP. All documents that no cache knows go in one request, or in as few as the
 * API's limit allows, one after the other; whatever fails, fails for all of them. Redirects are not
 * followed. Thread-safe; callers wait while as many requests as are allowed are under way.
 */
public final class RemoteReranker {
  /** Of a response for each document; the rest is for what surrounds them. */
  private static final int RESULT_BYTES = 1000;

  private static final int OTHER_BYTES = 100_000;

  private final RerankerConfig config;
  private final String key;
  private final RerankApi api;
  private final HttpClient client;
  private final Semaphore permits;
  private final Breaker breaker;
  private final CallStatistics statistics = new CallStatistics();

  /**
   * Opens no connection yet.
   *
   * @param key the API's key; empty where it wants none
   */
  public RemoteReranker(RerankerConfig config, String key) {
    this.config = config;
    this.key = key;
    this.api = new RerankApi(config.mapping(), config.model());
    this.permits = new Semaphore(config.maxConcurrent());
    this.breaker = new Breaker(toString(), System::nanoTime);
    boolean secure = "https".equalsIgnoreCase(config.url().getScheme());
    this.client =
        HttpClient.newBuilder()
            // An upgrade in clear text is more than servers on the same machine understand.
            .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofMillis(config.timeoutMs()))
            .build();
  }

  /** Tells rerankers apart whose scores differ. */
  public String id() {
    return config.url() + " " + config.model();
  }

  /** Where a document's text is cut. */
  public int maxCharacters() {
    return config.maxCharacters();
  }

  /** How it fares. */
  public RerankerStatistics statistics() {
    return statistics.sum(breaker.isOpen());
  }

  /**
   * The documents' scores, in their order; of all of them.
   *
   * @param notes takes a sentence if texts are cut, and one if they do not go in one request
   * @throws OutOfTime if the deadline passes before they are there
   * @throws RemoteException if the reranker fails, or answers otherwise than it should
   * @throws EncoderException if it is switched off
   */
  public float[] score(
      String query, List<String> documents, Deadline deadline, Consumer<String> notes) {
    List<String> texts = documents.stream().map(this::cut).toList();
    AtomicInteger asked = new AtomicInteger();
    float[] scores =
        Encoders.cachedScores(
            id(),
            query,
            texts,
            missing -> {
              asked.addAndGet(missing.size());
              return ask(query, missing, deadline, notes);
            },
            deadline);
    statistics.knew(Math.max(0, texts.size() - asked.get()));
    long cut = documents.stream().filter(text -> text.length() > config.maxCharacters()).count();
    if (cut > 0) {
      notes.accept(
          this
              + (": " + cut + " of " + texts.size() + " documents cut at ")
              + (config.maxCharacters() + " characters"));
    }
    return scores;
  }

  /** Half a surrogate pair is not left at the end. */
  private String cut(String text) {
    int end = config.maxCharacters();
    if (text.length() <= end) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  private float[] ask(
      String query, List<String> documents, Deadline deadline, Consumer<String> notes) {
    breaker.check();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.timeoutMs());
    Call call = new Call(deadline, end);
    try {
      call.awaitPermit();
      try {
        float[] scores = askInParts(query, documents, call);
        if (documents.size() > config.maxDocuments()) {
          int requests = 1 + (documents.size() - 1) / config.maxDocuments();
          notes.accept(
              this + ": " + documents.size() + " documents sent in " + requests + " requests");
        }
        breaker.succeeded();
        return scores;
      } finally {
        permits.release();
      }
    } catch (RemoteException e) {
      breaker.failed(e);
      statistics.failed();
      throw new RemoteException(this + " " + e.getMessage(), e.getCause());
    }
  }

  private float[] askInParts(String query, List<String> documents, Call call) {
    float[] scores = new float[documents.size()];
    for (int from = 0; from < scores.length; from += config.maxDocuments()) {
      int to = Math.min(scores.length, from + config.maxDocuments());
      List<String> part = documents.subList(from, to);
      byte[] response = call.send(request(query, part), part.size());
      System.arraycopy(api.scores(response, part.size()), 0, scores, from, part.size());
    }
    return scores;
  }

  private HttpRequest request(String query, List<String> documents) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(config.url())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(api.request(query, documents)));
    return (key.isEmpty() ? request : request.header("Authorization", "Bearer " + key)).build();
  }

  @Override
  public String toString() {
    return "reranker '" + config.name() + "'";
  }

  /** The requests for one caller, and until when they may take. */
  private final class Call {
    private static final long JITTER_MILLIS = 100;

    private final Deadline deadline;
    private final long end;

    Call(Deadline deadline, long end) {
      this.deadline = deadline;
      this.end = end;
    }

    private long nanosLeft() {
      return Math.min(end - System.nanoTime(), deadline.nanosLeft());
    }

    private void checkTime() {
      deadline.check();
      if (nanosLeft() <= 0) {
        throw new RemoteException("did not answer in " + config.timeoutMs() + " ms");
      }
    }

    /** As long as the deadline's own limits are not asked again. */
    private long nanosToWait() {
      return Math.max(0, Math.min(nanosLeft(), deadline.nanosToWait()));
    }

    void awaitPermit() {
      try {
        while (!permits.tryAcquire(nanosToWait(), TimeUnit.NANOSECONDS)) {
          checkTime();
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }

    /** The answer's body, after as many tries as are allowed and there is time for. */
    byte[] send(HttpRequest request, int documents) {
      for (int tries = 0; ; tries++) {
        try {
          statistics.sends(documents, tries > 0);
          HttpResponse<byte[]> response = sendOnce(request, documents);
          if (response.statusCode() == 200) {
            return response.body();
          }
          String status = "answered with status " + response.statusCode();
          if (!isForNow(response.statusCode()) || !mayWait(tries, retryAfterMillis(response))) {
            throw new RemoteException(status);
          }
        } catch (IOException e) {
          if (!isForNow(e) || !mayWait(tries, jitterMillis())) {
            throw new RemoteException("could not be reached: " + e, e);
          }
        }
      }
    }

    private HttpResponse<byte[]> sendOnce(HttpRequest request, int documents) throws IOException {
      long start = System.nanoTime();
      int mostBytes = OTHER_BYTES + RESULT_BYTES * documents;
      CompletableFuture<HttpResponse<byte[]>> answer =
          client.sendAsync(request, info -> new LimitedBody(mostBytes));
      try {
        while (true) {
          try {
            HttpResponse<byte[]> response = answer.get(nanosToWait(), TimeUnit.NANOSECONDS);
            statistics.answered(System.nanoTime() - start);
            return response;
          } catch (TimeoutException e) {
            checkTime();
          }
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } catch (InterruptedException e) {
        throw interrupted(e);
      } finally {
        // Ends the exchange if it has not come to its end.
        answer.cancel(true);
      }
    }

    private static boolean isForNow(int status) {
      return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /** A certificate that is not trusted will not be so in a moment. */
    private static boolean isForNow(IOException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof CertificateException) {
          return false;
        }
      }
      return true;
    }

    private static long retryAfterMillis(HttpResponse<?> response) {
      long seconds =
          response
              .headers()
              .firstValue("Retry-After")
              .filter(value -> value.matches("\\d{1,6}"))
              .map(Long::parseLong)
              .orElse(0L);
      return TimeUnit.SECONDS.toMillis(seconds) + jitterMillis();
    }

    private static long jitterMillis() {
      return ThreadLocalRandom.current().nextLong(JITTER_MILLIS / 2, JITTER_MILLIS);
    }

    /** Waits before another try; false, at once, if there is none or no time for it. */
    private boolean mayWait(int tries, long millis) {
      if (tries >= config.retries() || TimeUnit.MILLISECONDS.toNanos(millis) >= nanosLeft()) {
        return false;
      }
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      checkTime();
      return true;
    }

    private static RemoteException interrupted(InterruptedException e) {
      Thread.currentThread().interrupt();
      return new RemoteException("interrupted", e);
    }
  }
}
