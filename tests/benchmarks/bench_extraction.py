"""How much of a video ingest decodes: the planner beside a bare decode of the whole file and a seek
for every clip, in one run, round by round.

    python tests/benchmarks/bench_extraction.py [--seconds 60] [--per-minute 6 30] [--video FILE]

Only ratios of one line may be compared: CPU seconds of this process, median of the rounds, relative
to the bare decode (1.00), which converts and writes nothing. The planner and the seeks hand out the
same frames: all of every clip's, and the sixteen of each that training keeps scaled to RGB. Peak
memory is the whole process's.
"""

import argparse
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from mc3core.data.darkroom import Darkroom
from mc3core.data.media import probe
from mc3core.data.pictures import Broken, read_pictures
from mc3core.data.sound import read_sound
from mc3core.data.windows import Window, place_window


def make_footage(path: Path, seconds: float) -> None:
    """A moving textured scene at 854 x 480, 30 frames a second, key frames up to 8 s apart."""
    rng = np.random.default_rng(0)
    texture = rng.normal(0, 1, (600, 1200, 3))
    for axis in (0, 1):  # blur, so that it codes like a picture and not like noise
        texture = np.mean([np.roll(texture, shift, axis) for shift in range(-4, 5)], axis=0)
    scene = np.clip(128 + texture * 300, 0, 255).astype(np.uint8)
    with av.open(str(path), "w") as output:
        options = {"preset": "fast", "crf": "23", "g": "250", "bf": "3"}
        stream: Any = output.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 854, 480, "yuv420p"
        track: Any = output.add_stream("aac", rate=48_000, layout="mono")
        x = y = 0.0
        for number in range(round(seconds * 30)):
            x, y = (x + rng.normal(1, 2)) % 340, (y + rng.normal(0, 1)) % 110
            crop = np.ascontiguousarray(scene[int(y) : int(y) + 480, int(x) : int(x) + 854])
            output.mux(stream.encode(av.VideoFrame.from_ndarray(crop, format="rgb24")))
            frame = av.AudioFrame.from_ndarray(
                rng.normal(0, 0.05, (1, 1600)).astype(np.float32), "fltp", "mono"
            )
            frame.sample_rate, frame.pts = 48_000, number * 1600
            frame.time_base = Fraction(1, 48_000)
            output.mux(track.encode(frame))
        output.mux(stream.encode(None))
        output.mux(track.encode(None))


def planner(path: Path, windows: Sequence[Window]) -> int:
    facts = probe(path)
    reels = read_pictures(path, facts, windows, Darkroom(windows, 16, 224))
    pairs = zip(reels, read_sound(path, facts, windows), strict=True)
    return sum(len(reel) for reel, _ in pairs if not isinstance(reel, Broken))


def seek_per_clip(path: Path, windows: Sequence[Window]) -> int:
    count = 0
    for window in windows:
        facts = probe(path)
        darkroom = Darkroom([window], 16, 224)
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            container.seek(round(window.start_s * av.time_base), backward=True)
            before: av.VideoFrame | None = None
            for frame in container.decode(stream):
                if before is not None and frame.time > window.start_s:
                    darkroom(before, before.time, frame.time)
                    count += 1
                before = frame
                if frame.time >= window.end_s:
                    break
        list(read_sound(path, facts, [window]))
    return count


def bare_decode(path: Path, windows: Sequence[Window]) -> int:
    del windows
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        return sum(1 for _ in container.decode(stream))


METHODS: dict[str, Callable[[Path, Sequence[Window]], int]] = {
    "bare decode": bare_decode,
    "planner": planner,
    "seek a clip": seek_per_clip,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--per-minute", type=float, nargs="*", default=[2, 6, 30])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--video", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.video or Path(folder) / "footage.mp4"
        if chosen.video is None:
            make_footage(path, chosen.seconds)
        end_s = probe(path).end_s
        seconds: list[float] = []
        for per_minute in chosen.per_minute:
            rng = random.Random(0)
            times = sorted(rng.uniform(0, end_s - 1) for _ in range(round(end_s / 60 * per_minute)))
            placed = [place_window(t, end_s, 0.5, 1.0) for t in times]
            windows = [w for w in placed if isinstance(w, Window)]
            spent: dict[str, list[float]] = {name: [] for name in METHODS}
            for _ in range(chosen.rounds):
                for name, method in METHODS.items():
                    start = time.process_time()
                    method(path, windows)
                    spent[name].append(time.process_time() - start)
            bare = statistics.median(spent["bare decode"])
            seconds.append(bare)
            ratios = "  ".join(
                f"{name} {statistics.median(values) / bare:.2f}" for name, values in spent.items()
            )
            sys.stdout.write(f"{per_minute:g} a minute, {len(windows)} clips: {ratios}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"bare decode: {statistics.median(seconds):.2f} CPU s; peak {peak:.0f} MiB\n")


if __name__ == "__main__":
    main()
