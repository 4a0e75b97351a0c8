"""`scripts/train finetune`: a domain model from judged or clicked pairs.

Starts from a cross-encoder folder, or from what distil wrote. Per query it learns the grades' order
against mined negatives too: documents that nobody judged, from the first pass, count as irrelevant,
else the model never learns to reject them. Stops early, keeps the best epoch, and refuses to save a
model that ranks held-out queries worse than its start.
"""

import copy
import json
import random
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from . import batches, bert, data, encoder, firstpass, groups, losses, metrics, weights
from .trainer import Settings, Trainer, device

NEGATIVES = 6


def arguments(parser):
    add = parser.add_argument
    add("--start", default="models/ms-marco-minilm-l12-v2", help="cross-encoder folder")
    add("--weights", help="weights.npz of a distilled student, instead of the start's own")
    add("--judged", required=True, help="folder of a judged set; clicks as grades, see the document")
    add("--heads", type=int, default=12)
    add("--max-tokens", type=int, default=128)
    add("--epochs", type=int, default=4)
    add("--patience", type=int, default=1, help="epochs without a gain before it stops")
    add("--held-out", type=float, default=0.25, help="share of the queries that it is measured on")
    add("--learning-rate", type=float, default=3e-5)
    add("--seed", type=int, default=1)
    add("--work", required=True, help="folder for checkpoints and the result")


def main(options):
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    collection = data.collection(options.judged)
    train, held = split_queries(collection, options.held_out, options.seed)
    first = firstpass.Bm25(collection.documents)
    tokenizer = encoder.tokenizer(options.start, options.max_tokens)
    begun = weights.stored(options.weights) if options.weights else weights.read(options.start)
    model = bert.Bert(begun, options.heads, "logit").to(device())
    found = judged_groups(collection, train, first, options.seed)
    settings = Settings(options.seed, options.epochs, learning_rate=options.learning_rate)
    taught = batches.CrossBatches(found, tokenizer, device())
    trainer = Trainer(model, taught, losses.finetune, settings, work)
    judge = HeldOut(collection, held, first, tokenizer)
    history = Early(trainer, judge, options.patience, work).run()
    save(options, work, trainer, history, len(train), len(held))


def split_queries(collection, share, seed):
    """Query ids to train on and to measure on: never both."""
    known = sorted(q for q in metrics.judgeable(collection.qrels) if q in collection.queries)
    random.Random(seed).shuffle(known)
    count = round(share * len(known))
    if not 0 < count < len(known):
        raise SystemExit(f"{len(known)} judged queries: too few to hold out a share of {share}")
    return known[count:], known[:count]


def judged_groups(collection, train, first, seed):
    """A query's judged documents in groups, each with mined negatives of grade 0."""
    rng = random.Random(seed)
    position = collection.position()
    made = []
    for query in train:
        grades = {d: g for d, g in collection.qrels[query].items() if d in position}
        judged = sorted(grades)
        rng.shuffle(judged)
        text = collection.queries[query]
        mined = [p for p in first.top(text, 100)[0] if collection.documents[p].id not in grades]
        size = groups.SIZE - NEGATIVES
        for start in range(0, len(judged), size):
            part = judged[start : start + size]
            if max(grades[d] for d in part) > 0:
                negatives = rng.sample(mined, min(NEGATIVES, len(mined)))
                shown = [collection.documents[p] for p in [position[d] for d in part] + negatives]
                scores = [grades[d] for d in part] + [0.0] * len(negatives)
                made.append(groups.Group(text, [d.full() for d in shown], np.array(scores, np.float32)))
    return made


class HeldOut:
    """NDCG@10 of the model alone over the first pass's best, raw: unjudged documents count as 0."""

    def __init__(self, collection, held, first, tokenizer, depth=30):
        self.collection, self.tokenizer = collection, tokenizer
        self.ranks = {q: first.top(collection.queries[q], depth)[0].tolist() for q in held}
        self.ranks = {q: positions for q, positions in self.ranks.items() if positions}

    @torch.no_grad()
    def __call__(self, model):
        model.eval()
        values = []
        for query, positions in self.ranks.items():
            documents = [self.collection.documents[p] for p in positions]
            text = self.collection.queries[query]
            zeros = np.zeros(len(documents), np.float32)
            group = groups.Group(text, [d.full() for d in documents], zeros)
            data_ = batches.CrossBatches([group], self.tokenizer, device())
            scores = data_.scores(model, data_.batch([0])).cpu().numpy()
            order = np.argsort(-scores, kind="stable")
            ids = [documents[i].id for i in order]
            values.append(metrics.ndcg(ids, self.collection.qrels[query]))
        return float(np.mean(values))


class Early:
    """Trains epoch by epoch and keeps the best; `history.json` lets a killed run go on."""

    def __init__(self, trainer, judge, patience, work):
        self.trainer, self.judge, self.patience = trainer, judge, patience
        self.history, self.best = work / "history.json", work / "best.pt"

    def run(self):
        """NDCG@10 of the start and after each epoch; the model has the best's weights after it."""
        trainer = self.trainer
        history = json.loads(self.history.read_text()) if self.history.is_file() else []
        if not history:
            history = self.note([], self.judge(trainer.model))
        while len(history) <= trainer.settings.epochs and not self.is_stale(history):
            trainer.run(len(history) * trainer.steps_per_epoch)
            history = self.note(history, self.judge(trainer.model))
        trainer.model.load_state_dict(torch.load(self.best, map_location=device()))
        return history

    def note(self, history, figure):
        print(f"after epoch {len(history)}: NDCG@10 {figure:.4f} on held-out queries", flush=True)
        if figure > max(history, default=-1.0):
            torch.save(copy.deepcopy(self.trainer.model.state_dict()), self.best)
        history = [*history, figure]
        self.history.write_text(json.dumps(history))
        return history

    def is_stale(self, history):
        return len(history) - 1 - int(np.argmax(history)) > self.patience


def save(options, work, trainer, history, trained, held):
    if max(history) <= history[0]:
        raise SystemExit(f"not saved: no epoch was better than the start, NDCG@10 {history[0]:.4f}")
    np.savez(work / "weights.npz", **trainer.model.weights())
    record = {
        "command": "finetune",
        "start": Path(options.start).name,
        "judged": Path(options.judged).name,
        "settings": asdict(trainer.settings),
        "queries": {"trained": trained, "heldOut": held},
        "heldOutNdcg": [round(figure, 4) for figure in history],
        "minutes": round(trainer.seconds / 60, 1),
        "device": device(),
    }
    (work / "run.json").write_text(json.dumps(record, indent=2) + "\n")
