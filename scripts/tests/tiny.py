"""A tiny random model, its folder, and a tiny judged catalogue."""

import gzip
import json

import numpy as np
import onnx
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from training import card, graph

WORDS = "red blue green running walking shoe boot laptop printer cable light plain lamp of glass".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
VOCABULARY = {w: i for i, w in enumerate(SPECIAL + WORDS)}
HIDDEN, HEADS, LAYERS, INNER, LONGEST = 8, 2, 4, 16, 64


def weights(seed=1):
    rng = np.random.default_rng(seed)

    def drawn(*shape):
        return (0.3 * rng.standard_normal(shape)).astype(np.float32)

    found = {
        "embeddings.word_embeddings.weight": drawn(len(VOCABULARY), HIDDEN),
        "embeddings.position_embeddings.weight": drawn(LONGEST, HIDDEN),
        "embeddings.token_type_embeddings.weight": drawn(2, HIDDEN),
        "pooler.dense.weight": drawn(HIDDEN, HIDDEN),
        "pooler.dense.bias": drawn(HIDDEN),
        "classifier.weight": drawn(1, HIDDEN),
        "classifier.bias": drawn(1),
    }
    sizes = {f"attention.self.{part}": (HIDDEN, HIDDEN) for part in ("query", "key", "value")}
    sizes["attention.output.dense"] = (HIDDEN, HIDDEN)
    sizes["intermediate.dense"], sizes["output.dense"] = (INNER, HIDDEN), (HIDDEN, INNER)
    norms = ["embeddings.LayerNorm"]
    for i in range(LAYERS):
        name = f"encoder.layer.{i}."
        for part, shape in sizes.items():
            found[f"{name}{part}.weight"], found[f"{name}{part}.bias"] = (
                drawn(*shape),
                drawn(shape[0]),
            )
        norms += [name + "attention.output.LayerNorm", name + "output.LayerNorm"]
    for norm in norms:
        found[norm + ".weight"], found[norm + ".bias"] = 1 + drawn(HIDDEN), drawn(HIDDEN)
    return found


def tokenizer():
    made = Tokenizer(models.WordPiece(VOCABULARY, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(token, VOCABULARY[token]) for token in ("[CLS]", "[SEP]")],
    )
    return made


def folder(path, task="cross-encoder", seed=1):
    """A model folder of that task."""
    path.mkdir()
    head = "logit" if task == "cross-encoder" else "hidden"
    onnx.save(graph.BertGraph(weights(seed), HEADS, head).model(), path / "model.onnx")
    tokenizer().save(str(path / "tokenizer.json"))
    of_task = {
        "cross-encoder": {"logit": 0, "sigmoid": False},
        "bi-encoder": {
            "queryPrefix": "",
            "documentPrefix": "",
            "pooling": "cls",
            "normalize": True,
        },
        "late-interaction": {"queryPrefix": "", "documentPrefix": ""},
    }
    start = {
        "task": task,
        "origin": "",
        "licence": "",
        "files": {},
        "maxTokens": LONGEST,
        **of_task[task],
    }
    card.write(path, start, "random", "Apache-2.0", {})
    return path


def catalogue(path, documents=40):
    """Documents of random words; a document is relevant to a query if its title has all its words."""
    path.mkdir()
    rng = np.random.default_rng(1)
    fields = {"documents": "docs.jsonl.gz", "title": ["title"], "text": ["text"], "brand": "brand"}
    (path / "fields.json").write_text(json.dumps(fields))
    made = [
        {
            "id": f"d{i}",
            "title": " ".join(rng.choice(WORDS, 4, replace=False)),
            "text": " ".join(rng.choice(WORDS, 12)) + ".",
            "brand": str(rng.choice(WORDS)),
        }
        for i in range(documents)
    ]
    with gzip.open(path / "docs.jsonl.gz", "wt") as out:
        out.writelines(json.dumps(document) + "\n" for document in made)
    asked = {f"q{i}": word for i, word in enumerate(WORDS[:12])}
    (path / "queries.tsv").write_text("".join(f"{q}\t{word}\n" for q, word in asked.items()))
    (path / "qrels.txt").write_text(
        "".join(
            f"{q} 0 {d['id']} {int(word in d['title'])}\n" for q, word in asked.items() for d in made[::2]
        )
    )
    (path / "others.tsv").write_text("o1\tglass lamp\no2\tgreen boot\no3\tred\n")
    return path
