package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.DocumentReader;
import io.github.solrcascade.demo.EmbeddedSolr;
import io.github.solrcascade.demo.Indexer;
import io.github.solrcascade.demo.JudgedSet;
import io.github.solrcascade.demo.KeptIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.solr.client.solrj.SolrClient;

/** The demo's Solr with its catalogue. */
record DemoSolr(JudgedSet set, EmbeddedSolr solr, SolrClient client) implements AutoCloseable {

  /**
   * Starts it.
   *
   * @param cacheMb the size of the cache of scores; 0 so that every way computes its own
   */
  static DemoSolr start(int cacheMb) throws Exception {
    return start(cacheMb, DemoPairs.CATALOGUE);
  }

  /** The same with another judged set. */
  static DemoSolr start(int cacheMb, Path data) throws Exception {
    System.setProperty("cascade.cacheMb", String.valueOf(cacheMb));
    Path project = Path.of("").toAbsolutePath();
    JudgedSet set = JudgedSet.read(data);
    KeptIndex kept = KeptIndex.of(project, set);
    Optional<KeptIndex> usable = kept.ifUsable();
    EmbeddedSolr solr = EmbeddedSolr.start(project, set.name(), usable, 0);
    DemoSolr demo = new DemoSolr(set, solr, solr.newClient());
    if (usable.isEmpty()) {
      new Indexer(demo.client).index(new DocumentReader(set.fields()).readAll(set), batch -> {});
      kept.keep(solr.indexFolder());
    }
    return demo;
  }

  @Override
  public void close() throws IOException {
    client.close();
    solr.close();
  }
}
