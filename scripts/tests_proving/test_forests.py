"""Forests of LightGBM and XGBoost are the same as trees of Solr LTR."""

import json
from types import SimpleNamespace

import lightgbm
import numpy as np
import pytest

from proving import forests, ltr
from proving.mistake import Mistake

NAMES = ["a", "b", "c"]


def grown(**parameters):
    rng = np.random.default_rng(1)
    values = rng.normal(size=(400, 3)).astype(np.float32).astype(np.float64)
    values[:, 2] = np.round(values[:, 2])
    if parameters.get("gaps"):
        values[rng.random(values.shape) < 0.2] = np.nan
    grades = (np.nan_to_num(values[:, 0]) + np.nan_to_num(values[:, 1], nan=2) > 0.5) + (values[:, 2] > 1)
    dataset = lightgbm.Dataset(values, grades, group=[40] * 10, feature_name=NAMES)
    given = {"objective": "lambdarank", "num_leaves": 8, "verbosity": -1, "num_threads": 1}
    given.update({name: value for name, value in parameters.items() if name != "gaps"})
    return lightgbm.train(given, dataset, 12), values


def options(path, **more):
    return SimpleNamespace(imported=str(path), feature_map=None, name="m", **more)


@pytest.mark.parametrize("form", ["text", "json"])
def test_lightgbm_scores_as_it_did(tmp_path, form):
    booster, values = grown()
    path = tmp_path / "model"
    path.write_text(booster.model_to_string() if form == "text" else json.dumps(booster.dump_model()))
    model, score = forests.imported(options(path))
    expected = booster.predict(values, raw_score=True)
    assert expected.std() > 0.1
    assert ltr.furthest(ltr.score(model, values), expected) < 1e-5
    assert ltr.furthest(score(values), expected) < 1e-12


def test_missing_values_go_where_they_went_or_are_refused(tmp_path):
    booster, values = grown(gaps=True)
    path = tmp_path / "model"
    path.write_text(booster.model_to_string())
    model, score = forests.imported(options(path))
    assert ltr.furthest(score(values), booster.predict(values, raw_score=True)) < 1e-12
    forest = forests.read(path)
    known, refused = {}, 0
    for index, name in enumerate(NAMES):
        directions = {node.missing for node in forest.nodes if node.feature == index}
        for default in (-1e9, 1e9, 0):
            known = {n: {"name": n, "params": {"defaultValue": default}} for n in NAMES}
            goes = {default <= n.threshold for n in forest.nodes if n.feature == index}
            agrees = directions == {"left"} and goes == {True} or directions == {"right"} and goes == {False}
            try:
                forests.check_defaults(options(path), known)
            except Mistake as mistake:
                refused += f"feature {name}: defaultValue" in str(mistake) and not agrees
    assert refused > 0


def test_names_are_mapped(tmp_path):
    booster, _ = grown()
    (tmp_path / "model").write_text(booster.model_to_string())
    (tmp_path / "map").write_text(json.dumps({"a": "titleBm25"}))
    asked = options(tmp_path / "model")
    asked.feature_map = str(tmp_path / "map")
    assert ltr.features(forests.imported(asked)[0]) == ["titleBm25", "b", "c"]
    (tmp_path / "map").write_text(json.dumps({"z": "titleBm25"}))
    with pytest.raises(Mistake, match="--feature-map: z, must be one of"):
        forests.imported(asked)


def xgboost(**changes):
    """A forest of one stump, as XGBoost writes it: left below 0.5."""
    tree = {
        "left_children": [1, -1, -1],
        "right_children": [2, -1, -1],
        "split_conditions": [0.5, -1.5, 2.25],
        "split_indices": [1, 0, 0],
        "default_left": [0, 0, 0],
        "categories_nodes": [],
    }
    tree.update(changes)
    return {
        "learner": {
            "objective": {"name": "rank:ndcg"},
            "learner_model_param": {"base_score": "[5E-1]", "num_class": "0", "num_feature": "2"},
            "feature_names": ["a", "b"],
            "gradient_booster": {"name": "gbtree", "model": {"trees": [tree]}},
        }
    }


def test_xgboost_goes_left_below_the_threshold_only(tmp_path):
    (tmp_path / "m.json").write_text(json.dumps(xgboost()))
    model, score = forests.imported(options(tmp_path / "m.json"))
    values = np.array([[0, 0.5], [0, np.nextafter(np.float32(0.5), np.float32(0))], [0, np.nan]], np.float32)
    assert score(values).tolist() == [2.75, -1.0, 2.75]
    assert ltr.score(model, values[:2]).tolist() == [2.75, -1.0]


def test_a_default_that_goes_astray_says_what_would_be_right(tmp_path):
    (tmp_path / "m.json").write_text(json.dumps(xgboost()))
    known = {"a": {"name": "a"}, "b": {"name": "b", "params": {"defaultValue": 0}}}
    with pytest.raises(Mistake, match="feature b: defaultValue 0, goes another way .* must be above 0.5"):
        forests.check_defaults(options(tmp_path / "m.json"), known)
    known["b"]["params"]["defaultValue"] = 0.5
    forests.check_defaults(options(tmp_path / "m.json"), known)


@pytest.mark.parametrize(
    "text, message",
    [
        ("not json", "must be LightGBM's text or JSON, or XGBoost's JSON"),
        ("{}", "has neither LightGBM's tree_info nor XGBoost's learner"),
        (json.dumps(xgboost(categories_nodes=[0])), "categorical splits"),
    ],
)
def test_what_cannot_be_served_is_refused(tmp_path, text, message):
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(Mistake, match=message):
        forests.imported(options(tmp_path / "m.json"))
