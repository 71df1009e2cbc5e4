"""When a stage has nothing more to gain: its V-L loss is flat."""

from mc3core.config import StageConfig
from mc3core.training.run_dir import RunDir

WINDOW = 100  # logged steps
LOSS = "v_l"


class Flatness:
    """The rule of `StageConfig.flat`, read off the run's own metrics, so that a resumed run stops
    where an uninterrupted one does."""

    def __init__(self, stage: StageConfig, run_dir: RunDir) -> None:
        self._stage, self._run_dir = stage, run_dir

    def reached(self, steps: int) -> bool:
        """Whether the stage may end after so many steps; asked once a window."""
        if not self._stage.flat or steps % WINDOW:
            return False
        losses = [
            row[LOSS]
            for row in self._run_dir.metrics()
            if row["stage"] == self._stage.name and row["kind"] == "train" and LOSS in row
        ]
        return is_flat(losses, self._stage.flat)


def is_flat(losses: list[float], tolerance: float) -> bool:
    """Whether the mean of the last hundred losses is less than the share `tolerance` below the mean
    of the hundred before."""
    if len(losses) < 2 * WINDOW:
        return False
    before = sum(losses[-2 * WINDOW : -WINDOW]) / WINDOW
    return sum(losses[-WINDOW:]) / WINDOW > (1 - tolerance) * before
