"""The world without pictures or samples: features drawn from its plan, heads that learn on them.

A clip's sound is the sum of its sources' spectra at their planned levels, its picture the sum of
what is in view, its text the words of the narration; each goes through a fixed random mixture.
Minutes become seconds, so that the order of objectives can be a test.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mc3core.config import build_config
from mc3core.data.clips import Modality
from mc3core.data.dataset import rows_of_step
from mc3core.data.narration import parse_narration
from mc3core.evaluation.discovery import discovery
from mc3core.evaluation.retrieval import retrieval_of
from mc3core.methods.method import Method
from mc3core.methods.registry import method_info
from mc3core.training.schedule import learning_rate
from mc3core.types import Batch
from mc3core.world.plan import Segment, Video
from mc3core.world.timeline import timeline
from mc3core.world.vocabulary import MATERIALS, mechanism

BANDS, WIDTH, HIDDEN, DIMENSION = 64, 128, 160, 64
NOISE = 0.3
EPOCHS, BATCH = 5, 128
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LatentClips:
    """N clips: features (N, 128) a modality, verb-noun numbers, labels."""

    features: dict[Modality, Tensor]
    groups: Tensor
    labels: NDArray[np.bool_]


class LatentWorld:
    """Every name of the world has a vector of its own, drawn once a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        draw = np.random.default_rng([seed, 1])
        self._mix = {
            "audio": draw.normal(0, 1 / np.sqrt(BANDS), (BANDS, WIDTH)),
            "video": draw.normal(0, 1 / np.sqrt(WIDTH), (WIDTH, WIDTH)),
            "text": draw.normal(0, 1 / np.sqrt(WIDTH), (WIDTH, WIDTH)),
        }
        self._known: dict[tuple[str, ...], Floats] = {}
        self._groups: dict[tuple[str | None, str | None], int] = {}

    def clips(self, seed: int, count: int) -> LatentClips:
        """`count` clips of the plan of this seed."""
        pairs = [(v, s) for v in timeline(seed, count).videos for s in v.segments]
        draw = np.random.default_rng([self._seed, seed, 2])
        raw = {
            "audio": np.stack([self._audio(v, s, draw) for v, s in pairs]),
            "video": np.stack([self._video(s) for _, s in pairs]),
            "text": np.stack([self._text(s) for _, s in pairs]),
        }
        features: dict[Modality, Tensor] = {}
        names: tuple[Modality, ...] = ("audio", "video", "text")
        for name in names:
            mixed = np.tanh(raw[name] @ self._mix[name])
            mixed = (mixed - mixed.mean(1, keepdims=True)) / mixed.std(1, keepdims=True)
            noisy = mixed + draw.normal(0, NOISE, mixed.shape)
            features[name] = torch.from_numpy(noisy.astype(np.float32))
        groups = torch.tensor([self._group(s) for _, s in pairs])
        return LatentClips(features, groups, np.array([s.label == 1 for _, s in pairs]))

    def _audio(self, video: Video, segment: Segment, draw: np.random.Generator) -> Floats:
        """(64,) log power of all sources, their mean removed."""
        sources: list[tuple[tuple[str, ...], float]] = [(("ambient", video.ambient), 0.0)]
        heard = segment.shown_sound
        if segment.shown is not None and heard is not None and not heard.below_rest:
            voice = self._voice(segment.shown.verb, segment.shown.noun)
            sources.append((voice, heard.level_db))
        if segment.unseen is not None and segment.unseen_db is not None:
            voice = self._voice(segment.unseen.verb, segment.unseen.noun)
            sources.append((voice, segment.unseen_db))
        if segment.machine is not None and segment.machine.level_db is not None:
            sources.append((("machine", segment.machine.kind), segment.machine.level_db))
        if segment.event is not None:
            sources.append((("event", segment.event.kind), segment.event.level_db))
        power = np.zeros(BANDS)
        for name, level_db in sources:
            shape = 8 * self._vector(*name)[:BANDS] + draw.normal(0, 2, BANDS)
            power += 10 ** ((level_db + shape) / 10)
        log = np.log(power)
        return ((log - log.mean()) / 2).astype(np.float32)

    def _voice(self, verb: str, noun: str) -> tuple[str, ...]:
        return ("voice", mechanism(verb, noun), MATERIALS[noun], verb)

    def _video(self, segment: Segment) -> Floats:
        """(128,) what is in view: hands and things, their force, the machine, the place."""
        seen = self._vector("place", segment.place)
        if segment.shown is not None:
            shown = segment.shown
            seen = seen + 2 * self._vector("verb", shown.verb) + self._vector("noun", shown.noun)
            seen = seen + self._vector("material", MATERIALS[shown.noun])
            seen = seen + shown.force * self._vector("force")
        if segment.machine is not None:
            seen = seen + self._vector("machine seen", segment.machine.kind)
            if segment.machine.level_db is not None:
                seen = seen + self._vector("machine runs")
        return seen

    def _text(self, segment: Segment) -> Floats:
        """(128,) the sum of the words."""
        words = segment.narration.lower().split()
        return np.sum([self._vector("word", word) for word in words], axis=0)

    def _vector(self, *name: str) -> Floats:
        if name not in self._known:
            seed = [self._seed, *(ord(letter) for letter in "/".join(name))]
            self._known[name] = np.random.default_rng(seed).normal(size=WIDTH).astype(np.float32)
        return self._known[name]

    def _group(self, segment: Segment) -> int:
        if segment.vague:
            return -1
        parsed = parse_narration(segment.narration)
        return self._groups.setdefault((parsed.verb, parsed.noun), len(self._groups))


class Heads(nn.Module):
    """A small network a modality, to unit rows (B, 64)."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        names = ("audio", "video", "text")
        self.nets = nn.ModuleDict({name: _net() for name in names})

    def forward(self, features: dict[Modality, Tensor]) -> dict[Modality, Tensor]:
        return {
            name: nn.functional.normalize(self.nets[name](rows), dim=1)
            for name, rows in features.items()
        }


def _net() -> nn.Module:
    return nn.Sequential(
        nn.Linear(WIDTH, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
        nn.Linear(HIDDEN, DIMENSION),
    )  # fmt: skip


def objective(method: str, preset: str, temperature: float, weight: float | None) -> Method:
    """A method whose losses are taken, not its towers."""
    settings = {"objective.temperature": str(temperature)}
    if weight is not None:
        settings["objective.weight"] = str(weight)
    return method_info(method).build(build_config(method, preset, "tiny", settings))


def learn(heads: Heads, method: Method, stage: int, clips: LatentClips, rate: float) -> None:
    """One stage of a method on the heads."""
    config = build_config("mc3", "scaled", "tiny")
    part = config.stages[stage]
    steps = EPOCHS * (len(clips.labels) // BATCH)
    optimizer = torch.optim.AdamW(heads.parameters(), lr=rate, weight_decay=0.05)
    for step in range(steps):
        rows = torch.from_numpy(rows_of_step(len(clips.labels), BATCH, stage, step))
        torch.manual_seed(step)
        features = {
            name: found[rows] + NOISE * torch.randn(len(rows), WIDTH)
            for name, found in clips.features.items()
        }
        none = torch.empty(0)
        batch = Batch((), none, none, none, none, rows, clips.groups[rows])
        loss = method.objective_of(heads(features), batch, part, step / steps).total
        optimizer.zero_grad()
        loss.backward()
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(config.optim, rate, step, steps)
        optimizer.step()


@torch.no_grad()
def figures(heads: Heads, clips: LatentClips) -> dict[str, float]:
    """ROC-AUC of A·V and A·L, and V→A recall@5 among clips that sound."""
    rows = {name: found.numpy() for name, found in heads(clips.features).items()}
    found: dict[str, float] = {}
    names: tuple[tuple[str, Modality], ...] = (("av", "video"), ("al", "text"))
    for name, other in names:
        score = (rows["audio"] * rows[other]).sum(axis=1)
        area = discovery(score, clips.labels, bootstrap=0).roc_auc
        assert area is not None
        found[f"{name}_roc_auc"] = area
    keys = [
        (str(group), "") if label and group >= 0 else None
        for group, label in zip(clips.groups.tolist(), clips.labels, strict=True)
    ]
    for direction in retrieval_of({str(k): v for k, v in rows.items()}, keys).directions:
        found[f"{direction.name}_recall_at_5"] = direction.any_hit[5]
    return found
