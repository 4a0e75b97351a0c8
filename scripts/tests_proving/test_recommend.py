"""Which cascade is picked of what was measured."""

from types import SimpleNamespace

import pytest

from proving import recommend
from proving.mistake import Mistake

QUERIES = [f"q{i}" for i in range(20)]


def measured(**cascades):
    """NDCG@10 and milliseconds by cascade; `__` stands for `:`, `___` for a comma."""
    return {
        name.replace("___", ",").replace("__", ":"): {
            query: {"ndcg": ndcg + 0.01 * (i % 3), "ms": ms + 0.1 * (i % 5)}
            for i, query in enumerate(QUERIES)
        }
        for name, (ndcg, ms) in cascades.items()
    }


def pick(found, **options):
    options = SimpleNamespace(**{"budget_ms": 50, "tolerance": 0.01, "seed": 1, **options})
    figures = {name: recommend.figure(of, 1) for name, of in found.items()}
    grid = {name: tuple(recommend.stage(part)[0] for part in name.split(",") if part) for name in found}
    return recommend.choose(found, figures, grid, options)


BOTH = {
    "": (0.5, 0.0),
    "lexical__100": (0.6, 2.0),
    "lexical__100___deep__20": (0.7, 30.0),
    "deep__20": (0.55, 29.0),
    "lexical__100___deep__50": (0.8, 90.0),
}


def test_the_best_within_the_budget_is_picked():
    found = measured(**BOTH)
    assert pick(found) == "lexical:100,deep:20"
    assert pick(found, budget_ms=200) == "lexical:100,deep:50"
    assert pick(found, budget_ms=10) == "lexical:100"
    assert pick(found, budget_ms=1) == ""


def test_tolerance_buys_time():
    assert pick(measured(**BOTH), tolerance=0.2) == "lexical:100"


def test_a_stage_that_does_nothing_is_left_out():
    found = measured(**{"": (0.5, 0.0), "lexical__100___deep__20": (0.7, 30.0), "deep__20": (0.7, 30.0)})
    assert pick(found) == "deep:20"
    # One that saves the next stage time stays.
    found = measured(**{"": (0.5, 0.0), "lexical__100___deep__20": (0.7, 20.0), "deep__20": (0.7, 30.0)})
    assert pick(found) == "lexical:100,deep:20"


def test_the_grid_has_no_depth_that_grows_and_no_model_twice():
    grid = recommend.cascades([recommend.stage("a:10,20"), recommend.stage("a|b:15")])
    assert list(grid) == ["", "a:15", "b:15", "a:10", "a:20", "a:20,b:15"]
    with pytest.raises(Mistake, match="--stage: a, must be MODEL"):
        recommend.stage("a")
    with pytest.raises(Mistake, match="depths from 1"):
        recommend.stage("a:0")


def test_a_step_is_one_thing_more():
    pick = (("a", 50), ("b", 20))
    assert recommend.one_step(pick, (("a", 50), ("b", 50))) == "b beyond 20 documents, to 50,"
    assert recommend.one_step(pick, (("a", 50), ("b", 20), ("c", 5))) == "the stage c on 5 documents"
    assert recommend.one_step(pick, (("a", 50),)) is None
    assert recommend.one_step(pick, (("a", 100), ("b", 50))) is None


def test_what_is_promised_is_wide_enough_for_other_queries():
    values = [0.0, 1.0] * 20
    mean, low, high = recommend.promised(values, 10, 1)
    assert mean == 0.5
    # The standard error of a mean of 40 and of one of 10: 0.177.
    assert 0.5 - low == pytest.approx(1.96 * 0.177, abs=0.05)
    assert high - 0.5 == pytest.approx(1.96 * 0.177, abs=0.05)
