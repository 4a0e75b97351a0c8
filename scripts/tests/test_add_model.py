"""scripts/add-model on the encoder tests' tiny models."""

import hashlib
import importlib.machinery
import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent
TINY = SCRIPTS.parent / "src/test/resources/encoder"
ANSWERS = json.loads((TINY / "expected-architectures.json").read_text())
ABOUT = ("--origin", "someone/tiny", "--licence", "MIT")


def load_script():
    sys.path.insert(0, str(SCRIPTS))
    loader = importlib.machinery.SourceFileLoader("add_model", str(SCRIPTS / "add-model"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("add_model", loader))
    loader.exec_module(module)
    return module


add_model = load_script()


class Workplace:
    """A source folder and a models folder."""

    def __init__(self, folder):
        self.source = folder / "source"
        self.models = folder / "models"

    def copy(self, tiny, graph="model.onnx"):
        (self.source / graph).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TINY / tiny / "model.onnx", self.source / graph)
        shutil.copyfile(TINY / tiny / "tokenizer.json", self.source / "tokenizer.json")
        return self

    def config(self, name, **values):
        (self.source / name).parent.mkdir(parents=True, exist_ok=True)
        (self.source / name).write_text(json.dumps(values))
        return self

    def modules(self, *names):
        modules = [{"type": f"sentence_transformers.models.{n}", "path": f"1_{n}"} for n in names]
        (self.source / "modules.json").write_text(json.dumps(modules))
        return self

    def add(self, *options, source=None, name="made"):
        arguments = [str(source or self.source), name, "--models", str(self.models), *options]
        add_model.add(add_model.parse(arguments))
        return json.loads((self.models / name / "model.json").read_text())

    def refuses(self, *options, **more):
        with pytest.raises(add_model.Refused) as refused:
            self.add(*options, **more)
        left = sorted(p.name for p in self.models.iterdir()) if self.models.exists() else []
        assert left == []
        return str(refused.value)


@pytest.fixture
def place(tmp_path):
    return Workplace(tmp_path)


def options_of(manifest):
    options = ["--task", manifest["task"], "--max-tokens", str(manifest["maxTokens"])]
    if manifest["task"] == "cross-encoder":
        sigmoid = "--sigmoid" if manifest["sigmoid"] else "--no-sigmoid"
        return [*options, "--logit", str(manifest["logit"]), sigmoid]
    normalize = "--normalize" if manifest["normalize"] else "--no-normalize"
    prefix = ["--query-prefix", manifest["queryPrefix"]]
    return [*options, "--pooling", manifest["pooling"], normalize, *prefix]


@pytest.mark.parametrize("tiny", ANSWERS)
def test_every_architecture_gets_the_manifest_that_the_plugin_is_tested_with(place, tiny):
    wanted = json.loads((TINY / tiny / "model.json").read_text())
    made = place.copy(tiny).add(*ABOUT, *options_of(wanted))
    assert made.pop("probe").keys() in ({"query", "vector"}, {"query", "document", "score"})
    assert made.pop("measured") == {}
    about = {"origin": "someone/tiny", "licence": "MIT", "output": made["output"]}
    assert made == {**wanted, **about}


@pytest.mark.parametrize("tiny", ANSWERS)
def test_scores_and_vectors_are_those_of_the_tests(place, tiny):
    made = json.loads((TINY / tiny / "model.json").read_text())
    source = add_model.Source(place.copy(tiny).source)
    graph = add_model.Graph(source)
    output = graph.session.get_outputs()[0].name
    # Another release of the runtime rounds int8 and half floats otherwise.
    near = 1e-2 if tiny.endswith(("int8", "fp16")) else 1e-4
    for each in ANSWERS[tiny]:
        if "score" not in each:
            found = add_model.BiEncoder(graph, output, made).query(each["text"])
            assert found == pytest.approx(each["query"], abs=near)
        elif each["maxTokens"] == made["maxTokens"]:
            found = add_model.CrossEncoder(graph, output, made).score(each["query"], each["document"])
            assert found == pytest.approx(each["score"], abs=near)


def test_cross_encoder_of_a_hugging_face_folder(place, capsys):
    place.copy("xlmr-unigram-sigmoid", "onnx/model.onnx").config(
        "config.json",
        _name_or_path="someone/reranker",
        architectures=["XLMRobertaForSequenceClassification"],
        model_type="xlm-roberta",
        max_position_embeddings=34,
        pad_token_id=1,
        sentence_transformers={"activation_fn": "torch.nn.modules.activation.Sigmoid"},
    )
    (place.source / "README.md").write_text("---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\n")
    made = place.add()
    chosen = {key: made[key] for key in ("task", "origin", "licence", "maxTokens", "logit", "sigmoid")}
    assert chosen == {
        "task": "cross-encoder",
        "origin": "someone/reranker",
        "licence": "Apache-2.0",
        "maxTokens": 32,
        "logit": 0,
        "sigmoid": True,
    }
    for name, sha in made["files"].items():
        assert hashlib.sha256((place.models / "made" / name).read_bytes()).hexdigest() == sha
    assert len(capsys.readouterr().out.split("document\n")[1].splitlines()) == 5


def test_bi_encoder_of_sentence_transformers(place):
    place.copy("minilm-mean-int8", "onnx/model.onnx").modules("Transformer", "Pooling", "Normalize")
    place.config("1_Pooling/config.json", pooling_mode_cls_token=False, pooling_mode_mean_tokens=True)
    place.config("config_sentence_transformers.json", prompts={"query": "query: ", "passage": "passage: "})
    place.config("sentence_bert_config.json", max_seq_length=16)
    made = place.add(*ABOUT)
    chosen = [made[k] for k in ("task", "output", "pooling", "normalize", "queryPrefix", "documentPrefix")]
    assert chosen == ["bi-encoder", "last_hidden_state", "mean", True, "query: ", "passage: "]
    assert made["maxTokens"] == 16
    assert len(made["probe"]["vector"]) == 8


def test_options_go_before_what_files_say(place):
    place.copy("distilbert-cls-int32").modules("Transformer", "Pooling")
    place.config("1_Pooling/config.json", pooling_mode="cls")
    made = place.add(*ABOUT, "--pooling", "last", "--max-tokens", "20", "--normalize")
    assert (made["pooling"], made["maxTokens"], made["normalize"]) == ("last", 20, True)


def test_a_bare_file(place):
    place.copy("bert-two-logits-fixed", "reranker.onnx")
    made = place.add(*ABOUT, "--logit", "1", source=place.source / "reranker.onnx")
    assert (made["task"], made["logit"], made["maxTokens"]) == ("cross-encoder", 1, 32)


def test_a_label_names_the_logit(place):
    place.copy("bert-two-logits-fixed").config("config.json", id2label={"0": "irrelevant", "1": "relevant"})
    assert place.add(*ABOUT)["logit"] == 1


@pytest.mark.parametrize(
    ("tiny", "options", "wanted"),
    [
        ("bert-cross-encoder", ("--max-tokens", "32", "--licence", "MIT"), "--origin"),
        ("bert-cross-encoder", ("--max-tokens", "32", "--origin", "x"), "--licence"),
        ("bert-cross-encoder", ABOUT, "--max-tokens"),
        ("bert-two-logits-fixed", ABOUT, "--logit"),
        ("xlmr-mean-fixed", ABOUT, "--pooling"),
    ],
)
def test_what_cannot_be_told_names_the_option(place, tiny, options, wanted):
    assert place.copy(tiny).refuses(*options).endswith(f"give {wanted}")


def test_a_card_that_does_not_tell_the_licence(place):
    (place.copy("bert-cross-encoder").source / "README.md").write_text("---\nlicense: other\n---\n")
    assert place.refuses("--origin", "x", "--max-tokens", "32").endswith("give --licence")


def test_no_source(place):
    assert "no such file or folder" in place.refuses(*ABOUT)


def test_no_tokenizer(place):
    (place.copy("bert-cross-encoder").source / "tokenizer.json").unlink()
    assert "no tokenizer.json" in place.refuses(*ABOUT)


def test_no_graph_or_too_many(place):
    place.copy("bert-cross-encoder", "onnx/model_fp16.onnx").copy("bert-cross-encoder", "onnx/model_q.onnx")
    assert "several graphs, onnx/model_fp16.onnx, onnx/model_q.onnx" in place.refuses(*ABOUT)
    shutil.rmtree(place.source / "onnx")
    assert "no model.onnx" in place.refuses(*ABOUT)


@pytest.mark.parametrize("bytes_kept", [0, 5000])
def test_not_a_graph(place, bytes_kept):
    graph = place.copy("bert-cross-encoder").source / "model.onnx"
    graph.write_bytes(graph.read_bytes()[:bytes_kept])
    assert "model.onnx: is not an ONNX graph" in place.refuses(*ABOUT, "--max-tokens", "32")


def test_not_a_tokenizer(place):
    (place.copy("bert-cross-encoder").source / "tokenizer.json").write_text("{}")
    assert "tokenizer.json: is not a tokenizer" in place.refuses(*ABOUT, "--max-tokens", "32")


def test_tokenizer_of_a_larger_vocabulary(place):
    place.copy("bert-cross-encoder")
    shutil.copyfile(TINY / "roberta-fixed-tokens/tokenizer.json", place.source / "tokenizer.json")
    assert "must take largest token id 299" in place.refuses(*ABOUT, "--max-tokens", "32")


def test_longer_than_the_graph_takes(place):
    assert "must take 33 tokens" in place.copy("bert-cross-encoder").refuses(*ABOUT, "--max-tokens", "33")


def test_inputs_and_outputs_that_do_not_fit(place):
    assert "pixels" in place.copy("refused-input").refuses(*ABOUT)
    assert "batch to 1" in place.copy("refused-batch").refuses(*ABOUT)
    refused = place.copy("bert-cross-encoder").refuses(*ABOUT, "--task", "bi-encoder")
    assert "output ['logits'], a bi-encoder needs one of floats [batch, tokens, dimensions]" in refused


def test_a_dense_module(place):
    place.copy("minilm-mean-int8").modules("Transformer", "Pooling", "Dense")
    assert "a Dense module" in place.refuses(*ABOUT, "--max-tokens", "32")


def test_what_is_there_already_stays(place):
    place.copy("bert-cross-encoder").add(*ABOUT, "--max-tokens", "32")
    with pytest.raises(add_model.Refused, match="is there already"):
        place.add(*ABOUT, "--max-tokens", "16")
    assert json.loads((place.models / "made/model.json").read_text())["maxTokens"] == 32


def test_names_that_lead_elsewhere(place):
    assert "must be a plain name" in place.copy("bert-cross-encoder").refuses(*ABOUT, name="../made")
