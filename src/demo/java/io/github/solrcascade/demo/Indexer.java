package io.github.solrcascade.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrServerException;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrInputDocument;

/** Indexes documents in batches, as many at a time as there are cores. */
public final class Indexer {
  private static final int BATCH = 100;

  private final SolrClient solr;

  /** Into the client's core. */
  public Indexer(SolrClient solr) {
    this.solr = solr;
  }

  /**
   * Indexes all documents.
   *
   * @param indexed is told the size of each batch, by any thread
   */
  public void index(List<SolrInputDocument> documents, IntConsumer indexed) throws Exception {
    ExecutorService senders =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<?>> sent = new ArrayList<>();
      for (int from = 0; from < documents.size(); from += BATCH) {
        List<SolrInputDocument> batch =
            documents.subList(from, Math.min(from + BATCH, documents.size()));
        sent.add(senders.submit(() -> send(batch, indexed)));
      }
      for (Future<?> each : sent) {
        await(each);
      }
      // One segment, whose order is the configset's: the same numbers in every run.
      solr.optimize();
    } finally {
      senders.shutdownNow();
    }
  }

  private Void send(List<SolrInputDocument> batch, IntConsumer indexed)
      throws SolrServerException, IOException {
    solr.add(batch);
    indexed.accept(batch.size());
    return null;
  }

  private static void await(Future<?> sent) throws InterruptedException {
    try {
      sent.get();
    } catch (ExecutionException e) {
      String reason =
          e.getCause() instanceof SolrException refused ? refused.getMessage() : e.getCause() + "";
      throw new DemoException("indexing failed: " + reason, e);
    }
  }
}
