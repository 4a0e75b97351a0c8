package io.github.solrcascade;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrDocumentList;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.common.util.SimpleOrderedMap;
import org.apache.solr.handler.RequestHandlerBase;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.response.SolrQueryResponse;
import org.apache.solr.security.AuthorizationContext;
import org.apache.solr.security.PermissionNameProvider;

/**
 * Interleaves two rankings of a search, so that visitors' clicks tell which is better.
 *
 * <pre>{@code
 * <requestHandler name="/interleave" class="io.github.solrcascade.InterleaveHandler">
 *   <lst name="defaults">
 *     <str name="interleave.a">{!cascade name=products}</str>
 *     <str name="interleave.b">{!cascade name=trained}</str>
 *   </lst>
 * </requestHandler>
 * }</pre>
 *
 * <p>Both rankings are whole searches by {@code interleave.handler}, so they work on whatever that
 * works on, several shards included. The answer is that of {@code a}, but for its documents; its
 * section {@code interleave} has the team of each. {@code interleave.seed}, such as a session's id,
 * keeps a visitor's pages together: by default all visitors' tosses are the same for a query.
 *
 * <p>Thread-safe.
 */
public final class InterleaveHandler extends RequestHandlerBase {
  private static final String SECTION = "interleave";

  @Override
  public void handleRequestBody(SolrQueryRequest request, SolrQueryResponse response) {
    SolrParams params = request.getParams();
    String key = request.getSchema().getUniqueKeyField().getName();
    int start = params.getInt(CommonParams.START, 0);
    int end = start + params.getInt(CommonParams.ROWS, 10);
    LocalSearch local =
        new LocalSearch(
            request.getCore(),
            params.get("interleave.handler", "/select"),
            request.getUserPrincipal());
    NamedList<Object> a = local.search(ranked(params, "a", key, end));
    NamedList<Object> b = local.search(ranked(params, "b", key, end));
    List<TeamDraft.Pick> picks =
        TeamDraft.draft(ids(a, key), ids(b, key), end, seed(params)).stream().skip(start).toList();
    for (Map.Entry<String, Object> part : a) {
      if (!part.getKey().equals("response") && !part.getKey().equals("responseHeader")) {
        response.add(part.getKey(), part.getValue());
      }
    }
    response.add("response", page(picks, a, b, key, start));
    response.add(SECTION, section(picks, a, b));
  }

  /** The search of one team; the id is always asked for, since it names documents. */
  private static SolrParams ranked(SolrParams params, String team, String key, int rows) {
    String name = SECTION + "." + team;
    if (params.get(name) == null) {
      throw new BadRequest(name, "missing", "must be a rank query, such as {!cascade name=…}");
    }
    if (rows < 0) {
      throw new BadRequest("start, rows", rows, "must add up to 0 or more");
    }
    ModifiableSolrParams own = LocalSearch.ranked(params, params.get(name), rows);
    if (own.get(CommonParams.FL) != null) {
      own.add(CommonParams.FL, key);
    }
    return own;
  }

  private static long seed(SolrParams params) {
    return 31L * String.valueOf(params.get("interleave.seed")).hashCode()
        + String.valueOf(params.get(CommonParams.Q)).hashCode();
  }

  private static List<String> ids(NamedList<Object> answer, String key) {
    return LocalSearch.documents(answer).stream()
        .map(document -> String.valueOf(document.getFieldValue(key)))
        .toList();
  }

  private static SolrDocumentList page(
      List<TeamDraft.Pick> picks, NamedList<Object> a, NamedList<Object> b, String key, int start) {
    Map<String, SolrDocument> ofA = byId(a, key);
    Map<String, SolrDocument> ofB = byId(b, key);
    SolrDocumentList page = new SolrDocumentList();
    SolrDocumentList found = LocalSearch.documents(a);
    page.setNumFound(found.getNumFound());
    page.setNumFoundExact(found.getNumFoundExact());
    page.setStart(start);
    picks.forEach(pick -> page.add((pick.isOfA() ? ofA : ofB).get(pick.id())));
    return page;
  }

  private static Map<String, SolrDocument> byId(NamedList<Object> answer, String key) {
    Map<String, SolrDocument> documents = new LinkedHashMap<>();
    for (SolrDocument document : LocalSearch.documents(answer)) {
      documents.put(String.valueOf(document.getFieldValue(key)), document);
    }
    return documents;
  }

  private static SimpleOrderedMap<Object> section(
      List<TeamDraft.Pick> picks, NamedList<Object> a, NamedList<Object> b) {
    SimpleOrderedMap<Object> teams = new SimpleOrderedMap<>();
    picks.forEach(pick -> teams.add(pick.id(), pick.isOfA() ? "a" : "b"));
    SimpleOrderedMap<Object> section = new SimpleOrderedMap<>();
    section.add("teams", teams);
    List<String> degraded = new ArrayList<>();
    if (isPartial(a)) {
      degraded.add("a");
    }
    if (isPartial(b)) {
      degraded.add("b");
    }
    if (!degraded.isEmpty()) {
      // A contest with a team that was cut short says nothing of it.
      section.add("degraded", degraded);
    }
    return section;
  }

  private static boolean isPartial(NamedList<Object> answer) {
    return answer.get("responseHeader") instanceof NamedList<?> header
        && Boolean.TRUE.equals(header.get("partialResults"));
  }

  @Override
  public PermissionNameProvider.Name getPermissionName(AuthorizationContext request) {
    return PermissionNameProvider.Name.READ_PERM;
  }

  @Override
  public String getDescription() {
    return "Interleaves two rankings of a search";
  }
}
