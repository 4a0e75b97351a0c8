"""From queries to a cascade, on a real Solr: log, train, evaluate, recommend, whynot."""

import json

import numpy as np
import pytest

from proving import letor, ltr
from proving.mistake import Mistake
from proving.solr import Solr

FEATURES = "firstPass,titleBm25,titlePhrase,recency,semantic"


@pytest.fixture(scope="module")
def logged(url, judged, tmp_path_factory):
    """A log of five features, made once."""
    from proving import __main__ as cascade

    folder = tmp_path_factory.mktemp("log") / "log"
    arguments = ["log", "--solr", url, "--queries", f"{judged}/queries.tsv", "--features", FEATURES]
    arguments += ["--depth", "40", "--qrels", f"{judged}/qrels.txt", "--out", str(folder)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["scripts/cascade", *arguments])
        cascade.main()
    return folder


def results(folder, command):
    return json.loads((folder / f"{command}.json").read_text())["results"]


def test_log_has_what_was_served(logged, solr):
    found = results(logged, "log")
    assert found["checked"] == found["documents"] > 100
    assert found["furthestScore"] < 1e-6
    rows = letor.read(logged / "log.svm")
    assert rows.features == FEATURES.split(",")
    assert rows.grades.max() > 0
    assert "cascade-log" not in solr.models()


def test_log_of_a_cascade_lacks_what_was_not_computed(url, judged, tmp_path, run):
    run("log", "--solr", url, "--queries", judged / "queries.tsv", "--cascade", "products", "--out", tmp_path)
    found = results(tmp_path, "log")
    assert found["checked"] == found["documents"]
    rows = letor.read(tmp_path / "log.svm")
    deep = rows.values[:, rows.features.index("crossEncoder")]
    assert 0 < (~np.isnan(deep)).sum() <= 20 * len(rows.names())


def test_log_goes_on_where_it_was(url, judged, tmp_path, run):
    arguments = ["log", "--solr", url, "--queries", judged / "queries.tsv", "--models", "lexical:20"]
    run(*arguments, "--depth", "20", "--out", tmp_path / "a")
    whole = (tmp_path / "a/served.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    (tmp_path / "a/served.jsonl").write_bytes(b"".join(lines[:3]) + lines[3][:40])
    run(*arguments, "--depth", "20", "--out", tmp_path / "a")
    again = [json.loads(line) for line in (tmp_path / "a/served.jsonl").read_text().splitlines()]
    assert [line["query"] for line in again] == [json.loads(line)["query"] for line in lines]
    assert [line["docs"] for line in again] == [json.loads(line)["docs"] for line in lines]


def test_log_notices_a_score_that_is_not_the_models(logged, solr):
    from proving import log

    model = ltr.linear_model("m", {"firstPass": 1})
    doc = {"id": "1", "stage": "m", "score": 2.0, "features": {"firstPass": 2.0}}
    line = {"query": "q", "stages": [{"name": "m", "model": "m"}], "docs": [doc]}
    assert log.check([line], {"m": model}) == (0.0, 1)
    doc["score"] = 2.001
    with pytest.raises(Mistake, match="query q, document 1: served with the score 2.001, but model m gives"):
        log.check([line], {"m": model})


@pytest.mark.parametrize("kind", ["linear", "lambdamart"])
def test_a_trained_model_scores_in_solr_as_here(url, judged, logged, solr, tmp_path, run, kind):
    run(
        *[
            "train",
            "--log",
            logged,
            "--qrels",
            judged / "qrels.txt",
            "--kind",
            kind,
            "--name",
            f"trained-{kind}",
        ],
        *["--folds", "3", "--most-trees", "20", "--min-documents", "10", "--bags", "2", "--solr", url],
        *["--check-queries", judged / "queries.tsv", "--out", tmp_path],
    )
    found = results(tmp_path, "train")
    assert found["scoresCheckedInSolr"] > 100
    assert found["furthestScoreInSolr"] <= 1e-5
    assert found["furthestScoreOfModelJson"] <= 1e-5
    assert solr.model(f"trained-{kind}")["class"] == {"linear": ltr.LINEAR, "lambdamart": ltr.TREES}[kind]
    heldout = (tmp_path / "heldout.run").read_text().splitlines()
    assert len(heldout) == len(letor.read(logged / "log.svm").documents)


def test_rankings_of_solr_and_of_files_are_compared(url, judged, tmp_path, run, capsys):
    common = ["evaluate", "--qrels", judged / "qrels.txt", "--queries", judged / "queries.tsv", "--solr", url]
    rankers = ["--ranker", "first=", "--ranker", "lexical={!cascade models=lexical:50}"]
    run(*common, *rankers, "--out", tmp_path / "a")
    run(*common, "--run", f"again={tmp_path}/a/runs/lexical.run", *rankers, "--out", tmp_path / "b")
    found = results(tmp_path / "b", "evaluate")["figures"]
    assert found["again"] == found["lexical"]
    assert 0 < found["first"]["NDCG@10"]["mean"][0] < 1
    assert "12 queries" in capsys.readouterr().out


def test_recommend_keeps_its_promises_apart_from_what_chose(url, judged, tmp_path, run, solr):
    arguments = ["recommend", "--solr", url, "--queries", judged / "queries.tsv"]
    arguments += ["--qrels", judged / "qrels.txt", "--stage", "lexical:40", "--stage", "semantic:20,40"]
    arguments += ["--stage", "deep:5", "--budget-ms", "100000", "--out", tmp_path]
    run(*arguments)
    found = results(tmp_path, "recommend")
    assert len(found["figures"]) == 12
    assert found["heldOut"]["queries"] == 6
    assert found["pick"] in found["figures"]
    measured = [json.loads(line) for line in (tmp_path / "measured.jsonl").read_text().splitlines()]
    held_out = [json.loads(line) for line in (tmp_path / "held-out.jsonl").read_text().splitlines()]
    assert len(measured) == 12 * 6
    assert not {line["query"] for line in measured} & {line["query"] for line in held_out}
    assert '<lst name="cascade">' in (tmp_path / "cascade.xml").read_text() or not found["pick"]
    assert (tmp_path / "front.png").stat().st_size > 1000
    assert "data:image/png" in (tmp_path / "report.html").read_text()
    before = (tmp_path / "measured.jsonl").read_bytes()
    run(*arguments)
    assert (tmp_path / "measured.jsonl").read_bytes() == before


def test_whynot_names_the_stage_and_the_features(url, judged, solr, run, capsys):
    query = (judged / "queries.tsv").read_text().splitlines()[0].split("\t")[1]
    answer = solr.search(query, "{!cascade name=products}", rows=30, fl="id")
    last = answer["response"]["docs"][-1]["id"]
    run(
        "whynot",
        "--solr",
        url,
        "--query",
        query,
        "--id",
        last,
        "--rq",
        "{!cascade name=products}",
        "--rows",
        "3",
    )
    shown = capsys.readouterr().out
    assert f"{last}: it fell behind after" in shown
    assert "first pass: rank" in shown and "titlePhrase" in shown


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--cascade", "nowhere"], "name: nowhere, must be one of"),
        (["--models", "lexical"], "must be model:reRankDocs"),
        (["--features", "nonsense"], "--features: nonsense, must be one of"),
        (["--features", "teacher"], "teacher"),
    ],
)
def test_log_names_mistakes(url, judged, tmp_path, run, arguments, message):
    with pytest.raises(SystemExit, match=message):
        run("log", "--solr", url, "--queries", judged / "queries.tsv", *arguments, "--out", tmp_path)


def test_a_solr_that_is_not_there_is_named(judged, tmp_path, run):
    with pytest.raises(SystemExit, match="--solr: http://localhost:1/solr/x, cannot be reached"):
        run(
            *["log", "--solr", "http://localhost:1/solr/x", "--queries", judged / "queries.tsv"],
            *["--models", "a:1", "--out", tmp_path],
        )


def test_an_imported_forest_scores_in_solr_as_it_did(url, solr, tmp_path, run):
    """Features that the request brings, so that every path of the trees can be asked for."""
    import lightgbm

    rng = np.random.default_rng(1)
    values = rng.normal(size=(300, 2)).astype(np.float32)
    dataset = lightgbm.Dataset(values.astype(float), (values.sum(1) > 0) * 2, group=[30] * 10)
    booster = lightgbm.train({"objective": "lambdarank", "verbosity": -1, "num_leaves": 5}, dataset, 8)
    (tmp_path / "m.txt").write_text(booster.model_to_string())
    (tmp_path / "map.json").write_text(json.dumps({"Column_0": "given0", "Column_1": "given1"}))
    value_feature = "org.apache.solr.ltr.feature.ValueFeature"
    given = [{"name": f"given{i}", "class": value_feature, "params": {"value": f"${{g{i}}}"}} for i in (0, 1)]
    solr.put_features(given)
    run(
        *[
            "train",
            "--import",
            tmp_path / "m.txt",
            "--feature-map",
            tmp_path / "map.json",
            "--name",
            "imported",
        ],
        *["--solr", url, "--out", tmp_path / "out"],
    )
    for row in values[:25]:
        rq = f"{{!cascade models=imported:1 efi.g0={row[0]} efi.g1={row[1]}}}"
        doc = Solr(url).search("*:*", rq, rows=1, fl="id,score")["response"]["docs"][0]
        expected = booster.predict(row.reshape(1, -1).astype(float), raw_score=True)
        assert ltr.furthest([doc["score"]], expected) < 1e-5


def test_the_schema_may_change_while_the_store_has_a_feature_of_an_encoder_that_is_not_there(solr):
    assert "teacher" in solr.features()
    solr.send("POST", "schema", json={"add-field": {"name": "later", "type": "number"}})
    assert solr.search("later:[* TO *]", defType="lucene")["response"]["numFound"] == 0
