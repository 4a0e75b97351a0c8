"""`scripts/train compare`: are bi-encoders better than the one that they started from?

Per judged set and pooled over all queries: NDCG@10 of BM25's best 100 with the cosine added, as the
demo's cascade has it, and recall@100 of the exact nearest vectors. The p is one-sided, of the paired
bootstrap over queries. Only measures: nothing is fitted.
"""

import json
from pathlib import Path

import numpy as np

from . import data, encoder, firstpass, measure, metrics

DEPTH = 100


def arguments(parser):
    add = parser.add_argument
    add("--sets", nargs="+", required=True, help="folders of judged sets")
    add("--start", required=True, help="bi-encoder folder that the others are compared with")
    add("--students", nargs="*", default=[], help="bi-encoder folders")
    add("--max-tokens", type=int, default=128)
    add("--cache", default="target/train/cache", help="where vectors are kept")
    add("--out", help="a JSON file for the figures")


def main(options):
    folders = [options.start, *options.students]
    values = {}
    for path in options.sets:
        collection = data.collection(path)
        values[collection.name] = measured(options, collection, folders)
    figures = [compared(folder, values) for folder in folders]
    for found in figures:
        show(found)
    if options.out:
        Path(options.out).write_text(json.dumps(figures, indent=2) + "\n")


def measured(options, collection, folders):
    """Per folder the values of each metric, in the order of the set's queries."""
    judged = metrics.judgeable(collection.qrels)
    queries = {q: text for q, text in collection.queries.items() if q in judged}
    first = first_passes(collection, queries)
    return {str(of): of_one(options, of, collection, queries, first) for of in folders}


def first_passes(collection, queries):
    bm25 = firstpass.Bm25(collection.documents)
    return [bm25.top(text, DEPTH) for text in queries.values()]


def of_one(options, folder, collection, queries, first):
    documents, asked = vectors(options, folder, collection, queries)
    ids = np.array([document.id for document in collection.documents])
    found = {"fused": [], "recall": []}
    for q, vector, (positions, scores) in zip(queries, asked, first):
        grades, cosines = collection.qrels[q], documents @ vector
        order = np.argsort(-(scores + measure.SEMANTIC * cosines[positions]), kind="stable")
        found["fused"].append(metrics.ndcg(ids[positions[order]], grades))
        nearest = np.argsort(-cosines, kind="stable")[:DEPTH]
        found["recall"].append(metrics.recall(ids[nearest], grades))
    return found


def vectors(options, folder, collection, queries):
    model = encoder.Encoder(folder, options.max_tokens)
    label = f"{collection.name}, {model.folder.name}"
    texts = [model.card["documentPrefix"] + document.full() for document in collection.documents]
    asked = [model.card["queryPrefix"] + text for text in queries.values()]
    return [encoder.cached(options.cache, model, of, model.vectors, label) for of in (texts, asked)]


def compared(folder, values):
    """Of one folder: each metric's mean and its gain over the start, per set and pooled."""
    found = {"model": Path(folder).name}
    for metric in ("fused", "recall"):
        per_set = {name: pair(of, str(folder), metric) for name, of in values.items()}
        pooled = [np.concatenate(part) for part in zip(*per_set.values())]
        found[metric] = {name: gain(*of) for name, of in {**per_set, "pooled": pooled}.items()}
    return found


def pair(of, folder, metric):
    start = next(iter(of))
    return np.array(of[folder][metric]), np.array(of[start][metric])


def gain(own, start):
    mean, low, high = metrics.interval(own - start)
    return {
        "queries": len(own),
        "mean": round(float(own.mean()), 4),
        "gain": round(mean, 4),
        "gainInterval": [round(low, 4), round(high, 4)],
        "p": round(metrics.p_above(own - start), 4),
    }


def show(found):
    print(f"\n{found['model']}: mean, gain over the start with 95% interval, p")
    for metric in ("fused", "recall"):
        for name, of in found[metric].items():
            interval = "[{:+.4f}, {:+.4f}]".format(*of["gainInterval"])
            print(
                f"  {metric:7} {name:10} {of['queries']:4} queries  {of['mean']:.4f} "
                f"{of['gain']:+.4f} {interval}  p {of['p']:.4f}"
            )
