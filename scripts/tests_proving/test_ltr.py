"""Models as JSON score as Solr's code does, and split where the trainer's trees do."""

import numpy as np
import pytest

from proving import letor, ltr
from proving.mistake import Mistake


@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.25, -3.0000002, 17.125, 1e-6, 123456.789, -1e30])
def test_a_threshold_with_ltrs_slack_is_the_trainers(threshold):
    effective = ltr.uploaded(threshold) + ltr.SLACK
    below = np.float32(threshold)
    if float(below) > threshold:
        below = np.nextafter(below, np.float32(-np.inf))
    assert effective == below


def test_linear_scores_are_normalized_first():
    model = ltr.linear_model("m", {"a": 2, "b": -1})
    model["features"][0]["norm"] = {
        "class": "org.apache.solr.ltr.norm.MinMaxNormalizer",
        "params": {"min": "10", "max": "20"},
    }
    model["features"][1]["norm"] = {
        "class": "org.apache.solr.ltr.norm.StandardNormalizer",
        "params": {"avg": "1", "std": "2"},
    }
    assert ltr.score(model, [[15, 5], [10, 1]]).tolist() == [2 * 0.5 - 2, 0]


def test_trees_add_up_by_weight():
    root = ltr.inner("a", 1.5, ltr.leaf(1), ltr.inner("b", 0, ltr.leaf(2), ltr.leaf(4)))
    model = ltr.trees_model("m", ["a", "b"], [root, ltr.leaf(10)], 0.5)
    assert ltr.score(model, [[1.5, 9], [2, 0], [2, 1]]).tolist() == [5.5, 6, 7]


def test_rows_come_back_as_written(tmp_path):
    values = np.array([[0.1, np.nan], [1e-9, -3], [7, 0]], np.float32)
    rows = letor.Rows(
        ["a", "b"], values, np.array([3, 0, 0.5]), np.array(["x", "x", "y"], object), ["1", "2", "3"]
    )
    letor.write(tmp_path / "log.svm", rows)
    read = letor.read(tmp_path / "log.svm")
    np.testing.assert_array_equal(read.values, values)
    assert (read.features, read.documents) == (rows.features, rows.documents)
    assert read.grades.tolist() == [3, 0, 0.5]
    assert read.queries.tolist() == ["x", "x", "y"]
    assert read.sizes().tolist() == [2, 1]


def test_groups_stand_in_for_query_ids(tmp_path):
    (tmp_path / "rank").write_text("1 1:0.5\n0 2:3\n2 1:1\n")
    (tmp_path / "query").write_text("2\n1\n")
    assert letor.read(tmp_path / "rank", tmp_path / "query").queries.tolist() == ["q1", "q1", "q2"]
    (tmp_path / "query").write_text("2\n2\n")
    with pytest.raises(Mistake, match="sizes add up to 4, but .* has 3 lines"):
        letor.read(tmp_path / "rank", tmp_path / "query")
    with pytest.raises(Mistake, match="a line has no qid"):
        letor.read(tmp_path / "rank")


def test_a_malformed_line_is_named(tmp_path):
    (tmp_path / "bad").write_text("1 qid:1 1:2\n1 qid:1 one:2\n")
    with pytest.raises(Mistake, match="bad:2: must be: grade qid:N"):
        letor.read(tmp_path / "bad")
