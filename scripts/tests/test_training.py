"""The commands, for two steps each on a tiny model."""

import json
import sys

import numpy as np
import pytest
import tiny

from training import __main__ as command
from training import batches, bert, compare, encoder, export, finetune, groups, losses, weights
from training.trainer import Settings, Trainer


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["train", *map(str, words)])
    command.main()


@pytest.fixture
def distil(monkeypatch, teacher, bi_encoder, catalogue, tmp_path):
    def start(*more):
        work = tmp_path / "work"
        run(
            monkeypatch, "distil", "--teacher", teacher, "--start", bi_encoder, "--miner", bi_encoder,
            "--catalogue", catalogue, "--queries", catalogue / "others.tsv", "--made", 6,
            "--layers", 2, "--heads", tiny.HEADS,
            "--max-tokens", 32, "--epochs", 1, "--work", work, *more,
        )  # fmt: skip
        return work

    return start


def test_a_cross_encoder_student_is_distilled_and_exported(distil, monkeypatch, teacher, catalogue, tmp_path):
    work = distil()
    monkeypatch.setattr(export, "MOST_LOST", 1.0)
    out = tmp_path / "student"
    run(
        monkeypatch, "export", "--work", work, "--start", teacher, "--out", out, "--sets", catalogue,
        "--origin", "a test", "--heads", tiny.HEADS,
    )  # fmt: skip
    card = json.loads((out / "model.json").read_text())
    assert list(card) == list(json.loads((teacher / "model.json").read_text()))
    assert card["files"]["model.onnx"] == encoder.sha256(out / "model.onnx")
    assert card["measured"]["run"]["layers"] == 2
    assert np.isfinite(encoder.Encoder(out).score([("red", "red shoe")])).all()


def test_a_bi_encoder_student_is_distilled(distil):
    work = distil("--task", "bi-encoder", "--group-size", 8)
    record = json.loads((work / "run.json").read_text())
    assert record["task"] == "bi-encoder"
    assert record["pairs"] <= 8 * 9


def moved(start, work):
    """The names of the weights that training has changed."""
    trained = weights.stored(work / "weights.npz")
    return {name for name, array in weights.read(start).items() if not np.array_equal(array, trained[name])}


def test_a_student_that_keeps_all_of_its_start_is_its_start(distil, bi_encoder):
    assert not moved(bi_encoder, distil("--task", "bi-encoder", "--keep", 1.0))


def test_frozen_layers_stay_as_they_were(distil, bi_encoder):
    names = moved(bi_encoder, distil("--task", "bi-encoder", "--frozen-layers", 1))
    assert "encoder.layer.1.output.dense.weight" in names
    assert not [name for name in names if name.startswith("encoder.layer.0.")]


def test_a_second_round_goes_on_from_the_first(distil, tmp_path):
    first = distil().rename(tmp_path / "first")
    record = json.loads((distil("--weights", first / "weights.npz") / "run.json").read_text())
    assert record["after"] == json.loads((first / "run.json").read_text())
    assert record["heldOutLoss"]["start"] == record["after"]["heldOutLoss"]["end"]


def test_judged_queries_stay_out_of_distillation(distil, catalogue, monkeypatch):
    asked = []
    mined = groups.mined

    def noted(documents, queries, *rest, **options):
        asked.extend(queries.values())
        return mined(documents, queries, *rest, **options)

    monkeypatch.setattr(groups, "mined", noted)
    distil()
    judged = (catalogue / "queries.tsv").read_text().split()
    assert "red" in judged
    assert "glass lamp" in asked
    assert not set(judged) & {text.lower() for text in asked}


def trainer(folder):
    rng = np.random.default_rng(1)
    made = [
        groups.Group(word, tiny.WORDS[:3], rng.standard_normal(3).astype(np.float32))
        for word in tiny.WORDS[:8]
    ]
    model = bert.Bert(tiny.weights(), tiny.HEADS, "logit")
    data = batches.CrossBatches(made, tiny.tokenizer())
    return Trainer(
        model,
        data,
        losses.distil_cross,
        Settings(epochs=1, groups_per_batch=4, learning_rate=1e-2),
        folder,
    )


def test_a_killed_run_resumes_where_it_was(tmp_path):
    whole, first = (tmp_path / name for name in ("whole", "first"))
    whole.mkdir()
    first.mkdir()
    through = trainer(whole)
    through.run()
    trainer(first).run(until=1)
    resumed = trainer(first)
    assert resumed.step == 1
    resumed.run()
    assert resumed.step == through.step == 2
    for name, array in through.model.weights().items():
        np.testing.assert_array_equal(array, resumed.model.weights()[name], name)


def test_training_lowers_the_loss(tmp_path):
    it = trainer(tmp_path)
    it.settings.epochs = 30
    it.total = 30 * it.steps_per_epoch
    batch = it.data.batch(list(range(8)))
    before = it.loss(it.data.scores(it.model, batch), batch).item()
    it.run()
    assert it.loss(it.data.scores(it.model, batch), batch).item() < before / 2


def test_embeddings_stay_as_they_were(tmp_path):
    it = trainer(tmp_path)
    it.run()
    name = "embeddings.word_embeddings.weight"
    np.testing.assert_array_equal(it.model.weights()[name], tiny.weights()[name])


def tuned(monkeypatch, teacher, catalogue, work, rate):
    run(
        monkeypatch, "finetune", "--start", teacher, "--judged", catalogue, "--heads", tiny.HEADS,
        "--epochs", 2, "--learning-rate", rate, "--work", work,
    )  # fmt: skip


def test_a_model_no_better_than_its_start_is_not_saved(monkeypatch, teacher, catalogue, tmp_path):
    with pytest.raises(SystemExit, match="not saved"):
        tuned(monkeypatch, teacher, catalogue, tmp_path, 0.0)
    assert not (tmp_path / "weights.npz").exists()


def test_a_better_model_is_saved_with_its_figures(monkeypatch, teacher, catalogue, tmp_path):
    figures = iter([0.5, 0.6, 0.55])
    monkeypatch.setattr(finetune.HeldOut, "__call__", lambda self, model: next(figures))
    tuned(monkeypatch, teacher, catalogue, tmp_path, 1e-3)
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["heldOutNdcg"] == [0.5, 0.6, 0.55]
    assert record["queries"] == {"trained": 9, "heldOut": 3}
    assert (tmp_path / "weights.npz").exists()


def test_training_stops_when_it_no_longer_gains(tmp_path):
    figures = iter([0.5, 0.4, 0.3])
    it = trainer(tmp_path)
    it.settings.epochs = 9
    it.total = 9 * it.steps_per_epoch
    history = finetune.Early(it, lambda model: next(figures), 1, tmp_path).run()
    assert history == [0.5, 0.4, 0.3]
    np.testing.assert_array_equal(it.model.weights()["classifier.bias"], tiny.weights()["classifier.bias"])


def test_a_model_that_quantizing_hurt_is_refused(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"")
    with pytest.raises(SystemExit, match="lost 0.006"):
        export.refuse(tmp_path, {"one": {"lost": 0.02}, "pooled": {"lost": 0.006}})


def test_measure_writes_figures_per_ranker(monkeypatch, teacher, bi_encoder, catalogue, tmp_path):
    out = tmp_path / "figures.json"
    run(
        monkeypatch, "measure", "--sets", catalogue, "--bi-encoder", bi_encoder, "--cross-encoders", teacher,
        "--cache", tmp_path / "cache", "--out", out,
    )  # fmt: skip
    rankers = json.loads(out.read_text())["tiny"]["rankers"]
    assert list(rankers) == ["bm25", "+ bi-encoder", "+ teacher"]
    mean, low, high = rankers["bm25"]["condensed"]
    assert low <= mean <= high


def test_compare_sees_no_gain_of_a_model_over_itself(monkeypatch, bi_encoder, catalogue, tmp_path):
    out = tmp_path / "figures.json"
    run(
        monkeypatch, "compare", "--sets", catalogue, "--start", bi_encoder, "--students", bi_encoder,
        "--cache", tmp_path / "cache", "--out", out,
    )  # fmt: skip
    for found in json.loads(out.read_text()):
        for metric in ("fused", "recall"):
            assert found[metric]["tiny"] == found[metric]["pooled"]
            assert found[metric]["pooled"]["gain"] == 0
            assert found[metric]["pooled"]["p"] == 1


def test_compare_pools_queries_not_sets():
    start = {"fused": [0.0, 0.0], "recall": [0.5, 0.5]}
    better = {"fused": [0.1, 0.3], "recall": [0.5, 0.5]}
    one = {"fused": [0.5], "recall": [0.0]}
    values = {"a": {"start": start, "x/new": better}, "b": {"start": one, "x/new": one}}
    found = compare.compared("x/new", values)
    assert found["model"] == "new"
    assert found["fused"]["a"]["gain"] == 0.2
    assert found["fused"]["pooled"]["gain"] == 0.1333
    assert found["fused"]["pooled"]["queries"] == 3
    assert found["recall"]["b"]["gain"] == 0
