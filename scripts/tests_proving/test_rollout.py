"""Contests of interleaved rankings, and models that are promoted and rolled back."""

import json

import pytest

from proving import rollout
from proving.mistake import Mistake

BASE = 1_700_000_000_000


def page(number, winner, document="x"):
    """A page of two documents, x of team a and y of b, and the click that it got."""
    id_ = f"q{number}"
    lines = [
        {"query_id": id_, "user_query": "shoes", "query_response_object_ids": ["x", "y"], "timestamp": BASE}
    ]
    if winner:
        clicked = {"a": "x", "b": "y"}[winner]
        attributes = {"object": {"object_id": clicked}, "position": {"ordinal": int(winner == "b")}}
        lines.append(
            {
                **{"action_name": "click", "query_id": id_, "client_id": id_, "timestamp": BASE + 1000},
                "event_attributes": attributes,
            }
        )
    return {"query_id": id_, "teams": {"x": "a", "y": "b"}}, lines


def write(tmp_path, winners):
    pages = [page(number, winner) for number, winner in enumerate(winners)]
    (tmp_path / "teams").write_text("".join(json.dumps(teams) + "\n" for teams, _ in pages))
    (tmp_path / "events").write_text("".join(json.dumps(line) + "\n" for _, lines in pages for line in lines))
    return ["rollout", "judge", "--teams", tmp_path / "teams", "--events", tmp_path / "events"]


def test_the_team_with_more_clicks_wins_the_page(tmp_path, run, capsys):
    run(*write(tmp_path, "a" * 10 + "b" * 30), "--planned", "40")
    shown = capsys.readouterr().out
    assert "40 pages with teams, 40 with clicks: a won 10, b won 30, 0 even" in shown
    assert "b wins 0.750" in shown and "b is better" in shown


def test_there_is_no_verdict_before_the_planned_number_nor_without_a_difference(tmp_path, run, capsys):
    arguments = write(tmp_path, "a" * 10 + "b" * 30)
    run(*arguments, "--planned", "100")
    assert "60 decided pages are still to come: no verdict yet" in capsys.readouterr().out
    run(*write(tmp_path, "a" * 19 + "b" * 21))
    assert "no difference is shown" in capsys.readouterr().out


def test_mistakes_are_named(tmp_path, run):
    arguments = write(tmp_path, [None, None])
    with pytest.raises(SystemExit, match="must have clicks on documents of the pages"):
        run(*arguments)
    (tmp_path / "teams").write_text('{"query_id": "q1", "teams": {"x": "c"}}\n')
    with pytest.raises(SystemExit, match="teams:1: teams must be a or b"):
        run(*arguments)


def test_the_size_of_a_contest_is_that_of_the_sign_test():
    # 0.55 at 5% and 80%: the textbook's 783.
    assert rollout.pages_needed(0.55, 0.05, 0.8) == 783
    with pytest.raises(Mistake, match="must be between 0.5 and 1"):
        rollout.size(type("Options", (), {"win_rate": 0.5}))


def linear(name, weight):
    return {
        "name": name,
        "class": "org.apache.solr.ltr.model.LinearModel",
        "features": [{"name": "firstPass"}],
        "params": {"weights": {"firstPass": weight}},
    }


def test_a_model_is_promoted_and_rolled_back(url, solr, run):
    solr.put_model(linear("serving", 1.0))
    solr.put_model(linear("serving-v2", 2.0))

    def weight(name):
        return solr.model(name)["params"]["weights"]["firstPass"]

    run("rollout", "promote", "--solr", url, "--model", "serving-v2", "--as", "serving")
    assert (weight("serving"), weight("serving-previous"), weight("serving-v2")) == (2, 1, 2)
    run("rollout", "rollback", "--solr", url, "--as", "serving")
    assert (weight("serving"), weight("serving-previous")) == (1, 2)
    with pytest.raises(SystemExit, match="model: nowhere, must be one of"):
        run("rollout", "promote", "--solr", url, "--model", "nowhere", "--as", "serving")


def test_a_model_that_is_refused_leaves_the_old_one_serving(url, solr):
    solr.put_model(linear("kept", 1.0))
    broken = {**linear("kept", 1.0), "features": [{"name": "nosuch"}]}
    with pytest.raises(Mistake, match="HTTP 400"):
        rollout.swap(solr, "kept", broken, solr.model("kept"))
    assert solr.model("kept")["params"]["weights"]["firstPass"] == 1
