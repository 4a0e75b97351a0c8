"""Judged sets and catalogues: queries.tsv, qrels.txt (TREC), documents as gzipped JSON lines, fields.json."""

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Document:
    id: str
    title: str
    text: str
    brand: str

    def full(self):
        """What the encoders read."""
        return f"{self.title} {self.text}".strip()


@dataclass
class Collection:
    name: str
    documents: list
    queries: dict = field(default_factory=dict)
    qrels: dict = field(default_factory=dict)

    def position(self):
        return {document.id: i for i, document in enumerate(self.documents)}


def collection(folder):
    folder = Path(folder)
    return Collection(
        folder.name,
        list(documents(folder)),
        queries(folder / "queries.tsv"),
        qrels(folder / "qrels.txt"),
    )


def documents(folder):
    fields = json.loads((folder / "fields.json").read_text())
    with gzip.open(folder / fields["documents"], "rt", encoding="utf-8") as lines:
        for line in lines:
            source = json.loads(line)
            yield Document(
                source["id"],
                joined(source, fields.get("title", [])),
                joined(source, fields.get("text", [])),
                str(source.get(fields.get("brand"), "")),
            )


def joined(source, names):
    return " ".join(str(source[name]) for name in names if source.get(name))


def queries(path):
    """Query text by id; none if there is no such file."""
    if not Path(path).is_file():
        return {}
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line.strip())


def qrels(path):
    """Grade by query and document; none if there is no such file."""
    grades = {}
    if Path(path).is_file():
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            query, _, document, grade = line.split()
            grades.setdefault(query, {})[document] = float(grade)
    return grades


def trec_run(path):
    """Document ids by query, best first, of a run in TREC's format."""
    ranked = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        query, _, document, rank, *_ = line.split()
        ranked.setdefault(query, []).append((int(rank), document))
    return {query: [document for _, document in sorted(of)] for query, of in ranked.items()}
