"""`scripts/train export`: a trained model as an int8 ONNX folder, if quantizing cost little.

Measures on judged sets what quantizing cost and how fast the model is against its teacher, one pair
a run on one thread as the plugin runs it, and writes both into model.json. Refuses a model that lost
more than 0.005 NDCG@10 over the queries of all sets together (of a hundred queries alone, chance moves
that much either way), or is larger than 25 MB.
"""

import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx

from . import card, data, encoder, firstpass, graph, metrics, weights

MOST_LOST = 0.005
MOST_BYTES = 25_000_000
DEPTH = 20


def arguments(parser):
    add = parser.add_argument
    add("--work", required=True, help="folder that distil or finetune wrote")
    add("--start", required=True, help="model folder whose tokenizer and card the model takes on")
    add("--out", required=True, help="the model folder to write")
    add("--sets", nargs="+", required=True, help="folders of judged sets to measure the cost on")
    add("--origin", required=True, help="where the weights come from, for model.json")
    add("--licence", default="Apache-2.0", help="SPDX identifier")
    add("--heads", type=int, default=12)
    add("--max-tokens", type=int, default=128, help="of the measurement")


def main(options):
    work, start = Path(options.work), Path(options.start)
    started = json.loads((start / "model.json").read_text())
    head = "logit" if started["task"] == "cross-encoder" else "hidden"
    with tempfile.TemporaryDirectory() as folder:
        floats, ints = (prepared(start, Path(folder) / name) for name in ("float", "int8"))
        model = graph.BertGraph(weights.stored(work / "weights.npz"), options.heads, head).model()
        onnx.save(model, floats / "model.onnx")
        graph.quantized(model, ints / "model.onnx")
        measured = {
            "run": json.loads((work / "run.json").read_text()),
            "quantizing": cost(options, floats, ints),
            "speed": speed(options, start, ints),
            "date": card.today(),
            "machine": card.machine(),
        }
        refuse(ints, measured["quantizing"])
        card.write(ints, started, options.origin, options.licence, measured)
        install(ints, Path(options.out))
    print(json.dumps(measured, indent=2))


def prepared(start, folder):
    folder.mkdir()
    for name in ("model.json", "tokenizer.json"):
        shutil.copyfile(start / name, folder / name)
    return folder


def install(folder, out):
    """Each file in place whole; the card last, since it names the others' sums."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (*card.FILES, "model.json"):
        part = out / (name + ".part")
        shutil.copyfile(folder / name, part)
        os.replace(part, out / name)


def refuse(folder, costs):
    size = (folder / "model.onnx").stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"model.onnx has {size} bytes, must be ≤ {MOST_BYTES}: fewer layers")
    lost = costs["pooled"]["lost"]
    if lost > MOST_LOST:
        raise SystemExit(f"int8 lost {lost} NDCG@10, must be ≤ {MOST_LOST}: {costs}")


def cost(options, floats, ints):
    """Mean NDCG@10 by the model alone over the first pass's best, float and int8, per set and pooled."""
    found, pooled = {}, ([], [])
    for folder in options.sets:
        collection = data.collection(folder)
        ranks = {q: of for q, of in first_pass(collection).items() if len(of) > 1}
        exact, rounded = (alone(options, of, collection, ranks) for of in (floats, ints))
        found[collection.name] = difference(exact, rounded)
        pooled[0].extend(exact)
        pooled[1].extend(rounded)
    return {**found, "pooled": difference(*pooled)}


def difference(exact, rounded):
    return {
        "queries": len(exact),
        "float": round(float(np.mean(exact)), 4),
        "int8": round(float(np.mean(rounded)), 4),
        "lost": round(float(np.mean(exact) - np.mean(rounded)), 4),
        "lostInterval": [round(x, 4) for x in metrics.interval(np.subtract(exact, rounded))[1:]],
    }


def first_pass(collection):
    bm25 = firstpass.Bm25(collection.documents)
    judged = metrics.judgeable(collection.qrels)
    asked = {q: text for q, text in collection.queries.items() if q in judged}
    return {q: bm25.top(text, DEPTH)[0].tolist() for q, text in asked.items()}


def alone(options, folder, collection, ranks):
    """NDCG@10 of each query, its documents ordered by the model alone."""
    model = encoder.Encoder(folder, options.max_tokens)
    values = []
    for query, positions in ranks.items():
        documents = [collection.documents[p] for p in positions]
        scores = ranking_scores(model, collection.queries[query], documents)
        order = np.argsort(-scores, kind="stable")
        grades = collection.qrels[query]
        values.append(metrics.ndcg([documents[i].id for i in order], grades))
    return values


def ranking_scores(model, query, documents):
    if model.card["task"] == "cross-encoder":
        return model.score([(query, document.full()) for document in documents])
    texts = [model.card["queryPrefix"] + query]
    texts += [model.card["documentPrefix"] + document.full() for document in documents]
    vectors = model.vectors(texts)
    return vectors[1:] @ vectors[0]


def speed(options, start, ints, rounds=7):
    """Milliseconds a text on one thread, the two in turn; the best round of each counts."""
    collection = data.collection(options.sets[0])
    texts = list(zip(list(collection.queries.values()) * 100, collection.documents))[:100]
    best = {}
    for _ in range(rounds):
        for name, folder in (("start", start), ("model", ints)):
            model = encoder.Encoder(folder, options.max_tokens)
            began = time.perf_counter()
            for query, document in texts:
                model.run(model.tokenizer.encode(query, document.full()[:200]))
            took = 1000 * (time.perf_counter() - began) / len(texts)
            best[name] = min(best.get(name, took), took)
    return {
        **{f"{n}Ms": round(ms, 2) for n, ms in best.items()},
        "ratio": round(best["start"] / best["model"], 2),
    }
