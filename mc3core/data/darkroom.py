"""What is kept of a decoded frame: a small one for people, a JPEG where training wants it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mc3core.data.cutting import playable_size
from mc3core.data.pictures import Shot
from mc3core.data.shards import encode_frames
from mc3core.data.windows import EPSILON_S, Window, part_centres

# A clip whose first picture comes later than this begins with the one already on display.
LATE_FIRST_S = 0.1


@dataclass(frozen=True, slots=True)
class Still:
    """A developed frame: for people, and as JPEG where training wants it."""

    playable: VideoFrame
    jpeg: bytes | None


class Darkroom:
    """Turns decoded frames into what is kept of them, each once however many clips share it."""

    def __init__(self, windows: Sequence[Window], count: int, short_side: int) -> None:
        self._targets = sorted(t for window in windows for t in part_centres(window, count))
        self._short_side = short_side
        self._until_s = float("-inf")

    def __call__(self, frame: VideoFrame, time_s: float, until_s: float) -> Still:
        # From the end of the frame before: a file's first frame also stands for the time before it.
        since = bisect_left(self._targets, min(self._until_s, time_s))
        wanted = since < bisect_left(self._targets, until_s)
        self._until_s = until_s
        upright = _upright(frame)
        width, height = playable_size(upright.width, upright.height)
        playable = upright.reformat(width, height, "yuv420p", interpolation="BILINEAR")
        return Still(playable, self._training_jpeg(upright) if wanted else None)

    def _training_jpeg(self, frame: VideoFrame) -> bytes:
        return encode_frames(training_picture(frame, self._short_side)[None])[0]


def training_picture(frame: VideoFrame, short_side: int) -> NDArray[np.uint8]:
    """RGB (height, width, 3) with its short side at `short_side`, aspect kept."""
    scale = short_side / min(frame.width, frame.height)
    width, height = round(frame.width * scale), round(frame.height * scale)
    picture = frame.to_ndarray(format="rgb24", width=width, height=height, interpolation="BILINEAR")
    return cast("NDArray[np.uint8]", picture)


def _upright(frame: VideoFrame) -> VideoFrame:
    """A frame turned as its file says it should be shown (phones record sideways)."""
    turns = round(frame.rotation / 90) % 4
    if not turns:
        return frame
    picture = cast("NDArray[np.uint8]", frame.to_ndarray(format="rgb24"))
    turned = np.ascontiguousarray(np.rot90(picture, turns))
    return VideoFrame.from_ndarray(turned, format="rgb24")


def playable_frames(shots: Sequence[Shot[Still]], window: Window) -> list[tuple[float, VideoFrame]]:
    """The source frames that begin in the window, at their times from its start; before them the
    one already on display, where otherwise nothing would show for a while."""
    shown: list[tuple[float, VideoFrame]] = []
    for shot in shots:
        at_s = shot.time_s - window.start_s
        if at_s >= -EPSILON_S:
            shown.append((max(0.0, at_s), shot.picture.playable))
    if shots and (not shown or shown[0][0] > LATE_FIRST_S) and shots[0].time_s < window.start_s:
        shown.insert(0, (0.0, shots[0].picture.playable))
    return shown
