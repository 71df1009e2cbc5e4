"""Sound of windows, against a decode of the whole track."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mc3core.data.media import probe
from mc3core.data.sound import Sound, read_sound
from mc3core.data.windows import Window

RATE_HZ = 48_000
AllSound = Callable[[Path], NDArray[np.float32]]


def heard(path: Path, windows: list[Window]) -> list[Sound]:
    sounds = list(read_sound(path, probe(path), windows))
    assert all(isinstance(sound, Sound) for sound in sounds)
    return [sound for sound in sounds if isinstance(sound, Sound)]


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "aac"), ("a.mkv", "libopus"), ("a.mkv", "pcm_s16le"), ("a.mp4", "mp3")],
)
def test_a_window_holds_the_samples_of_its_time(
    name: str, codec: str, video: Callable[..., Path], all_sound: AllSound
) -> None:
    path = video(name, seconds=5, audio_codec=codec)
    reference = all_sound(path)
    for window, sound in zip(
        windows := [Window(0.0, 1.0), Window(1.3, 2.8), Window(3.123, 4.623)],
        heard(path, windows),
        strict=True,
    ):
        first = round(window.start_s * RATE_HZ)
        count = round((window.end_s - window.start_s) * RATE_HZ)
        assert sound.samples.shape == (count,)
        # Matroska states times in milliseconds: half of one is how well a place is known.
        shifts = range(-48, 49) if path.suffix == ".mkv" else [0]
        errors = [
            np.abs(sound.samples[60:-60] - reference[first + s + 60 : first + s + count - 60]).max()
            for s in shifts
        ]
        assert min(errors) < 1e-4


def test_far_windows_sound_as_they_do_when_read_in_one_go(video: Callable[..., Path]) -> None:
    path = video("far.mp4", seconds=20, size=(64, 48))
    near = [Window(s, s + 1.5) for s in np.arange(0.0, 18.0, 2.0).round(3).tolist()]
    together = heard(path, near)
    (alone,) = heard(path, near[-1:])
    assert np.array_equal(alone.pcm(16_000), together[-1].pcm(16_000))


def test_resampling_starts_its_grid_at_the_window(video: Callable[..., Path]) -> None:
    path = video(seconds=5)
    (sound,) = heard(path, [Window(1.0, 2.5)])
    pcm = sound.pcm(16_000)
    assert pcm.shape == (24_000,)
    assert pcm.dtype == np.int16
    t = 1.0 + np.arange(24_000) / 16_000
    truth = 0.3 * np.sin(2 * np.pi * (300 * t + 200 * t**2))
    error = np.abs(pcm / 32768 - truth)[100:-100]
    assert error.mean() < 0.01  # AAC at a low rate; one sample of shift would give 0.1


def test_a_gap_in_the_times_stays_a_gap(tmp_path: Path) -> None:
    # Two seconds of sound whose second half is stamped a second later than counting would have it.
    path = tmp_path / "gap.mkv"
    wave = np.full((1, 1024), 0.5, np.float32)
    with av.open(str(path), "w") as output:
        track: Any = output.add_stream("pcm_f32le", rate=RATE_HZ, layout="mono")
        for block in range(94):
            frame = av.AudioFrame.from_ndarray(wave, "flt", "mono")
            frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
            frame.pts = block * 1024 + (RATE_HZ if block >= 47 else 0)
            output.mux(track.encode(frame))
        output.mux(track.encode(None))
    (sound,) = heard(path, [Window(0.5, 3.0)])
    loud = np.abs(sound.samples) > 0.1
    assert loud[:24_000].all()
    assert not loud[26_000:70_000].any()
    assert loud[74_000:].all()


def test_silence_is_told_from_no_sound(video: Callable[..., Path]) -> None:
    window = [Window(0.5, 2.0)]
    (silent,) = heard(video("silent.mp4", seconds=3, sound="silence"), window)
    assert silent.is_silent
    mute = video("mute.mp4", seconds=3, sound=None)
    assert list(read_sound(mute, probe(mute), window)) == [None]


def test_a_track_that_ends_early_is_silent_after_its_end(video: Callable[..., Path]) -> None:
    path = video("short-sound.mp4", seconds=3, sound_seconds=1.5)
    inside, across, beyond = list(
        read_sound(path, probe(path), [Window(0, 1), Window(1, 2.5), Window(2, 3)])
    )
    assert isinstance(inside, Sound)
    assert isinstance(across, Sound)
    assert np.abs(across.samples[-10_000:]).max() == 0
    assert beyond is None
