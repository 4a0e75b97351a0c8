"""Logged features as LibSVM with query ids: `grade qid:N 1:value 2:value # document query`.

Beside the file, `features.json` lists the features' names. A value that is not there was not computed.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .mistake import Mistake


@dataclass
class Rows:
    """Rows of one query lie together, in the order in which they were served."""

    features: list
    values: np.ndarray
    grades: np.ndarray
    queries: np.ndarray
    documents: list

    def take(self, chosen):
        return Rows(
            self.features,
            self.values[chosen],
            self.grades[chosen],
            self.queries[chosen],
            [self.documents[i] for i in np.flatnonzero(chosen)],
        )

    def columns(self, names):
        for name in names:
            if name not in self.features:
                raise Mistake(f"--features: {name}, must be one of {self.features}")
        return Rows(
            list(names),
            self.values[:, [self.features.index(name) for name in names]],
            self.grades,
            self.queries,
            self.documents,
        )

    def names(self):
        """The queries, in order."""
        return list(dict.fromkeys(self.queries.tolist()))

    def sizes(self):
        return np.array([(self.queries == query).sum() for query in self.names()])


def write(path, rows):
    numbers = {query: number for number, query in enumerate(rows.names(), 1)}
    with open(path, "w", encoding="utf-8") as out:
        for values, grade, query, document in zip(rows.values, rows.grades, rows.queries, rows.documents):
            pairs = " ".join(f"{i}:{value}" for i, value in enumerate(values, 1) if not np.isnan(value))
            out.write(f"{grade:g} qid:{numbers[query]} {pairs} # {document} {query}\n")
    Path(path).with_name("features.json").write_text(json.dumps(rows.features, indent=1) + "\n")


def read(path, groups=None):
    """Rows of a file, gzipped or not; `groups` has the queries' sizes where lines have no qid."""
    path = Path(path)
    if not path.is_file():
        raise Mistake(f"{path}: no such file")
    lines = opened(path).read().splitlines()
    parsed = [line_of(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    width = max((max(values, default=0) for _, _, values, _, _ in parsed), default=0)
    values = np.full((len(parsed), width), np.nan, np.float32)
    for row, (_, _, found, _, _) in zip(values, parsed):
        for index, value in found.items():
            row[index - 1] = value
    queries = grouped(path, groups, len(parsed)) if groups else [query for _, query, *_ in parsed]
    if any(query is None for query in queries):
        raise Mistake(f"{path}: a line has no qid, and no file of group sizes is given")
    return Rows(
        names(path, width),
        values,
        np.array([grade for grade, *_ in parsed]),
        np.array(queries, dtype=object),
        [document or str(i) for i, (*_, document, _) in enumerate(parsed)],
    )


def opened(path):
    kind = gzip.open if path.suffix == ".gz" else open
    return kind(path, "rt", encoding="utf-8")


def line_of(line, place):
    data, _, comment = line.partition("#")
    first, *pairs = data.split()
    document, query = (comment.split() + [None, None])[:2]
    try:
        found = {}
        for pair in pairs:
            name, value = pair.split(":", 1)
            if name == "qid":
                query = query or value
            else:
                found[int(name)] = float(value)
        return float(first), query, found, document, place
    except ValueError as e:
        raise Mistake(f"{place}: must be: grade qid:N 1:value 2:value # document query") from e


def grouped(path, groups, rows):
    sizes = [int(size) for size in Path(groups).read_text().split()]
    if sum(sizes) != rows:
        raise Mistake(f"{groups}: sizes add up to {sum(sizes)}, but {path} has {rows} lines")
    return [f"q{number}" for number, size in enumerate(sizes, 1) for _ in range(size)]


def names(path, width):
    beside = path.with_name("features.json")
    if beside.is_file():
        return json.loads(beside.read_text())
    return [f"f{index}" for index in range(1, width + 1)]
