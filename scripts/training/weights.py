"""Weights of BERT-like models as a dict of float32 arrays, whatever file they come in.

Names and layouts are those of the published PyTorch models without their first component:
`encoder.layer.0.attention.self.query.weight`, [out, in].
"""

import json
import re
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

LAYER = re.compile(r"encoder\.layer\.(\d+)\.")
JOINED = {"qkv": ("query", "key", "value"), "kv": ("key", "value")}
PARAMETER = re.compile(r"(embeddings|encoder|pooler|classifier)\..*(weight|bias)$")


def read(folder):
    """The weights of a model folder: its model.onnx (float or int8) or model.safetensors."""
    folder = Path(folder)
    if (folder / "model.onnx").is_file():
        return from_onnx(folder / "model.onnx")
    if (folder / "model.safetensors").is_file():
        return from_safetensors(folder / "model.safetensors")
    raise SystemExit(f"{folder}: has neither model.onnx nor model.safetensors")


def from_onnx(path):
    """Reads a graph of PyTorch's exporter or of graph.py, float or int8."""
    graph = onnx.load(path).graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    weights = {}
    for name in tensors:
        if PARAMETER.search(name.removesuffix("_quantized")):
            weights[plain(name.removesuffix("_quantized"))] = dequantized(tensors, name)
    for node in graph.node:
        if node.op_type in ("MatMul", "MatMulInteger") and node.input[1] in tensors:
            weights[factor(node)] = dequantized(tensors, node.input[1]).T.copy()
    if "embeddings.word_embeddings.weight" not in weights:
        raise SystemExit(f"{path}: not a BERT graph whose nodes and weights have their names")
    return parted(weights)


def factor(node):
    """The parameter that a product multiplies with: it has its name, or the node has."""
    name = node.input[1].removesuffix("_quantized")
    if not PARAMETER.search(name):
        # The last component is the operation.
        name = node.name.rsplit("/", 1)[0].strip("/").replace("/", ".") + ".weight"
    return plain(name)


def parted(weights):
    """Undoes graph.py's joining of query, key and value."""
    apart = {}
    for name, array in weights.items():
        joined = re.search(r"\.self\.(qkv|kv)\.", name)
        parts = JOINED[joined[1]] if joined else []
        for part, values in zip(parts, np.split(array, max(1, len(parts)))):
            apart[name.replace(joined[0], f".self.{part}.")] = values.copy()
        if not joined:
            apart[name] = array
    return apart


def from_safetensors(path):
    """Reads float32 tensors; the format is a length, a JSON header and the numbers."""
    data = Path(path).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    weights = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            numbers = np.frombuffer(data[start + first : start + last], np.float32)
            weights[plain(name)] = numbers.reshape(entry["shape"]).copy()
    return weights


def stored(path):
    """What distil or finetune wrote."""
    with np.load(path) as arrays:
        return dict(arrays)


def plain(name):
    return name.removeprefix("bert.")


def dequantized(tensors, name):
    array = numpy_helper.to_array(tensors[name]).astype(np.float32)
    if not name.endswith("_quantized"):
        return array
    base = name.removesuffix("_quantized")
    zero = numpy_helper.to_array(tensors[base + "_zero_point"]).astype(np.float32)
    return (array - zero) * numpy_helper.to_array(tensors[base + "_scale"])


def layer_count(weights):
    return 1 + max(int(LAYER.match(name)[1]) for name in weights if LAYER.match(name))


def spread(total, kept):
    """Indices of `kept` layers, evenly spread and ending with the last: 3 of 12 are 3, 7, 11."""
    if not 1 <= kept <= total:
        raise SystemExit(f"--layers {kept}: must be 1 to {total}, the teacher's")
    return [round((i + 1) * total / kept) - 1 for i in range(kept)]


def with_layers(weights, layers):
    """The model with only these layers, in this order (Sanh et al. 2019, DistilBERT)."""
    kept = {name: array for name, array in weights.items() if not LAYER.match(name)}
    for new, old in enumerate(layers):
        prefix = f"encoder.layer.{old}."
        for name, array in weights.items():
            if name.startswith(prefix):
                kept[f"encoder.layer.{new}." + name.removeprefix(prefix)] = array
    return kept
