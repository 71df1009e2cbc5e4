"""One cell of a table: trained where it is not trained yet, then scored. Runs in its own process."""

import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from mc3core.config import EncodersConfig
from mc3core.data.cache import ClipCache
from mc3core.data.clips import Clip, Split
from mc3core.data.dataset import ClipDataset
from mc3core.data.tokenizer import Tokenizer
from mc3core.embeddings import Embeddings, load_embeddings, save_embeddings
from mc3core.errors import RunError
from mc3core.progress import ProgressCallback, silent
from mc3core.reproduce.figures import figures
from mc3core.reproduce.plan import ALIGN, BY_KEY, FULL, Budget, Cell, cell_config
from mc3core.reproduce.worlds import clips_of, make_world, segment_of, truth, world_dir
from mc3core.training.checkpoint import begin_from
from mc3core.training.run_dir import RunDir

ALIGN_TEMPERATURE = 0.2


def align_cell(cell: Cell) -> Cell:
    """The align stage that a cell begins with."""
    return Cell(ALIGN.key, cell.seed, ALIGN_TEMPERATURE, None, "val", cell.variant, cell.longer)


def run_of(workspace: Path, cell: Cell) -> RunDir:
    return RunDir(workspace / "runs" / f"{cell.variant}-{cell.seed}" / cell.training)


def is_trained(workspace: Path, cell: Cell, budget: Budget) -> bool:
    run = run_of(workspace, cell)
    stage = "align" if cell.row == ALIGN.key else cell_config(cell, budget).stages[-1].name
    return run.config_path.exists() and stage in run.stages() and (run.path / "trained").exists()


def train_align(workspace: Path, cell: Cell, budget: Budget) -> None:
    """Train the align stage that the rows of a seed share: CMC's, cut after its first stage."""
    from mc3core.training.trainer import fit

    if is_trained(workspace, cell, budget):
        return
    config = cell_config(cell, budget)
    alone = replace_stages(config)
    fit_or_fail(fit, alone, workspace, cell, budget)


def train_cell(workspace: Path, cell: Cell, budget: Budget) -> None:
    """Train a cell, from the shared align stage where it has one."""
    from mc3core.training.trainer import fit

    if is_trained(workspace, cell, budget):
        return
    if BY_KEY[cell.row].align:
        begin_from(run_of(workspace, cell), run_of(workspace, align_cell(cell)), "align")
    fit_or_fail(fit, cell_config(cell, budget), workspace, cell, budget)
