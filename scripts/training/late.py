"""`scripts/train late`: what a late-interaction encoder is worth, and what its vectors' form costs.

Per judged set: NDCG@10 of BM25's best 100 by MaxSim alone, and by BM25 + 100 × MaxSim as the demo's
cascade has it; with vectors as the graph gives them, with the folder's projection, with that in int8 as
the index stores it, and pooled. Beside each the difference from the first with its 95% interval, by the
bootstrap over queries, and the bytes of a document at the mean. Only measures: nothing is fitted.
"""

import json
from pathlib import Path

import numpy as np

from . import data, encoder, firstpass, metrics, project

DEPTH, WEIGHT, SCALE, HEADER = 100, 100.0, 127, 1


def arguments(parser):
    add = parser.add_argument
    add("--sets", nargs="+", required=True, help="folders of judged sets")
    add("--encoder", default="models/answerai-colbert-small")
    add("--max-tokens", type=int, default=128)
    add("--factor", type=int, default=2, help="how many token vectors become one")
    add("--out", help="a JSON file for the figures")


def main(options):
    figures = {}
    for folder in options.sets:
        collection = data.collection(folder)
        figures[collection.name] = measured(options, collection)
        show(collection.name, figures[collection.name])
    if options.out:
        Path(options.out).write_text(json.dumps(figures, indent=2) + "\n")


def measured(options, collection):
    """Per form: bytes of a document; values alone and fused, and their differences from the first."""
    judged = metrics.judgeable(collection.qrels)
    queries = {q: text for q, text in collection.queries.items() if q in judged}
    bm25 = firstpass.Bm25(collection.documents)
    first = {q: bm25.top(text, DEPTH) for q, text in queries.items()}
    asked, found = encoded(options, collection, queries, first)
    ids = [document.id for document in collection.documents]
    figures, start = {}, None
    for name, form in forms(options).items():
        documents = {position: form(vectors, True) for position, vectors in found.items()}
        own = {q: form(vectors, False) for q, vectors in asked.items()}
        values = ranked(first, own, documents, ids, judged)
        start = start or values
        figures[name] = {"bytes": size(name, documents), **compared(values, start)}
    return figures


def encoded(options, collection, queries, first):
    """Token vectors of the queries, and of the documents that BM25 found, by position."""
    model = encoder.Encoder(options.encoder, options.max_tokens)
    wanted = sorted({int(position) for positions, _ in first.values() for position in positions})

    def vectors(prefix, texts):
        whole = [model.card[prefix] + text for text in texts]
        return model.run_all(lambda text: project.states(model, text).astype(np.float16), whole)

    asked = vectors("queryPrefix", queries.values())
    found = vectors("documentPrefix", [collection.documents[i].full() for i in wanted])
    return dict(zip(queries, asked)), dict(zip(wanted, found))


def forms(options):
    """Each form of a text's vectors, by name; the pooled one is the document's alone."""
    matrix = project.read(options.encoder)

    def projected(vectors):
        return project.projected(vectors.astype(np.float32), matrix)

    def pooled(vectors, is_document):
        return int8(pool(projected(vectors), options.factor) if is_document else projected(vectors))

    return {
        "floats": lambda vectors, _: vectors.astype(np.float32),
        f"{matrix.shape[1]} floats": lambda vectors, _: projected(vectors),
        f"{matrix.shape[1]} int8": lambda vectors, _: int8(projected(vectors)),
        f"{matrix.shape[1]} int8, {options.factor} in one": pooled,
    }


def int8(vectors):
    return np.round(vectors * SCALE).astype(np.float32) / SCALE


def size(name, documents):
    count = np.mean([vectors.shape[0] for vectors in documents.values()])
    width = next(iter(documents.values())).shape[1]
    return round(float(HEADER + count * width if "int8" in name else 4 * count * width))


def pool(vectors, factor):
    """The two most alike become one, the mean of all in it, until few enough are left."""
    sums, units = list(vectors), list(vectors)
    like = np.tril(vectors @ vectors.T, -1) + np.triu(np.full((len(vectors),) * 2, -9.0))
    while len(units) > -(-len(vectors) // factor):
        later, earlier = np.unravel_index(like[: len(units), : len(units)].argmax(), (len(units),) * 2)
        sums[earlier] = sums[earlier] + sums[later]
        units[earlier] = sums[earlier] / np.linalg.norm(sums[earlier])
        # The last one moves into the place that becomes free.
        sums[later], units[later] = sums[-1], units[-1]
        del sums[-1], units[-1]
        for changed in {later, earlier} - {len(units)}:
            row = np.array(units) @ units[changed]
            like[changed, :changed] = row[:changed]
            like[changed + 1 : len(units), changed] = row[changed + 1 :]
    return np.array(units)


def ranked(first, queries, documents, ids, judged):
    """NDCG@10 of each query, alone and fused."""
    values = {"alone": [], "fused": []}
    for q, (positions, scores) in first.items():
        late = np.array([project.max_sim(queries[q], documents[int(position)]) for position in positions])
        for how, total in (("alone", late), ("fused", scores + WEIGHT * late)):
            order = positions[np.argsort(-total, kind="stable")]
            values[how].append(metrics.ndcg([ids[position] for position in order], judged[q]))
    return {how: np.array(of) for how, of in values.items()}


def compared(values, start):
    found = {}
    for how, of in values.items():
        mean, low, high = metrics.interval(of - start[how])
        found[how] = round(float(of.mean()), 4)
        found[how + "Difference"] = [round(x, 4) for x in (mean, low, high)]
    return found


def show(name, figures):
    print(f"\n{name}: bytes a document, NDCG@10 and its difference from the first with 95% interval")
    for form, found in figures.items():
        parts = [f"{found['bytes']:7} bytes"]
        for how in ("alone", "fused"):
            parts.append(
                "{} {:.4f} {:+.4f} [{:+.4f}, {:+.4f}]".format(how, found[how], *found[how + "Difference"])
            )
        print(f"  {form:22} " + "  ".join(parts))
