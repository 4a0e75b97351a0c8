"""`scripts/train distil`: a student that scores as a slower teacher does.

The teacher is any cross-encoder folder with an ONNX BERT graph. A cross-encoder student is some of
its layers (Sanh et al. 2019, DistilBERT), trained on the teacher's logits (Hofstätter et al. 2020).
A bi-encoder student starts from a bi-encoder folder and learns the teacher's margins.
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from . import batches, bert, data, encoder, firstpass, groups, losses, queries, weights
from .trainer import Settings, Trainer, device

HELD_OUT = 0.05
# The scale of a bi-encoder's cosine, so that its scores span what the teacher's logits do.
COSINE_SCALE = 20.0
# The options that run.json names as they are.
KEPT = ("task", "made", "short", "real_groups", "layers", "max_tokens", "group_size", "frozen_layers", "keep")


def arguments(parser):
    add = parser.add_argument
    add("--task", choices=("cross-encoder", "bi-encoder"), default="cross-encoder")
    add("--teacher", default="models/ms-marco-minilm-l12-v2", help="cross-encoder folder")
    add(
        "--start",
        default="models/bge-small-en-v1.5",
        help="bi-encoder folder that a bi-encoder student starts from",
    )
    add(
        "--miner",
        default="models/bge-small-en-v1.5",
        help="bi-encoder folder that finds the neighbours",
    )
    add(
        "--catalogue",
        required=True,
        help="folder with fields.json and documents; its queries.tsv stays unseen",
    )
    add("--queries", nargs="*", default=[], help="files of real queries: id, tab, text")
    add("--made", type=int, default=3000, help="how many queries to make from titles and texts")
    add("--short", type=int, default=0, help="how many more of one or two words")
    add("--run", help="first pass of the real queries, a TREC run; default: BM25 in Python")
    add("--solr", help="first pass from this collection, e.g. http://localhost:8983/solr/products")
    add("--layers", type=int, default=3, help="the cross-encoder student's layers")
    add("--weights", help="weights.npz of an earlier round to go on from, instead of the start's")
    add("--heads", type=int, default=12, help="attention heads of the start")
    add("--max-tokens", type=int, default=128)
    add("--group-size", type=int, default=groups.SIZE, help="documents of a query that the student sees")
    add("--real-groups", type=int, default=2, help="groups of documents of a real query")
    add("--groups-per-batch", type=int, default=2)
    add("--frozen-layers", type=int, default=0, help="the first layers, which stay as they are")
    add(
        "--keep",
        type=float,
        default=0,
        help="share of the start in the result, a mean of the two's weights (0 to 1)",
    )
    add("--epochs", type=float, default=2, help="a half is half of the groups")
    add("--learning-rate", type=float, default=4e-4)
    add("--seed", type=int, default=1)
    add("--work", required=True, help="folder for scores, checkpoints and the result")


def main(options):
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    found = groups.cut(taught(options, work), options.group_size)
    train, held = groups.split(found, HELD_OUT, options.seed)
    student, of = (cross_student if options.task == "cross-encoder" else bi_student)(options)
    settings = Settings(options.seed, options.epochs, options.groups_per_batch, options.learning_rate)
    begun = student.weights()
    loss = losses.distil_cross if options.task == "cross-encoder" else losses.distil_bi
    trainer = Trainer(student, of(train), loss, settings, work)
    before = held_out_loss(trainer, of(held))
    trainer.run()
    student.mix(begun, options.keep)
    np.savez(work / "weights.npz", **student.weights())
    record = {
        "command": "distil",
        **plain_options(options),
        "settings": asdict(settings),
        "queries": len({g.query for g in train}),
        "pairs": len(groups.pairs(train)),
        "heldOutLoss": {"start": before, "end": held_out_loss(trainer, of(held))},
        "minutes": round(trainer.seconds / 60, 1),
        "device": device(),
        **({"after": earlier(options.weights)} if options.weights else {}),
    }
    (work / "run.json").write_text(json.dumps(record, indent=2) + "\n")
    print(json.dumps(record["heldOutLoss"]))


def earlier(path):
    """The record of the round that the weights come from."""
    return json.loads(Path(path).with_name("run.json").read_text())


def plain_options(options):
    """What was asked for; of paths only the names, which mean something elsewhere too."""
    kept = {}
    for name, value in vars(options).items():
        if name in ("teacher", "start", "miner", "catalogue"):
            kept[name] = Path(value).name
        elif name in KEPT:
            kept[name] = value
        elif name == "queries":
            kept[name] = [Path(file).name for file in value]
    return kept


def taught(options, work):
    """The groups with the teacher's scores, which are kept for the next run."""
    catalogue = data.collection(options.catalogue)
    asked, made_from = all_queries(options, catalogue)
    of = candidates(options, work, catalogue.documents, asked, made_from)
    found = groups.mined(catalogue.documents, asked, of, options.seed, real=options.real_groups)
    teacher = encoder.Encoder(options.teacher, options.max_tokens)
    pairs = groups.pairs(found)
    scores = encoder.cached(work / "cache", teacher, pairs, teacher.score, "teacher's scores")
    return groups.scored(found, scores)


def all_queries(options, catalogue):
    """Real and made queries; none that the catalogue's judgements are of."""
    unseen = {text.lower() for text in catalogue.queries.values()}
    real = {}
    for file in options.queries:
        real.update(data.queries(file))
    made, sources = queries.made(catalogue.documents, options.made, options.seed)
    short, short_sources = queries.made_short(catalogue.documents, options.short, options.seed)
    asked = {i: text for i, text in {**real, **made, **short}.items() if text.lower() not in unseen}
    return asked, {**sources, **short_sources}


def candidates(options, work, documents, asked, made_from, depth=100):
    first = first_pass(options, documents, asked, depth)
    near = neighbours(options, work, documents, asked)
    return {id_: groups.Candidates(first[id_], near[id_], made_from.get(id_)) for id_ in asked}


def first_pass(options, documents, asked, depth):
    ranked = data.trec_run(options.run) if options.run else {}
    if options.solr:
        ranked = firstpass.from_solr(options.solr, asked, depth)
    position = {document.id: i for i, document in enumerate(documents)}
    bm25 = firstpass.Bm25(documents)
    found = {}
    for id_, text in asked.items():
        if id_ in ranked:
            found[id_] = [position[document] for document in ranked[id_] if document in position]
        else:
            found[id_] = bm25.top(text, depth)[0].tolist()
    return found


def neighbours(options, work, documents, asked, count=16):
    miner = encoder.Encoder(options.miner, options.max_tokens)
    texts = [miner.card["documentPrefix"] + document.full() for document in documents]
    prefixed = [miner.card["queryPrefix"] + text for text in asked.values()]
    cache = work / "cache"
    vectors = encoder.cached(cache, miner, texts, miner.vectors, "documents' vectors")
    of = encoder.cached(cache, miner, prefixed, miner.vectors, "queries' vectors")
    nearest = np.argsort(-of @ vectors.T, axis=1)[:, :count].tolist()
    return dict(zip(asked, nearest))


def cross_student(options):
    full = weights.read(options.teacher)
    check_read(options, full)
    kept = weights.with_layers(full, weights.spread(weights.layer_count(full), options.layers))
    kept = weights.stored(options.weights) if options.weights else kept
    tokenizer = encoder.tokenizer(options.teacher, options.max_tokens)
    model = bert.Bert(kept, options.heads, "logit", frozen(options)).to(device())
    return model, lambda of: batches.CrossBatches(of, tokenizer, device())


def frozen(options):
    return ["embeddings.", *(f"encoder.layer.{i}." for i in range(options.frozen_layers))]


def check_read(options, full):
    """Refuses a teacher whose weights, as read, do not score as its graph does."""
    pairs = [("red shoes", "Red running shoes for men"), ("red shoes", "A lamp of green glass")]
    teacher = encoder.Encoder(options.teacher, options.max_tokens)
    data_ = batches.CrossBatches([groups.Group(*pair_group(pairs))], teacher.tokenizer)
    model = bert.Bert(full, options.heads, "logit").eval()
    with torch.no_grad():
        read = data_.scores(model, data_.batch([0])).numpy()
    asked = teacher.score(pairs)
    # Quantized activations cost some tenths; wrong heads or layers cost whole logits.
    if np.abs(read - asked).max() > 1.5:
        raise SystemExit(
            f"{options.teacher}: its weights, as read, score {read}, its graph {asked}; check --heads"
        )


def pair_group(pairs):
    return pairs[0][0], [document for _, document in pairs], np.zeros(len(pairs), np.float32)


def bi_student(options):
    card = json.loads((Path(options.start) / "model.json").read_text())
    tokenizer = encoder.tokenizer(options.start, options.max_tokens)
    begun = weights.stored(options.weights) if options.weights else weights.read(options.start)
    model = bert.Bert(begun, options.heads, card["pooling"], frozen(options)).to(device())
    prefix = card["queryPrefix"]
    return model, lambda of: batches.BiBatches(of, tokenizer, COSINE_SCALE, prefix, device())


@torch.no_grad()
def held_out_loss(trainer, held):
    """Mean loss over held-out queries, which says whether training still generalises."""
    if not held.groups:
        return None
    trainer.model.eval()
    losses_ = []
    for chosen in batches.epoch(held.lengths, trainer.settings.groups_per_batch, 0):
        batch = held.batch(chosen)
        losses_.append(trainer.loss(held.scores(trainer.model, batch), batch).item())
    return round(float(np.mean(losses_)), 4)
