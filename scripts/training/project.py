"""`scripts/train project`: a shorter form of a late-interaction encoder's token vectors.

A principal component analysis of token vectors of length 1, over documents drawn from a catalogue: the
mean, which all tokens share, is taken away, and the axes are kept along which they differ most. It is
written into the encoder's folder as little-endian floats, a row for each of the graph's dimensions and
one, the last, that is added, and named in model.json with its sha256; a known score of one pair, the
probe, is written beside it. The same catalogue, count and seed give the same projection.
"""

import json
from pathlib import Path

import numpy as np

from . import data, encoder

FILE = "projection.bin"
# Matches, so that a wrong tokenizer or projection moves its score.
PROBE = ("waterproof hiking boots", "Women's waterproof leather hiking boots, ankle high")


def arguments(parser):
    add = parser.add_argument
    add("--encoder", required=True, help="folder of a late-interaction encoder")
    add("--catalogue", required=True, help="a folder of documents")
    add("--dimensions", type=int, default=96)
    add("--texts", type=int, default=1000, help="how many documents are drawn")
    add("--max-tokens", type=int, default=128)
    add("--seed", type=int, default=1)


def main(options):
    model = encoder.Encoder(options.encoder, options.max_tokens)
    if model.card["task"] != "late-interaction":
        raise SystemExit(f"--encoder: {options.encoder}, must be a late-interaction encoder")
    texts = drawn(list(data.documents(Path(options.catalogue))), options.texts, options.seed)
    prefix = model.card["documentPrefix"]
    vectors = np.concatenate(model.run_all(lambda text: states(model, prefix + text), texts))
    if not 0 < options.dimensions <= vectors.shape[1]:
        raise SystemExit(f"--dimensions: {options.dimensions}, must be 1 to {vectors.shape[1]}")
    matrix, kept = fitted(vectors, options.dimensions)
    print(f"{len(vectors)} token vectors of {len(texts)} texts: {kept:.4f} of their variance kept")
    write(model, matrix)


def drawn(documents, count, seed):
    texts = [document.full() for document in documents if document.full()]
    order = np.random.default_rng(seed).permutation(len(texts))[:count]
    return [texts[i] for i in order]


def states(model, text):
    """A text's token vectors of length 1, as the graph gives them."""
    return unit(model.run(model.tokenizer.encode(text)))


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def fitted(vectors, dimensions):
    """The projection, and which share of the vectors' variance it keeps."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    values, axes = np.linalg.eigh((vectors - mean).T @ (vectors - mean) / len(vectors))
    best = axes[:, ::-1][:, :dimensions]
    # An axis may point either way: its largest number is positive.
    best = best * np.sign(best[np.abs(best).argmax(axis=0), np.arange(dimensions)])
    return np.vstack([best, -mean @ best]).astype("<f4"), values[::-1][:dimensions].sum() / values.sum()


def projected(vectors, matrix):
    return unit(vectors @ matrix[:-1] + matrix[-1])


def read(folder):
    """The projection of an encoder's folder."""
    found = json.loads((Path(folder) / "model.json").read_text(encoding="utf-8"))["projection"]
    return np.fromfile(Path(folder) / found["file"], "<f4").reshape(-1, found["dimensions"])


def max_sim(query, document):
    return float((query @ document.T).max(axis=1).mean())


def write(model, matrix):
    matrix.tofile(model.folder / FILE)
    card = model.card
    card["files"][FILE] = encoder.sha256(model.folder / FILE)
    card["projection"] = {"file": FILE, "dimensions": matrix.shape[1]}
    sides = [card[prefix] + text for prefix, text in zip(("queryPrefix", "documentPrefix"), PROBE)]
    score = max_sim(*(projected(states(model, text), matrix) for text in sides))
    card["probe"] = {"query": PROBE[0], "document": PROBE[1], "score": round(score, 4)}
    text = json.dumps(card, indent=2, ensure_ascii=False)
    (model.folder / "model.json").write_text(text + "\n", encoding="utf-8")
