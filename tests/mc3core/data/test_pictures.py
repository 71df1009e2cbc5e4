"""Pictures of windows, against a decode of the whole file that skips and seeks nothing."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mc3core.data.media import MediaError, MediaFacts, probe
from mc3core.data.pictures import Broken, Shot, read_pictures
from mc3core.data.windows import Window, place_window

Picture = NDArray[np.uint8]
Reels = list[list[Shot[Picture]] | Broken]

KINDS = {
    "usual.mp4": {},
    "no-b-frames.mp4": {"b_frames": 0},
    "one-group.mp4": {"gop": 1000},
    "open-groups.mp4": {"gop": 12, "options": (("x264-params", "open-gop=1"),)},
    "pyramid.mov": {"b_frames": 7, "options": (("x264-params", "b-pyramid=strict:ref=4"),)},
    "usual.mkv": {},
    "open-groups.mkv": {"gop": 12, "options": (("x264-params", "open-gop=1"),)},
    "starts-late.ts": {},
    "refreshed-by-columns.mp4": {"options": (("x264-params", "intra-refresh=1"),)},
    "mpeg4.avi": {"codec": "mpeg4", "audio_codec": "mp3"},
    "vp8.webm": {"codec": "libvpx", "audio_codec": "libopus"},
}


def rgb(frame: av.VideoFrame) -> Picture:
    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def same(shot: Shot[Picture], reference: Any, time_s: float | None = None) -> bool:
    """Whether a shot is, bit by bit, what the plain decode shows when it begins (or at a time)."""
    at_s = shot.time_s + 1e-5 if time_s is None else time_s
    return np.array_equal(shot.picture, rgb(reference.shown_at(at_s)))


def windows_of(facts: MediaFacts, seed: int, count: int) -> list[Window]:
    rng = random.Random(seed)
    times = sorted(rng.uniform(0, facts.end_s) for _ in range(count))
    placed = [place_window(t, facts.end_s, 0.5, 1.0) for t in times]
    return [window for window in placed if isinstance(window, Window)]


def read(path: Path, windows: list[Window]) -> Reels:
    """As ingest reads: planned, and plainly where times were at odds."""
    facts = probe(path)
    reels: Reels = list(read_pictures(path, facts, windows, lambda f, _a, _b: rgb(f)))
    for at, reel in enumerate(reels):
        if isinstance(reel, Broken) and reel.at_odds:
            reels[at] = next(
                read_pictures(path, facts, [windows[at]], lambda f, _a, _b: rgb(f), plain=True)
            )
    return reels


@pytest.mark.parametrize("name", KINDS)
def test_every_frame_of_a_window_is_there_and_equal_bit_by_bit(
    name: str, video: Callable[..., Path], plainly: Callable[[Path], Any]
) -> None:
    path = video(name, seconds=8, **KINDS[name])
    reference = plainly(path)
    windows = windows_of(probe(path), seed=len(name), count=5)
    for window, reel in zip(windows, read(path, windows), strict=True):
        assert not isinstance(reel, Broken), reel
        begun = [shot for shot in reel if shot.time_s >= window.start_s - 1e-4]
        expected = reference.within(window.start_s, window.end_s)
        assert [shot.time_s for shot in begun] == pytest.approx(expected, abs=1e-4)
        for shot in reel:
            assert same(shot, reference)


def test_times_that_go_back_are_put_in_order(video: Callable[..., Path]) -> None:
    # AVI has no presentation times: with B frames what a reader states for them is a guess.
    path = video("guessed.avi", seconds=4, audio_codec="mp3")
    (reel,) = read(path, [Window(1.0, 2.5)])
    assert not isinstance(reel, Broken)
    times = [shot.time_s for shot in reel]
    assert times == sorted(set(times))
    assert len(times) in range(44, 48)


def test_far_apart_windows_decode_a_part_of_the_file(video: Callable[..., Path]) -> None:
    path = video("long.mp4", seconds=20, sound=None)
    facts = probe(path)
    developed: list[float] = []
    list(
        read_pictures(
            path,
            facts,
            [Window(1.0, 2.5), Window(15.2, 16.7)],
            lambda _f, time_s, _u: developed.append(time_s),
        )
    )
    assert len(developed) in range(90, 93)


def test_uneven_frame_times_keep_their_own_times(
    video: Callable[..., Path], plainly: Callable[[Path], Any]
) -> None:
    steps = [0.02, 0.033, 0.1, 0.4, 1.7] * 5
    times = tuple(np.cumsum([0.0, *steps]).round(4).tolist())
    path = video("uneven.mp4", seconds=11, times=times)
    reference = plainly(path)
    windows = [Window(1.0, 2.5), Window(2.0, 3.5), Window(6.0, 7.5)]
    for window, reel in zip(windows, read(path, windows), strict=True):
        assert not isinstance(reel, Broken)
        assert reel[0].time_s <= window.start_s or reel[0].time_s == 0
        for probe_s in np.linspace(window.start_s, window.end_s, 20, endpoint=False):
            shown = [shot for shot in reel if shot.time_s <= probe_s][-1]
            assert same(shown, reference, float(probe_s))


def test_a_window_alone_is_the_window_among_others(video: Callable[..., Path]) -> None:
    path = video(seconds=8)
    crowd = [Window(s, s + 1.5) for s in (0.0, 0.7, 0.9, 3.3, 5.1, 5.2)]
    for window, reel in zip(crowd, read(path, crowd), strict=True):
        (alone,) = read(path, [window])
        assert not isinstance(reel, Broken)
        assert not isinstance(alone, Broken)
        assert [s.time_s for s in reel] == [s.time_s for s in alone]
        equal = [np.array_equal(a.picture, b.picture) for a, b in zip(reel, alone, strict=True)]
        assert all(equal)


@pytest.mark.parametrize("name", ["cut.mkv", "cut.mp4"])
def test_a_truncated_file_keeps_what_decodes_and_names_the_break(
    name: str, video: Callable[..., Path], tmp_path: Path
) -> None:
    whole = video(f"whole{Path(name).suffix}", seconds=8, sound=None, index_first=True)
    path = tmp_path / name
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    windows = [Window(0.5, 2.0), Window(6.0, 7.5)]
    first, last = read(path, windows)
    assert not isinstance(first, Broken)
    assert isinstance(last, Broken)
    assert "break off" in last.reason


def test_damaged_frames_are_never_passed_on(
    video: Callable[..., Path], tmp_path: Path, plainly: Callable[[Path], Any]
) -> None:
    whole = video("sound.mkv", seconds=8, sound=None, gop=60)
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = random.Random(3).randbytes(400)
    path = tmp_path / "damaged.mkv"
    path.write_bytes(data)
    clean = plainly(whole)
    windows = [Window(s / 2, s / 2 + 1.5) for s in range(13)]
    reels = read(path, windows)
    assert any(isinstance(reel, Broken) and "does not decode" in reel.reason for reel in reels)
    for reel in reels:
        for shot in [] if isinstance(reel, Broken) else reel:
            assert same(shot, clean)


@pytest.mark.parametrize("content", [b"", b"not a video at all" * 50, b"\x00" * 4096])
def test_what_is_no_video_says_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError):
        probe(path)
