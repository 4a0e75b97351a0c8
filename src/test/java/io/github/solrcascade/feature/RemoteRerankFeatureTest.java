package io.github.solrcascade.feature;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr;
import io.github.solrcascade.TestSolr.Answer;
import io.github.solrcascade.remote.RerankPeer;
import io.github.solrcascade.remote.RerankPeer.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** A stage whose scores come from another server. */
public class RemoteRerankFeatureTest extends FeatureTest {
  private static final String PARAMS =
      "{\"reranker\":\"hosted\",\"fields\":[\"title\",\"text\"],\"defaultValue\":-7}";
  private static RerankPeer peer;

  /** In place of the superclass's Solr one that knows the peer. */
  @BeforeClass
  public static void startSolrWithPeer() throws Exception {
    solr.close();
    peer = new RerankPeer(RerankPeer::byLength);
    Path home = createTempDir();
    Map<String, String> properties =
        Map.of(
            "cascade.popular.depth",
            "100",
            "rerank.enable",
            "true",
            "rerank.url",
            peer.url(),
            "rerank.keyFile",
            "key.txt");
    TestSolr.install(home, "test", properties);
    Files.writeString(home.resolve("key.txt"), "sk-secret\n");
    solr = TestSolr.start(home);
    assertEquals("", solr.loadError());
    index(
        List.of(
            Map.of("id", "1", "title", "red shoe", "text", "for running", "brand", "private"),
            Map.of("id", "2", "title", "lamp", "notes", "never sent"),
            Map.of("id", "3", "price", 3)));
  }

  @AfterClass
  public static void stopPeer() {
    if (peer != null) {
      peer.close();
      peer = null;
    }
  }

  @Before
  public void answerWell() {
    peer.answer(RerankPeer::byLength);
  }

  @Test
  public void isThePeersScore() throws Exception {
    int before = peer.requests().size();
    Map<String, Float> values = values(ours("RemoteRerankFeature"), PARAMS, "efi.text='red'");
    assertEquals(Map.of("1", 20f, "2", 4f, "3", -7f), values);
    assertEquals("one request", before + 1, peer.requests().size());
  }

  @Test
  public void onlyTheNamedFieldsLeaveTheNode() throws Exception {
    values(ours("RemoteRerankFeature"), PARAMS, "efi.text='what is sent'");
    JsonNode request = peer.requests().get(peer.requests().size() - 1);
    assertEquals("what is sent", request.path("query").asText());
    assertThat(request.toString(), containsString("red shoe for running"));
    assertThat(request.toString(), not(containsString("private")));
    assertThat(request.toString(), not(containsString("never sent")));
    assertEquals("Bearer sk-secret", peer.authorizations().get(0));
  }

  @Test
  public void whenItFailsTheOrderBeforeIsServedAndFlagged() throws Exception {
    serve(ours("RemoteRerankFeature"), PARAMS);
    List<String> firstPass = solr.search("q", "*:*").ids();
    String[] bodies = {"", "[]", "{\"results\":[]}"};
    for (String body : bodies) {
      peer.answer(request -> Reply.ok(body));
      Answer answer = ask("efi.text='fails " + body.length() + "'");
      assertEquals(firstPass, answer.ids());
      JsonNode header = answer.json().path("responseHeader");
      assertTrue(header.path("partialResults").asBoolean());
      assertThat(
          answer.json().path("cascade").path("stages").path(0).path("outcome").asText(),
          containsString("reranker 'hosted' gave "));
      assertThat(answer.json().toString(), not(containsString("sk-secret")));
    }
  }

  @Test
  public void whatItDoesIsInTheMetrics() throws Exception {
    values(ours("RemoteRerankFeature"), PARAMS, "efi.text='counted'");
    String rerankers =
        solr.cores()
            .getMetricManager()
            .registry("solr.core.test")
            .getGauges()
            .get("cascade.rerankers")
            .getValue()
            .toString();
    assertThat(rerankers, containsString("hosted={"));
    assertThat(rerankers, containsString("switchedOff=false"));
    assertThat(rerankers, containsString("requestMs={"));
    assertThat(rerankers, not(containsString("requests=0")));
  }

  private static void assertRefused(String rule, String params) throws Exception {
    Answer answer =
        solr.put(
            "/schema/feature-store",
            String.format(
                Locale.ROOT,
                "[{\"name\":\"refused\",\"class\":\"%s\",\"params\":%s}]",
                ours("RemoteRerankFeature"),
                params));
    assertEquals(answer.json().toString(), 400, answer.status());
    assertThat(answer.json().toString(), containsString("feature 'refused': " + rule));
  }

  @Test
  public void whatDoesNotFitIsRefused() throws Exception {
    assertRefused("reranker: missing, must be given", "{\"fields\":[\"title\"]}");
    assertRefused("fields: [], must name at least one", "{\"reranker\":\"hosted\"}");
    assertRefused(
        "fields: body, must be stored", "{\"reranker\":\"hosted\",\"fields\":[\"body\"]}");
    assertRefused(
        "reranker: x, must be one of the rerankers [hosted]",
        "{\"reranker\":\"x\",\"fields\":[\"title\"]}");
  }
}
