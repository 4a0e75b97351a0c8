"""Personal ranking end to end, on a SIMULATED population: visitors who like a brand.

Each visitor clicked on products of one brand, and on some others, before a day; after it they search, and
find products of their brand twice as good as the judges do. What is tested is the way from clicks to the
order, not that people are like that.
"""

import json

import numpy as np
import pytest

from proving import letor, ltr
from training import data, metrics

VISITORS = 40
SEARCHES = 4
# Chosen by hand: nothing is learnt here.
WEIGHT = 4.0
NOW = "2026-11-25T00:00:00Z"


@pytest.fixture(scope="module")
def brands(url):
    """Brand by product."""
    from proving.solr import Solr

    answer = Solr(url).search("*:*", defType="lucene", rows=1000, fl="id,brand")
    return {doc["id"]: doc["brand"] for doc in answer["response"]["docs"] if "brand" in doc}


@pytest.fixture(scope="module")
def personal(url):
    from proving.solr import Solr

    solr = Solr(url)
    params = {"field": "brand", "halfLife": "30d"}
    kind = "io.github.solrcascade.feature.UserAffinityFeature"
    solr.put_features([{"name": "likesBrand", "class": kind, "params": params}])
    solr.put_model(ltr.linear_model("impersonal", {"firstPass": 1.0}))
    solr.put_model(ltr.linear_model("personal", {"firstPass": 1.0, "likesBrand": WEIGHT}))
    return solr


def ranked(solr, text, model, visits=None):
    """Ids and scores of the first documents."""
    clicks = {} if visits is None else {"clicks": json.dumps(visits)}
    rq = f"{{!cascade models={model}:100 efi.clicks=$clicks}}"
    answer = solr.search(text, rq, rows=30, fl="id,score", NOW=str(1_795_564_800_000), **clicks)
    return [(doc["id"], doc["score"]) for doc in answer["response"]["docs"]]


def visitor(rng, brands, liked):
    """Clicks of the last two months: mostly on the brand, longer there."""
    own = [product for product, brand in brands.items() if brand == liked]
    visits = []
    for _ in range(8):
        is_own = rng.random() < 0.8
        product = rng.choice(own if is_own else list(brands))
        at = np.datetime64(NOW[:-1]) - np.timedelta64(int(rng.integers(1, 60 * 24)), "h")
        visits.append(
            {"id": str(product), "at": f"{at}Z", "dwell": float(rng.integers(20, 90) if is_own else 5)}
        )
    return visits


def test_personal_order_is_better_for_visitors_held_out_in_time(personal, brands, judged, capsys):
    rng = np.random.default_rng(1)
    qrels = metrics.judgeable(data.qrels(judged / "qrels.txt"))
    texts = data.queries(judged / "queries.tsv")
    gaps, impersonal = [], []
    for _ in range(VISITORS):
        query = rng.choice(list(qrels))
        relevant = [d for d, grade in qrels[query].items() if grade > 0 and d in brands]
        if not relevant:
            continue
        liked = brands[rng.choice(relevant)]
        visits = visitor(rng, brands, liked)
        for asked in [query, *rng.choice(list(qrels), SEARCHES - 1)]:
            grades = {d: g * (2 if brands.get(d) == liked else 1) for d, g in qrels[asked].items()}
            values = [
                metrics.ndcg([id_ for id_, _ in ranked(personal, texts[asked], *how)], grades)
                for how in (("impersonal",), ("personal", visits))
            ]
            impersonal.append(values[0])
            gaps.append(values[1] - values[0])
    mean, low, high = metrics.interval(gaps)
    with capsys.disabled():
        print(
            f"\nsimulated visitors, {len(gaps)} searches: impersonal NDCG@10 {np.mean(impersonal):.4f}, "
            f"personal {mean:+.4f} [{low:+.4f}, {high:+.4f}]"
        )
    assert low > 0


def test_without_clicks_the_order_and_the_scores_are_the_impersonal_ones(personal, judged):
    for text in data.queries(judged / "queries.tsv").values():
        assert ranked(personal, text, "personal") == ranked(personal, text, "impersonal")
        assert ranked(personal, text, "personal", []) == ranked(personal, text, "impersonal")


def test_log_has_the_visitors_features(url, personal, judged, brands, tmp_path, run):
    queries = data.queries(judged / "queries.tsv")
    product, brand = next(iter(brands.items()))
    clicks = json.dumps([{"id": product, "at": NOW}])
    first = next(iter(queries))
    (tmp_path / "params.json").write_text(json.dumps({first: {"clicks": clicks}}))
    run(
        *["log", "--solr", url, "--queries", judged / "queries.tsv", "--features", "firstPass,likesBrand"],
        *["--efi", "clicks=$clicks", "--query-params", tmp_path / "params.json", "--out", tmp_path / "log"],
    )
    rows = letor.read(tmp_path / "log/log.svm")
    for query, document, values in zip(rows.queries, rows.documents, rows.values):
        is_liked = query == first and brands.get(document) == brand
        assert values[rows.features.index("likesBrand")] == float(is_liked)
