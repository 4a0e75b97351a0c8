"""Weights as an ONNX graph, float or dynamic int8, that says the same as bert.py does.

Written node by node, so that it has what PyTorch's exporter has not: one product for query, key and
value, and a last layer that is run for the first token alone where the head reads no other.
"""

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from .bert import EPSILON
from .weights import layer_count

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
# LayerNormalization came with 17; onnxruntime's quantizer and all runtimes since 2022 know it.
OPSET, IR = 17, 8


class Builder:
    """Nodes and constants under construction; a value is named by the node that gives it."""

    def __init__(self):
        self.nodes, self.constants = [], {}

    def op(self, kind, *inputs, outputs=1, name=None, **attributes):
        name = name or f"{kind}_{len(self.nodes)}"
        given = [name] if outputs == 1 else [f"{name}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), given, name=name, **attributes))
        return given[0] if outputs == 1 else given

    def constant(self, name, values, kind=np.float32):
        self.constants[name] = numpy_helper.from_array(np.asarray(values, kind), name)
        return name

    def ints(self, *values):
        return self.constant("ints_" + "_".join(map(str, values)), values, np.int64)


class BertGraph:
    def __init__(self, weights, heads, head):
        self.weights, self.heads, self.head = weights, heads, head
        self.hidden = len(weights["embeddings.LayerNorm.weight"])
        self.b = Builder()

    def model(self):
        x, unseen = self.embed(), self.unseen()
        last = layer_count(self.weights) - 1
        for i in range(last + 1):
            only_first = self.head == "logit" and i == last
            x = self.layer(f"encoder.layer.{i}.", x, unseen, only_first)
        output, shape = self.logit(x) if self.head == "logit" else self.hidden_states(x)
        inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in INPUTS]
        outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)]
        graph = helper.make_graph(self.b.nodes, "bert", inputs, outputs, list(self.b.constants.values()))
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
        onnx.checker.check_model(made, full_check=True)
        return made

    def embed(self):
        b = self.b
        words = self.table("word", "input_ids")
        types = self.table("token_type", "token_type_ids")
        tokens = b.op("Shape", "input_ids", start=1)
        every = self.weight("embeddings.position_embeddings.weight")
        positions = b.op("Slice", every, b.ints(0), tokens, b.ints(0))
        return self.norm("embeddings.LayerNorm", b.op("Add", b.op("Add", words, types), positions))

    def table(self, kind, ids):
        return self.b.op("Gather", self.weight(f"embeddings.{kind}_embeddings.weight"), ids)

    def unseen(self):
        """A large negative number where attention must not look, [batch, 1, 1, tokens]."""
        b = self.b
        seen = b.op("Cast", b.op("Unsqueeze", "attention_mask", b.ints(1, 2)), to=TensorProto.FLOAT)
        padding = b.op("Sub", b.constant("one", 1.0), seen)
        return b.op("Mul", padding, b.constant("never", -1e9))

    def layer(self, name, x, unseen, only_first):
        b = self.b
        parts = ["query", "key", "value"]
        if only_first:
            of = b.op("Slice", x, b.ints(0), b.ints(1), b.ints(1))
            query = self.dense(name + "attention.self.query", of)
            both = self.joined(name, "kv", x, parts[1:])
            keys, values = b.op("Split", both, outputs=2, axis=2)
        else:
            of = x
            every = self.joined(name, "qkv", x, parts)
            query, keys, values = b.op("Split", every, outputs=3, axis=2)
        context = self.attention(query, keys, values, unseen)
        of = self.residual(of, name + "attention.output", context)
        inner = self.gelu(self.dense(name + "intermediate.dense", of))
        return self.residual(of, name + "output", inner)

    def joined(self, name, short, x, parts):
        """Several products of the same input as one."""
        weights, biases = (
            np.concatenate([self.weights[f"{name}attention.self.{part}.{kind}"] for part in parts])
            for kind in ("weight", "bias")
        )
        return self.linear(f"{name}attention.self.{short}", x, weights.T, biases)

    def attention(self, query, keys, values, unseen):
        b = self.b
        query = b.op("Mul", query, b.constant("scale", (self.hidden // self.heads) ** -0.5))
        query, values = self.split(query, (0, 2, 1, 3)), self.split(values, (0, 2, 1, 3))
        near = b.op("Add", b.op("MatMul", query, self.split(keys, (0, 2, 3, 1))), unseen)
        context = b.op("MatMul", b.op("Softmax", near, axis=-1), values)
        context = b.op("Transpose", context, perm=(0, 2, 1, 3))
        return b.op("Reshape", context, b.ints(0, 0, self.hidden))

    def split(self, x, order):
        shape = self.b.ints(0, 0, self.heads, self.hidden // self.heads)
        return self.b.op("Transpose", self.b.op("Reshape", x, shape), perm=order)

    def residual(self, x, name, inner):
        return self.norm(name + ".LayerNorm", self.b.op("Add", x, self.dense(name + ".dense", inner)))

    def gelu(self, x):
        # Written as onnxruntime's optimizer knows it, which makes one operation of it.
        b = self.b
        erf = b.op("Erf", b.op("Div", x, b.constant("root2", np.sqrt(2.0))))
        scaled = b.op("Mul", x, b.op("Add", erf, b.constant("one", 1.0)))
        return b.op("Mul", scaled, b.constant("half", 0.5))

    def logit(self, x):
        b = self.b
        first = b.op("Squeeze", x, b.ints(1))
        pooled = b.op("Tanh", self.dense("pooler.dense", first))
        weight = self.weight("classifier.weight")
        return b.op("Gemm", pooled, weight, self.weight("classifier.bias"), transB=1, name="logits"), [
            "batch",
            1,
        ]

    def hidden_states(self, x):
        return self.b.op("Identity", x, name="last_hidden_state"), ["batch", "tokens", self.hidden]

    def dense(self, name, x):
        return self.linear(name, x, self.weights[name + ".weight"].T, self.weights[name + ".bias"])

    def linear(self, name, x, weight, bias):
        b = self.b
        product = b.op("MatMul", x, b.constant(name + ".weight", weight), name=name + ".product")
        return b.op("Add", product, b.constant(name + ".bias", bias))

    def norm(self, name, x):
        scale, bias = self.weight(name + ".weight"), self.weight(name + ".bias")
        return self.b.op("LayerNormalization", x, scale, bias, epsilon=EPSILON)

    def weight(self, name):
        return self.b.constant(name, self.weights[name])


def quantized(model, path):
    """Writes the graph with products in dynamic int8, a scale per column, and the tables in int8."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "float.onnx"
        onnx.save(model, source)
        quantize_dynamic(
            source,
            path,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
