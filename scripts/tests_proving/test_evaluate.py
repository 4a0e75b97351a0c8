"""Figures that can be checked by eye, and the runs that go in and out."""

import json
import math

import pytest

QRELS = "q1 0 a 3\nq1 0 b 1\nq1 0 c 0\nq2 0 d 2\nq3 0 e 0\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "qrels").write_text(QRELS)
    (tmp_path / "one.run").write_text("q1 Q0 x 1 9 r\nq1 Q0 b 2 8 r\nq1 Q0 a 3 7 r\nq2 Q0 d 1 1 r\n")
    (tmp_path / "two.run").write_text("q1 Q0 a 1 9 r\nq1 Q0 b 2 8 r\n")
    return tmp_path


def figures(folder, run, *more):
    runs = [f"--run=one={folder / 'one.run'}", f"--run=two={folder / 'two.run'}"]
    run("evaluate", "--qrels", folder / "qrels", *runs, "--out", folder / "out", *more)
    return json.loads((folder / "out/evaluate.json").read_text())["results"]


def test_each_measure_is_as_by_hand(folder, run):
    found = figures(folder, run)
    assert found["queries"] == 2
    ideal = 3 + 1 / math.log2(3)
    one = found["figures"]["one"]
    first = (1 / math.log2(3) + 3 / 2) / ideal
    assert one["NDCG@10"]["mean"][0] == pytest.approx((first + 1) / 2, abs=1e-4)
    condensed = (1 + 3 / math.log2(3)) / ideal
    assert one["condensed NDCG@10"]["mean"][0] == pytest.approx((condensed + 1) / 2, abs=1e-4)
    assert one["MRR"]["mean"][0] == pytest.approx((1 / 2 + 1) / 2, abs=1e-4)
    assert one["judged@10"]["mean"][0] == pytest.approx((2 / 3 + 1) / 2, abs=1e-4)
    assert one["recall@100"]["mean"][0] == 1
    two = found["figures"]["two"]
    # q2 found nothing: 0.
    assert two["NDCG@10"]["mean"][0] == 0.5
    assert two["NDCG@10"]["difference"][0] == pytest.approx((1 - first - 1) / 2, abs=1e-4)


def test_gains_losses_and_pictures_are_there(folder, run, capsys):
    figures(folder, run)
    shown = capsys.readouterr().out
    assert "two against one: 1 queries better, 1 worse" in shown
    assert "worst -1.000  q2" in shown
    assert (folder / "out/differences-two.png").stat().st_size > 1000
    assert "data:image/png;base64" in (folder / "out/report.html").read_text()
    assert (folder / "out/per-query.tsv").read_text().startswith("query\tone NDCG@10")


def test_another_run_does_not_overwrite_it(folder, run):
    figures(folder, run)
    with pytest.raises(SystemExit, match="holds a run with other options: cut was 10, is 5"):
        figures(folder, run, "--cut", "5")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--run", "one"], "--run: one, must be NAME=VALUE"),
        (["--run", "x=nowhere"], "nowhere: no such file"),
        ([], "at least one must be given"),
        (["--ranker", "x="], "--ranker: needs --solr and --queries"),
    ],
)
def test_mistakes_are_named(folder, run, arguments, message):
    with pytest.raises(SystemExit, match=message):
        run("evaluate", "--qrels", folder / "qrels", "--out", folder / "bad", *arguments)
