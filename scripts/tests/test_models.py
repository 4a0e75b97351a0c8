"""Weights, graph and PyTorch module say the same."""

import numpy as np
import onnx
import pytest
import tiny
import torch

from training import bert, encoder, graph, weights
from training.batches import padded

TEXTS = [("red shoe", "red running shoe of glass"), ("lamp", "plain"), ("", "")]


def torch_outputs(model, pairs, together):
    encodings = [tiny.tokenizer().encode(*pair) for pair in pairs]
    with torch.no_grad():
        if together:
            return model(*padded(encodings, "cpu")).numpy()
        return np.concatenate([model(*padded([e], "cpu")).numpy() for e in encodings])


def test_the_graph_scores_as_the_module(teacher):
    module = bert.Bert(tiny.weights(), tiny.HEADS, "logit")
    scores = encoder.Encoder(teacher).score(TEXTS)
    np.testing.assert_allclose(scores, torch_outputs(module, TEXTS, together=False), atol=1e-5)


def test_a_score_does_not_depend_on_its_company():
    module = bert.Bert(tiny.weights(), tiny.HEADS, "logit")
    alone, together = (torch_outputs(module, TEXTS, how) for how in (False, True))
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_the_bi_encoder_graph_gives_the_modules_vectors(bi_encoder):
    module = bert.Bert(tiny.weights(2), tiny.HEADS, "cls")
    texts = [first for first, _ in TEXTS]
    found = encoder.Encoder(bi_encoder).vectors(texts)
    np.testing.assert_allclose(found, torch_outputs(module, [(t,) for t in texts], False), atol=1e-5)


@pytest.mark.parametrize("head", ["logit", "hidden"])
def test_weights_are_read_back_from_a_float_graph(tmp_path, head):
    onnx.save(graph.BertGraph(tiny.weights(), tiny.HEADS, head).model(), tmp_path / "model.onnx")
    for name, array in weights.read(tmp_path).items():
        np.testing.assert_array_equal(array, tiny.weights()[name], name)


def test_weights_are_read_back_from_an_int8_graph(tmp_path):
    model = graph.BertGraph(tiny.weights(), tiny.HEADS, "logit").model()
    graph.quantized(model, tmp_path / "model.onnx")
    read = weights.read(tmp_path)
    assert read.keys() == tiny.weights().keys()
    for name, array in read.items():
        np.testing.assert_allclose(array, tiny.weights()[name], atol=0.01, err_msg=name)


def test_the_students_layers_are_spread_and_end_with_the_last():
    assert weights.spread(12, 3) == [3, 7, 11]
    assert weights.spread(12, 2) == [5, 11]
    with pytest.raises(SystemExit, match="must be 1 to 12"):
        weights.spread(12, 13)
