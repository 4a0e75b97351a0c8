package io.github.solrcascade;

import java.security.Principal;
import org.apache.solr.common.SolrDocumentList;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrQueryRequestBase;
import org.apache.solr.request.SolrRequestHandler;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.response.BinaryResponseWriter;
import org.apache.solr.response.SolrQueryResponse;

/**
 * A search by one of the core's own handlers, in this process, as a client would get it: over all
 * shards, if the collection has several.
 */
final class LocalSearch {
  private final SolrCore core;
  private final String handler;
  private final Principal user;

  LocalSearch(SolrCore core, String handler, Principal user) {
    this.core = core;
    this.handler = handler;
    this.user = user;
  }

  /** The parameters of a request with another rank query, all documents from the first on. */
  static ModifiableSolrParams ranked(SolrParams params, String rankQuery, int rows) {
    ModifiableSolrParams own = new ModifiableSolrParams(params);
    own.set(CommonParams.RQ, rankQuery);
    own.set(CommonParams.START, 0);
    own.set(CommonParams.ROWS, rows);
    return own;
  }

  /**
   * Runs it.
   *
   * @throws SolrException what the handler threw
   */
  NamedList<Object> search(SolrParams params) {
    SolrRequestHandler found = core.getRequestHandler(handler);
    if (found == null) {
      throw new BadRequest("handler", handler, "must be a request handler of the core");
    }
    SolrQueryResponse response = new SolrQueryResponse();
    try (SolrQueryRequest request = request(params)) {
      SolrRequestInfo.setRequestInfo(new SolrRequestInfo(request, response));
      try {
        core.execute(found, request, response);
        refuseBroken(response);
        return BinaryResponseWriter.getParsedResponse(request, response);
      } finally {
        SolrRequestInfo.clearRequestInfo();
      }
    }
  }

  /** The documents of an answer. */
  static SolrDocumentList documents(NamedList<Object> answer) {
    return (SolrDocumentList) answer.get("response");
  }

  private SolrQueryRequest request(SolrParams params) {
    return new SolrQueryRequestBase(core, params) {
      @Override
      public Principal getUserPrincipal() {
        return user;
      }
    };
  }

  private static void refuseBroken(SolrQueryResponse response) {
    if (response.getException() instanceof SolrException solr) {
      throw solr;
    }
    if (response.getException() != null) {
      throw new SolrException(SolrException.ErrorCode.SERVER_ERROR, response.getException());
    }
  }
}
