"""Judgements of clicks, and the events that cannot count."""

import json

import numpy as np
import pytest

from proving import clicks, events

LIMITS = events.Limits(dwell=10, late=1800, per_minute=30)
BASE = 1_700_000_000_000


def query(id_="q1", text="Red  Shoes", **more):
    return {"query_id": id_, "user_query": text, "timestamp": BASE, **more}


def event(action, document, position, after_s=0, client="c", id_="q1", **attributes):
    return {
        "action_name": action,
        "query_id": id_,
        "client_id": client,
        "timestamp": BASE + 1000 * after_s,
        "event_attributes": {
            "object": {"object_id": document},
            "position": {"ordinal": position},
            **attributes,
        },
    }


def read(tmp_path, *lines):
    path = tmp_path / "events.ndjson"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return events.read([path], LIMITS)


def test_clicks_join_what_was_shown(tmp_path):
    log = read(
        tmp_path,
        {"index": {"_id": "1"}},
        query(),
        event("impression", "a", 0),
        event("impression", "b", 1),
        event("click", "b", 1, 5, dwell_time=60),
        event("click", "a", 0, 9, dwell_time=2),
        event("product_hover", "a", 0),
    )
    assert log.shown == [
        events.Shown("red shoes", "a", 0, clicked=True, satisfied=False, query_id="q1"),
        events.Shown("red shoes", "b", 1, clicked=True, satisfied=True, query_id="q1"),
    ]
    assert (log.short, log.aside, dict(log.others)) == (1, [], {"product_hover": 1})


def test_a_query_may_list_what_it_showed(tmp_path):
    log = read(tmp_path, query(query_response_object_ids=["a", "b"]), event("click", "b", 1, 3))
    assert [(one.document, one.position, one.clicked) for one in log.shown] == [
        ("a", 0, False),
        ("b", 1, True),
    ]


def test_what_cannot_count_is_set_aside_with_its_reason(tmp_path):
    shown = event("impression", "a", 0)
    log = read(
        tmp_path,
        query(),
        shown,
        shown,
        "{not json",
        "[1]",
        {"query_id": "q2"},
        {"action_name": "click"},
        event("click", "a", -1),
        event("click", "a", 0, id_="nowhere"),
        event("click", "b", 1, 5),
        event("click", "a", 0, 5000),
        event("click", "a", 0, -5),
        {**event("click", "a", 0), "timestamp": "yesterday"},
    )
    assert len(log.shown) == 1 and not log.shown[0].clicked
    reasons = log.reasons()
    assert sum(reasons.values()) == 11
    assert reasons["duplicate"] == 1
    assert reasons["malformed: not JSON"] == 1
    assert reasons["malformed: not an object"] == 1
    assert reasons["malformed: a query without query_id or user_query"] == 1
    assert reasons["malformed: ValueError position -1"] == 1
    assert reasons["unknown query"] == 1
    assert reasons["click on what was not shown"] == 1
    assert reasons["late, or before its page"] == 2
    assert log.lines == 13


def test_robots_are_left_out_whole(tmp_path):
    lines = [query(), query("q2")]
    lines += [event("impression", str(i), i, client="robot") for i in range(40)]
    lines += [event("click", str(i), i, 1 + i / 10, client="robot") for i in range(40)]
    lines += [event("impression", "a", 0, id_="q2"), event("click", "a", 0, 1, id_="q2")]
    log = read(tmp_path, *lines)
    assert log.reasons() == {"like a robot": 80}
    assert [one.document for one in log.shown] == ["a"]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """Sessions of a position-based visitor, two queries of ten documents; one place of five is swapped."""
    rng = np.random.default_rng(1)
    seen = 0.85 ** np.arange(10)
    path = tmp_path_factory.mktemp("sessions") / "sessions.csv"
    lines, liked = ["sess_id,query,rank,clicked_doc_id,clicked"], {}
    for text in ("one", "two"):
        likes = rng.permutation(np.linspace(0.05, 0.6, 10))
        liked.update({(text, f"{text}{i}"): like for i, like in enumerate(likes)})
        for session in range(1500):
            order = np.arange(10)
            swapped = rng.integers(0, 10, 2)
            order[swapped] = order[swapped[::-1]]
            clicked = rng.random(10) < seen * likes[order]
            lines += [f"{session},{text},{p},{text}{d},{c}" for p, (d, c) in enumerate(zip(order, clicked))]
    path.write_text("\n".join(lines) + "\n")
    return path, seen, liked


def test_the_position_based_model_finds_what_was_simulated(simulated):
    path, seen, liked = simulated
    counts = clicks.Counts(events.sessions([path]).shown)
    found_seen, found_liked = clicks.position_based(counts.shown, counts.clicked)
    np.testing.assert_allclose(found_seen, seen, atol=0.12)
    np.testing.assert_allclose(found_liked, [liked[pair] for pair in counts.pairs], atol=0.12)


def test_every_correction_is_nearer_to_the_truth_than_the_rate(simulated, tmp_path, run):
    run("clicks", "--sessions", simulated[0], "--compare", "--out", tmp_path)
    found = json.loads((tmp_path / "clicks.json").read_text())["results"]["agreement"]["models"]
    for model in ("coec", "pbm", "ipw"):
        assert found[model]["tau"][0] > found["rate"]["tau"][0] + 0.1, model
    assert len((tmp_path / "qrels.txt").read_text().splitlines()) == 20
    assert (tmp_path / "positions.png").stat().st_size > 1000


def test_clipping_bounds_what_a_click_weighs(simulated):
    counts = clicks.Counts(events.sessions([simulated[0]]).shown)

    class Options:
        clip = 1.0

    judgements, _ = clicks.judged(counts, Options)
    np.testing.assert_allclose(judgements["ipw"], judgements["rate"])
