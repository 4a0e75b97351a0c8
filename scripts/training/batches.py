"""Groups as padded tensors, cut and ordered so that little is padding, the same for the same seed."""

import random

import torch


class CrossBatches:
    """Pairs of query and document in one text."""

    def __init__(self, groups, tokenizer, device="cpu"):
        self.groups, self.device = groups, device
        self.encoded = [
            tokenizer.encode_batch([(g.query, document) for document in g.documents]) for g in groups
        ]
        self.lengths = [max(len(e.ids) for e in encoded) for encoded in self.encoded]

    def batch(self, chosen):
        pairs = padded([e for i in chosen for e in self.encoded[i]], self.device)
        return {"pairs": pairs, **targets([self.groups[i] for i in chosen], self.device)}

    def scores(self, model, batch):
        return model(*batch["pairs"])


class BiBatches:
    """Queries and documents apart; the score is the scaled cosine."""

    def __init__(self, groups, tokenizer, scale, query_prefix="", device="cpu"):
        self.groups, self.device, self.scale = groups, device, scale
        self.query = tokenizer.encode_batch([query_prefix + g.query for g in groups])
        self.encoded = [tokenizer.encode_batch(g.documents) for g in groups]
        self.lengths = [max(len(e.ids) for e in encoded) for encoded in self.encoded]

    def batch(self, chosen):
        return {
            "queries": padded([self.query[i] for i in chosen], self.device),
            "documents": padded([e for i in chosen for e in self.encoded[i]], self.device),
            **targets([self.groups[i] for i in chosen], self.device),
        }

    def scores(self, model, batch):
        """[queries, all documents of the batch]: the others' documents are negatives too."""
        queries, documents = model(*batch["queries"]), model(*batch["documents"])
        return self.scale * queries @ documents.T


def targets(groups, device):
    scores = torch.cat([torch.from_numpy(group.scores) for group in groups])
    return {"scores": scores.to(device), "sizes": [len(group.documents) for group in groups]}


def padded(encodings, device):
    """Ids, mask and types as [texts, longest text's tokens]."""
    length = max(len(e.ids) for e in encodings)
    columns = (
        [e.ids for e in encodings],
        [e.attention_mask for e in encodings],
        [e.type_ids for e in encodings],
    )
    rows = [[row + [0] * (length - len(row)) for row in column] for column in columns]
    return [torch.tensor(column, device=device) for column in rows]


def epoch(lengths, per_batch, seed):
    """Indices of the groups of each batch of an epoch: groups of like length together."""
    rng = random.Random(seed)
    order = list(range(len(lengths)))
    rng.shuffle(order)
    pool = 50 * per_batch
    batches = []
    for start in range(0, len(order), pool):
        alike = sorted(order[start : start + pool], key=lengths.__getitem__)
        batches += [alike[i : i + per_batch] for i in range(0, len(alike), per_batch)]
    rng.shuffle(batches)
    return batches
