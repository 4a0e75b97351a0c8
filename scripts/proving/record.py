"""What a run was given, beside what it made: options, inputs with sha256, versions, seed.

A run's folder belongs to its options: the same command goes on where it was, another is refused.
"""

import hashlib
import importlib.metadata
import json
import platform
from pathlib import Path

from .mistake import Mistake

PACKAGES = ("ir_measures", "lightgbm", "numpy", "scipy")
# They say how, not what.
LEFT_OUT = {"main", "user", "out"}


class Record:
    def __init__(self, options, inputs=()):
        self.folder = Path(options.out)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / f"{options.command}.json"
        given = {
            name: value if isinstance(value, (int, float, list, type(None))) else str(value)
            for name, value in vars(options).items()
            if name not in LEFT_OUT
        }
        self.found = {
            "options": given,
            "inputs": {str(path): sha256(path) for path in inputs if path},
            "versions": versions(),
        }
        self.refuse_another()
        self.write()

    def refuse_another(self):
        if self.path.is_file():
            before = json.loads(self.path.read_text())
            for part in ("options", "inputs"):
                if before[part] != self.found[part]:
                    changed = difference(before[part], self.found[part])
                    raise Mistake(f"--out: {self.folder}, holds a run with other {part}: {changed}")

    def add(self, **results):
        self.found["results"] = {**self.found.get("results", {}), **results}
        self.write()

    def write(self):
        self.path.write_text(json.dumps(self.found, indent=2, default=str) + "\n")

    def file(self, name):
        return self.folder / name


def difference(before, now):
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return ", ".join(f"{name} was {before.get(name)}, is {now.get(name)}" for name in sorted(names))


def sha256(path):
    path = Path(path)
    if not path.is_file():
        raise Mistake(f"{path}: no such file")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions():
    return {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in PACKAGES}}
