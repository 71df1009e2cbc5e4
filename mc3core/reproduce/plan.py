"""What is trained for the tables: rows, grid, budget. Frozen here, before anything is tuned.

Every row has the same clips, the same number of steps and, within a seed, the same random weights.
Rows that refine share one align stage a seed; the grid varies their refine stage. Rows without that
stage vary the whole run. On the first seed temperature is tried first, at the preset's own weight,
one step further where the best lies at an edge, then the weight at the best temperature; all are
kept for the other seeds.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from mc3core.config import RunConfig, build_config
from mc3core.world.plan import WORLD_VERSION

TEMPERATURES = (0.2, 0.3, 0.5)
BEYOND = {0.2: 0.1, 0.5: 0.8}  # tried too where the best lies at an edge
PUSH_WEIGHTS = (2.0, 4.0, 8.0)
KEPT_WEIGHTS = (0.3, 1.0)
FIRST_SEED = 0
LONGER = 2  # times the steps, on the first seed, to see whether the order stays


@dataclass(frozen=True, slots=True)
class Budget:
    """Clips of a seed's three worlds, and steps of a row, align and refine together `steps`."""

    train_clips: int = 16_000
    val_clips: int = 1_500
    test_clips: int = 2_500
    align_steps: int = 900
    refine_steps: int = 300
    batch_size: int = 64


FULL = Budget()
QUICK = Budget(train_clips=12_000, val_clips=500, test_clips=2_000)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `weights` are tried beside the preset's own; `needs` is the score that
    its choice is made by, `av` or, where pictures are never looked at, `al`. `align`: it begins
    with the shared align stage. `halves`: each of its two stages takes half of the steps, as in the
    paper, at the first one's rate, since its second stage trains audio from nothing."""

    key: str
    label: str
    method: str
    preset: str
    weights: tuple[float, ...] = ()
    needs: str = "av"
    align: bool = True
    halves: bool = False
    same_as: str | None = None


ROWS: tuple[Row, ...] = (
    Row("cmc", "CMC", "cmc", "batch"),
    Row("mc3-gated_ego", "MC3 gated_ego", "mc3", "gated_ego", PUSH_WEIGHTS),
    Row("imagebind", "ImageBind", "imagebind", "plain", align=False, halves=True),
    Row("mc3-gated", "MC3 gated", "mc3", "gated", PUSH_WEIGHTS),
    Row("mc3-kd", "MC3 kd", "mc3", "kd"),
    Row("mc3-calibrated", "MC3 calibrated", "mc3", "calibrated", (0.5, 1.0)),
    Row("mc3-scaled", "MC3 scaled", "mc3", "scaled", (1.0, 2.0)),
    Row("mc3-paper", "MC3 as published", "mc3", "paper"),
    Row("mc3-matrix", "MC3 matrix", "mc3", "matrix", (0.1, 0.5)),
    Row("egonce", "EgoNCE", "egonce", "plain"),
    Row("robust_xid", "Robust xID", "robust_xid", "plain", (0.3, 0.6)),
    Row("clap", "CLAP", "clap", "plain", needs="al", align=False),
    Row("cm_acc", "CM-ACC", "cm_acc", "active", align=False),
    Row("no_consensus", "w/o consensus", "mc3", "no_consensus", same_as="cmc"),
    Row("no_contrastive", "w/o contrastive", "mc3", "no_contrastive"),
    Row("no_align", "w/o align", "mc3", "no_align", align=False),
    Row("symile", "Symile", "symile", "plain", KEPT_WEIGHTS),
    Row("gram", "GRAM", "gram", "plain", KEPT_WEIGHTS),
    Row("triangle", "TRIANGLE", "triangle", "plain", KEPT_WEIGHTS),
    Row("siglip", "SigLIP", "siglip", "plain"),
    Row("cmc-bank", "CMC, memory bank", "cmc", "bank"),
)
BY_KEY = {row.key: row for row in ROWS}
ALIGN = Row("align", "align alone", "cmc", "batch")
ALIGN_TEMPERATURE = 0.2
QUICK_PEERS = ("cmc", "imagebind")
MC3_ROWS = tuple(row.key for row in ROWS if row.key.startswith("mc3-"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One training of a row: a seed, a variant of the world, a temperature and a weight (None: the
    preset's own). `split` is what it is scored on: `val` in the grid, `test` in the table."""

    row: str
    seed: int
    temperature: float
    weight: float | None
    split: str
    variant: str = "default"
    longer: int = 1

    @property
    def training(self) -> str:
        """A name for what is trained, whatever it is scored on."""
        weight = "" if self.weight is None else f"-w{self.weight:g}"
        longer = "" if self.longer == 1 else f"-x{self.longer}"
        return f"{self.row}-t{self.temperature:g}{weight}{longer}"


def align_of(seed: int, variant: str = "default", longer: int = 1) -> Cell:
    """The align stage that the rows of a seed share."""
    return Cell(ALIGN.key, seed, ALIGN_TEMPERATURE, None, "val", variant, longer)


def cell_config(cell: Cell, budget: Budget) -> RunConfig:
    """The configuration of a cell."""
    row = ALIGN if cell.row == ALIGN.key else BY_KEY[cell.row]
    settings = {
        "seed": str(cell.seed),
        "batch_size": str(budget.batch_size),
        "objective.temperature": str(cell.temperature),
        "runtime.threads": "1",
    }
    if cell.weight is not None:
        settings["objective.weight"] = str(cell.weight)
    first = build_config(row.method, row.preset)
    align, refine = budget.align_steps * cell.longer, budget.refine_steps * cell.longer
    if row.halves:
        align = refine = (align + refine) // 2
        settings["stages.refine.learning_rate"] = str(first.stages[0].learning_rate)
    if len(first.stages) == 1:
        settings[f"stages.{first.stages[0].name}.steps"] = str(align + refine)
    else:
        settings |= {"stages.align.steps": str(align), "stages.refine.steps": str(refine)}
    return build_config(row.method, row.preset, None, settings)


def fingerprint(cell: Cell, budget: Budget) -> str:
    """16 hex digits of everything a cell's figures depend on, but the code itself."""
    config = asdict(cell_config(cell, budget))
    del config["runtime"]
    stated = [asdict(cell), config, asdict(budget), WORLD_VERSION]
    return hashlib.blake2b(json.dumps(stated, sort_keys=True).encode(), digest_size=8).hexdigest()
