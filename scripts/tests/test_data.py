"""First pass, queries, groups, metrics."""

import http.server
import json
import threading

import numpy as np
import pytest

from training import data, encoder, firstpass, groups, metrics, queries


def document(id_, title, text="", brand=""):
    return data.Document(id_, title, text, brand)


def test_the_first_pass_ranks_the_better_match_first():
    bm25 = firstpass.Bm25(
        [document("a", "lamp"), document("b", "red shoe"), document("c", "shoe rack of oak")]
    )
    positions, scores = bm25.top("red shoes", 10)
    assert positions.tolist() == [1, 2]
    assert scores[0] > scores[1] > 0


def test_the_first_pass_comes_from_solr():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            assert "q=red+shoe&fl=id&rows=2" in self.path
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"response": {"docs": [{"id": "b"}, {"id": "a"}]}}).encode())

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/solr/products"
        assert firstpass.from_solr(url, {"q1": "red shoe"}, 2) == {"q1": ["b", "a"]}
        server.shutdown()


def test_a_trec_run_is_read_by_rank(tmp_path):
    (tmp_path / "run").write_text("q1 Q0 a 2 1.0 x\nq1 Q0 b 1 2.0 x\n")
    assert data.trec_run(tmp_path / "run") == {"q1": ["b", "a"]}


def test_the_same_seed_makes_the_same_queries():
    documents = [document(str(i), f"Red shoe number {i} of many, plain", brand="Acme") for i in range(30)]
    assert queries.made(documents, 20, 7) == queries.made(documents, 20, 7)
    assert queries.made(documents, 20, 7) != queries.made(documents, 20, 8)


def test_short_queries_have_one_or_two_words_of_the_title():
    documents = [document(str(i), f"Acme oak shoe rack {i}, for boots", brand="Acme") for i in range(30)]
    made, sources = queries.made_short(documents, 6, 7)
    assert len(made) == 6 and set(made) == set(sources)
    assert all(set(text.split()) <= {"acme", "oak", "shoe", "rack"} for text in made.values())
    assert all(len(text.split()) <= 2 for text in made.values())


def test_groups_hold_the_first_pass_and_neighbours_and_the_source_once():
    documents = [document(str(i), f"title {i}") for i in range(100)]
    of = {"m": groups.Candidates(list(range(40)), [50, 51, 1], source=3)}
    (group,) = groups.mined(documents, {"m": "text"}, of, seed=1)
    shown = [d.split()[1] for d in group.documents]
    assert len(shown) == len(set(shown)) == groups.SIZE
    assert {"0", "1", "2", "3", "4", "50", "51"} <= set(shown)


def test_a_split_never_parts_a_query():
    made = [groups.Group(f"q{i % 20}", ["a", "b"]) for i in range(40)]
    train, held = groups.split(made, 0.25, 1)
    assert 1 <= len({g.query for g in held}) <= 10
    assert not {g.query for g in train} & {g.query for g in held}
    assert groups.split(made[:20], 0.25, 1)[1] == held[: len(held) // 2]


def test_ndcg_by_hand():
    grades = {"a": 3.0, "b": 1.0, "c": 0.0}
    gained, best = 1 + 3 / np.log2(4), 3 + 1 / np.log2(3)
    assert metrics.ndcg(["b", "x", "a"], grades) == pytest.approx(gained / best)
    assert metrics.ndcg(["b", "x", "a"], grades, condensed=True) == pytest.approx((1 + 3 / np.log2(3)) / best)


def test_a_query_without_a_relevant_document_is_left_out():
    assert metrics.judgeable({"a": {"d": 0.0}, "b": {"d": 1.0}}) == {"b": {"d": 1.0}}


def test_a_gain_on_every_query_is_significant():
    assert metrics.p_above([0.1, 0.2, 0.1]) == 0
    assert metrics.p_above([-0.1, 0.1, 0.0]) > 0.2


def test_scores_are_computed_once(teacher, tmp_path):
    model = encoder.Encoder(teacher)
    pairs = [("red shoe", "lamp"), ("lamp", "plain lamp")]
    first = encoder.cached(tmp_path, model, pairs, model.score, "scores")
    again = encoder.cached(tmp_path, model, pairs, lambda _: pytest.fail("computed again"), "scores")
    np.testing.assert_array_equal(first, again)


def test_recall_counts_the_relevant_documents_only():
    assert metrics.recall(["a", "x", "c"], {"a": 3.0, "b": 1.0, "c": 0.0}) == 0.5
