"""What a source holds: its files, and what its configuration files say."""

import json
import re
from pathlib import Path

import onnx
from onnx.external_data_helper import ExternalDataInfo, uses_external_data

from adding import Refused


class Source:
    """A Hugging Face folder, or an ONNX file with a tokenizer.json beside it or one folder above."""

    def __init__(self, path):
        if not path.exists():
            raise Refused(f"{path}: no such file or folder")
        self.graph = path if path.is_file() else find_graph(path)
        self.folder = path if path.is_dir() else folder_of(path)
        self.tokenizer = self.folder / "tokenizer.json"
        if not self.tokenizer.is_file():
            raise Refused(
                f"{self.folder}: no tokenizer.json; where there is only a vocabulary file, "
                "AutoTokenizer.from_pretrained(…).save_pretrained(…) of transformers writes one"
            )

    def read(self, name):
        """A JSON file of the folder, {} if it is not there."""
        file = self.folder / name
        if not file.is_file():
            return {}
        try:
            return json.loads(file.read_text(encoding="utf-8"))
        except ValueError as e:
            raise Refused(f"{file}: not JSON, {e}") from e

    def readme_field(self, key):
        """A field of the model card's head, None if it is not there."""
        file = self.folder / "README.md"
        head = file.read_text(encoding="utf-8").split("---")[1:2] if file.is_file() else []
        found = re.search(rf"^{key}:\s*(\S+)\s*$", "".join(head), re.MULTILINE)
        return found and found[1].strip("\"'")

    def modules(self):
        """Last names of sentence-transformers' modules and their folders, {} without modules.json."""
        modules = self.read("modules.json") or []
        return {m["type"].rsplit(".", 1)[-1]: m.get("path", "") for m in modules}

    def external_files(self):
        """Names of the files in which a large graph keeps its weights."""
        try:
            graph = onnx.load(str(self.graph), load_external_data=False).graph
        except Exception as e:
            raise Refused(f"{self.graph}: is not an ONNX graph, {e}") from e
        outside = [t for t in graph.initializer if uses_external_data(t)]
        names = sorted({ExternalDataInfo(t).location for t in outside})
        for name in names:
            if Path(name).name != name or not (self.graph.parent / name).is_file():
                raise Refused(f"{self.graph}: weights in {name}, must be a file beside it")
        return names


def folder_of(file):
    beside = (file.parent / "tokenizer.json").is_file()
    return file.parent if beside or file.parent.name != "onnx" else file.parent.parent


def find_graph(folder):
    for name in ("model.onnx", "onnx/model.onnx"):
        if (folder / name).is_file():
            return folder / name
    found = sorted([*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")])
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(f"{folder}: no model.onnx and no onnx/model.onnx")
    names = ", ".join(str(f.relative_to(folder)) for f in found)
    raise Refused(f"{folder}: several graphs, {names}; give one of these files as SOURCE")
