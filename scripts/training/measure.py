"""`scripts/train measure`: what each stage of the demo's cascade is worth, per judged set.

The cascade is the demo's, outside Solr: BM25's best 100, + bi-encoder over all, + cross-encoder over
the best 20, scores added with the demo's fixed weights. A folder's documents, queries and judgements
are as src/docs/train-models.md says. Only measures: nothing is fitted.
"""

import json
from pathlib import Path

import numpy as np

from . import data, encoder, firstpass, metrics

FIRST, DEEP = 100, 20
SEMANTIC, CROSS = 20.0, 1.0


def arguments(parser):
    add = parser.add_argument
    add("--sets", nargs="+", required=True, help="folders of judged sets")
    add("--bi-encoder", default="models/bge-small-en-v1.5")
    add(
        "--cross-encoders",
        nargs="*",
        default=["models/ms-marco-minilm-l12-v2"],
        help="the first is the reference",
    )
    add("--max-tokens", type=int, default=128)
    add("--cache", default="target/train/cache", help="where scores are kept")
    add("--out", help="a JSON file for the figures")


def main(options):
    figures = {}
    for folder in options.sets:
        collection = data.collection(folder)
        results = ranked(options, collection)
        figures[collection.name] = summary(collection, results)
        show(collection.name, figures[collection.name])
    if options.out:
        Path(options.out).write_text(json.dumps(figures, indent=2) + "\n")


def ranked(options, collection):
    """Document ids by query, per ranker."""
    queries = {
        q: collection.queries[q] for q in metrics.judgeable(collection.qrels) if q in collection.queries
    }
    first = first_passes(collection, queries)
    rankers = {"bm25": {q: list(zip(*of)) for q, of in first.items()}}
    rankers["+ bi-encoder"] = semantic(options, collection, queries, first)
    for folder in options.cross_encoders:
        name = "+ " + Path(folder).name
        rankers[name] = deep(options, folder, collection, queries, rankers["+ bi-encoder"])
    ids = [document.id for document in collection.documents]
    return {
        ranker: {q: [ids[position] for position, _ in of] for q, of in by_query.items()}
        for ranker, by_query in rankers.items()
    }


def first_passes(collection, queries):
    bm25 = firstpass.Bm25(collection.documents)
    return {q: [of.tolist() for of in bm25.top(text, FIRST)] for q, text in queries.items()}


def semantic(options, collection, queries, first):
    """The first pass's documents with the cosine added, best first."""
    miner = encoder.Encoder(options.bi_encoder, options.max_tokens)
    needed = sorted({p for positions, _ in first.values() for p in positions})
    texts = [miner.card["documentPrefix"] + collection.documents[p].full() for p in needed]
    asked = [miner.card["queryPrefix"] + text for text in queries.values()]
    label = f"{collection.name}, {miner.folder.name}"
    documents = dict(zip(needed, encoder.cached(options.cache, miner, texts, miner.vectors, label)))
    vectors = dict(zip(queries, encoder.cached(options.cache, miner, asked, miner.vectors, label)))
    return {
        q: best([(p, s + SEMANTIC * float(documents[p] @ vectors[q])) for p, s in zip(*of)])
        for q, of in first.items()
    }


def deep(options, folder, collection, queries, before):
    """The best 20 with the logit added; they stand above those that were not looked at."""
    cross = encoder.Encoder(folder, options.max_tokens)
    pairs = [(queries[q], collection.documents[p].full()) for q, of in before.items() for p, _ in of[:DEEP]]
    label = f"{collection.name}, {cross.folder.name}"
    scores = iter(encoder.cached(options.cache, cross, pairs, cross.score, label))
    return {
        q: best([(p, s + CROSS * next(scores)) for p, s in of[:DEEP]]) + of[DEEP:] for q, of in before.items()
    }


def best(scored):
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def summary(collection, results):
    figures = {}
    reference = None
    for ranker, by_query in results.items():
        for kind in ("ndcg", "condensed"):
            values = [
                metrics.ndcg(of, collection.qrels[q], kind == "condensed") for q, of in by_query.items()
            ]
            figures.setdefault(ranker, {})[kind] = values
    for ranker, kinds in figures.items():
        found = {}
        for kind, values in kinds.items():
            found[kind] = [round(x, 4) for x in metrics.interval(values)]
            if reference:
                gaps = np.subtract(values, figures[reference][kind])
                found[kind + "MinusReference"] = [round(x, 4) for x in metrics.interval(gaps)]
        reference = reference or (ranker if ranker not in ("bm25", "+ bi-encoder") else None)
        results[ranker] = found
    return {"queries": len(next(iter(figures.values()))["ndcg"]), "rankers": results}


def show(name, figures):
    print(f"\n{name}, {figures['queries']} queries: NDCG@10 and condensed, with 95% intervals")
    for ranker, found in figures["rankers"].items():
        line = "  ".join(text(found[kind]) for kind in ("ndcg", "condensed"))
        gap = found.get("condensedMinusReference")
        print(f"  {ranker:32} {line}" + (f"  condensed − reference {text(gap)}" if gap else ""))


def text(interval):
    return "{:+.4f} [{:+.4f}, {:+.4f}]".format(*interval)
