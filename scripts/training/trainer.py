"""The training loop: fixed seed, progress bar, checkpoints that a killed run resumes from."""

import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tqdm import tqdm

from . import batches as batching


@dataclass
class Settings:
    seed: int = 1
    epochs: float = 2
    groups_per_batch: int = 2
    learning_rate: float = 4e-4
    warmup: float = 0.05
    checkpoint_seconds: float = 60


def device():
    return "cuda" if torch.cuda.is_available() else "cpu"


class Trainer:
    """Trains `model` on `data`. Its state is in `folder`/checkpoint.pt."""

    def __init__(self, model, data, loss, settings, folder):
        self.model, self.data, self.loss, self.settings = model, data, loss, settings
        self.path = Path(folder) / "checkpoint.pt"
        trained = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(trained, settings.learning_rate, weight_decay=0.01)
        self.steps_per_epoch = -(-len(data.groups) // settings.groups_per_batch)
        self.total = round(self.steps_per_epoch * settings.epochs)
        self.step, self.seconds, self.order = 0, 0.0, None
        self.resume()

    def run(self, until=None):
        """Trains up to a step, by default to the end."""
        until = self.total if until is None else min(until, self.total)
        saved = started = time.monotonic()
        before, mean = self.seconds, None
        bar = tqdm(total=self.total, initial=self.step, desc="training", mininterval=5)
        while self.step < until:
            loss = self.one(self.batch())
            bar.update()
            mean = loss if mean is None else 0.98 * mean + 0.02 * loss
            bar.set_postfix(loss=f"{mean:.3f}", refresh=False)
            now = time.monotonic()
            self.seconds = before + now - started
            if now - saved > self.settings.checkpoint_seconds:
                self.save()
                saved = now
        bar.close()
        self.save()

    def batch(self):
        epoch, index = divmod(self.step, self.steps_per_epoch)
        if index == 0 or self.order is None:
            per_batch, seed = self.settings.groups_per_batch, 1000 * self.settings.seed + epoch
            self.order = batching.epoch(self.data.lengths, per_batch, seed)
        return self.data.batch(self.order[index])

    def one(self, batch):
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * self.slope()
        self.model.train()
        loss = self.loss(self.data.scores(self.model, batch), batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return loss.item()

    def slope(self):
        """Linear warm-up, then linear decay to 0."""
        done = (self.step + 1) / self.total
        return min(done / max(self.settings.warmup, 1e-9), (1 - self.step / self.total))

    def save(self):
        part = self.path.with_suffix(".part")
        state = {
            "settings": asdict(self.settings),
            "step": self.step,
            "seconds": self.seconds,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, part)
        os.replace(part, self.path)

    def resume(self):
        if not self.path.is_file():
            return
        state = torch.load(self.path, map_location=device())
        if state["settings"] != asdict(self.settings):
            raise SystemExit(f"{self.path}: of a run with {state['settings']}; remove it to start anew")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]
        print(f"resumes at step {self.step} of {self.total}", flush=True)
