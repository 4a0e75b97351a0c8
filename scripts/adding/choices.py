"""What model.json must say: from an option, or else from the source's own files."""

import re
from dataclasses import dataclass
from typing import Any

from adding import Refused

TOKEN_VECTORS = ("last_hidden_state", "token_embeddings")
SPDX = {
    "apache-2.0": "Apache-2.0",
    "mit": "MIT",
    "bsd-3-clause": "BSD-3-Clause",
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "cc0-1.0": "CC0-1.0",
}
NO_LICENCE = ("other", "unknown")
# Their first positions are not for use, so there is room for fewer tokens than positions.
OFFSET_POSITIONS = ("roberta", "xlm-roberta", "camembert", "mpnet")
RELEVANT = ("relevant", "positive", "yes", "true")


@dataclass(frozen=True)
class Choice:
    value: Any
    reason: str


class Choices:
    """Each method is one key of model.json."""

    def __init__(self, options, source, graph):
        self.options = options
        self.source = source
        self.graph = graph
        self.config = source.read("config.json")

    def given(self, name):
        value = getattr(self.options, name)
        return None if value is None else Choice(value, "--" + name.replace("_", "-"))

    def unknown(self, what, option, why=""):
        return Refused(f"{self.source.graph}: {what} cannot be told{why}; give --{option}")

    def task(self):
        return self.given("task") or self.task_of_files() or self.task_of_graph()

    def task_of_files(self):
        if "Pooling" in self.source.modules():
            return Choice("bi-encoder", "modules.json")
        if any(a.endswith("ForSequenceClassification") for a in self.config.get("architectures") or []):
            return Choice("cross-encoder", "config.json")
        return None

    def task_of_graph(self):
        tokens, pooled = self.graph.outputs({3}), self.graph.outputs({1, 2})
        if tokens and (not pooled or set(tokens) & set(TOKEN_VECTORS)):
            return Choice("bi-encoder", f"output {tokens[0]}")
        if pooled and not tokens:
            return Choice("cross-encoder", f"output {pooled[0]}")
        raise self.unknown("the task", "task", f" by outputs {tokens + pooled}")

    def output(self, task):
        ranks = {3} if task == "bi-encoder" else {1, 2}
        every = [o.name for o in self.graph.session.get_outputs()]
        fitting = self.graph.outputs(ranks)
        form = "[batch, tokens, dimensions]" if ranks == {3} else "[batch, logits] or [batch]"
        wanted = self.given("output")
        if not fitting or (wanted and wanted.value not in fitting):
            found = wanted.value if wanted else every
            raise Refused(f"{self.graph.file}: output {found}, a {task} needs one of floats {form}")
        if wanted:
            return wanted
        if len(fitting) == 1:
            return Choice(fitting[0], "the only one that fits")
        usual = [name for name in (*TOKEN_VECTORS, "logits") if name in fitting]
        if not usual:
            raise self.unknown("the output", "output", f", it may be any of {fitting}")
        return Choice(usual[0], "its name")

    def pooling(self):
        return self.given("pooling") or self.pooling_of_files()

    def pooling_of_files(self):
        modules = self.source.modules()
        if "Dense" in modules:
            raise Refused(f"{self.source.folder}/modules.json: a Dense module, the plugin has none")
        file = f"{modules.get('Pooling', '1_Pooling')}/config.json"
        config = self.source.read(file)
        modes = {"cls_token": "cls", "mean_tokens": "mean", "lasttoken": "last"}
        wanted = [k.removeprefix("pooling_mode_") for k, v in config.items() if v is True and "_mode_" in k]
        wanted = wanted or [config.get("pooling_mode")]
        label = modes.get(wanted[0], wanted[0])
        if len(wanted) > 1 or label not in (*modes.values(), None):
            raise Refused(f"{file}: pooling {wanted}, the plugin has cls, mean and last")
        if label is None:
            raise self.unknown("the pooling", "pooling")
        return Choice(label, file)

    def normalize(self):
        modules = self.source.modules()
        if self.options.normalize is None and modules:
            return Choice("Normalize" in modules, "modules.json")
        return self.given("normalize") or Choice(True, "usual; or --no-normalize")

    def prefix(self, option, *prompts):
        file = "config_sentence_transformers.json"
        named = self.source.read(file).get("prompts") or {}
        for name in prompts:
            if named.get(name):
                return self.given(option) or Choice(named[name], file)
        return self.given(option) or Choice("", f"none is named; or --{option.replace('_', '-')}")

    def logit(self, columns):
        given = self.given("logit")
        if given and given.value not in range(columns):
            raise Refused(f"{self.graph.file}: {columns} logits, --logit {given.value} is not one, from 0")
        if given or columns == 1:
            return given or Choice(0, "the only one")
        labels = self.config.get("id2label") or {}
        relevant = [i for i, label in labels.items() if str(label).lower() in RELEVANT]
        if len(relevant) != 1:
            raise self.unknown("the logit", "logit", f", there are {columns}, labelled {labels}")
        return Choice(int(relevant[0]), f"label {labels[relevant[0]]}")

    def sigmoid(self):
        own = self.config.get("sentence_transformers") or {}
        name = own.get("activation_fn") or self.config.get("sbert_ce_default_activation_function")
        if self.options.sigmoid is None and name:
            return Choice(name.endswith("Sigmoid"), "config.json")
        return self.given("sigmoid") or Choice(False, "usual; or --sigmoid")

    def max_tokens(self):
        choice = self.given("max_tokens") or self.max_tokens_of_files()
        fixed = self.graph.fixed_tokens
        if fixed and choice.value > fixed:
            if choice.reason == "--max-tokens":
                raise Refused(f"{self.graph.file}: takes exactly {fixed} tokens, --max-tokens is above")
            return Choice(fixed, "the graph takes exactly that")
        if choice.value < 8:
            raise Refused(f"{self.source.folder}: {choice.value} tokens at most, must be at least 8")
        return choice

    def max_tokens_of_files(self):
        longest = self.source.read("sentence_bert_config.json").get("max_seq_length")
        if longest:
            return Choice(longest, "sentence_bert_config.json")
        limits = [n for n in (self.positions(), self.tokenizer_limit(), self.graph.fixed_tokens) if n]
        if not limits:
            raise self.unknown("the longest input", "max-tokens")
        return Choice(min(limits), "config.json, tokenizer_config.json and the graph")

    def positions(self):
        positions = self.config.get("max_position_embeddings")
        if positions and self.config.get("model_type") in OFFSET_POSITIONS:
            return positions - self.config.get("pad_token_id", 1) - 1
        return positions

    def tokenizer_limit(self):
        limit = self.source.read("tokenizer_config.json").get("model_max_length")
        # transformers writes an enormous number for none.
        return int(limit) if limit and limit < 1_000_000 else None

    def licence(self):
        named = self.source.readme_field("license")
        if self.options.licence is None and named and named.lower() not in NO_LICENCE:
            return Choice(SPDX.get(named.lower(), named), "README.md")
        return self.given("licence") or self.missing("the licence", "licence")

    def origin(self):
        cached = re.search(r"models--([^/]+)--([^/]+)/snapshots/", str(self.source.folder.resolve()) + "/")
        named = f"{cached[1]}/{cached[2]}" if cached else self.config.get("_name_or_path", "")
        if self.options.origin is None and re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", named):
            return Choice(named, "the cache's folder" if cached else "config.json")
        return self.given("origin") or self.missing("the origin", "origin")

    def missing(self, what, option):
        raise self.unknown(what, option)
