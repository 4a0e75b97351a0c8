package io.github.solrcascade.remote;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.config.ComponentConfig;
import io.github.solrcascade.remote.RerankPeer.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.solr.common.util.NamedList;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Rerankers behind https, over real connections. */
public class SecureRerankerTest {
  private static final List<String> DOCS = List.of("aaaa", "b", "ccc");
  private static final float[] LENGTHS = {4, 1, 3};

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path keys;
  private SSLContext before;

  @Before
  public void makeKeys() throws Exception {
    before = SSLContext.getDefault();
    keys = SecurePeer.makeKeys(folder.getRoot().toPath());
  }

  @After
  public void trustAsBefore() {
    SSLContext.setDefault(before);
  }

  /** A reranker in a JVM that trusts, or does not trust, the peer's key. */
  private RemoteReranker reranker(String url, boolean trusts) throws Exception {
    SSLContext.setDefault(trusts ? SecurePeer.trusting(keys) : before);
    NamedList<Object> list = new NamedList<>();
    list.add("name", "hosted");
    list.add("url", url);
    list.add("api", "cohere");
    list.add("timeoutMs", 20_000);
    NamedList<Object> args = new NamedList<>();
    args.add("reranker", list);
    return new RemoteReranker(ComponentConfig.parse(args).rerankers().get(0), "sk-secret");
  }

  private static float[] score(RemoteReranker reranker) {
    return reranker.score("red shoe", DOCS, Deadline.NONE, note -> {});
  }

  @Test
  public void speaksHttp2WhereItIsOffered() throws Exception {
    try (SecurePeer peer = new SecurePeer(keys, true, RerankPeer::byLength)) {
      RemoteReranker reranker = reranker(peer.url(), true);
      assertArrayEquals(LENGTHS, score(reranker), 0);
      assertArrayEquals(LENGTHS, score(reranker), 0);
      assertEquals(List.of("HTTP/2.0", "HTTP/2.0"), peer.protocols());
    }
  }

  @Test
  public void speaksHttp1Elsewhere() throws Exception {
    try (SecurePeer peer = new SecurePeer(keys, false, RerankPeer::byLength)) {
      assertArrayEquals(LENGTHS, score(reranker(peer.url(), true)), 0);
      assertEquals(List.of("HTTP/1.1"), peer.protocols());
    }
  }

  @Test
  public void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    for (boolean http2 : new boolean[] {true, false}) {
      try (SecurePeer peer = new SecurePeer(keys, http2, RerankPeer::byLength)) {
        RemoteReranker reranker = reranker(peer.url(), false);
        RemoteException e = assertThrows(RemoteException.class, () -> score(reranker));
        assertThat(e.getMessage(), containsString("reranker 'hosted' could not be reached: "));
        assertThat(e.getMessage(), containsString("certification path"));
        assertEquals("is not tried again", 1, reranker.statistics().requests());
        assertEquals(List.of(), peer.protocols());
      }
    }
  }

  @Test
  public void aCertificateForAnotherHostIsRefused() throws Exception {
    try (SecurePeer peer = new SecurePeer(keys, true, RerankPeer::byLength)) {
      RemoteReranker reranker = reranker(peer.url().replace("127.0.0.1", "localhost"), true);
      RemoteException e = assertThrows(RemoteException.class, () -> score(reranker));
      assertThat(e.getMessage(), containsString("No name matching localhost found"));
      assertEquals(List.of(), peer.protocols());
    }
  }

  @Test
  public void redirectsAreNotFollowed() throws Exception {
    try (SecurePeer other = new SecurePeer(keys, true, RerankPeer::byLength)) {
      for (int status : new int[] {301, 302, 307, 308}) {
        Reply away = new Reply(status, Map.of("Location", other.url()), "");
        try (SecurePeer peer = new SecurePeer(keys, true, request -> away)) {
          RemoteReranker reranker = reranker(peer.url(), true);
          RemoteException e = assertThrows(RemoteException.class, () -> score(reranker));
          assertEquals("reranker 'hosted' answered with status " + status, e.getMessage());
          assertEquals(1, peer.protocols().size());
        }
      }
      assertEquals(List.of(), other.protocols());
    }
  }
}
