"""NDCG@10 as trec_eval has it, plain or condensed, and the bootstrap."""

import numpy as np

CUT = 10
DISCOUNT = 1 / np.log2(np.arange(2, CUT + 2))


def ndcg(ranked, grades, condensed=False):
    """Of document ids, best first. Condensed: unjudged documents are removed before."""
    if condensed:
        ranked = [document for document in ranked if document in grades]
    gains = np.array([grades.get(document, 0.0) for document in ranked[:CUT]])
    best = np.sort(list(grades.values()))[::-1][:CUT]
    return float((gains @ DISCOUNT[: len(gains)]) / (best @ DISCOUNT[: len(best)]))


def judgeable(qrels):
    """The queries with a relevant document; the others have no NDCG."""
    return {query: grades for query, grades in qrels.items() if max(grades.values()) > 0}


def recall(ranked, grades):
    """The share of the relevant documents that are among these."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked)) / len(relevant)


def interval(values, seed=1, rounds=10_000):
    """Mean and its 95% interval, by the bootstrap over queries."""
    values = np.asarray(values, float)
    drawn = np.random.default_rng(seed).integers(0, len(values), (rounds, len(values)))
    low, high = np.percentile(values[drawn].mean(1), [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


def p_above(differences, seed=1, rounds=10_000):
    """One-sided p of the paired bootstrap: how often the mean difference is not above 0."""
    differences = np.asarray(differences, float)
    drawn = np.random.default_rng(seed).integers(0, len(differences), (rounds, len(differences)))
    return float((differences[drawn].mean(1) <= 0).mean())
