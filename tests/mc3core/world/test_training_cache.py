"""A world straight into the training cache: the clips of its files, for any number of workers."""

import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mc3core.data.cache import ClipCache
from mc3core.data.ego4d import read_ego4d
from mc3core.data.ingest import IngestOptions, ingest
from mc3core.world.timeline import timeline
from mc3core.world.training_cache import TRAINING_ONLY, window_media, write_cache
from mc3core.world.vocabulary import VERBS
from mc3core.world.writer import write_world

CLIPS, SEED = 30, 5


def digest(folder: Path) -> str:
    parts = [p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()]
    return hashlib.blake2b(b"".join(parts)).hexdigest()


def test_media_are_equal_for_one_and_two_workers_and_a_second_run_adds_nothing(
    tmp_path: Path,
) -> None:
    one = write_cache(tmp_path / "one", CLIPS, SEED, workers=1)
    two = write_cache(tmp_path / "two", CLIPS, SEED, workers=2)
    assert one == two
    made = digest(tmp_path / "one")
    assert digest(tmp_path / "two") == made
    assert write_cache(tmp_path / "one", CLIPS, SEED, workers=1) == one
    assert digest(tmp_path / "one") == made


def test_a_cached_clip_is_its_window(tmp_path: Path) -> None:
    clips = write_cache(tmp_path, CLIPS, SEED, workers=1, split="train")
    world = timeline(SEED, CLIPS)
    planned = {s.annotation_uid: (v, s) for v in world.videos for s in v.segments}
    cache = ClipCache.open(tmp_path)
    assert len(clips) == CLIPS
    for clip in clips[::7]:
        video, segment = planned[clip.annotation_uid]
        pictures, sound = window_media(video, segment, 64, 6)
        assert np.array_equal(cache.audio(clip), sound)
        assert len(sound) == 24_000
        stored = cache.frames(clip, 6).astype(int)
        assert stored.shape == (6, 64, 64, 3)
        assert np.abs(stored - pictures).mean() < 6  # JPEG
        assert (clip.source, clip.split) == ("world", "train")
        assert clip.modalities == ("audio", "video", "text")


def test_verbs_come_from_the_text_as_an_ingest_would_read_them(tmp_path: Path) -> None:
    clips = write_cache(tmp_path, CLIPS, SEED, workers=1)
    truth = {s.annotation_uid: s for s in timeline(SEED, CLIPS).segments}
    clear = [(c, truth[c.annotation_uid]) for c in clips if not truth[c.annotation_uid].vague]
    assert all(clip.verb for clip, _ in clear)
    same = [clip.verb == segment.verb for clip, segment in clear if segment.verb in VERBS]
    assert sum(same) > 0.3 * len(same)  # the others are synonyms


def test_an_ingest_of_the_written_world_gives_the_same_clips(tmp_path: Path) -> None:
    write_world(tmp_path / "world", 6, SEED, side=64, fps=30, workers=1)
    options = IngestOptions(frames=6, short_side=64, source="world", workers=1)
    report = ingest(
        read_ego4d(tmp_path / "world" / "narration.json"),
        tmp_path / "world" / "videos",
        tmp_path / "cache",
        tmp_path / "media",
        options,
    )
    direct = write_cache(tmp_path / "direct", 6, SEED, workers=1)
    assert not report.dropped
    assert [replace(clip, flags=(*clip.flags, TRAINING_ONLY)) for clip in report.clips] == direct
    cut, made = ClipCache.open(tmp_path / "cache"), ClipCache.open(tmp_path / "direct")
    for clip, other in pairwise([*direct, direct[0]]):
        a, b = (cache.audio(clip)[400:-400].astype(float) for cache in (cut, made))
        assert np.corrcoef(a, b)[0, 1] > 0.92  # AAC leaves noise out
        assert abs(10 * np.log10((a @ a) / (b @ b))) < 0.6  # and as loud
        assert _lag(a, b) == 0
        shown, due = cut.frames(clip, 6).astype(int), made.frames(clip, 6)
        # H.264 takes sensor noise and half the colour; the nearest of 30 frames a second is shown.
        loss = np.abs(shown - due).mean(axis=(1, 2, 3))
        assert loss.max() < 18
        assert loss.mean() < 11
        assert loss.mean() < 0.4 * np.abs(shown - made.frames(other, 6)).mean()


def _lag(a: NDArray[np.float64], b: NDArray[np.float64]) -> int:
    """By how many samples `a` comes late, of -40 to 40 in steps of 4."""
    return max(range(-40, 41, 4), key=lambda k: float(a[40 + k : len(a) - 40 + k] @ b[40:-40]))
