"""A Solr that wants a password, and a cascade that is pasted into its configuration."""

import json
import os
import shutil
import signal
import subprocess

import pytest
from conftest import PROJECT, wait_for

from proving.mistake import Mistake
from proving.solr import Solr

RESOURCES = PROJECT / "src/test/resources"
# The salted hash of "SolrRocks", as Solr's own documentation has it.
CREDENTIALS = "IV0EHq1OnNrj6gvRCwvFwTrZ1+z1oBbnQdiVC3otuq0= Ndd7LKvVBAaZIF0QAVi1ekCfAJXr1GGfLtRUXhgrF8c="
SECURITY = {
    "authentication": {
        "class": "solr.BasicAuthPlugin",
        "blockUnknown": True,
        "credentials": {"solr": CREDENTIALS},
    }
}
PRODUCTS = 40
QUERIES = ["red shoe", "shoe", "red boot", "boot shoe", "red", "boot"]
NAME = "best & <cheap>"


def install(home, core):
    """A core of the test configuration; its folder."""
    shutil.copytree(RESOURCES / "solr/conf", home / core / "conf")
    return home / core


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("guarded")
    shutil.copy(RESOURCES / "solr/solr.xml", home)
    (home / "security.json").write_text(json.dumps(SECURITY))
    core = install(home, "test")
    (core / "core.properties").write_text(f"name=test\ncascade.models={RESOURCES / 'encoder'}\n")
    return home


@pytest.fixture(scope="module")
def node(home):
    """The address of a Solr that answers nobody without a password."""
    log = home / "serving.log"
    serve = 'source scripts/build.sh; run_java io.github.solrcascade.ServingSolr "$1"'
    with open(log, "w") as out:
        process = subprocess.Popen(
            ["bash", "-c", serve, "serving-solr", str(home)],
            cwd=PROJECT,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for("serves ", log, process)
        yield log.read_text().split("serves ")[1].split()[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@pytest.fixture(scope="module")
def core(node):
    """A core with products of which the popular ones are what is wanted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOLR_PASSWORD", "SolrRocks")
        solr = Solr(f"{node}/test", "solr")
        titles = ["red shoe", "red boot", "boot shoe", "red boot shoe"]
        products = [
            {"id": f"p{i:02}", "title": titles[i % 4], "text": titles[i % 3], "popularity": 7 * i % PRODUCTS}
            for i in range(PRODUCTS)
        ]
        solr.send("POST", "update?commit=true", json=products)
    return solr.url


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged")
    (folder / "queries.tsv").write_text("".join(f"q{i}\t{text}\n" for i, text in enumerate(QUERIES)))
    wanted = [(i, 7 * i % PRODUCTS // 10) for i in range(PRODUCTS)]
    (folder / "qrels.txt").write_text(
        "".join(f"q{q} 0 p{i:02} {grade}\n" for q in range(len(QUERIES)) for i, grade in wanted)
    )
    return folder


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("SOLR_PASSWORD", "SolrRocks")


def log_arguments(core, judged, out, *more):
    queries = ["--queries", judged / "queries.tsv", "--cascade", "popular", "--depth", "6"]
    return ["log", "--solr", core, *queries, "--out", out, *more]


def test_a_user_with_the_password_is_served(core, judged, tmp_path, run, password):
    run(*log_arguments(core, judged, tmp_path, "--user", "solr"))
    found = json.loads((tmp_path / "log.json").read_text())
    assert found["results"]["checked"] == found["results"]["documents"] == 36
    assert "SolrRocks" not in "".join(p.read_text(errors="ignore") for p in tmp_path.iterdir() if p.is_file())


@pytest.mark.parametrize(
    ("user", "secret", "said"),
    [
        (["--user", "solr"], "wrong", "--user: solr"),
        (["--user", "solr"], "", "--user: solr"),
        (["--user", "nobody"], "SolrRocks", "--user: nobody"),
        ([], "SolrRocks", "--user: missing"),
    ],
)
def test_others_are_told_what_is_wanted(core, judged, tmp_path, run, monkeypatch, user, secret, said):
    monkeypatch.setenv("SOLR_PASSWORD", secret)
    with pytest.raises(SystemExit) as refused:
        run(*log_arguments(core, judged, tmp_path, *user))
    message = str(refused.value)
    assert message.startswith(f"scripts/cascade log: {said}, ")
    assert "HTTP 401" in message and "SOLR_PASSWORD" in message


def test_the_recommended_xml_loads_and_ranks(node, home, core, judged, tmp_path, run, password):
    common = ["--queries", judged / "queries.tsv", "--qrels", judged / "qrels.txt"]
    limits = ["--budget-ms", "60000", "--name", NAME, "--out", tmp_path]
    run("recommend", "--solr", core, "--user", "solr", *common, "--stage", "popular:20,40", *limits)
    pick = json.loads((tmp_path / "recommend.json").read_text())["results"]["pick"]
    assert pick == "popular:40"

    pasted = install(home, "pasted")
    config = pasted / "conf/solrconfig.xml"
    place = '<lst name="cascade">'
    text = config.read_text().replace(place, (tmp_path / "cascade.xml").read_text() + place, 1)
    config.write_text(text)
    admin = Solr(f"{node}/admin", "solr")
    create = {"action": "CREATE", "name": "pasted", "instanceDir": str(pasted)}
    models = {"property.cascade.models": str(RESOURCES / "encoder")}
    admin.send("GET", "cores", params={**create, **models})

    solr = Solr(f"{node}/pasted", "solr")
    solr.send(
        "POST",
        "update?commit=true",
        json=[{"id": str(i), "title": "red", "popularity": i} for i in range(50)],
    )
    found = solr.search("red", "{!cascade name='" + NAME + "'}", rows=50)
    assert [stage["name"] for stage in found["cascade"]["stages"]] == ["popular"]
    assert [stage["docs"] for stage in found["cascade"]["stages"]] == [40]
    assert [doc["id"] for doc in found["response"]["docs"]][:2] == ["39", "38"]
    with pytest.raises(Mistake, match="must be one of"):
        solr.search("red", "{!cascade name=recommended}")
