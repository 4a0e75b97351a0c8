"""model.json: what a model folder holds, where it comes from and what was measured."""

import datetime
import json
import platform
from pathlib import Path

from . import encoder

FILES = ("model.onnx", "tokenizer.json")


def write(folder, start, origin, licence, measured):
    """Writes the card of `folder`'s files; what a card says of a kind is the start's."""
    folder = Path(folder)
    card = {
        **start,
        "origin": origin,
        "licence": licence,
        "files": {name: encoder.sha256(folder / name) for name in FILES},
        "measured": measured,
    }
    (folder / "model.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")


def machine():
    return f"{encoder.cores()} CPU cores, {processor()}"


def processor():
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def today():
    return datetime.date.today().isoformat()
