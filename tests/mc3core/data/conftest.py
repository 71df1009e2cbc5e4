"""Real small media, made by PyAV, whose every frame and sample is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mc3core.data.ingest import IngestOptions, IngestReport, ingest
from mc3core.data.narration import Narration

RATE_HZ = 48_000
SMALL_INGEST = IngestOptions(short_side=60, source="test", workers=1)
CLOCK_HZ = 30_000  # divides every frame rate used here, and MPEG-4 takes no finer one


@dataclass(frozen=True)
class Recipe:
    """What a test video is made of. `times` gives its frames' times where they are uneven."""

    seconds: float = 6.0
    fps: int = 30
    size: tuple[int, int] = (160, 120)
    sound: str | None = "tone"  # tone, silence or None
    sound_seconds: float | None = None  # where the track is shorter than the pictures
    pictures: bool = True
    gop: int = 30
    b_frames: int = 3
    options: tuple[tuple[str, str], ...] = ()
    times: tuple[float, ...] | None = None
    codec: str = "libx264"
    audio_codec: str = "aac"
    rotation: int = 0
    index_first: bool = False  # its index comes first, so that half of the file is still a file


def picture(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A frame (height, width, 3) unlike its neighbours: a bar at a place of its own, a gradient."""
    width, height = size
    rng = np.random.default_rng(number)
    frame = np.empty((height, width, 3), np.uint8)
    frame[:] = np.linspace(0, 200, width, dtype=np.uint8)[None, :, None]
    left = number * 7 % (width - 12)
    frame[:, left : left + 12] = rng.integers(0, 255, 3, dtype=np.uint8)
    return frame


def tone(seconds: float) -> NDArray[np.float32]:
    """A sweep (samples,) whose pitch tells the time."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * (300 * t + 200 * t**2))).astype(np.float32)


def make_video(path: Path, recipe: Recipe) -> Path:
    flags = {"movflags": "+faststart"} if recipe.index_first and path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=flags) as output:
        streams: list[Any] = []
        if recipe.pictures:
            stream: Any = output.add_stream(recipe.codec, rate=recipe.fps)
            stream.time_base = Fraction(1, recipe.fps if path.suffix == ".avi" else CLOCK_HZ)
            stream.width, stream.height = recipe.size
            stream.pix_fmt = "yuv420p"
            stream.codec_context.thread_count = 1
            if recipe.codec == "libx264":
                stream.options = {
                    "g": str(recipe.gop), "bf": str(recipe.b_frames), "sc_threshold": "0",
                    "preset": "veryfast", **dict(recipe.options),
                }  # fmt: skip
            stream.codec_context.time_base = Fraction(1, CLOCK_HZ)
            if recipe.rotation:
                stream.set_display_rotation(recipe.rotation)
            streams.append(stream)
        if recipe.sound:
            track: Any = output.add_stream(recipe.audio_codec, rate=RATE_HZ, layout="mono")
            streams.append(track)
        if recipe.pictures:
            _write_pictures(output, streams[0], recipe)
        if recipe.sound:
            wave = tone(recipe.sound_seconds or recipe.seconds) * (recipe.sound == "tone")
            _write_sound(output, streams[-1], wave)
    return path


def _write_pictures(output: Any, stream: Any, recipe: Recipe) -> None:
    times = recipe.times or [i / recipe.fps for i in range(round(recipe.seconds * recipe.fps))]
    for number, time_s in enumerate(times):
        frame = av.VideoFrame.from_ndarray(picture(number, recipe.size), format="rgb24")
        frame.pts, frame.time_base = round(time_s * CLOCK_HZ), Fraction(1, CLOCK_HZ)
        output.mux(stream.encode(frame.reformat(format="yuv420p")))
    output.mux(stream.encode(None))


def _write_sound(output: Any, stream: Any, wave: NDArray[np.float32]) -> None:
    for start in range(0, len(wave), 1024):
        frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, start, Fraction(1, RATE_HZ)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


@dataclass(frozen=True)
class Decoded:
    """A whole file decoded the plain way: every frame, no seek, nothing skipped."""

    frames: list[tuple[float, av.VideoFrame]]

    def shown_at(self, time_s: float) -> av.VideoFrame:
        """The last frame that begins at or before a time."""
        return [frame for t, frame in self.frames if t <= time_s][-1]

    def within(self, start_s: float, end_s: float) -> list[float]:
        return [t for t, _ in self.frames if start_s - 1e-4 <= t < end_s - 1e-4]


def decode_plainly(path: Path) -> Decoded:
    with av.open(str(path)) as container:
        origin_s = max(0, container.start_time) / av.time_base
        frames = cast("Sequence[av.VideoFrame]", list(container.decode(video=0)))
    return Decoded([(frame.time - origin_s, frame) for frame in frames])


def sound_of(path: Path) -> NDArray[np.float32]:
    """All samples of a file's first sound track, mono by the mean of its channels."""
    with av.open(str(path)) as container:
        frames = cast("Sequence[av.AudioFrame]", list(container.decode(audio=0)))
    wave = np.concatenate([f.to_ndarray() for f in frames], axis=1)
    scale = 2 ** (8 * wave.dtype.itemsize - 1) if np.issubdtype(wave.dtype, np.integer) else 1
    return (wave / scale).astype(np.float32).mean(0)


MakeVideo = Callable[..., Path]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> MakeVideo:
    """A video file by recipe, made once a session: `video("name.mp4", fps=15)`."""
    folder = tmp_path_factory.mktemp("videos")
    made: dict[tuple[str, Recipe], Path] = {}

    def make(name: str = "video.mp4", **options: Any) -> Path:
        recipe = Recipe(**options)
        if (name, recipe) not in made:
            place = folder / str(len(made))
            place.mkdir()
            made[name, recipe] = make_video(place / name, recipe)
        return made[name, recipe]

    return make


@pytest.fixture(scope="session")
def plainly() -> Callable[[Path], Decoded]:
    """Decodes a whole file the plain way."""
    return decode_plainly


@pytest.fixture(scope="session")
def all_sound() -> Callable[[Path], NDArray[np.float32]]:
    """Decodes a whole sound track the plain way."""
    return sound_of


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., IngestReport]:
    def run(rows: list[Narration], *files: Path, **options: Any) -> IngestReport:
        chosen = replace(SMALL_INGEST, **{k: v for k, v in options.items() if k != "on_video"})
        return ingest(
            rows,
            list(files),
            tmp_path / "cache",
            tmp_path / "media",
            chosen,
            on_video=options.get("on_video"),
        )

    return run
