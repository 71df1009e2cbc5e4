"""A whole world on disk: records first, then the videos, each as soon as it is rendered."""

from collections.abc import Generator
from functools import partial
from pathlib import Path

from mc3core.errors import InputError, RunError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.world.law import DEFAULT, Law
from mc3core.world.plan import Video, World
from mc3core.world.pool import in_order
from mc3core.world.stem_files import write_stems
from mc3core.world.timeline import timeline
from mc3core.world.truth import write_records
from mc3core.world.video_file import write_video

PEOPLE_SIDE = 320
PEOPLE_FPS = 15


def write_world(
    out: Path, clips: int, seed: int, *, side: int = PEOPLE_SIDE, fps: int = PEOPLE_FPS,
    workers: int | None = None, progress: ProgressCallback = silent, law: Law = DEFAULT,
    stems: bool = False,
) -> World:  # fmt: skip
    """Write `videos/<video_uid>.mp4`, `narration.json`, `truth.csv` and `world.json` under `out`,
    with `stems` also `stems/<video_uid>/<stem>.wav`.

    What is already there stays, so that a stopped run goes on where it was.
    """
    for _ in iter_videos(
        out, clips, seed, side=side, fps=fps, workers=workers, progress=progress,
        law=law, stems=stems,
    ):  # fmt: skip
        pass
    return timeline(seed, clips, law)


def iter_videos(
    out: Path, clips: int, seed: int, *, side: int = PEOPLE_SIDE, fps: int = PEOPLE_FPS,
    workers: int | None = None, progress: ProgressCallback = silent, law: Law = DEFAULT,
    stems: bool = False,
) -> Generator[tuple[str, Path], None, None]:  # fmt: skip
    """Write a world and yield (video_uid, path) in order, while later videos are still rendering.

    The records are complete before the first video is yielded.
    """
    if side < 32 or side % 2 or not 1 <= fps <= 60:
        raise InputError(
            f"A video has an even side of at least 32 pixels and 1 to 60 frames a second, "
            f"not {side} and {fps}."
        )
    world = timeline(seed, clips, law)
    try:
        write_records(out, world, side, fps, progress)
        total = len(world.videos)
        progress(Progress("world", 0, total, f"{clips} clips in {total} videos"))
        work = partial(_render, out, side, fps, stems)
        for done, (uid, path) in enumerate(in_order(work, world.videos, workers), 1):
            progress(Progress("world", done, total, path.name))
            yield uid, path
    except OSError as error:
        raise RunError(
            f"Cannot write the world to {out}: {error}. Check the folder and the free space."
        ) from error


def _render(out: Path, side: int, fps: int, stems: bool, video: Video) -> tuple[str, Path]:
    path = out / "videos" / f"{video.uid}.mp4"
    if not path.exists():
        write_video(video, path, side, fps)
    if stems:
        write_stems(video, out / "stems")
    return video.uid, path
