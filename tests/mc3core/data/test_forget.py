"""A video taken out of a training cache: no row, no byte, and the rest as it was."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from mc3core.data.cache import CacheInfo, CacheWriter, ClipCache
from mc3core.data.clips import Clip
from mc3core.data.forget import clip_ids_of, forget_video
from mc3core.data.ledger import Dropped, Ledger, VideoInfo, read_dropped, read_videos
from mc3core.data.shards import shard_path
from mc3core.data.withheld import Withheld, read_withheld, withhold
from mc3core.errors import InputError

SIDE, COUNT = 16, 2


def a_clip(number: int) -> Clip:
    return Clip(
        f"{number:016x}", f"video-{number // 3}", f"a{number}", "test", f"#C C chops {number}",
        float(number), number - 0.5, number + 1.0, "train", "chop", None,
        ("audio", "video", "text"),
    )  # fmt: skip


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Nine clips of three videos, with small frames, features, and a dropped narration each."""
    draw, folder = np.random.default_rng(0), tmp_path / "cache"
    writer, ledger = CacheWriter(folder, CacheInfo(frames=COUNT, short_side=32)), Ledger(folder)
    for video in range(3):
        rows = [
            (
                a_clip(number),
                draw.integers(0, 255, (COUNT, 32, 32, 3)).astype(np.uint8),
                draw.integers(-9999, 9999, 400).astype(np.int16),
            )
            for number in range(3 * video, 3 * video + 3)
        ]
        writer.add_video(f"video-{video}", rows)
        lost = Dropped(f"video-{video}", "d", "no time", f"secret {video}", None, f"d{video:015x}")
        ledger.add([lost], VideoInfo(f"video-{video}", f"{video}.mp4", 9.0, 15.0, 32, 32, True))
    ClipCache.open(folder).derived(side=SIDE, count=COUNT)
    features = folder / "features" / "audio-0123"
    features.mkdir(parents=True)
    for part in range(3):
        numbers = range(part, 9, 3)  # a part holds clips of every video
        save_file(
            {"rows": np.array([[n, n] for n in numbers], np.float16)},
            features / f"{part}.safetensors",
            {"clips": json.dumps([f"{n:016x}" for n in numbers])},
        )
    return folder


def test_it_is_gone_and_the_rest_is_as_it_was(cache: Path) -> None:
    opened = ClipCache.open(cache)
    kept = [clip for clip in opened.clips if clip.video_uid != "video-1"]
    before = {clip.clip_id: opened.frames(clip, COUNT) for clip in kept}
    small = opened.derived(side=SIDE, count=COUNT)
    reader = {clip.clip_id: small.frames(clip.clip_id).copy() for clip in opened.clips}
    found = forget_video(cache, "video-1", [])
    assert (found.manifest, found.shard, found.derived, found.features) == (3, 3, 3, 3)
    after = ClipCache.open(cache)
    assert after.clips == kept
    for clip in kept:
        assert np.array_equal(after.frames(clip, COUNT), before[clip.clip_id])
        assert len(after.audio(clip)) == 400
    now = after.derived(side=SIDE, count=COUNT)
    for clip in kept:
        assert np.array_equal(now.frames(clip.clip_id), reader[clip.clip_id])
    # Who had the old file open, such as a run on other videos, reads on.
    assert all(np.array_equal(small.frames(i), rows) for i, rows in reader.items())
    for path in cache.glob("features/*/*.safetensors"):
        assert len(load_file(path)["rows"]) == 2
    assert [row.narration for row in read_dropped(cache)] == ["secret 0", "", "secret 2"]
    assert {info.video_uid for info in read_videos(cache)} == {"video-0", "video-2"}
    gone = [f"{n:016x}".encode() for n in (3, 4, 5)]
    for path in cache.rglob("*"):
        if path.is_file():
            assert not any(clip_id in path.read_bytes() for clip_id in gone), path


def test_again_finds_nothing_and_writes_nothing(cache: Path) -> None:
    forget_video(cache, "video-1", [])
    files = {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()}
    large = {path: path.stat().st_ino for path in files if path.suffix in (".u8", ".safetensors")}
    found = forget_video(cache, "video-1", [f"{n:016x}" for n in (3, 4, 5)])
    assert (found.manifest, found.shard, found.derived, found.features) == (0, 0, 0, 0)
    assert {path: path.read_bytes() for path in files} == files
    assert {path: path.stat().st_ino for path in large} == large


def test_clips_that_only_the_shard_knows_are_found(cache: Path) -> None:
    manifest = cache / "manifest.jsonl"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if '"video-1"' not in line))
    assert clip_ids_of(cache, "video-1") == {f"{n:016x}" for n in (3, 4, 5)}
    assert forget_video(cache, "video-1", []).derived == 3


@pytest.mark.parametrize("damage", ["shard", "features", "rows.json", "frames.u8", "partials"])
def test_damaged_files_hide_nothing(cache: Path, damage: str) -> None:
    derived = cache / "derived" / f"{SIDE}x{COUNT}"
    match damage:
        case "shard":
            shard_path(cache, "video-1").write_bytes(b"no shard")
        case "features":
            next(cache.glob("features/*/*.safetensors")).write_bytes(b"no part")
        case "rows.json":
            (derived / "rows.json").write_text("{")
        case "frames.u8":
            with (derived / "frames.u8").open("ab") as file:
                file.write(b"half a row of a killed run")
        case _:
            (cache / "manifest.partial").write_text("#C C secret")
            shard = shard_path(cache, "video-1")
            shard.with_name(f"{shard.stem}.77.partial").write_bytes(b"pictures")
    ids = [f"{n:016x}" for n in (3, 4, 5)]
    forget_video(cache, "video-1", ids)
    opened = ClipCache.open(cache)
    assert len(opened.clips) == 6
    assert not list(cache.rglob("*.partial"))
    small = opened.derived(side=SIDE, count=COUNT)
    size = (derived / "frames.u8").stat().st_size
    assert size == 6 * COUNT * SIDE * SIDE * 3
    assert all(clip.clip_id in small for clip in opened.clips)


def test_an_unknown_video_and_no_cache_at_all(cache: Path, tmp_path: Path) -> None:
    before = (cache / "manifest.jsonl").read_bytes()
    forget_video(cache, "../../etc/passwd", ["../x"])
    assert (cache / "manifest.jsonl").read_bytes() == before
    assert forget_video(tmp_path / "none", "video-1", []).manifest == 0


def test_another_spelling_does_not_bring_a_video_back(tmp_path: Path) -> None:
    withhold(tmp_path, {"caf\u00e9": "withdrawn on 2026-01-02"})
    withheld = read_withheld(tmp_path)
    for said, path in (
        ("caf\u00e9", None),
        ("cafe\u0301", None),
        ("caf\u00e9.mp4", Path("videos/cafe\u0301.mp4")),
        ("other", Path("videos/caf\u00e9.mkv")),
    ):
        assert withheld.reason(said, path) == "withdrawn on 2026-01-02"
    assert withheld.reason("cafe", Path("cafe.mp4")) is None
    assert read_withheld(tmp_path / "none") == Withheld({})


def test_a_damaged_list_lets_nothing_through(tmp_path: Path) -> None:
    (tmp_path / "withheld.json").write_text("{")
    with pytest.raises(InputError, match=r"withheld\.json"):
        read_withheld(tmp_path)
