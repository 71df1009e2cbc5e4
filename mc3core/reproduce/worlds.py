"""The clips of a seed: three worlds of their own, for training, validation and test."""

from functools import cache
from pathlib import Path

from mc3core.data.clips import Split
from mc3core.data.derived import locked
from mc3core.progress import ProgressCallback, silent
from mc3core.reproduce.plan import Budget
from mc3core.world.plan import Segment
from mc3core.world.timeline import timeline
from mc3core.world.training_cache import write_cache
from mc3core.world.variants import law_named

DONE = "complete"


def world_seed(seed: int, split: Split) -> int:
    """Seeds of the three worlds of a seed; no two are the same."""
    return {"train": 1_000_000, "val": 2_000_000, "test": 3_000_000}[split] + seed


def clips_of(budget: Budget) -> dict[Split, int]:
    return {"train": budget.train_clips, "val": budget.val_clips, "test": budget.test_clips}


def world_dir(workspace: Path, seed: int, variant: str) -> Path:
    return workspace / "worlds" / f"{variant}-{seed}"


def make_world(
    workspace: Path, seed: int, variant: str, budget: Budget, progress: ProgressCallback = silent
) -> Path:
    """Render what is missing of a seed's clips into its cache, in this process."""
    folder = world_dir(workspace, seed, variant)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        if (folder / DONE).exists():
            return folder
        for split, count in clips_of(budget).items():
            write_cache(
                folder, count, world_seed(seed, split), law=law_named(variant),
                split=split, workers=1, progress=progress,
            )  # fmt: skip
        (folder / DONE).touch()
    return folder


@cache
def truth(seed: int, variant: str, split: Split, clips: int) -> dict[tuple[str, str], Segment]:
    """What is true of every clip of a world, by video and annotation."""
    world = timeline(world_seed(seed, split), clips, law_named(variant))
    return {
        (video.uid, segment.annotation_uid): segment
        for video in world.videos
        for segment in video.segments
    }
