"""LightGBM's own lambdarank example, trained by `scripts/cascade train` and served by Solr.

Its data (github.com/microsoft/LightGBM, examples/lambdarank, MIT) is not in the repository: LIGHTGBM_RANK
names a folder with rank.train.gz, rank.train.query, rank.test.gz and rank.test.query.
"""

import os
from pathlib import Path

import lightgbm
import numpy as np
import pytest

from proving import letor, ltr
from training import metrics

FOLDER = os.environ.get("LIGHTGBM_RANK")
pytestmark = pytest.mark.skipif(not FOLDER, reason="LIGHTGBM_RANK names no folder")
# As in the example's train.conf.
EXAMPLE = {
    "objective": "lambdarank",
    "learning_rate": 0.1,
    "num_leaves": 31,
    "bagging_freq": 1,
    "bagging_fraction": 0.9,
    "min_data_in_leaf": 50,
    "min_sum_hessian_in_leaf": 5.0,
    "verbosity": -1,
}
TREES = 100


def read(part):
    rows = letor.read(Path(FOLDER) / f"rank.{part}.gz", Path(FOLDER) / f"rank.{part}.query")
    rows.values = np.nan_to_num(rows.values, nan=0.0)
    return rows


def ndcg(rows, scores):
    """Mean NDCG@10 with gains of 2^grade − 1."""
    found = []
    for query in rows.names():
        of = np.flatnonzero(rows.queries == query)
        gains = {i: 2 ** rows.grades[i] - 1 for i in of}
        if max(gains.values()) > 0:
            found.append(metrics.ndcg(list(of[np.argsort(-scores[of], kind="stable")]), gains))
    return float(np.mean(found))


def test_it_is_as_good_as_the_examples_own_when_solr_serves_it(url, solr, tmp_path, run):
    test, train = read("test"), read("train")
    width = train.values.shape[1]
    features = [f"f{i + 1}" for i in range(width)]
    index(solr, test, width)
    solr.put_features(
        [
            {
                "name": name,
                "class": "org.apache.solr.ltr.feature.FieldValueFeature",
                "params": {"field": f"rank_{name}", "defaultValue": 0},
            }
            for name in features
        ]
    )
    run(
        *["train", "--svm", f"{FOLDER}/rank.train.gz", "--groups", f"{FOLDER}/rank.train.query"],
        *["--exponential-gains", "--name", "example", "--solr", url, "--out", tmp_path / "out"],
        *["--leaves", "15", "--learning-rate", "0.05", "--bags", "3"],
    )
    served = {}
    for query in test.names():
        answer = solr.search(
            f"group:{query}", "{!cascade models=example:1000}", rows=1000, fl="id,score", defType="lucene"
        )
        served.update({doc["id"]: doc["score"] for doc in answer["response"]["docs"]})
    scores = np.array([served[f"rank{i}"] for i in range(len(test.documents))])
    booster = lightgbm.train(
        EXAMPLE, lightgbm.Dataset(train.values, train.grades, group=train.sizes()), TREES
    )
    own, examples = ndcg(test, scores), ndcg(test, booster.predict(test.values))
    print(f"NDCG@10 on rank.test: served by Solr {own:.4f}, the example's own {examples:.4f}")
    model = solr.model("example")
    columns = test.columns(ltr.features(model)).values
    assert ltr.furthest(scores, ltr.score(model, columns)) <= 1e-5
    assert own >= examples


def index(solr, rows, width):
    """A document a row, a field a feature."""
    solr.send(
        "POST",
        "schema",
        json={
            "add-dynamic-field": {"name": "rank_*", "type": "number"},
            "add-field": {"name": "group", "type": "string"},
        },
    )
    documents = [
        {"id": f"rank{i}", "group": query, **{f"rank_f{j + 1}": float(v) for j, v in enumerate(values) if v}}
        for i, (query, values) in enumerate(zip(rows.queries, rows.values))
    ]
    solr.send("POST", "update", json=documents, params={"commit": "true"})
