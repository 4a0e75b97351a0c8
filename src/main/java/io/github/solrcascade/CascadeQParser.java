package io.github.solrcascade;

import io.github.solrcascade.config.ConfigException;
import io.github.solrcascade.distributed.ShardWork;
import io.github.solrcascade.response.RequestRun;
import io.github.solrcascade.stage.Cascade;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.lucene.search.Query;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.handler.component.ResponseBuilder;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.search.QParser;
import org.apache.solr.search.QueryParsing;
import org.apache.solr.search.SyntaxError;

/** Reads one request's local parameters into a {@link CascadeQuery}. */
final class CascadeQParser extends QParser {
  private static final String EFI = "efi.";

  /** Every feature reads it, some for each document. */
  private static final int MOST_CHARACTERS = 20_000;

  private static final String MARGIN_RULE = "must be true, false or a margin ≥ 0";

  private static final Set<String> KNOWN =
      Set.of("name", "models", "reRankDocs", "stages", "budgetMs", "adaptive");
  private static final Set<String> EVERY_PARSER =
      Set.of(
          QueryParsing.TYPE,
          QueryParsing.V,
          CommonParams.CACHE,
          CommonParams.COST,
          CommonParams.TAG);

  CascadeQParser(String text, SolrParams localParams, SolrParams params, SolrQueryRequest request) {
    // There are none if it is the default parser of a handler or request.
    super(text, localParams == null ? new ModifiableSolrParams() : localParams, params, request);
  }

  @Override
  public Query parse() throws SyntaxError {
    ResponseBuilder rb = responseBuilder();
    UnsupportedParams.refuse(params);
    refuseUnknownParams();
    Cascade cascade = limited(catalog(rb));
    Map<String, List<String>> efi = efi();
    CascadeQuery query = new CascadeQuery(cascade, efi, cascade.features().instants(now(), efi));
    if (isAlwaysRun(rb) || cascade.features().isPersonal(efi)) {
      query.setCache(false);
    }
    return query;
  }

  /** Of requests that ask to see inside. */
  private boolean isAlwaysRun(ResponseBuilder rb) {
    return rb.isDebug()
        || RequestRun.isDemanded(req)
        // A cached page has no scores of single stages, which a coordinator wants.
        || ShardWork.isMerged(req)
        || params.get(WhyNot.PARAMETER) != null;
  }

  private static ResponseBuilder responseBuilder() {
    SolrRequestInfo info = SolrRequestInfo.getRequestInfo();
    if (info == null || info.getResponseBuilder() == null) {
      throw new BadRequest("rq: {!cascade} needs a search handler");
    }
    return info.getResponseBuilder();
  }

  private static Date now() {
    return SolrRequestInfo.getRequestInfo().getNOW();
  }

  /** The component's cascades; it must be in the handler, since it tells how the stages went. */
  private static CascadeCatalog catalog(ResponseBuilder rb) {
    return CascadeComponent.of(rb)
        .orElseThrow(
            () ->
                new BadRequest(
                    "rq: {!cascade} needs "
                        + CascadeComponent.class.getName()
                        + " in last-components"))
        .catalog();
  }

  private void refuseUnknownParams() {
    Iterator<String> names = localParams.getParameterNamesIterator();
    while (names.hasNext()) {
      String name = names.next();
      if (!KNOWN.contains(name) && !EVERY_PARSER.contains(name) && !name.startsWith(EFI)) {
        throw new BadRequest(name, localParams.get(name), "must be one of " + KNOWN + " or efi.*");
      }
    }
  }

  private Cascade limited(CascadeCatalog catalog) {
    Cascade cascade = cascade(catalog);
    int stages = cascade.stages().size();
    int most = Integer.MAX_VALUE;
    Cascade limited =
        cascade.limitedTo(
            number("stages", 1, stages, stages),
            number("reRankDocs", 1, most, cascade.depth()),
            number("budgetMs", 1, most, cascade.budgetMs().orElse(most)));
    return adaptive(limited);
  }

  private Cascade cascade(CascadeCatalog catalog) {
    String models = localParams.get("models");
    if (models == null) {
      return catalog.get(name(catalog));
    }
    if (localParams.get("name") != null) {
      throw new BadRequest("models", models, "must not be given beside name");
    }
    try {
      return catalog.of(RequestedCascades.parse(models));
    } catch (ConfigException e) {
      throw new BadRequest("models: " + models + ", " + e.getMessage());
    }
  }

  private Cascade adaptive(Cascade cascade) {
    String value = localParams.get("adaptive", "true");
    return switch (value) {
      case "true" -> cascade;
      case "false" -> cascade.withoutAdaptive();
      default -> cascade.withMargin(margin(value));
    };
  }

  private static float margin(String value) {
    try {
      float margin = Float.parseFloat(value);
      if (margin >= 0 && Float.isFinite(margin)) {
        return margin;
      }
    } catch (NumberFormatException e) {
      throw new BadRequest("adaptive", value, MARGIN_RULE);
    }
    throw new BadRequest("adaptive", value, MARGIN_RULE);
  }

  private String name(CascadeCatalog catalog) {
    Set<String> names = catalog.names();
    String name = localParams.get("name");
    if (name == null && names.size() == 1) {
      return names.iterator().next();
    }
    if (name == null || !names.contains(name)) {
      throw new BadRequest("name", name == null ? "missing" : name, "must be one of " + names);
    }
    return name;
  }

  private int number(String parameter, int least, int most, int absent) {
    String value = localParams.get(parameter);
    if (value == null) {
      return absent;
    }
    String rule =
        "must be a whole number "
            + (most == Integer.MAX_VALUE ? "≥ " + least : "from " + least + " to " + most);
    try {
      int number = Integer.parseInt(value.strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new BadRequest(parameter, value, rule);
    }
    throw new BadRequest(parameter, value, rule);
  }

  private static void refuseLong(String parameter, String value) {
    if (value.length() > MOST_CHARACTERS) {
      throw new BadRequest(
          parameter, value.length() + " characters", "must be at most " + MOST_CHARACTERS);
    }
  }

  private Map<String, List<String>> efi() throws SyntaxError {
    Map<String, List<String>> efi = new TreeMap<>();
    Iterator<String> names = localParams.getParameterNamesIterator();
    while (names.hasNext()) {
      String name = names.next();
      // It has no value if it refers to a parameter that is not there.
      if (name.startsWith(EFI) && localParams.get(name) != null) {
        efi.put(name.substring(EFI.length()), List.of(localParams.getParams(name)));
      }
    }
    if (!efi.containsKey("text")) {
      MainQueryText.of(req).ifPresent(text -> efi.put("text", List.of(text)));
    }
    efi.forEach((name, values) -> values.forEach(value -> refuseLong(EFI + name, value)));
    return efi;
  }
}
