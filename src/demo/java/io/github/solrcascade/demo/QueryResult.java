package io.github.solrcascade.demo;

import io.github.solrcascade.demo.JudgedSet.Query;
import java.util.List;

/**
 * One query with one ranker.
 *
 * @param ranking document ids, best first
 * @param judgeable whether some document is relevant; if not, the measures say nothing
 * @param ndcg NDCG of the first page
 * @param condensedNdcg the same without the documents that were never judged
 * @param judged the share of the first page that was judged
 * @param reranked how many documents the ranker's last stage saw
 * @param nanos how long the first page took
 */
public record QueryResult(
    Query query,
    List<String> ranking,
    boolean judgeable,
    double ndcg,
    double condensedNdcg,
    double judged,
    int reranked,
    long nanos) {}
