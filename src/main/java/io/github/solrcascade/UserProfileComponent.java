package io.github.solrcascade;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.solrcascade.config.ProfileConfig;
import io.github.solrcascade.distributed.ShardWork;
import io.github.solrcascade.feature.UserAffinityFeature;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import org.apache.solr.client.solrj.SolrServerException;
import org.apache.solr.client.solrj.request.QueryRequest;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.core.CoreContainer;
import org.apache.solr.core.SolrCore;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.handler.component.SearchComponent;
import org.apache.solr.request.SolrQueryRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up what a visitor clicked before, so that the client need not send it: {@code
 * cascade.profile=ID} adds the clicks of that document to the parameter {@code clicks}, which
 * {@code efi.clicks=$clicks} hands to {@link UserAffinityFeature}.
 *
 * <pre>{@code
 * <searchComponent name="profile" class="io.github.solrcascade.UserProfileComponent">
 *   <str name="collection">profiles</str>
 *   <str name="field">clicks</str>
 * </searchComponent>
 * <requestHandler name="/select" class="solr.SearchHandler">
 *   <arr name="first-components"><str>profile</str></arr>
 *   <arr name="last-components"><str>cascade</str></arr>
 * </requestHandler>
 * }</pre>
 *
 * <ul>
 *   <li>{@code collection}: a collection, or without SolrCloud a core of this node, with a document
 *       for each visitor.
 *   <li>{@code field}: its stored field with the clicks, as the feature wants them.
 * </ul>
 *
 * <p>It is read with each search, by real-time get and with the user's own rights, and kept
 * nowhere: a profile that is changed or deleted is so at once. Who has none gets the impersonal
 * order; so does everyone, flagged, if the collection does not answer. Thread-safe.
 */
public final class UserProfileComponent extends SearchComponent {
  static final String PARAMETER = "cascade.profile";
  static final String CLICKS = "clicks";

  private static final Logger log = LoggerFactory.getLogger(MethodHandles.lookup().lookupClass());
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String GET = "/get";

  private ProfileConfig config;

  @Override
  public void init(NamedList<?> args) {
    super.init(args);
    config = ProfileConfig.parse(args);
  }

  @Override
  public void prepare(ResponseBuilder rb) {
    SolrParams params = rb.req.getParams();
    String id = params.get(PARAMETER);
    // Shards get the clicks from the coordinator.
    if (id == null || ShardWork.isPart(rb.req)) {
      return;
    }
    try {
      String kept = kept(rb.req, id);
      if (kept != null) {
        ModifiableSolrParams own = new ModifiableSolrParams(params);
        own.set(CLICKS, merged(params.get(CLICKS, ""), kept));
        rb.req.setParams(own);
      }
    } catch (BadRequest e) {
      throw e;
    } catch (SolrException | SolrServerException | IOException e) {
      // Neither the visitor nor the clicks are told of.
      log.warn(
          "the visitor's profile in {} could not be read: {}", config.collection(), e.getClass());
      rb.rsp.setPartialResults(rb.req);
      rb.rsp.addPartialResponseDetail("cascade: the visitor's profile could not be read");
    }
  }

  @Override
  public void process(ResponseBuilder rb) {}

  /** What is kept of the visitor; null if nothing is. */
  private String kept(SolrQueryRequest request, String id) throws SolrServerException, IOException {
    ModifiableSolrParams get = new ModifiableSolrParams();
    get.set("id", id);
    get.set(CommonParams.FL, config.field());
    NamedList<Object> answer = get(request, get);
    return answer.get("doc") instanceof SolrDocument found
        ? (String) found.getFirstValue(config.field())
        : null;
  }

  private NamedList<Object> get(SolrQueryRequest request, ModifiableSolrParams get)
      throws SolrServerException, IOException {
    CoreContainer node = request.getCoreContainer();
    if (node.isZooKeeperAware()) {
      QueryRequest asked = new QueryRequest(get);
      asked.setPath(GET);
      asked.setUserPrincipal(request.getUserPrincipal());
      return node.getZkController().getSolrClient().request(asked, config.collection());
    }
    try (SolrCore core = node.getCore(config.collection())) {
      if (core == null) {
        throw new SolrException(
            SolrException.ErrorCode.SERVER_ERROR, "no core " + config.collection());
      }
      return new LocalSearch(core, GET, request.getUserPrincipal()).search(get);
    }
  }

  /** The request's clicks come first: they are the newest. */
  private static String merged(String given, String kept) throws JsonProcessingException {
    ArrayNode all = JSON.createArrayNode();
    if (!given.isBlank()) {
      JsonNode list = tree(given);
      if (list == null || !list.isArray()) {
        throw new BadRequest(CLICKS, "the request's", "must be a JSON list");
      }
      list.forEach(all::add);
    }
    for (JsonNode click : JSON.readTree(kept)) {
      if (all.size() < UserAffinityFeature.MOST_CLICKS) {
        all.add(click);
      }
    }
    return JSON.writeValueAsString(all);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  @Override
  public String getDescription() {
    return "Looks up what a visitor clicked before";
  }
}
