"""How far a person is, for a page that asks after every few clips."""

import threading
import time

from sqlalchemy.orm import Session

from db.labelling import answered_by, clips_left
from db.records import PersonProgress

# What is left is counted over all open clips: for each second that takes, this many pass before it
# is counted again. Meanwhile one's own answers are taken off.
PATIENCE = 300.0


class ProgressBook:
    """What is left for each person and batch, as it was counted last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[tuple[int, int | None], tuple[float, int, int]] = {}

    def of(
        self, session: Session, person_id: int, batch_id: int | None, *, nothing: bool = False
    ) -> PersonProgress:
        """Exact in `done`; `nothing` says that no clip was left just now."""
        done = answered_by(session, person_id, batch_id)
        key = (person_id, batch_id)
        with self._lock:
            again_at, then_left, then_done = self._counted.get(key, (0.0, 0, 0))
        left = max(then_left - (done - then_done), 0)
        if nothing or left == 0 or time.monotonic() >= again_at:
            began = time.monotonic()
            left = clips_left(session, person_id, batch_id)
            now = time.monotonic()
            with self._lock:
                self._counted[key] = (now + PATIENCE * (now - began), left, done)
        return PersonProgress(done=done, left=left)
