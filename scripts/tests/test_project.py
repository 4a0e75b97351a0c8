"""A late-interaction encoder's projection keeps what can be kept, and its folder says so."""

import json

import numpy as np
import pytest
import tiny

from training import __main__ as train
from training import encoder, project
from training import late as measuring


@pytest.fixture
def late(tmp_path):
    return tiny.folder(tmp_path / "late", "late-interaction", seed=3)


def run(monkeypatch, late, catalogue, dimensions):
    command = ["train", "project", "--encoder", str(late), "--catalogue", str(catalogue)]
    monkeypatch.setattr("sys.argv", [*command, "--dimensions", str(dimensions), "--texts", "30"])
    train.main()
    card = json.loads((late / "model.json").read_text())
    return card, np.fromfile(late / project.FILE, "<f4").reshape(tiny.HIDDEN + 1, -1)


def test_all_dimensions_keep_every_distance(monkeypatch, late, catalogue):
    _, matrix = run(monkeypatch, late, catalogue, tiny.HIDDEN)
    vectors = project.states(encoder.Encoder(late), "red shoe of glass")
    images = vectors @ matrix[:-1] + matrix[-1]
    apart = [np.linalg.norm(of[:, None] - of[None], axis=2) for of in (vectors, images)]
    np.testing.assert_allclose(*apart, atol=1e-5)


def test_the_folder_names_the_file_and_a_known_score(monkeypatch, late, catalogue):
    card, matrix = run(monkeypatch, late, catalogue, 5)
    assert card["projection"] == {"file": project.FILE, "dimensions": 5}
    assert card["files"][project.FILE] == encoder.sha256(late / project.FILE)
    assert matrix.shape == (tiny.HIDDEN + 1, 5)
    model = encoder.Encoder(late)
    query, document = (
        project.projected(project.states(model, card["probe"][side]), matrix)
        for side in ("query", "document")
    )
    assert card["probe"]["score"] == pytest.approx(project.max_sim(query, document), abs=1e-4)


def test_the_same_texts_give_the_same_projection(monkeypatch, late, catalogue):
    first = run(monkeypatch, late, catalogue, 4)
    second = run(monkeypatch, late, catalogue, 4)
    assert first[0] == second[0]
    np.testing.assert_array_equal(first[1], second[1])


def test_it_keeps_more_than_any_other_axes():
    rng = np.random.default_rng(1)
    vectors = project.unit(rng.standard_normal((500, 8)) * [9, 1, 5, 1, 1, 7, 1, 1] + 3)
    matrix, kept = project.fitted(vectors, 3)
    centred = vectors - vectors.mean(axis=0)
    images = vectors @ matrix[:-1] + matrix[-1]
    np.testing.assert_allclose(images.mean(axis=0), 0, atol=1e-6)
    assert kept == pytest.approx((images**2).sum() / (centred**2).sum(), abs=1e-5)
    for _ in range(20):
        other, _ = np.linalg.qr(rng.standard_normal((8, 3)))
        assert kept > ((centred @ other) ** 2).sum() / (centred**2).sum()


def test_only_late_interaction_has_one(monkeypatch, bi_encoder, catalogue):
    with pytest.raises(SystemExit, match="must be a late-interaction encoder"):
        run(monkeypatch, bi_encoder, catalogue, 4)


def test_impossible_dimensions(monkeypatch, late, catalogue):
    with pytest.raises(SystemExit, match="--dimensions: 9, must be 1 to 8"):
        run(monkeypatch, late, catalogue, 9)


def test_each_form_is_measured(monkeypatch, tmp_path, late, catalogue):
    run(monkeypatch, late, catalogue, 6)
    out = tmp_path / "figures.json"
    command = ["train", "late", "--sets", str(catalogue), "--encoder", str(late), "--out", str(out)]
    monkeypatch.setattr("sys.argv", command)
    train.main()
    forms = json.loads(out.read_text())[catalogue.name]
    assert list(forms) == ["floats", "6 floats", "6 int8", "6 int8, 2 in one"]
    sizes = [of["bytes"] for of in forms.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert forms["floats"]["aloneDifference"] == [0, 0, 0]
    for of in forms.values():
        assert 0 < of["alone"] <= 1
        assert of["alone"] - forms["floats"]["alone"] == pytest.approx(of["aloneDifference"][0], abs=2e-4)


def at(*degrees):
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)


def test_the_most_alike_become_their_mean():
    np.testing.assert_allclose(measuring.pool(at(0, 90, 20, 100), 2), at(10, 95), atol=1e-6)
    np.testing.assert_allclose(measuring.pool(at(0, 90), 1), at(0, 90), atol=1e-6)
    for count in range(1, 20):
        vectors = project.unit(np.random.default_rng(count).standard_normal((count, 5)))
        for factor in (1, 2, 3):
            pooled = measuring.pool(vectors, factor)
            assert len(pooled) == -(-count // factor)
            np.testing.assert_allclose(np.linalg.norm(pooled, axis=1), 1, atol=1e-6)
