"""Clips of a world straight into a training cache: the same pictures and sounds, no video files."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mc3core.data.cache import CacheInfo, CacheWriter, write_shard
from mc3core.data.clips import Clip, Split, clip_id_for, split_for
from mc3core.data.narration import parse_narration
from mc3core.data.windows import Window, part_centres
from mc3core.data.withheld import read_withheld
from mc3core.errors import RunError
from mc3core.progress import Progress, ProgressCallback, silent
from mc3core.world.law import DEFAULT, Law
from mc3core.world.picture import picture
from mc3core.world.plan import AFTER_S, BEFORE_S, Segment, Video
from mc3core.world.pool import in_order
from mc3core.world.sound import mix
from mc3core.world.sound.mix import pcm
from mc3core.world.timeline import timeline

SAMPLE_RATE_HZ = 16_000
SOURCE = "world"
TRAINING_ONLY = "training_only"  # flag: there is no file that a person could play


def write_cache(
    cache_dir: Path, clips: int, seed: int, *, side: int = 64, frames: int = 6,
    split: Split | None = None, split_seed: int = 0, workers: int | None = None,
    progress: ProgressCallback = silent, law: Law = DEFAULT,
) -> list[Clip]:  # fmt: skip
    """Render `clips` windows of a world into `cache_dir` as `frames` pictures of `side` pixels and
    16 kHz sound; equal media for any number of workers.

    Ids, texts, verbs and nouns are those that an ingest of the written world would give. `split`
    puts all clips into one split; without it videos are split by the usual seeded hash. A stopped
    run goes on where it was. Returns every clip of the cache.
    """
    world = timeline(seed, clips, law)
    info = CacheInfo(
        frames=frames, short_side=side, sample_rate_hz=SAMPLE_RATE_HZ,
        before_s=BEFORE_S, after_s=AFTER_S, split_seed=split_seed,
    )  # fmt: skip
    try:
        writer = CacheWriter(cache_dir, info)
        there = {clip.video_uid for clip in writer.clips}
        withheld = read_withheld(cache_dir)
        there |= {video.uid for video in world.videos if withheld.reason(video.uid)}
        todo = [video for video in world.videos if video.uid not in there]
        done = len(world.segments) - sum(len(video.segments) for video in todo)
        work = partial(_cut, cache_dir, side, frames, split, split_seed)
        for fresh in in_order(work, todo, workers):
            writer.append(fresh)
            done += len(fresh)
            progress(Progress("world", done, clips, fresh[0].video_uid))
        return writer.close()
    except OSError as error:
        raise RunError(
            f"Cannot write {cache_dir}: {error}. Check the folder and the free space."
        ) from error


def _cut(
    cache_dir: Path, side: int, frames: int, split: Split | None, split_seed: int, video: Video
) -> list[Clip]:
    rows = [
        (
            _clip(video, segment, split or split_for(video.uid, split_seed)),
            *window_media(video, segment, side, frames),
        )
        for segment in video.segments
    ]
    write_shard(cache_dir, video.uid, rows)
    return [clip for clip, _, _ in rows]


def window_media(
    video: Video, segment: Segment, side: int, frames: int
) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    """Pictures (frames, side, side, 3) at the centres of equal parts of a narration's window, and
    its sound (samples,) at 16 kHz."""
    start_s, end_s = segment.window_s
    centres: Sequence[float] = part_centres(Window(start_s, end_s), frames)
    pictures = np.stack([picture(video, t_s, side) for t_s in centres])
    return pictures, pcm(mix(video, start_s, end_s, SAMPLE_RATE_HZ))


def _clip(video: Video, segment: Segment, split: Split) -> Clip:
    parsed = parse_narration(segment.narration)
    start_s, end_s = segment.window_s
    return Clip(
        clip_id=clip_id_for(
            video.uid, segment.annotation_uid, "narration_pass_1", segment.time_s, segment.narration
        ),
        video_uid=video.uid,
        annotation_uid=segment.annotation_uid,
        source=SOURCE,
        narration=segment.narration,
        time_s=segment.time_s,
        start_s=start_s,
        end_s=end_s,
        split=split,
        verb=parsed.verb,
        noun=parsed.noun,
        modalities=("audio", "video", "text"),
        flags=(*parsed.flags, TRAINING_ONLY),
    )
