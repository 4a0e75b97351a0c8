"""Runs a graph with its tokenizer as the plugin does."""

import json

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from adding import Refused

INPUTS = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
NUMBERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
FLOATS = ("tensor(float)", "tensor(float16)")


class Graph:
    def __init__(self, source):
        self.file = source.graph
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        try:
            self.session = onnxruntime.InferenceSession(str(self.file), options)
        except Exception as e:
            raise Refused(f"{self.file}: is not an ONNX graph, {e}") from e
        try:
            self.tokenizer = Tokenizer.from_file(str(source.tokenizer))
        except Exception as e:
            raise Refused(f"{source.tokenizer}: is not a tokenizer, {e}") from e
        self.vocabulary = json.loads(source.tokenizer.read_text(encoding="utf-8"))
        self.tokenizer.no_padding()
        self.inputs = self.session.get_inputs()
        self.check_inputs()

    def check_inputs(self):
        names = [i.name for i in self.inputs]
        if "input_ids" not in names or not set(names) <= set(INPUTS):
            raise Refused(f"{self.file}: inputs {names}, must be input_ids and no others than {INPUTS}")
        for each in self.inputs:
            if each.type not in NUMBERS or len(each.shape) != 2 or is_fixed(each.shape[0], but=1):
                raise Refused(
                    f"{self.file}: input {each.name} {each.type} {each.shape}, "
                    "must be int64 or int32 [batch, tokens], each free or fixed, batch to 1"
                )

    @property
    def fixed_tokens(self):
        """The only number of tokens that the graph takes, None where it takes any."""
        return max((i.shape[1] for i in self.inputs if is_fixed(i.shape[1])), default=None)

    def outputs(self, ranks):
        """Names of the outputs of floats that have one of these numbers of axes."""
        found = self.session.get_outputs()
        return [o.name for o in found if o.type in FLOATS and len(o.shape) in ranks]

    def run(self, output, limit, *texts):
        """An output for a text or pair, and how many of its tokens are not padding."""
        self.tokenizer.enable_truncation(limit)
        encoding = self.tokenizer.encode(*texts)
        count = len(encoding.ids)
        return self.infer(output, encoding.ids, encoding.type_ids), count

    def infer(self, output, ids, types):
        fill = (self.fixed_tokens or len(ids)) - len(ids)
        values = {
            "input_ids": ids + [self.padding()] * fill,
            "attention_mask": [1] * len(ids) + [0] * fill,
            "token_type_ids": types + [0] * fill,
            "position_ids": list(range(len(ids) + fill)),
        }
        feed = {i.name: np.array([values[i.name]], NUMBERS[i.type]) for i in self.inputs}
        try:
            return self.session.run([output], feed)[0].astype(np.float64)
        except Exception as e:
            raise Refused(f"{self.file}: failed, {e}") from e

    def padding(self):
        declared = (self.vocabulary.get("padding") or {}).get("pad_id")
        added = {t["content"]: t["id"] for t in self.vocabulary.get("added_tokens", [])}
        return declared if declared is not None else added.get("[PAD]", added.get("<pad>", 0))

    def largest_token(self):
        pieces = self.vocabulary["model"].get("vocab", {})
        ids = pieces.values() if isinstance(pieces, dict) else range(len(pieces))
        return max([0, *ids, *(t["id"] for t in self.vocabulary.get("added_tokens", []))])

    def try_largest_token(self, output, limit):
        """Refuses a tokenizer of a larger vocabulary and a length that the graph cannot take."""
        largest = self.largest_token()
        for length, what in ((8, f"largest token id {largest}"), (min(limit, 514), f"{limit} tokens")):
            try:
                self.infer(output, [largest] * length, [0] * length)
            except Refused as e:
                raise Refused(f"{self.file}: must take {what}: {e}") from e


def is_fixed(axis, but=None):
    return isinstance(axis, int) and axis != but
