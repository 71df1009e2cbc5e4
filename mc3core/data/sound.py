"""The sound of many windows of one file, each sample placed by its time stamp, not by counting.

Counting samples goes wrong wherever a recording pauses or was joined from parts. Each window is
resampled on a grid that begins at its own start, from samples of the file's own rate, so a clip
sounds the same whichever other clips are cut with it.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from mc3core.data.media import MediaFacts, open_media, origin_of, sound_stream, tick_of
from mc3core.data.pictures import Broken
from mc3core.data.windows import Window

Samples = NDArray[np.float32]

# Time stamps in milliseconds jitter by this much; a larger step is a real gap.
JITTER_S = 0.002
# Decoded before and after a window: codecs overlap frames, the resampler's filter has a tail.
MARGIN_S = 0.25
# Gaps longer than this are stepped over by a seek.
SEEK_S = 10.0
SILENCE = 1.5 / 32768


@dataclass(frozen=True, slots=True)
class Sound:
    """One window's mono sound: `samples` float32 (n,) in [-1, 1] at `rate_hz`, the file's own rate,
    with `margin` more samples on either side for a resampler's filter."""

    padded: Samples
    margin: int
    rate_hz: int

    @property
    def samples(self) -> Samples:
        return self.padded[self.margin : len(self.padded) - self.margin]

    @property
    def is_silent(self) -> bool:
        """Digital silence: nothing above one step of 16 bits."""
        return not len(self.samples) or float(np.abs(self.samples).max()) < SILENCE

    def pcm(self, rate_hz: int) -> NDArray[np.int16]:
        """The window's samples int16 (round(seconds * rate_hz),) at another rate."""
        count = round(len(self.samples) * rate_hz / self.rate_hz)
        wave = self.samples
        if rate_hz != self.rate_hz:
            skip = round(self.margin * rate_hz / self.rate_hz)
            wave = resample(self.padded, self.rate_hz, rate_hz)[skip : skip + count]
        return np.clip(np.rint(wave * 32768), -32768, 32767).astype(np.int16)


def resample(wave: Samples, rate_hz: int, to_hz: int) -> Samples:
    """Band-limited resampling of float32 (n,) mono; sample 0 stays at time 0."""
    frame = AudioFrame.from_ndarray(wave[None], "fltp", "mono")
    frame.sample_rate = rate_hz
    resampler = AudioResampler("fltp", "mono", to_hz)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([cast(Samples, part.to_ndarray())[0] for part in parts])


def read_sound(
    path: Path, facts: MediaFacts, windows: Sequence[Window]
) -> Iterator[Sound | Broken | None]:
    """For each window, in order of start: its sound, None where the file has none there, or why it
    cannot be read. Holds a few seconds of sound at a time."""
    with open_media(path) as container:
        stream = sound_stream(container)
        if stream is None or facts.sound is None or not stream.codec_context.sample_rate:
            yield from (None for _ in windows)
            return
        track = _Track(container, stream)
        for window in windows:
            yield track.window(window, facts.sound.end_s - facts.sound.tolerance_s)


class _Track:
    """Mono blocks of a sound track around the window being read."""

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self._container = container
        self._stream = stream
        self._rate = stream.codec_context.sample_rate
        self._tick, self._origin = tick_of(stream), origin_of(container)
        self._blocks = deque[tuple[int, Samples]]()  # (first sample's number, samples)
        self._failed = deque[float]()  # times of packets that did not decode
        self._ended = False
        self._mixer = AudioResampler("fltp", "mono", self._rate)
        self._packets = container.demux(stream)

    def window(self, window: Window, stated_end_s: float) -> Sound | Broken | None:
        rate = self._rate
        margin = round(MARGIN_S * rate)
        first = round(window.start_s * rate)
        count = round((window.end_s - window.start_s) * rate)
        self._read(first - margin, first + count + margin)
        failed = [t for t in self._failed if window.start_s <= t < window.end_s]
        if failed:
            return Broken(f"the sound at {failed[0]:.2f} s does not decode")
        reached = self._reached()
        if self._ended and reached < first + count and reached / rate < stated_end_s:
            return Broken(f"its sound breaks off at {reached / rate:.2f} s")
        padded = np.zeros(count + 2 * margin, np.float32)
        covered = 0
        for at, block in self._blocks:
            low = max(at, first - margin)
            high = min(at + len(block), first + count + margin)
            if low < high:
                padded[low - first + margin : high - first + margin] = block[low - at : high - at]
            covered += max(0, min(high, first + count) - max(low, first))
        return Sound(padded, margin, rate) if covered else None

    def _read(self, first: int, last: int) -> None:
        """Decode until sample `last`, forgetting what lies before sample `first`."""
        if first - self._reached() > SEEK_S * self._rate:
            self._seek(first / self._rate - MARGIN_S)
        while self._reached() < last and not self._ended:
            self._decode_one()
            while self._blocks and self._blocks[0][0] + len(self._blocks[0][1]) < first:
                if len(self._blocks) == 1:
                    break  # the last one says where we are
                self._blocks.popleft()

    def _seek(self, time_s: float) -> None:
        target = max(0, int((time_s + self._origin) / self._tick))
        try:
            self._container.seek(target, stream=self._stream, backward=True)
        except FFmpegError:
            return  # reading on gets there too
        self._stream.codec_context.flush_buffers()
        self._packets = self._container.demux(self._stream)
        self._blocks.clear()
        self._ended = False

    def _decode_one(self) -> None:
        try:
            packet = next(self._packets, None)
        except (FFmpegError, OSError):
            packet = None
        if packet is None:
            self._ended = True
            return
        try:
            frames = packet.decode()
        except FFmpegError:
            if packet.pts is not None:
                self._failed.append(packet.pts * self._tick - self._origin)
            return
        for frame in frames:
            for mixed in self._mixed(frame):
                self._place(frame, cast(Samples, mixed.to_ndarray())[0])

    def _mixed(self, frame: AudioFrame) -> list[AudioFrame]:
        try:
            return self._mixer.resample(frame)
        except ValueError:  # the track changes its layout or rate here
            self._mixer = AudioResampler("fltp", "mono", self._rate)
            return self._mixer.resample(frame)

    def _place(self, frame: AudioFrame, samples: Samples) -> None:
        at = self._reached()
        if frame.pts is not None and frame.time is not None:
            stated = round((frame.time - self._origin) * self._rate)
            if not self._blocks or abs(stated - at) > JITTER_S * self._rate:
                at = stated
        self._blocks.append((at, samples))

    def _reached(self) -> int:
        """The number of the sample that comes next."""
        return self._blocks[-1][0] + len(self._blocks[-1][1]) if self._blocks else 0
