package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.Test;

/** Where there is but one cascade, nobody needs to say which. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class OnlyCascadeTest extends SolrTestCase {

  @Test
  public void needsNoName() throws Exception {
    Path home = createTempDir();
    Path config = TestSolr.install(home, "test", Map.of()).resolve("solrconfig.xml");
    String all = Files.readString(config);
    int second = all.indexOf("<lst name=\"cascade\">", all.indexOf("<str name=\"name\">products<"));
    int end = all.indexOf("</searchComponent>");
    Files.writeString(config, all.substring(0, second) + all.substring(end));
    try (TestSolr solr = TestSolr.start(home)) {
      assertEquals("", solr.loadError());
      solr.index(List.of(Map.of("id", "1", "title", "red")));
      String used =
          solr.search("q", "red", "rq", "{!cascade}").json().path("cascade").path("name").asText();
      assertEquals("products", used);
    }
  }
}
