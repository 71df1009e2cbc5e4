"""One video of the world as an MP4 that every browser plays: H.264 and AAC, index in front."""

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from mc3core.world.picture import picture
from mc3core.world.plan import Video
from mc3core.world.sound import mix

SAMPLE_RATE_HZ = 48_000
KEYFRAME_S = 2
_SECOND = 1  # frames are encoded and sound is handed over second by second


def write_video(video: Video, path: Path, side: int, fps: int) -> Path:
    """Render `video` into `path`; it appears there only once it is whole."""
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial.mp4")
    try:
        with av.open(
            str(partial), "w", format="mp4", options={"movflags": "+faststart"}
        ) as container:
            _encode(container, video, side, fps)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _encode(container: OutputContainer, video: Video, side: int, fps: int) -> None:
    pictures = container.add_stream("libx264", rate=fps)
    pictures.width = pictures.height = side
    pictures.pix_fmt = "yuv420p"
    pictures.time_base = Fraction(1, fps)
    pictures.thread_count = (
        1  # equal bytes whatever the machine is doing; processes share the cores
    )
    # Without B-frames: with them x264's macroblock tree gives other bytes from run to run.
    pictures.options = {
        "preset": "veryfast",
        "crf": "25",
        "g": str(KEYFRAME_S * fps),
        "bf": "0",
        "flags": "+cgop",
    }
    sound = container.add_stream("aac", rate=SAMPLE_RATE_HZ, layout="mono")
    sound.bit_rate = 96_000
    frames = round(video.duration_s * fps)
    samples = round(video.duration_s * SAMPLE_RATE_HZ)
    wave = mix(video, 0.0, video.duration_s, SAMPLE_RATE_HZ)
    sent = 0
    for index in range(frames):
        _picture(container, pictures, video, index, side, fps)
        upto = min(samples, round((index + 1) / fps * SAMPLE_RATE_HZ) + SAMPLE_RATE_HZ // 2)
        if index == frames - 1:
            upto = samples
        if upto - sent >= SAMPLE_RATE_HZ * _SECOND or index == frames - 1:
            _sound(container, sound, wave[sent:upto], sent)
            sent = upto
    container.mux(pictures.encode(None))
    container.mux(sound.encode(None))


def _picture(
    container: OutputContainer, stream: VideoStream, video: Video, index: int, side: int, fps: int
) -> None:
    frame = av.VideoFrame.from_ndarray(picture(video, index / fps, side), format="rgb24")
    frame.pts = index
    frame.time_base = Fraction(1, fps)
    container.mux(stream.encode(frame))


def _sound(
    container: OutputContainer,
    stream: AudioStream,
    wave: "np.ndarray[tuple[int], np.dtype[np.float32]]",
    first: int,
) -> None:
    frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate = SAMPLE_RATE_HZ
    frame.pts = first
    frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
    container.mux(stream.encode(frame))
