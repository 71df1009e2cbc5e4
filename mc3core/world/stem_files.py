"""The stems of a video as sound files: what is heard of each source, before they are mixed."""

import os
from pathlib import Path

import soundfile

from mc3core.world.plan import Video
from mc3core.world.sound import STEMS
from mc3core.world.sound.mix import Stem, gain, stem

STEM_RATE_HZ = 16_000


def write_stems(video: Video, folder: Path) -> None:
    """Write `<folder>/<video_uid>/<stem>.wav` for every stem: mono, 32-bit float, the whole video.

    Each is as loud as it is in the video's sound, so they sum to the mix before that is clipped to
    [-1, 1] (a stem alone may exceed it, hence floats). What is there stays; a file appears whole.
    """
    mine = folder / video.uid
    mine.mkdir(parents=True, exist_ok=True)
    for name in STEMS:
        path = mine / f"{name}.wav"
        if not path.exists():
            _write(video, name, path)


def _write(video: Video, name: Stem, path: Path) -> None:
    span = 0.0, video.duration_s, STEM_RATE_HZ
    partial = path.with_name(f".{name}.{os.getpid()}.partial.wav")
    try:
        wave = stem(video, name, *span) * gain(video, *span)
        soundfile.write(partial, wave, STEM_RATE_HZ, subtype="FLOAT")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
