"""A real Solr for the tests: the demo's, on a small part of the demo's products, started once."""

import gzip
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from proving import __main__ as cascade
from proving.solr import Solr
from training import data

PROJECT = Path(__file__).resolve().parents[2]
PRODUCTS = PROJECT / "src/demo/data/products"
QUERIES = 12
DOCUMENTS = 300
PATIENCE_S = 600


@pytest.fixture(scope="session")
def judged(tmp_path_factory):
    """The folder of a small judged set: a few queries, their judged products and some others."""
    folder = tmp_path_factory.mktemp("judged") / "few"
    folder.mkdir()
    qrels = data.qrels(PRODUCTS / "qrels.txt")
    texts = data.queries(PRODUCTS / "queries.tsv")
    chosen = [q for q in texts if max(qrels.get(q, {"": 0}).values()) > 0][:QUERIES]
    wanted = {document for query in chosen for document in qrels[query]}
    fields = json.loads((PRODUCTS / "fields.json").read_text())
    with gzip.open(PRODUCTS / fields["documents"], "rt", encoding="utf-8") as lines:
        products = {json.loads(line)["id"]: line for line in lines}
    kept = [line for id_, line in products.items() if id_ in wanted][:DOCUMENTS]
    kept += [line for id_, line in products.items() if id_ not in wanted][: DOCUMENTS // 3]
    with gzip.open(folder / fields["documents"], "wt", encoding="utf-8") as out:
        out.writelines(kept)
    (folder / "fields.json").write_text(json.dumps(fields))
    (folder / "queries.tsv").write_text("".join(f"{q}\t{texts[q]}\n" for q in chosen), encoding="utf-8")
    (folder / "qrels.txt").write_text(
        "".join(f"{q} 0 {d} {g:g}\n" for q in chosen for d, g in qrels[q].items())
    )
    return folder


@pytest.fixture(scope="session")
def url(judged, tmp_path_factory):
    """The address of a core that holds the small set."""
    port = free_port()
    log = tmp_path_factory.mktemp("solr") / "demo.log"
    with open(log, "w") as out:
        demo = subprocess.Popen(
            [PROJECT / "scripts/demo", "--port", str(port), "--data", judged],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for("Serving", log, demo)
        yield f"http://localhost:{port}/solr/{judged.name}"
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait()


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("localhost", 0))
        return any_port.getsockname()[1]


def wait_for(text, log, process):
    end = time.monotonic() + PATIENCE_S
    while text not in log.read_text():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the demo did not start:\n{log.read_text()}")
        time.sleep(0.2)


@pytest.fixture
def solr(url):
    return Solr(url)


@pytest.fixture
def run(monkeypatch):
    """Runs scripts/cascade with these arguments in this process."""

    def call(*arguments):
        monkeypatch.setattr("sys.argv", ["scripts/cascade", *map(str, arguments)])
        cascade.main()

    return call
