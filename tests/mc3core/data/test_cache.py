"""The training cache: what goes in comes out, by id, whatever happens in between."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors import safe_open

from mc3core.data.cache import (
    CacheInfo,
    CacheWriter,
    ClipCache,
    data_fingerprint,
    frame_indices,
)
from mc3core.data.clips import Clip, clip_id_for
from mc3core.data.derived import square
from mc3core.data.ledger import Dropped, Ledger, read_dropped
from mc3core.data.shards import ShardWriter, shard_path
from mc3core.errors import InputError, RunError

INFO = CacheInfo(frames=6, short_side=48)
Entry = tuple[Clip, NDArray[np.uint8], NDArray[np.int16]]


def entry(video: str, number: int, *, pictures: bool = True, sound: bool = True) -> Entry:
    clip = Clip(
        clip_id=clip_id_for(video, str(number), "pass", number, ""),
        video_uid=video,
        annotation_uid=f"{video}-{number}",
        source="test",
        narration="#C C chops",
        time_s=float(number),
        start_s=number - 0.5,
        end_s=number + 1.0,
        split="train",
        verb="chop",
        noun=None,
        modalities=("audio", "video", "text"),
    )
    rng = np.random.default_rng(number)
    ramp = np.linspace(0, 255, 64)[None, :, None] * rng.uniform(0.3, 1, 3)
    frames = np.stack([np.broadcast_to(ramp * (i + 1) / 6, (48, 64, 3)) for i in range(6)])
    pcm = rng.integers(-3000, 3000, 24_000).astype(np.int16)
    return clip, frames.astype(np.uint8)[: 6 * pictures], pcm[: 24_000 * sound]


def filled(folder: Path, *videos: tuple[str, int]) -> list[Entry]:
    writer = CacheWriter(folder, INFO)
    entries = [[entry(video, n) for n in range(count)] for video, count in videos]
    for (video, _), rows in zip(videos, entries, strict=True):
        writer.add_video(video, rows)
    return [row for rows in entries for row in rows]


@given(st.integers(1, 64), st.integers(1, 64))
def test_smaller_counts_are_the_centres_of_equal_parts(stored: int, count: int) -> None:
    chosen = frame_indices(stored, count)
    assert chosen == [int((i + 0.5) * stored / count) for i in range(count)]
    assert chosen == sorted(chosen)
    assert all(0 <= i < stored for i in chosen)


def test_the_whole_set_is_itself_and_none_is_none() -> None:
    assert frame_indices(16, 16) == list(range(16))
    assert frame_indices(16, 4) == [2, 6, 10, 14]
    assert frame_indices(0, 4) == []


def test_frames_and_sound_come_back(tmp_path: Path) -> None:
    entries = filled(tmp_path, ("a", 3), ("b", 2))
    cache = ClipCache.open(tmp_path)
    assert cache.clips == [clip for clip, _, _ in entries]
    assert cache.info == INFO
    for clip, frames, pcm in reversed(entries):
        back = cache.frames(clip, 6)
        assert back.shape == frames.shape
        assert np.abs(back.astype(int) - frames).mean() < 2.0
        assert np.array_equal(cache.audio(clip), pcm)
        assert np.array_equal(cache.frames(clip, 2), back[[1, 4]])


def test_an_absent_modality_is_empty(tmp_path: Path) -> None:
    writer = CacheWriter(tmp_path, INFO)
    mute, blind = entry("v", 1, sound=False), entry("v", 2, pictures=False)
    writer.add_video("v", [mute, blind])
    writer.add_video("w", [entry("w", 3, pictures=False, sound=False)])
    cache = ClipCache.open(tmp_path)
    assert cache.audio(mute[0]).shape == (0,)
    assert cache.frames(mute[0]).shape == (16, 48, 64, 3)
    assert cache.frames(blind[0]).shape == (0, 48, 48, 3)
    assert cache.audio(blind[0]).shape == (24_000,)
    assert cache.derived(side=24, count=4).frames(blind[0].clip_id).shape == (0, 24, 24, 3)


def test_a_video_may_gain_clips_later(tmp_path: Path) -> None:
    first = filled(tmp_path, ("v", 2))
    old = ClipCache.open(tmp_path)
    old.audio(first[0][0])
    later = entry("v", 7)
    CacheWriter(tmp_path, INFO).add_video("v", [later])
    cache = ClipCache.open(tmp_path)
    assert len(cache.clips) == 3
    for clip, _, pcm in [*first, later]:
        assert np.array_equal(cache.audio(clip), pcm)
        assert np.array_equal(old.audio(clip), pcm)


def test_derived_frames_are_made_once_and_extended(tmp_path: Path) -> None:
    entries = filled(tmp_path, ("a", 2))
    cache = ClipCache.open(tmp_path)
    small = cache.derived(side=24, count=3)
    clip = entries[0][0]
    assert np.array_equal(small.frames(clip.clip_id), square(cache.frames(clip, 3), 24))
    data = tmp_path / "derived" / "24x3" / "frames.u8"
    with data.open("ab") as file:
        file.write(b"half a row of a run that was killed")
    later = entry("b", 9)
    CacheWriter(tmp_path, INFO).add_video("b", [later])
    grown = ClipCache.open(tmp_path)
    more = grown.derived(side=24, count=3)
    assert np.array_equal(more.frames(clip.clip_id), small.frames(clip.clip_id))
    assert np.array_equal(more.frames(later[0].clip_id), square(grown.frames(later[0], 3), 24))
    assert data.stat().st_size == 3 * 3 * 24 * 24 * 3


def test_a_cache_of_training_size_derives_to_itself(tmp_path: Path) -> None:
    writer = CacheWriter(tmp_path, CacheInfo(frames=6, short_side=64))
    clip, _, pcm = entry("v", 1)
    frames = np.full((6, 64, 64, 3), 77, np.uint8)
    writer.add_video("v", [(clip, frames, pcm)])
    cache = ClipCache.open(tmp_path)
    small = cache.derived(side=64, count=6).frames(clip.clip_id)
    assert np.array_equal(small, cache.frames(clip, 6))


def test_square_takes_the_middle_by_area() -> None:
    frame = np.zeros((1, 4, 8, 3), np.uint8)
    frame[:, :, 2:4] = 100
    frame[:, :, 4:6] = 200
    assert square(frame, 2)[0, :, :, 0].tolist() == [[100, 200], [100, 200]]


def test_hostile_names_stay_in_the_folder(tmp_path: Path) -> None:
    names = ["../../escape", "/etc/passwd", "a" * 5000, "né\u202e", "with\0nul", "", "."]
    cache_dir = tmp_path / "cache"
    filled(cache_dir, *((name, 1) for name in names))
    assert len(list((cache_dir / "shards").iterdir())) == len(names)
    assert [p.name for p in tmp_path.iterdir()] == ["cache"]
    cache = ClipCache.open(cache_dir)
    assert [cache.audio(clip).size for clip in cache.clips] == [24_000] * len(names)


def test_any_reader_of_safetensors_opens_a_shard(tmp_path: Path) -> None:
    filled(tmp_path, ("v", 3))
    with safe_open(shard_path(tmp_path, "v"), framework="np") as shard:
        assert set(shard.keys()) == {"jpeg", "jpeg_offsets", "clip_frames", "pcm", "clip_samples"}
        assert shard.get_tensor("pcm").shape == (72_000,)
        assert shard.get_tensor("clip_frames").tolist() == [0, 6, 12, 18]


def test_a_failed_writer_leaves_the_old_shard(tmp_path: Path) -> None:
    entries = filled(tmp_path, ("v", 1))
    before = shard_path(tmp_path, "v").read_bytes()
    with pytest.raises(ZeroDivisionError), ShardWriter(shard_path(tmp_path, "v")) as shard:
        shard.add("new", [], np.zeros(5, np.int16))
        raise ZeroDivisionError
    assert shard_path(tmp_path, "v").read_bytes() == before
    assert len(list((tmp_path / "shards").iterdir())) == 1
    assert ClipCache.open(tmp_path).audio(entries[0][0]).size


def test_same_clips_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        filled(tmp_path / name, ("v", 2))
    one, two = (sorted((tmp_path / n).rglob("*.*")) for n in ("one", "two"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_other_settings_are_refused_with_what_differs(tmp_path: Path) -> None:
    filled(tmp_path, ("v", 1))
    with pytest.raises(InputError, match="frames is 6, not 16"):
        CacheWriter(tmp_path, replace(INFO, frames=16))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"format": 99}', "newer version"),
        ("{", "damaged"),
        ("[]", "damaged"),
        ('{"format": 1}', "no frames"),
    ],
)
def test_a_cache_that_cannot_be_read_says_what_to_do(
    content: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "cache.json").write_text(content)
    with pytest.raises(InputError, match=message):
        ClipCache.open(tmp_path)


def test_no_cache_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sounding ingest"):
        ClipCache.open(tmp_path)


def test_a_line_cut_short_by_a_kill_is_left_out_and_mended(tmp_path: Path) -> None:
    entries = filled(tmp_path, ("v", 2))
    manifest = tmp_path / "manifest.jsonl"
    with manifest.open("a") as file:
        file.write('{"clip_id": "half')
    assert len(ClipCache.open(tmp_path).clips) == 2
    CacheWriter(tmp_path, INFO).add_video("w", [entry("w", 1)])
    assert len(ClipCache.open(tmp_path).clips) == 3
    assert all(json.loads(line) for line in manifest.read_text().splitlines())
    assert ClipCache.open(tmp_path).audio(entries[1][0]).size


def test_a_damaged_shard_is_named(tmp_path: Path) -> None:
    clip = filled(tmp_path, ("v", 1))[0][0]
    shard_path(tmp_path, "v").write_bytes(b"garbage")
    with pytest.raises(RunError, match=r"safetensors cannot be read"):
        ClipCache.open(tmp_path).frames(clip)


def test_a_cache_travels_to_another_process(tmp_path: Path) -> None:
    clip, _, pcm = filled(tmp_path, ("v", 1))[0]
    cache = ClipCache.open(tmp_path)
    cache.audio(clip)
    assert np.array_equal(pickle.loads(pickle.dumps(cache)).audio(clip), pcm)  # noqa: S301


def test_the_fingerprint_tells_data_apart_and_ignores_order() -> None:
    clips = [entry("v", n)[0] for n in range(4)]
    assert data_fingerprint(clips) == data_fingerprint(reversed(clips))
    assert data_fingerprint(clips) != data_fingerprint(clips[1:])
    moved = [replace(clips[0], split="test"), *clips[1:]]
    assert data_fingerprint(clips) != data_fingerprint(moved)


@pytest.mark.parametrize("name", ["manifest.jsonl", "dropped.jsonl", "videos.jsonl"])
def test_a_damaged_list_is_named_with_its_line_and_the_way_out(tmp_path: Path, name: str) -> None:
    filled(tmp_path, ("a", 2))
    with (tmp_path / name).open("a") as file:
        file.write("{}\n\0junk\n")
    with pytest.raises(InputError, match=rf"{name} is damaged in line \d.*ingest again"):
        CacheWriter(tmp_path, INFO)
        Ledger(tmp_path)


def test_a_row_follows_a_row_that_a_kill_cut_short(tmp_path: Path) -> None:
    row = Dropped("a", "n1", "no video file", "#C C cuts", 1.0, "c1")
    Ledger(tmp_path).add([row, replace(row, clip_id="c2")])
    whole = (tmp_path / "dropped.jsonl").read_bytes()
    (tmp_path / "dropped.jsonl").write_bytes(whole[:-9])
    assert Ledger(tmp_path).add([replace(row, clip_id="c3")])
    assert [found.clip_id for found in read_dropped(tmp_path)] == ["c1", "c3"]


@pytest.mark.parametrize("name", ["rows.json", "frames.u8"])
def test_damaged_training_frames_are_made_again(tmp_path: Path, name: str) -> None:
    filled(tmp_path, ("a", 3))
    cache = ClipCache.open(tmp_path)
    before = cache.derived(side=8, count=2)
    kept = [before.frames(clip.clip_id).copy() for clip in cache.clips]
    file = tmp_path / "derived" / "8x2" / name
    file.write_bytes(file.read_bytes()[:10])
    after = ClipCache.open(tmp_path).derived(side=8, count=2)
    for clip, frames in zip(cache.clips, kept, strict=True):
        np.testing.assert_array_equal(after.frames(clip.clip_id), frames)
