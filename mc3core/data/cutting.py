"""The clip that people play: H.264 and AAC in an MP4 that starts at once, and its poster."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias, cast

import av
import numpy as np
import simplejpeg
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mc3core.data.sound import Sound, resample

MAX_HEIGHT = 480
CLOCK_HZ = 90_000
AAC_FRAME = 1024
AAC_RATES_HZ = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
POSTER_QUALITY = 85
Frame = NDArray[np.uint8]
Packets: TypeAlias = "list[Packet[Stream]]"


def playable_size(width: int, height: int) -> tuple[int, int]:
    """Even (width, height), at most 480 high, aspect kept; smaller pictures stay as they are."""
    scale = min(1.0, MAX_HEIGHT / height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def write_clip(
    path: Path,
    pictures: Sequence[tuple[float, VideoFrame]],
    sound: Sound | None,
    seconds: float,
) -> None:
    """Write a clip of `seconds`: `pictures` as (time from its start in s, yuv420p frame), and its
    sound. Either may be absent: then the file has no such stream, nothing is made up."""
    partial = path.with_suffix(".partial")
    with av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as output:
        packets: Packets = []
        if pictures:
            packets += _encode_pictures(output, pictures, seconds)
        if sound is not None:
            packets += _encode_sound(output, sound)
        for packet in sorted(packets, key=lambda p: (p.dts or 0) * float(p.time_base)):
            output.mux_one(packet)
    partial.replace(path)


def write_poster(path: Path, picture: Frame) -> None:
    """Write one RGB picture (height, width, 3) as JPEG."""
    path.write_bytes(
        simplejpeg.encode_jpeg(
            np.ascontiguousarray(picture), POSTER_QUALITY, colorsubsampling="420"
        )
    )


def _encode_pictures(
    output: OutputContainer, pictures: Sequence[tuple[float, VideoFrame]], seconds: float
) -> Packets:
    first = pictures[0][1]
    # Without B frames the first picture has time 0 and no player depends on an edit list.
    stream = output.add_stream("libx264", options={"preset": "veryfast", "crf": "28", "bf": "0"})
    context = stream.codec_context
    context.thread_count = 1
    context.width, context.height, context.pix_fmt = first.width, first.height, "yuv420p"
    context.time_base = stream.time_base = Fraction(1, CLOCK_HZ)
    context.framerate = Fraction(max(1, round(len(pictures) / max(seconds, 0.01))))
    context.colorspace, context.color_range = first.colorspace, first.color_range
    context.color_primaries, context.color_trc = first.color_primaries, first.color_trc
    ticks = [max(0, round(time_s * CLOCK_HZ)) for time_s, _ in pictures]
    until = [*ticks[1:], round(seconds * CLOCK_HZ)]
    packets: Packets = []
    for (_, frame), tick, after in zip(pictures, ticks, until, strict=True):
        frame.pts, frame.time_base = tick, Fraction(1, CLOCK_HZ)
        frame.duration = max(1, after - tick)
        packets += stream.encode(frame)
    return packets + stream.encode(None)


def _encode_sound(output: OutputContainer, sound: Sound) -> Packets:
    rate, wave = sound.rate_hz, sound.samples
    if rate not in AAC_RATES_HZ:
        rate = 48_000 if rate > 16_000 else 16_000
        skip = round(sound.margin * rate / sound.rate_hz)
        count = round(len(wave) * rate / sound.rate_hz)
        wave = resample(sound.padded, sound.rate_hz, rate)[skip : skip + count]
    stream = output.add_stream("aac", rate=rate, layout="mono")
    stream.codec_context.bit_rate = 96_000
    packets: Packets = []
    for start in range(0, len(wave), AAC_FRAME):
        chunk = np.ascontiguousarray(wave[None, start : start + AAC_FRAME])
        frame = AudioFrame.from_ndarray(chunk, "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        packets += stream.encode(frame)
    return packets + cast(Packets, stream.encode(None))
