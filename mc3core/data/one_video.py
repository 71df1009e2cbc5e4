"""Cuts all clips of one video in one pass: frames and sound for training, a clip and poster for
people. Runs in a process of its own; whatever is wrong with a file ends as a reason."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from mc3core.data.clips import Modality
from mc3core.data.cutting import write_clip, write_poster
from mc3core.data.darkroom import Darkroom, Still, playable_frames
from mc3core.data.ledger import VideoInfo
from mc3core.data.media import MediaError, MediaFacts, probe
from mc3core.data.pictures import Broken, Shot, read_pictures
from mc3core.data.shards import ShardWriter, shard_path
from mc3core.data.sound import Sound, read_sound
from mc3core.data.spectrogram import spectrogram_picture
from mc3core.data.windows import EPSILON_S, Window, part_centres, place_window


@dataclass(frozen=True, slots=True)
class VideoTask:
    """One video and the narrations (clip id, time in s) to cut from it."""

    video_uid: str
    path: Path
    wanted: tuple[tuple[str, float], ...]
    cache_dir: Path
    media_dir: Path
    before_s: float
    after_s: float
    frames: int
    short_side: int
    sample_rate_hz: int


@dataclass(frozen=True, slots=True)
class CutClip:
    """What was cut for one narration."""

    clip_id: str
    start_s: float
    end_s: float
    modalities: tuple[Modality, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VideoResult:
    """Clips cut, and reasons by clip id for those that were not."""

    video_uid: str
    info: VideoInfo | None
    cut: tuple[CutClip, ...] = ()
    refused: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class _Job:
    clip_id: str
    window: Window
    clamped: bool


def cut_video(task: VideoTask) -> Iterator[CutClip | VideoResult]:
    """Cut a video's clips, each yielded as it is done; the `VideoResult` comes last."""
    try:
        facts = probe(task.path)
        stat = task.path.stat()
    except (MediaError, OSError) as error:
        reason = f"unreadable video: {error}"
        yield VideoResult(task.video_uid, None, refused={i: reason for i, _ in task.wanted})
        return
    info = VideoInfo(
        video_uid=task.video_uid,
        file=task.path.name,
        duration_s=round(facts.end_s, 3),
        fps=round(facts.fps, 3),
        width=facts.width,
        height=facts.height,
        has_audio=facts.sound is not None,
        file_bytes=stat.st_size,
        modified_ns=stat.st_mtime_ns,
    )
    jobs, refused = _place(task, facts)
    cut: list[CutClip] = []
    with ShardWriter(shard_path(task.cache_dir, task.video_uid)) as shard:
        for plain in (False, True):
            again: list[_Job] = []
            for job, reel, sound in _read(task, facts, jobs, plain=plain):
                if isinstance(reel, Broken) and reel.at_odds and not plain:
                    again.append(job)
                elif isinstance(broken := reel if isinstance(reel, Broken) else sound, Broken):
                    refused[job.clip_id] = f"unreadable video: {broken.reason}"
                elif not reel and sound is None:
                    refused[job.clip_id] = "unreadable video: neither pictures nor sound here"
                else:
                    cut.append(_cut_one(task, shard, job, reel, cast("Sound | None", sound)))
                    yield cut[-1]
            jobs = again
            if not jobs:
                break
    yield VideoResult(task.video_uid, info, tuple(cut), refused)


def _place(task: VideoTask, facts: MediaFacts) -> tuple[list[_Job], dict[str, str]]:
    jobs: list[_Job] = []
    refused: dict[str, str] = {}
    for clip_id, time_s in task.wanted:
        window = place_window(time_s, facts.end_s, task.before_s, task.after_s)
        if isinstance(window, str):
            refused[clip_id] = window
        else:
            whole_s = task.before_s + task.after_s
            clamped = window.end_s - window.start_s < whole_s - EPSILON_S
            jobs.append(_Job(clip_id, window, clamped))
    return sorted(jobs, key=lambda job: (job.window.start_s, job.window.end_s)), refused


def _read(
    task: VideoTask, facts: MediaFacts, jobs: Sequence[_Job], *, plain: bool
) -> Iterable[tuple[_Job, list[Shot[Still]] | Broken, Sound | Broken | None]]:
    windows = [job.window for job in jobs]
    reels: Iterable[list[Shot[Still]] | Broken] = repeat([])
    if facts.pictures is not None:
        develop = Darkroom(windows, task.frames, task.short_side)
        reels = read_pictures(task.path, facts, windows, develop, plain=plain)
    return zip(jobs, reels, read_sound(task.path, facts, windows), strict=False)


def _cut_one(
    task: VideoTask, shard: ShardWriter, job: _Job, reel: object, sound: Sound | None
) -> CutClip:
    shots = cast("list[Shot[Still]]", reel)
    window = job.window
    seconds = window.end_s - window.start_s
    times = [shot.time_s for shot in shots]
    targets = part_centres(window, task.frames) if shots else []
    chosen = [shots[max(0, bisect_right(times, t) - 1)] for t in targets]
    jpegs = [shot.picture.jpeg for shot in chosen]
    assert all(jpegs), "a training frame was not developed"
    heard = sound is not None and not sound.is_silent
    pcm = sound.pcm(task.sample_rate_hz) if sound is not None else np.empty(0, np.int16)
    shard.add(job.clip_id, [jpeg for jpeg in jpegs if jpeg is not None], pcm if heard else pcm[:0])
    write_clip(
        task.media_dir / f"{job.clip_id}.mp4", playable_frames(shots, window), sound, seconds
    )
    if shots:
        middle = shots[max(0, bisect_right(times, window.start_s + seconds / 2) - 1)]
        poster = cast("NDArray[np.uint8]", middle.picture.playable.to_ndarray(format="rgb24"))
    else:
        poster = spectrogram_picture(pcm, task.sample_rate_hz)
    write_poster(task.media_dir / f"{job.clip_id}.jpg", poster)
    flags = [
        name
        for name, applies in (
            ("no_video", not shots),
            ("no_audio", sound is None),
            ("silent_audio", sound is not None and not heard),
            ("clamped", job.clamped),
        )
        if applies
    ]
    modalities: list[Modality] = ["text"]
    if shots:
        modalities.insert(0, "video")
    if heard:
        modalities.insert(0, "audio")
    return CutClip(job.clip_id, window.start_s, window.end_s, tuple(modalities), tuple(flags))
