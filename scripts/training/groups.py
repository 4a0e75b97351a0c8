"""Groups: a query and up to 16 documents with the scores that a model shall learn to give them.

The documents are hard negatives from the first pass, neighbours in the bi-encoder's space, which
share no word with the query, and a few random ones, which a model that only ever saw the first
pass's best ranks too high.
"""

import hashlib
import random
from dataclasses import dataclass

import numpy as np

SIZE = 16
# How much of a document is read. Short ones keep the student good where descriptions are short.
VIEWS = {"full": 4, "title": 3, "start": 3}
START_CHARACTERS = 160


@dataclass
class Group:
    query: str
    documents: list
    scores: np.ndarray = None


@dataclass
class Candidates:
    """Positions in the collection: the first pass, best first, and the nearest vectors."""

    first_pass: list
    neighbours: list
    source: int = None


def mined(documents, queries, candidates, seed, size=SIZE, real=2):
    """One group for a query with a source, which was made; `real` groups for a real one."""
    rng = random.Random(seed)
    groups = []
    for id_, text in queries.items():
        of = candidates[id_]
        wanted = size if of.source is not None else real * size
        positions = chosen(of, wanted, len(documents), rng)
        rng.shuffle(positions)
        for start in range(0, len(positions), size):
            view = rng.choices(list(VIEWS), VIEWS.values())[0]
            shown = [viewed(documents[p], view) for p in positions[start : start + size]]
            if len(shown) > 1:
                groups.append(Group(text, shown))
    return groups


def chosen(of, wanted, total, rng):
    """A third the best of the first pass, a third drawn from its rest, then neighbours, randoms."""
    third = wanted // 3
    best, rest = list(of.first_pass[:third]), list(of.first_pass[third:])
    picked = dict.fromkeys([] if of.source is None else [of.source])
    picked.update(dict.fromkeys(best))
    picked.update(dict.fromkeys(rng.sample(rest, min(third, len(rest)))))
    picked.update(dict.fromkeys(list(of.neighbours[: wanted // 4])))
    while len(picked) < min(wanted, total):
        picked[rng.randrange(total)] = None
    return list(picked)[:wanted]


def viewed(document, view):
    if view == "title":
        return document.title
    if view == "start":
        return document.full()[: len(document.title) + START_CHARACTERS]
    return document.full()


def scored(groups, scores):
    """Gives the groups the scores of their pairs, in order."""
    start = 0
    for group in groups:
        group.scores = np.asarray(scores[start : start + len(group.documents)], np.float32)
        start += len(group.documents)
    return groups


def cut(groups, size):
    """The groups with their first documents only, which are a random part of them."""
    return [Group(g.query, g.documents[:size], g.scores[:size]) for g in groups]


def pairs(groups):
    return [(group.query, document) for group in groups for document in group.documents]


def split(groups, share, seed):
    """Training and held-out groups, by query, never by pair; a query stays where it is as more come."""

    def held(query):
        digest = hashlib.sha256(f"{seed} {query}".encode()).digest()
        return int.from_bytes(digest[:4], "big") < share * 2**32

    return [g for g in groups if not held(g.query)], [g for g in groups if held(g.query)]
