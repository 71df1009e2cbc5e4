"""How many bytes a clip takes: a file's size is a cue too."""

import io
from fractions import Fraction

import av
import numpy as np
import soundfile
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from mc3core.data.shards import encode_frames
from mc3core.world.training_cache import SAMPLE_RATE_HZ

FPS = 4  # six pictures in 1.5 s


def clip_sizes(pictures: NDArray[np.uint8], sound: NDArray[np.int16]) -> dict[str, float]:
    """Bytes of pictures (frames, side, side, 3) and of sound (samples,).

    "jpeg" is what differs between two clips of the cache (their samples are as many); "flac" and
    "h264" say how well sound and picture compress, the latter between pictures too.
    """
    jpeg = sum(len(data) for data in encode_frames(pictures))
    flac, h264 = _flac(sound), _h264(pictures)
    return {
        "jpeg bytes": float(jpeg),
        "h264 bytes": float(h264),
        "flac bytes": float(flac),
        "jpeg + flac bytes": float(jpeg + flac),
        "h264 + flac bytes": float(h264 + flac),
    }


def _flac(sound: NDArray[np.int16]) -> int:
    file = io.BytesIO()
    soundfile.write(file, sound, SAMPLE_RATE_HZ, format="FLAC")
    return len(file.getvalue())


def _h264(pictures: NDArray[np.uint8]) -> int:
    codec = VideoCodecContext.create("libx264", "w")
    codec.width, codec.height = pictures.shape[2], pictures.shape[1]
    codec.pix_fmt, codec.time_base, codec.thread_count = "yuv420p", Fraction(1, FPS), 1
    codec.options = {"preset": "veryfast", "crf": "25", "bf": "0"}
    size = 0
    for index, rgb in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame.pts = index
        size += sum(packet.size for packet in codec.encode(frame))
    return size + sum(packet.size for packet in codec.encode(None))
