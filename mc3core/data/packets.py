"""Compressed pictures of a file in file order, with a look ahead and leaps to key frames."""

from __future__ import annotations  # PyAV's Packet takes no parameter at run time

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterator
from typing import TypeAlias

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from mc3core.data.media import tick_of

VideoPacket: TypeAlias = "Packet[VideoStream]"

# Frames are reordered by at most 16 in every codec we know; four times that is ahead and behind.
LOOK = 64
# Where the file has no list of key frames, a leap is tried only over gaps that are worth it.
BLIND_LEAP_S = 10.0
# A file may list key frames by decoding time, so that the one found is shown after the wanted time.
STEPS_BACK_S = (0.0, 1.0, 5.0, 30.0)


class PacketReader:
    """Reads packets that carry a presentation time.

    `first_s` is when the first picture of the file is shown, `last_s` when the last one read goes
    (None before the end was reached). A file that breaks off reads like one that ends there.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, origin_s: float) -> None:
        self._container = container
        self._stream = stream
        self._tick = tick_of(stream)
        self.origin_s = origin_s
        self._keys = sorted(e.timestamp for e in stream.index_entries if e.is_keyframe)
        self._may_leap_blindly = len(self._keys) < 2
        self._vain = set[int]()
        self._start()
        self.last_s: float | None = None
        self.first_s = min(map(self._seconds, self._pts), default=0.0)

    def take(self) -> VideoPacket | None:
        """The next packet in file order."""
        if not self.ahead:
            return None
        packet = self.ahead.popleft()
        self._behind.append(packet.pts or 0)
        if len(self._behind) > LOOK:
            self._pts.remove(self._behind.popleft())
        self._look()
        return packet

    def successor(self, pts: int) -> int | None:
        """The time stamp of the picture shown next; None for the last of the file."""
        at = bisect_right(self._pts, pts)
        return self._pts[at] if at < len(self._pts) else None

    def rest(self) -> Iterator[VideoPacket]:
        """Every packet from here on, also those without a time stamp."""
        while (packet := self.take()) is not None:
            yield packet

    def leap(self, key: VideoPacket, until_s: float) -> VideoPacket | None:
        """The latest key frame at or before `until_s` that a seek finds, or `key` itself."""
        wanted = int((until_s + self.origin_s) / self._tick)
        here = key.dts if key.dts is not None else (key.pts or 0)
        at = bisect_right(self._keys, wanted)
        known = at > 0 and self._keys[at - 1] > here
        blind = self._may_leap_blindly and until_s - self._seconds(key.pts or 0) > BLIND_LEAP_S
        if not (known or blind) or wanted in self._vain:
            return key
        for back_s in STEPS_BACK_S:
            target = max(0, wanted - int(back_s / self._tick))
            if target <= here:
                break
            landed = self._land(target)
            if landed is None or self._seconds(landed.pts or 0) > until_s:
                continue
            if (landed.dts if landed.dts is not None else landed.pts or 0) > here:
                return landed
        # Nothing there, or this kind of file cannot be sought in: read on, and do not try again.
        self._vain.add(wanted)
        self._may_leap_blindly = False
        return self._land(here)

    def _land(self, target: int) -> VideoPacket | None:
        try:
            self._container.seek(target, stream=self._stream, backward=True)
        except FFmpegError:
            return None
        self._start()
        while (packet := self.take()) is not None and not packet.is_keyframe:
            pass
        return packet

    def _start(self) -> None:
        self._packets = self._container.demux(self._stream)
        self.ahead = deque[VideoPacket]()
        self._behind = deque[int]()
        self._pts: list[int] = []
        self._look()

    def _look(self) -> None:
        while len(self.ahead) < LOOK:
            try:
                packet = next(self._packets, None)
            except (FFmpegError, OSError):
                packet = None
            if packet is None or packet.size == 0:
                if self._pts:
                    self.last_s = self._seconds(self._pts[-1])
                return
            self.ahead.append(packet)
            insort(self._pts, packet.pts or 0)

    def _seconds(self, pts: int) -> float:
        return pts * self._tick - self.origin_s
