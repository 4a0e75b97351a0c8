package io.github.solrcascade.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.solrcascade.remote.RerankPeer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Answers rerank requests over TLS, with a certificate of its own making. */
final class SecurePeer implements AutoCloseable {
  private static final String PASSWORD = "changeit";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server = new Server();
  private final ServerConnector connector;
  private final List<String> protocols = Collections.synchronizedList(new ArrayList<>());

  /**
   * Starts one.
   *
   * @param keys a key store that {@link #makeKeys} made
   * @param offersHttp2 whether it does so by ALPN; else it knows nothing of ALPN
   */
  SecurePeer(Path keys, boolean offersHttp2, Function<JsonNode, Reply> answer) throws Exception {
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setKeyStorePath(keys.toString());
    ssl.setKeyStorePassword(PASSWORD);
    HttpConfiguration config = new HttpConfiguration();
    config.addCustomizer(new SecureRequestCustomizer(false));
    connector = new ServerConnector(server, factories(ssl, config, offersHttp2));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new AbstractHandler() {
          @Override
          public void handle(
              String target, Request base, HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            base.setHandled(true);
            protocols.add(request.getProtocol());
            Reply reply = answer.apply(JSON.readTree(request.getInputStream()));
            reply.headers().forEach(response::setHeader);
            response.setStatus(reply.status());
            response.getOutputStream().write(reply.body().getBytes(StandardCharsets.UTF_8));
          }
        });
    server.start();
  }

  private static ConnectionFactory[] factories(
      SslContextFactory.Server ssl, HttpConfiguration config, boolean offersHttp2) {
    HttpConnectionFactory http1 = new HttpConnectionFactory(config);
    if (!offersHttp2) {
      return new ConnectionFactory[] {new SslConnectionFactory(ssl, http1.getProtocol()), http1};
    }
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    return new ConnectionFactory[] {
      new SslConnectionFactory(ssl, alpn.getProtocol()),
      alpn,
      new HTTP2ServerConnectionFactory(config),
      http1
    };
  }

  /** A key store with a key for 127.0.0.1 that nobody but its holder vouches for. */
  static Path makeKeys(Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "peer",
                "-keyalg",
                "EC",
                "-dname",
                "CN=peer",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
    return keys;
  }

  /** What trusts that key, and nothing else. */
  static SSLContext trusting(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("peer", store.getCertificate("peer"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  String url() {
    return "https://127.0.0.1:" + connector.getLocalPort() + "/rerank";
  }

  /** How each request came. */
  List<String> protocols() {
    return List.copyOf(protocols);
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
  }
}
