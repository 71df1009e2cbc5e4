"""What a media file holds: its streams, where they start and end, and where its time zero lies."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

# A stated end and the last picture may differ by rounding and by the last picture's duration.
END_TOLERANCE_S = 0.1
# Where only the whole file states an end, its sound may go on after the pictures.
LOOSE_END_TOLERANCE_S = 0.5


class MediaError(Exception):
    """A file, or a part of it, does not decode. The message says what and where."""


@dataclass(frozen=True, slots=True)
class StreamSpan:
    """Where a stream ends, seconds from the file's zero; `exact` where the stream itself says."""

    end_s: float
    exact: bool

    @property
    def tolerance_s(self) -> float:
        return END_TOLERANCE_S if self.exact else LOOSE_END_TOLERANCE_S


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """A file's streams. `origin_s` is the container's own first time: narrations count from there,
    as players do. `fps`, `width` and `height` are 0 without pictures."""

    origin_s: float
    pictures: StreamSpan | None
    sound: StreamSpan | None
    fps: float
    width: int
    height: int

    @property
    def end_s(self) -> float:
        """The end windows are clamped to: of the pictures, or of the sound where it is alone."""
        span = self.pictures or self.sound
        return span.end_s if span else 0.0


def open_media(path: Path) -> InputContainer:
    """Open a file for reading; MediaError where it cannot be."""
    try:
        if path.stat().st_size == 0:
            raise MediaError("the file is empty")
        return av.open(str(path), "r", metadata_errors="replace")
    except (FFmpegError, OSError, ValueError) as error:
        raise MediaError(reason_of(error)) from error


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The first stream of moving pictures; cover art is none."""
    for stream in container.streams.video:
        if not stream.disposition & (Disposition.attached_pic | Disposition.still_image):
            if cast(object, stream.codec_context) is None:
                raise MediaError("its pictures are in a format that cannot be decoded here")
            stream.codec_context.thread_count = 1
            return stream
    return None


def sound_stream(container: InputContainer) -> AudioStream | None:
    """The first sound track."""
    for stream in container.streams.audio:
        if cast(object, stream.codec_context) is None:
            raise MediaError("its sound is in a format that cannot be decoded here")
        stream.codec_context.thread_count = 1
        return stream
    return None


def probe(path: Path) -> MediaFacts:
    """Read a file's facts without decoding; MediaError where it is no media file."""
    with open_media(path) as container:
        video, audio = picture_stream(container), sound_stream(container)
        if video is None and audio is None:
            raise MediaError("it has neither pictures nor sound")
        origin_s = origin_of(container)
        rate = video and (video.average_rate or video.guessed_rate)
        return MediaFacts(
            origin_s=origin_s,
            pictures=video and _span(container, video, origin_s),
            sound=audio and _span(container, audio, origin_s),
            fps=float(rate) if rate else 0.0,
            width=video.width if video else 0,
            height=video.height if video else 0,
        )


def origin_of(container: InputContainer) -> float:
    """The container's first time in seconds; encoder delay before zero is not counted."""
    start = cast(int | None, container.start_time)
    return max(0.0, start / av.time_base) if start is not None else 0.0


def tick_of(stream: VideoStream | AudioStream) -> float:
    """Seconds a unit of the stream's time stamps lasts."""
    return float(stream.time_base) if stream.time_base else 1 / av.time_base


def reason_of(error: Exception) -> str:
    """One line of what went wrong, without the path (the row names the video)."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _span(
    container: InputContainer, stream: VideoStream | AudioStream, origin_s: float
) -> StreamSpan:
    tick = tick_of(stream)
    if stream.duration is not None:
        end = (stream.start_time or 0) * tick + stream.duration * tick
        return StreamSpan(end - origin_s, exact=True)
    stated = _tagged_duration(stream.metadata.get("DURATION", ""))
    if stated is not None:
        return StreamSpan(stated - origin_s, exact=True)
    if container.duration is not None:
        return StreamSpan(container.duration / av.time_base, exact=False)
    # A recording that was never closed (a browser's, a stream's) states no end: look for it.
    ends = [
        (packet.pts + (packet.duration or 0)) * tick
        for packet in container.demux(stream)
        if packet.pts is not None
    ]
    container.seek(0)
    return StreamSpan(max(ends, default=0.0) - origin_s, exact=True)


def _tagged_duration(text: str) -> float | None:
    """Matroska's "00:00:10.333000000" in seconds."""
    try:
        hours, minutes, seconds = text.strip("\0 ").split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None
