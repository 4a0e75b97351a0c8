package io.github.solrcascade;

import java.nio.file.Path;

/**
 * A Solr in a process of its own, which a signal stops as it stops one that was started by hand.
 */
public final class ServingSolr {
  private ServingSolr() {}

  /** Takes the Solr home; prints its address once it serves. */
  public static void main(String... arguments) throws Exception {
    TestSolr solr = TestSolr.start(Path.of(arguments[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(solr::close));
    System.out.println("error " + solr.loadError());
    System.out.println("serves " + solr.url());
    Thread.currentThread().join();
  }
}
