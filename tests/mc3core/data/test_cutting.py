"""The clip that people play: its pictures and sound are exactly the window's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mc3core.data.cutting import playable_size
from mc3core.data.ingest import IngestOptions, ingest
from mc3core.data.narration import Narration

AllSound = Callable[[Path], NDArray[np.float32]]


def cut(path: Path, time_s: float, folder: Path) -> tuple[Path, Path]:
    """One clip of a video and its poster, as ingest makes them."""
    said = Narration(path.stem, "a", "pass", time_s, "#C C chops")
    options = IngestOptions(frames=4, short_side=32)
    report = ingest([said], [path], folder / "cache", folder / "media", options)
    assert not report.dropped
    (clip,) = report.clips
    return folder / "media" / f"{clip.clip_id}.mp4", folder / "media" / f"{clip.clip_id}.jpg"


@pytest.mark.parametrize("time_s", [0.5, 1.1, 1.7333, 2.0, 3.017])
def test_a_clip_at_30_frames_a_second_has_exactly_45_from_time_zero(
    time_s: float, video: Callable[..., Path], plainly: Callable[[Path], Any], tmp_path: Path
) -> None:
    source = video(seconds=6)
    clip, _ = cut(source, time_s, tmp_path)
    shown = plainly(clip).frames
    assert len(shown) == 45
    assert 0 <= shown[0][0] < 1 / 30
    expected = plainly(source).within(time_s - 0.5, time_s + 1.0)
    assert [t + time_s - 0.5 for t, _ in shown] == pytest.approx(expected, abs=1e-3)
    reference = plainly(source)
    for t, frame in shown[::7]:
        truth = reference.shown_at(t + time_s - 0.5 + 1e-3).to_ndarray(format="rgb24").astype(int)
        assert np.abs(frame.to_ndarray(format="rgb24") - truth).mean() < 12  # x264 at crf 28


def test_its_sound_is_the_windows(
    video: Callable[..., Path], all_sound: AllSound, tmp_path: Path
) -> None:
    source = video(seconds=6)
    clip, _ = cut(source, 2.0, tmp_path)
    with av.open(str(clip)) as container:
        track = container.streams.audio[0]
        assert track.codec_context.name == "aac"
        assert track.codec_context.layout.name == "mono"
        assert float((track.duration or 0) * (track.time_base or 0)) == pytest.approx(1.5, abs=1e-3)
    wave = all_sound(clip)[:72_000]
    truth = all_sound(source)[72_000:144_000]
    assert np.corrcoef(wave, truth)[0, 1] > 0.99


def test_its_index_comes_first_and_browsers_can_play_it(
    video: Callable[..., Path], tmp_path: Path
) -> None:
    clip, poster = cut(video(seconds=6, size=(150, 121 * 2)), 2.0, tmp_path)
    data = clip.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert poster.read_bytes().startswith(b"\xff\xd8")
    with av.open(str(clip)) as container:
        pictures = container.streams.video[0].codec_context
        assert pictures.name == "h264"
        assert pictures.pix_fmt == "yuv420p"
        assert container.start_time == 0


@pytest.mark.parametrize(
    ("source", "playable"),
    [
        ((1920, 1080), (854, 480)),
        ((1080, 1920), (270, 480)),
        ((640, 480), (640, 480)),
        ((321, 241), (320, 240)),
        ((64, 64), (64, 64)),
        ((1, 1), (2, 2)),
    ],
)
def test_sizes_are_even_small_ones_are_kept(
    source: tuple[int, int], playable: tuple[int, int]
) -> None:
    assert playable_size(*source) == playable


def test_no_sound_track_makes_a_clip_without_one(
    video: Callable[..., Path], tmp_path: Path
) -> None:
    clip, _ = cut(video("mute.mp4", seconds=3, sound=None), 1.0, tmp_path)
    with av.open(str(clip)) as container:
        assert len(container.streams.audio) == 0
        assert len(container.streams.video) == 1


def test_no_pictures_make_a_clip_of_sound_with_a_spectrogram(
    video: Callable[..., Path], tmp_path: Path
) -> None:
    clip, poster = cut(video("blind.mp4", seconds=3, pictures=False), 1.0, tmp_path)
    with av.open(str(clip)) as container:
        assert len(container.streams.video) == 0
        assert len(container.streams.audio) == 1
    with av.open(str(poster)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert picture.shape == (270, 480, 3)
    assert picture.std() > 20


def test_a_sideways_recording_is_turned_upright(video: Callable[..., Path], tmp_path: Path) -> None:
    clip, _ = cut(video("phone.mp4", seconds=3, rotation=90), 1.0, tmp_path)
    with av.open(str(clip)) as container:
        frame = next(container.decode(video=0))
        assert (frame.width, frame.height) == (120, 160)
        dark_to_light = frame.to_ndarray(format="gray").mean(1)
        assert dark_to_light[:40].mean() > dark_to_light[-40:].mean()  # right turns to the top


def test_a_slow_show_of_pictures_begins_with_the_one_on_display(
    video: Callable[..., Path], plainly: Callable[[Path], Any], tmp_path: Path
) -> None:
    slides = video("slides.mp4", seconds=9, times=(0.0, 3.0, 6.0, 9.0))
    clip, _ = cut(slides, 4.5, tmp_path)
    (t, frame), *others = plainly(clip).frames
    assert t == 0
    assert not others
    shown = plainly(slides).shown_at(4.5).to_ndarray(format="rgb24").astype(int)
    assert np.abs(frame.to_ndarray(format="rgb24") - shown).mean() < 12
