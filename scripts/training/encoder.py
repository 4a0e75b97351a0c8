"""ONNX encoders as the plugin runs them: one text or pair a run, one thread each, so that a score
depends on its pair alone although the graph is quantized dynamically."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer
from tqdm import tqdm

CHUNK = 1024
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def tokenizer(folder, max_tokens):
    """Pads nothing and cuts the longer text of a pair first."""
    loaded = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    loaded.no_padding()
    loaded.enable_truncation(max_tokens)
    return loaded


class Encoder:
    """A model folder. `score` is for cross-encoders, `vectors` for bi-encoders."""

    def __init__(self, folder, max_tokens=128, graph="model.onnx"):
        self.folder = Path(folder)
        self.card = json.loads((self.folder / "model.json").read_text(encoding="utf-8"))
        self.max_tokens = min(max_tokens, self.card["maxTokens"])
        self.tokenizer = tokenizer(folder, self.max_tokens)
        self.session = session(self.folder / graph)
        self.inputs = [i.name for i in self.session.get_inputs()]

    def run(self, encoding):
        numbers = (encoding.ids, encoding.attention_mask, encoding.type_ids)
        feed = {name: np.array([n], np.int64) for name, n in zip(INPUTS, numbers)}
        return self.session.run(None, {name: feed[name] for name in self.inputs})[0][0]

    def score(self, pairs):
        """The logit of each pair (query, document)."""
        column = self.card.get("logit", 0)
        runs = self.run_all(lambda pair: self.run(self.tokenizer.encode(*pair))[column], pairs)
        return np.array(runs, np.float32)

    def vectors(self, texts):
        """A vector of length 1 for each text."""
        runs = self.run_all(self.vector, texts)
        return np.array(runs, np.float32)

    def vector(self, text):
        hidden = self.run(self.tokenizer.encode(text))
        pooled = hidden[0] if self.card["pooling"] == "cls" else hidden.mean(0)
        return pooled / np.linalg.norm(pooled)

    def run_all(self, one, items):
        with ThreadPoolExecutor(cores()) as pool:
            return list(pool.map(one, items))


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def cached(folder, encoder, items, compute, label):
    """`compute(items)` in chunks that are kept, so that another run, or one killed, goes on."""
    model = sha256(encoder.folder / "model.onnx")
    Path(folder).mkdir(parents=True, exist_ok=True)
    parts = [items[i : i + CHUNK] for i in range(0, len(items), CHUNK)]
    bar = tqdm(total=len(items), desc=label, mininterval=5)
    found = []
    for part in parts:
        digest = hashlib.sha256(json.dumps([model, encoder.max_tokens, part]).encode()).hexdigest()
        path = Path(folder) / f"{digest[:24]}.npy"
        if not path.is_file():
            beside = path.with_suffix(".part.npy")
            np.save(beside, compute(part))
            os.replace(beside, path)
        found.append(np.load(path))
        bar.update(len(part))
    bar.close()
    return np.concatenate(found)


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
